"""What must hold of any exports on their way to a review: how they are cut, ordered and named decides nothing."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from leadline.dashboard.service.review_json import to_contract
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land
from leadline.data.plain_json import to_json
from leadline.data.samples.flows import CHANNELS, NEVER, Drift, FlowSpec, simulate
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.review import review

Rows = list[tuple[object, ...]]
Tables = Mapping[str, Rows]
"""template → its header and its rows"""

SPEC = FlowSpec(leads_per_week=25, weeks=48, deployed=30, start=dt.date(2024, 1, 1))
END = dt.date(2024, 12, 1)
CHARTER = """
workflow: desk
name: Desk
owner: Ann
deployed_on: 2024-07-29
watch: {proxies: [response_time], outcomes: [close_rate, qualified_appointment_rate], segments: [channel]}
stopping_rules:
  - {id: drift, when: diverging, action: pause}
  - {id: floor, when: close_rate < 15%, action: review}
"""


_drifting = st.sampled_from([None, "all", "organic"])
"""nothing drifts, everything does, or one channel"""
_seeds = st.integers(0, 10_000)


def _flow(drifting: str | None, seed: int) -> Tables:
    """Leads, appointments and deals of 48 weeks."""
    drift = Drift(0.7, SPEC.deployed, channel=None if drifting == "all" else drifting) if drifting else None
    spec = replace(SPEC, drift=drift)
    leads = simulate(spec, np.random.default_rng(seed))
    tables: dict[str, Rows] = {
        "leads": [("lead_id", "created_at", "workflow", "channel", "first_response_at")],
        "appointments": [("appointment_id", "lead_id", "held_at", "status", "qualified")],
        "deals": [("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency")],
    }

    def moment(day: float) -> dt.datetime:
        return dt.datetime.combine(spec.start, dt.time()) + dt.timedelta(seconds=round(day * 86400))

    for i, day in enumerate(leads.day.tolist()):
        created = moment(day)
        answered = created + dt.timedelta(minutes=5 if day >= 7 * spec.deployed else 90)
        tables["leads"].append((f"L{i}", created, "desk", CHANNELS[leads.channel[i]].name, answered))
        held, won = (float(leads.reached[name][i]) for name in ("qualified_appointment_rate", "close_rate"))
        if held != NEVER and moment(held).date() <= END:
            tables["appointments"].append((f"A{i}", f"L{i}", moment(held), "held", "yes"))
        if won != NEVER and moment(won).date() <= END:
            tables["deals"].append((f"D{i}", f"L{i}", created, moment(won), "won", 4000 + i % 900, "EUR"))
    return tables


def told(*exports: Tables) -> str:
    """The review's JSON at the end of the flow, after these exports were landed one after the other."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "charters").mkdir()
        (place / "charters" / "desk.yaml").write_text(CHARTER, encoding="utf-8")
        with open_warehouse(open_workspace(place)) as warehouse:
            for number, tables in enumerate(exports):
                for template, rows in tables.items():
                    file = place / f"{template}_{number}.csv"
                    with file.open("w", newline="", encoding="utf-8") as out:
                        csv.writer(out).writerows(rows)
                    report = land(warehouse, file, IngestOptions())
                    assert report.state == "landed", report.message
            return to_json(to_contract(review(warehouse, open_workspace(place), END)))


QUICK = settings(max_examples=2, derandomize=True, phases=[Phase.explicit, Phase.generate])
"""without shrinking: an example is a second of work"""
_names = st.lists(
    st.text("abcxyzäßé", min_size=4, max_size=8), min_size=len(CHANNELS), max_size=len(CHANNELS), unique=True
)


@QUICK
@given(drifting=_drifting, seed=_seeds)
def test_the_order_of_rows_and_the_cut_of_an_export_in_two_change_no_review(
    drifting: str | None, seed: int
) -> None:
    flow, chance = _flow(drifting, seed), Random(seed)
    first, second = {}, {}
    for template, (head, *rows) in flow.items():
        chance.shuffle(rows)
        at = chance.randint(1, len(rows) - 1)
        first[template], second[template] = [head, *rows[:at]], [head, *rows[at:]]
    shuffled = {template: [*rows, *second[template][1:]] for template, rows in first.items()}
    assert told(shuffled) == told(first, second) == told(flow)


@QUICK
@given(drifting=_drifting, seed=_seeds, names=_names)
def test_renamed_segments_change_nothing_but_their_names(
    drifting: str | None, seed: int, names: list[str]
) -> None:
    flow = _flow(drifting, seed)
    other = {channel.name: name for channel, name in zip(CHANNELS, names, strict=True)}
    head, *leads = flow["leads"]
    renamed = [head, *((*lead[:3], other[str(lead[3])], lead[4]) for lead in leads)]
    before = told(flow)
    for name, becomes in other.items():
        before = before.replace(name, becomes)
    assert told({**flow, "leads": renamed}) == before
