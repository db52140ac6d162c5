"""A short torture: one fault of each kind that is quick to inject. `make torture` runs all kinds for eight minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.torture.rounds import CanNotBeTried, Torture, begin

if not sys.platform.startswith("linux"):
    pytest.skip("limits of a running process are set as on Linux", allow_module_level=True)

SEED = 20261125
QUICK = ("disk full", "read-only workspace", "corrupted log", "clock back")


@pytest.fixture(scope="module")
def torture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Torture]:
    begun = begin(tmp_path_factory.mktemp("torture"), SEED)
    begun.brief = True
    yield begun
    begun.unserved()


@pytest.mark.slow
@pytest.mark.parametrize("kind", QUICK)
def test_nothing_is_lost_or_doubled_and_every_command_is_done_or_refused_in_a_sentence(
    torture: Torture, kind: str
) -> None:
    try:
        torture.round(kind)
    except CanNotBeTried as e:
        pytest.skip(str(e))
    assert torture.faults[kind] == 1
    assert torture.compared.rows > 0
