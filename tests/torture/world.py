"""A workspace under torture, and the model of what must stand in it: which files landed, row for row."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from leadline.dashboard.service import gates
from leadline.data.landing.land import list_imports
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.charter_versions import charter_history
from leadline.metrics.agreement.verification import verify
from tests.torture.gates import Gate

KEYS = 900
"""leads that exports speak of: few enough for exports to overlap"""
ROWS = 400
FAULTY, REPEATED = 3, 2
"""rows of each export that can't be read, and rows that stand twice in it"""
WORKFLOW = "desk"
CHARTER = """\
workflow: desk
name: Desk
owner: Head of Sales
deployed_on: 2024-01-01
watch:
  proxies: [response_time]
  outcomes: [close_rate]
  materiality: {{proxy: {percent}%}}
"""
State = Literal["absent", "landed", "undone", "unknown"]
Thing = TypeVar("Thing")


@dataclass
class Export:
    """A file of leads, what it says of each, and what is known of its landing."""

    file: Path
    rows: dict[str, str]
    """lead → channel, which no other export says of it unless both agree"""
    state: State = "absent"
    import_id: int | None = None


@dataclass
class Compared:
    """What a comparison found."""

    rows: int = 0
    lost: int = 0
    doubled: int = 0

    def __iadd__(self, other: Compared) -> Compared:
        self.rows += other.rows
        self.lost += other.lost
        self.doubled += other.doubled
        return self


@dataclass
class World:
    """The workspace `folder`, exports beside it, and what became of each."""

    folder: Path
    chance: random.Random
    exports: list[Export] = field(default_factory=list)
    charters: list[str] = field(default_factory=list)
    """texts that were given to `leadline charter`, oldest first; each may have been registered or not"""
    registered: list[str] = field(default_factory=list)
    """texts that must have been registered"""
    gate: Gate = field(default_factory=lambda: Gate(WORKFLOW))

    @property
    def beside(self) -> Path:
        return self.folder.parent

    def export(self, rows: int = ROWS) -> Export:
        """A new export: a third of its rows says what the export before it said, the others something new."""
        number = len(self.exports)
        keys = [f"L{key}" for key in self.chance.sample(range(max(KEYS, rows)), rows)]
        before = self.exports[-1].rows if self.exports else {}
        said = {
            key: before[key] if key in before and self.chance.random() < 0.33 else f"c{number}-{key}"
            for key in keys
        }
        written = [f"{key},{created(key)},{WORKFLOW},{channel}" for key, channel in said.items()]
        written += [f"X{number}-{line},no date,{WORKFLOW},none" for line in range(FAULTY)]
        written += written[:REPEATED]
        file = self.beside / f"export-{number}.csv"
        file.write_text("lead_id,created_at,workflow,channel\n" + "\n".join(written) + "\n", encoding="utf-8")
        self.exports.append(Export(file, said))
        return self.exports[-1]

    def charter(self) -> Path:
        """A charter that was never given before."""
        text = CHARTER.format(percent=5 + len(self.charters))
        self.charters.append(text)
        file = self.beside / "charter.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    def landed(self) -> list[Export]:
        return [export for export in self.exports if export.state == "landed"]

    def settle(self, folder: Path | None = None) -> Compared:
        """Learns what became of commands that were cut off, then compares every row. Raises AssertionError.

        Nobody else may have the workspace open. `folder`: a copy to look at instead.
        """
        self.gate.compare(folder or self.folder)
        with open_warehouse(open_workspace(folder or self.folder)) as warehouse:
            self._learn(warehouse)
            self.gate.learn(warehouse)
            gates.settle(warehouse, warehouse.workspace)
            self.gate.compare(warehouse.workspace.path)
            assert not verify(warehouse), "the ledger's chain is broken"
            self._compare_charters(warehouse)
            return self._compare_rows(warehouse)

    def _learn(self, warehouse: Warehouse) -> None:
        known = {record.file: record for record in list_imports(warehouse)}
        assert len(known) == len(list_imports(warehouse)), "a file has landed twice"
        for export in self.exports:
            record = known.pop(export.file.name, None)
            found: State = "absent" if record is None else "undone" if record.undone_at else "landed"
            assert export.state in (found, "unknown"), f"{export.file.name} is {found}, not {export.state}"
            export.state, export.import_id = found, record.import_id if record else None
        assert not known, f"imports that nobody made: {list(known)}"

    def _compare_charters(self, warehouse: Warehouse) -> None:
        kept = [version.content for version in charter_history(warehouse, WORKFLOW)]
        assert len(set(kept)) == len(kept), "a charter was registered twice"
        assert kept == [text for text in self.charters if text in kept], "charters are out of order"
        assert set(self.registered) <= set(kept), "a registered charter is gone"
        file = warehouse.workspace.charters / f"{WORKFLOW}.yaml"
        if file.is_file():
            assert file.read_text(encoding="utf-8") in self.charters, "a charter's file is half written"

    def _compare_rows(self, warehouse: Warehouse) -> Compared:
        """Every fact, and every version, sighting, quarantined and skipped row of every import."""
        seen = Compared()
        order = dict(warehouse.select("select import_id, known_at from landed.imports"))
        standing: dict[str, str] = {}
        for export in sorted(self.landed(), key=lambda e: (order[e.import_id], e.import_id)):
            standing |= export.rows
        facts = warehouse.select("select lead_id, cast(created_at as date), channel from facts.leads")
        wanted = Counter((key, created(key), channel) for key, channel in standing.items())
        seen += _difference(Counter((key, day.isoformat(), channel) for key, day, channel in facts), wanted)
        versions = Counter(warehouse.select("select import_id, lead_id from landed.leads"))
        sightings = Counter(
            warehouse.select(
                "select seen.import_id, version.lead_id from landed.sightings as seen"
                " inner join landed.leads as version"
                " on version.import_id = seen.of_import and version.line = seen.of_line"
            )
        )
        told = Counter((e.import_id, key) for e in self.landed() for key in e.rows)
        seen += _difference(versions + sightings, told)
        for table, each in (("quarantine", FAULTY), ("skipped", REPEATED)):
            found = Counter(
                dict(warehouse.select(f"select import_id, count(*) from landed.{table} group by 1"))
            )
            seen += _difference(found, Counter({e.import_id: each for e in self.landed()}))
        return seen


def created(key: str) -> str:
    """The day on which a lead came: the same in every export."""
    return (dt.date(2023, 1, 2) + dt.timedelta(days=int(key[1:]) % 700)).isoformat()


def _difference(found: Counter[Thing], wanted: Counter[Thing]) -> Compared:
    return Compared((found | wanted).total(), (wanted - found).total(), (found - wanted).total())


def copy_of(folder: Path, to: Path) -> Path:
    """A copy of a workspace that nobody has open."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(folder, to))
