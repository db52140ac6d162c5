"""Files that people name: only plain ones are read, and of them no more than is asked for.

A pipe has no end, a device no length, a file under /proc says that it is empty, one that another program writes grows
while it is read. Nothing here waits for any of them.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class NoPlainFileError(OSError):
    """A folder, a pipe, a device: nothing that a text could stand in."""


class TooLargeError(OSError):
    """More than was asked for."""


def refuse_what_is_no_file(file: Path) -> os.stat_result:
    """What the system says of a file. Raises NoPlainFileError for anything else, OSError where there is nothing."""
    found = file.stat()
    if stat.S_ISDIR(found.st_mode):
        raise NoPlainFileError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise NoPlainFileError(errno.EINVAL, "it is a pipe or a device, and no file")
    return found


@contextmanager
def open_plain(file: Path) -> Iterator[BinaryIO]:
    """A file to be read, without waiting for anybody. Raises NoPlainFileError, OSError as usual."""
    refuse_what_is_no_file(file)
    handle = os.open(file, os.O_RDONLY | _NO_WAITING)
    with os.fdopen(handle, "rb") as source:
        # what was opened counts, in case something else stands there by now
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise NoPlainFileError(errno.EINVAL, "it is a pipe or a device, and no file")
        yield source


def read_plain(file: Path, most: int) -> bytes:
    """Every byte of a file. Raises NoPlainFileError, TooLargeError over `most` bytes, OSError as usual."""
    with open_plain(file) as source:
        content = source.read(most + 1)
    if len(content) > most:
        raise TooLargeError(errno.EFBIG, f"it has more than {most:,} bytes")
    return content
