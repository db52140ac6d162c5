"""Workspaces with facts of their own, and the same facts as somebody's warehouse has them."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadline.data.engines.translate_sql import columns_of
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import METRICS
from tests.scenarios import SCENARIOS

EVERY = os.environ.get("LEADLINE_SCENARIOS") == "all"
JUDGED = tuple(SCENARIOS) if EVERY else ("null_mix", "drift_step35")
"""all nine (`make parity`) take several minutes on a slow machine"""
USED = (
    *("leads", "appointments", "deals", "emails", "assets", "asset_uses", "reviews", "campaigns"),
    *("spend", "units", "events", "conversations", "codes"),
)


@dataclass(frozen=True)
class Table:
    """A table of typed columns: varchar, timestamp, double, boolean, bigint."""

    name: str
    columns: dict[str, str]
    rows: list[tuple[Any, ...]]


def landed(folder: Path, exports: list[Path], charter: str, settings: str = "", metrics: str = "") -> Path:
    """A workspace into which the exports have landed."""
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "charter.yaml").write_text(charter, encoding="utf-8")
    (folder / METRICS).write_text(metrics, encoding="utf-8")
    (folder / "leadline.toml").write_text(settings, encoding="utf-8")
    with open_warehouse(open_workspace(folder)) as warehouse:
        for file in exports:
            report = land(warehouse, file)
            assert (report.state, report.rows.quarantined) == ("landed", 0), report
    return folder


def tables(workspace: Path) -> list[Table]:
    """Its facts, times on the workspace's clock; templates without rows have no table."""
    found = []
    with open_warehouse(open_workspace(workspace)) as warehouse:
        for template in USED:
            columns = {name: kind.sql("duckdb").lower() for name, kind in columns_of(template).items()}
            rows = warehouse.select(f"select {', '.join(columns)} from facts.{template}")
            if rows:
                found.append(Table(template, {k: kind_of(v) for k, v in columns.items()}, rows))
    return found


def kind_of(written: str) -> str:
    return {"text": "varchar"}.get(written, written)


def elsewhere(
    folder: Path,
    charter: str,
    kind: str,
    schema: str,
    found: list[Table],
    settings: str = "",
    metrics: str = "",
) -> Path:
    """A workspace without facts, whose settings say where they are."""
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "charter.yaml").write_text(charter, encoding="utf-8")
    (folder / METRICS).write_text(metrics, encoding="utf-8")
    lines = [settings, "[engine]", f'kind = "{kind}"', "[engine.tables]"]
    lines += [f'{table.name} = "{schema}.{table.name}"' for table in found]
    (folder / "leadline.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def story_end(start: dt.date, weeks: int) -> dt.date:
    return start + dt.timedelta(weeks=weeks) - dt.timedelta(days=1)
