"""How much memory, disk and how many threads the engine may take: four entries of `leadline.toml`.

memory_limit = "4GB"            # default: 3.5GB, or 80 % of the machine's memory where that is less
threads = 2                     # default: one a core
spill_folder = "/var/scratch"   # default: inside the workspace; what does not fit in memory goes there
spill_limit = "20GB"            # default: 90 % of what is free on that disk
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LEAST_MEMORY = 256 * 10**6
"""bytes; with it three million leads land from one file (docs/scale.md), with less nothing was tried"""
USUAL_MEMORY = 3_500_000_000
"""bytes; ten million leads land with it from one file (docs/benchmarks.md)"""
MOST_THREADS = 256
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT])(i?)B")
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}


@dataclass(frozen=True)
class Limits:
    """What the engine is held to; None leaves the engine's own default."""

    memory_limit: int | None = None
    """bytes; None: `USUAL_MEMORY`, or the engine's default where that is less"""
    threads: int | None = None
    spill_folder: Path | None = None
    spill_limit: int | None = None
    """bytes"""


def bytes_of(size: str) -> int | None:
    """'4GB', '4 GiB' -> bytes, of powers of ten or of two; None for what is no such size."""
    found = _SIZE.fullmatch(size)
    if found is None:
        return None
    number, unit, binary = found.groups()
    return int(float(number) * (1024 if binary else 1000) ** _POWERS[unit])


def _size(said: object) -> int:
    size = bytes_of(said) if isinstance(said, str) else None
    if size is None:
        raise ValueError(f"is {said!r}; write a size with its unit, such as '4GB'")
    return size


def _memory(said: object) -> int:
    if (size := _size(said)) < LEAST_MEMORY:
        raise ValueError(f"is {said!r}; write at least 256MB, such as '2GB'")
    return size


def _threads(said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 1 <= said <= MOST_THREADS:
        raise ValueError(f"is {said!r}; write a whole number from 1 to {MOST_THREADS}, such as 2")
    return said


def _folder(said: object) -> Path:
    if not isinstance(said, str) or not Path(said).is_absolute() or not Path(said).is_dir():
        raise ValueError(f"is {said!r}; write the whole path of a folder that is there, such as '/var/tmp'")
    return Path(said)


LIMITS: dict[str, Callable[[object], object]] = {
    "memory_limit": _memory,
    "threads": _threads,
    "spill_folder": _folder,
    "spill_limit": _size,
}
"""field of `Limits` -> its value as TOML has it to the value meant; ValueError with what follows the key's name"""
