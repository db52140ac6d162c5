"""`/metrics`: what the last review said, as OpenMetrics text, for whoever watches many systems at once.

A review is noted beside the database (`.leadline/review.json`) when it is recorded, so that being scraped every few
seconds costs nobody a review.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from leadline.data.documents.plain_files import read_plain
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.private_files import write_private
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement import outbox
from leadline.metrics.results import Review
from leadline.metrics.verdicts import VERDICTS

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_FILE = "review.json"
_LARGEST = 10_000_000
Sample = tuple[dict[str, str], int]
"""labels and value"""


def note(workspace: Workspace, review: Review) -> None:
    """Keeps what the newest review says for the next scrape. Raises OSError."""
    told = {
        "as_of": review.as_of.isoformat(),
        "workflows": [
            {
                "workflow": each.workflow,
                "verdict": each.verdict,
                "rules": {rule.id: rule.state for rule in each.rules},
            }
            for each in review.workflows
        ],
        "sources": {each.source: each.newest.isoformat() for each in review.data if each.newest},
    }
    write_private(_file(workspace.path), json.dumps(told).encode())


def text(warehouse: Warehouse, workspace: Workspace) -> str:
    """Everything that is measured. Raises LeadlineError."""
    told = _noted(workspace.path)
    failures = outbox.failures(warehouse)
    pending = sum(failure.next_at is not None for failure in failures)
    families: tuple[tuple[str, str, Iterator[Sample]], ...] = (
        ("leadline_verdict", "1 where the workflow has this verdict.", _verdicts(told)),
        ("leadline_rule_breached", "1 where the stopping rule is breached.", _rules(told)),
        ("leadline_source_age_days", "Days since the newest row.", _ages(told, workspace.today())),
        (
            "leadline_outbox_pending",
            "Notifications that are still to reach a channel.",
            iter([({}, pending)]),
        ),
    )
    return "".join(_family(*family) for family in families) + "# EOF\n"


def _verdicts(told: Mapping[str, Any]) -> Iterator[Sample]:
    for each in told["workflows"]:
        for verdict in VERDICTS:
            yield {"workflow": each["workflow"], "verdict": verdict}, int(each["verdict"] == verdict)


def _rules(told: Mapping[str, Any]) -> Iterator[Sample]:
    for each in told["workflows"]:
        for rule, state in each["rules"].items():
            yield {"workflow": each["workflow"], "rule": rule}, int(state == "breached")


def _ages(told: Mapping[str, Any], today: dt.date) -> Iterator[Sample]:
    for source, newest in told["sources"].items():
        yield {"source": source}, (today - dt.date.fromisoformat(newest)).days


def _family(name: str, help_text: str, samples: Iterator[Sample]) -> str:
    lines = [f"# HELP {name} {help_text}", f"# TYPE {name} gauge"]
    for labels, value in samples:
        written = ",".join(f'{label}="{_escaped(said)}"' for label, said in labels.items())
        lines.append(f"{name}{f'{{{written}}}' if written else ''} {value}")
    return "".join(f"{line}\n" for line in lines)


def _escaped(said: str) -> str:
    return said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _noted(path: Path) -> Mapping[str, Any]:
    """Nothing where no review was recorded yet."""
    try:
        told: Mapping[str, Any] = json.loads(read_plain(_file(path), _LARGEST))
        return told
    except (OSError, ValueError):
        return {"workflows": [], "sources": {}}


def _file(path: Path) -> Path:
    return path / PRIVATE_FOLDER / _FILE
