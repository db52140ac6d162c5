"""Whatever a system exports, week after week: the facts are its own, or a question, a refusal or a warning was given.

Each odd way of exporting has an example of its own; those that are misread in silence today have a strict mark. Random
sequences are drawn of all others. LEADLINE_SEQUENCES asks for more of them than a usual run.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leadline.data.landing.land import FileReport, IngestOptions, land, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear
from tests.data.simulated_source import (
    COLUMNS,
    HONEST,
    ID_STYLES,
    KEYS,
    ODD,
    TEMPLATES,
    WHOLE,
    Export,
    Record,
    Source,
    State,
    same_id,
)

NO_WORD = frozenset({"personal_columns", "blank_header", "many_columns", "mixed_date_formats"})
"""warnings that excuse no wrong fact: they speak of something else"""
MOST = int(os.environ.get("LEADLINE_SEQUENCES", "0"))
SEQUENCES = settings(
    max_examples=MOST or 2,
    derandomize=not MOST,
    database=None,
    phases=[Phase.generate, *([Phase.shrink] if MOST else [])],
    suppress_health_check=list(HealthCheck),
)
SEEDS = {
    "bent_keys": len(ID_STYLES),
    "bent_links": 2,
    "odd_times": 2,
    "alphabets": 2,
    "shifted": 2,
    "merged": 2,
}
"""ways that differ from source to source: how many of them are tried"""
FEW = 3
"""rows, fewer of which may go back to what they were without a word: people correct what they have entered"""
NOT_YET: dict[str, str] = {}
"""ways that are misread in silence today; strict, so that a line goes when its fault does"""
_numbers = itertools.count()


@dataclass
class Telling:
    """What is true by all that has landed, beside what the workspace says."""

    warehouse: Warehouse
    folder: Path
    true: State = field(default_factory=lambda: {"leads": {}, "deals": {}})

    def come(self, export: Export, way: str) -> FileReport:
        """Lands a file. Fails where that makes wrong facts without a word."""
        file = self.folder / f"{next(_numbers)}-{export.name}"
        file.write_bytes(export.content)
        before = self._facts()
        report = land(self.warehouse, file, IngestOptions(**export.options))
        after = self._facts()
        if report.state != "landed":
            assert way not in HONEST, f"{way}: {report.message}"
            assert after == before, f"{way}: {report.state}, and the facts are others"
            assert report.message, way
            return report
        wanted = self._wanted(export)
        aside = report.rows.quarantined
        if after == wanted and not aside:
            self.true = wanted
            return report
        wrong = _differences(after, wanted, before if aside else {})
        spoken = [warned.message for warned in report.warnings if warned.code not in NO_WORD]
        assert way not in HONEST, f"{way}: {aside} rows aside, others: {wrong[:2]} {report.message}"
        assert not (aside and way in WHOLE), f"{way}: {aside} rows were set aside"
        if way == "older" and len(wrong) < FEW:
            wrong = []
        assert spoken or not wrong, f"{way}, in silence: {len(wrong)} rows, {wrong[:2]} {report.message}"
        undo(self.warehouse, report.import_id or 0)
        assert self._facts() == before, f"{way}: taken back, and the facts are others"
        return report

    def _wanted(self, export: Export) -> State:
        wanted = deepcopy(self.true)
        rows = wanted[export.template]
        for identity, record in export.says.items():
            unknown: Record = dict.fromkeys(COLUMNS[export.template])
            rows[str(same_id(identity))] = _normal({**rows.get(str(same_id(identity)), unknown), **record})
        for identity in export.gone:
            rows.pop(str(same_id(identity)), None)
        for deal in wanted["deals"].values():
            for old, new in export.relinked.items():
                if deal["lead_id"] == same_id(old):
                    deal["lead_id"] = same_id(new)
        return wanted

    def _facts(self) -> State:
        found: State = {}
        for template in TEMPLATES:
            columns = COLUMNS[template]
            rows = self.warehouse.select(f"select {', '.join(columns)} from facts.{template}")
            records = [_normal(dict(zip(columns, row, strict=True))) for row in rows]
            found[template] = {}
            for record in records:
                identity = record[KEYS[template]]
                found[template][identity + " again" * (identity in found[template])] = record
        return found


def _normal(record: Record) -> Record:
    """A record as it is compared: identities without their spelling, money as it is counted."""
    return {
        name: same_id(value)
        if name.endswith("_id")
        else round(float(value), 2)
        if name == "amount" and value is not None
        else value
        for name, value in record.items()
    }


def _differences(found: State, wanted: State, before: State) -> list[Any]:
    """Rows that are not what they should be; those that are as `before` are excused, where rows were set aside."""
    told: list[Any] = []
    for template in TEMPLATES:
        ours, theirs = found[template], wanted[template]
        for identity in sorted({*ours, *theirs}):
            is_there, should_be = ours.get(identity), theirs.get(identity)
            if is_there == should_be or (before and is_there == before[template].get(identity)):
                continue
            if is_there is None or should_be is None:
                told.append((identity, "is missing" if is_there is None else "is no fact"))
            else:
                cells = {n: (is_there[n], should_be[n]) for n in should_be if is_there[n] != should_be[n]}
                told.append((identity, cells))
    return told


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Path]]:
    """One warehouse that every sequence begins empty: opening one takes longer than an import."""
    folder = tmp_path_factory.mktemp("sequences")
    (folder / "exports").mkdir()
    with open_warehouse(Workspace(folder / "w", SMALL)) as opened:
        yield opened, folder / "exports"


def _tell(bench: tuple[Warehouse, Path], seed: int, ways: list[str]) -> None:
    """A source that lives, exports as ever, and then in each of these ways, a week between them."""
    clear(bench[0])
    chance = Random(seed)
    source = Source(chance, style=ID_STYLES[seed % len(ID_STYLES)])
    telling = Telling(*bench)
    source.settle()
    for way in ("as_ever", *ways):
        for export in {**HONEST, **ODD}[way](source):
            telling.come(export, way)
        if way == "as_ever":
            source.keep()
        source.live()


def _way(way: str) -> Any:
    marks = [pytest.mark.xfail(reason=NOT_YET[way], strict=True)] if way in NOT_YET else []
    return pytest.param(way, marks=marks, id=way)


@pytest.mark.parametrize("way", [_way(way) for way in (*HONEST, *ODD)])
def test_an_export_of_each_kind_gives_the_facts_of_its_source_or_a_word(
    bench: tuple[Warehouse, Path], way: str
) -> None:
    for seed in range(SEEDS.get(way, 1)):
        _tell(bench, seed + len(way), ["as_ever", way] if way in ("again", "older") else [way])


@SEQUENCES
@given(
    seed=st.integers(0, 1 << 16),
    ways=st.lists(
        st.sampled_from([way for way in (*HONEST, *ODD) if way not in NOT_YET]),
        min_size=2,
        max_size=4,
    ),
)
def test_after_any_sequence_of_exports_the_facts_are_the_source_s_or_a_word_was_given(
    bench: tuple[Warehouse, Path], seed: int, ways: list[str]
) -> None:
    _tell(bench, seed, ways)
