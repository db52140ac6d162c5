"""Kept counts tell what the facts tell, whatever landed, was taken back, or came again in between."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leadline.data.counts import follow, store
from leadline.data.database.connection import rows_of
from leadline.data.database.session import Row
from leadline.data.engines.engine import ask
from leadline.data.exports.landing_report import Doubt
from leadline.data.landing.land import IngestOptions, land, list_imports, rehearse, undo
from leadline.data.templates import templates
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.backup import back_up, restore
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import cohorts
from leadline.metrics.agreement.catalog import load_catalog
from tests.metrics.counts import questions

LAWS = settings(
    max_examples=int(os.environ.get("LEADLINE_COUNT_EXAMPLES", "2")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
    phases=(Phase.generate,),  # shrinking such an example takes longer than reading it
)
WORKFLOWS = ("desk", "mail", "")
SUNDAYS = [dt.date(2024, 1, 7) + dt.timedelta(weeks=n) for n in (2, 30)]
ANY_DAYS = [dt.date(2024, 1, 23)]

_days = st.dates(dt.date(2024, 1, 1), dt.date(2024, 2, 4)).map(str)
_moments = st.tuples(_days, st.sampled_from(["00:00", "09:00", "09:03", "23:59"])).map(" ".join)
_later = st.one_of(st.just(""), _moments)
_leads = st.sampled_from(["L1", "L2", "L3", "L4", "L5"])
_linked = st.one_of(_leads, st.sampled_from(["", "gone"]))
_workflows = st.sampled_from(WORKFLOWS)
_words = st.sampled_from(["a", "b", ""])
_amounts = st.sampled_from(["", "10", "10.005", "99999.99"])
_currencies = st.sampled_from(["EUR", "USD", ""])
_yes = st.sampled_from(["yes", "no", ""])

# template → column → what may stand in it; the first columns are the key
COLUMNS: Mapping[str, Mapping[str, st.SearchStrategy[str]]] = {
    "leads": {
        "lead_id": _leads,
        "created_at": _moments,
        "workflow": _workflows,
        "channel": _words,
        "score": st.sampled_from(["", "1", "2.5", "3"]),
        "first_response_at": _later,
        "tier": _words,
    },
    "deals": {
        "deal_id": st.sampled_from(["D1", "D2", "D3", "D4"]),
        "lead_id": _linked,
        "created_at": st.just("2024-01-01"),
        "closed_at": _later,
        "stage": st.sampled_from(["won", "won", "lost", "open"]),
        "amount": _amounts,
        "currency": _currencies,
        "workflow": _workflows,
    },
    "appointments": {
        "appointment_id": st.sampled_from(["A1", "A2", "A3"]),
        "lead_id": _linked,
        "booked_at": _later,
        "held_at": _moments,
        "status": st.sampled_from(["held", "no_show"]),
        "qualified": _yes,
        "workflow": _workflows,
    },
    "emails": {
        "message_id": st.sampled_from(["M1", "M2", "M3", "M4", "M5"]),
        "lead_id": _linked,
        "sent_at": _moments,
        "delivered_at": _later,
        "opened_at": _later,
        "clicked_at": _later,
        "machine_open": _yes,
        "workflow": _workflows,
        "variant": _words,
        "tier": _words,
    },
    "campaigns": {
        "campaign_id": st.sampled_from(["C1", "C2"]),
        "sent_at": _moments,
        "recipients": st.sampled_from(["0", "5", "9"]),
        "delivered": st.sampled_from(["", "5", "4"]),
        "unique_opens": st.sampled_from(["", "0", "4", "5"]),
        "unique_clicks": st.sampled_from(["", "0", "3"]),
        "workflow": _workflows,
        "variant": _words,
    },
    "assets": {
        "asset_id": st.sampled_from(["B1", "B2", "B3"]),
        "published_at": _moments,
        "workflow": _workflows,
        "kind": _words,
        "cost": _amounts,
        "currency": _currencies,
    },
    "asset_uses": {
        "asset_id": st.sampled_from(["B1", "B2", "B9"]),
        "used_at": _moments,
        "used_by": _words,
        "workflow": _workflows,
    },
    "reviews": {
        "item_id": st.sampled_from(["B1", "B2", "R1"]),
        "dimension": _words,
        "reviewer": _words,
        "reviewed_at": _moments,
        "score": st.just("3"),
        "passed": _yes,
        "workflow": _workflows,
    },
    "clicks": {
        "click_id": st.sampled_from(["K1", "K2", "K3"]),
        "clicked_at": _moments,
        "lead_id": _linked,
        "workflow": _workflows,
        "channel": _words,
    },
}
_numbers = itertools.count()


def _asked() -> list[tuple[str, dict[str, object]]]:
    """Every question that is kept, with several segments and outcomes."""
    asked: list[tuple[str, dict[str, object]]] = [("activity", {})]
    one: dict[str, object] = {"workflow": "desk", "minutes": 5, "within_weeks": 1}
    for name in questions.shipped():
        if name.endswith("/whole"):
            asked.append((name, {**one, "segment": ""}))
        elif "$segment" in store.KNOWN[name].counted:
            asked += [(name, {**one, "segment": segment}) for segment in ("channel", "tier")]
        elif name != "activity":
            asked.append((name, one))
    elsewhere: dict[str, object] = {"workflow": "mail", "segment": ""}
    names = ("close_rate", "open_rate", "linkage/click_rate/close_rate")
    return [*asked, *((name, elsewhere) for name in names)]


def _told(warehouse: Warehouse, days: list[dt.date]) -> int:
    """Compares every question's kept answer with the facts' on every day; how many were answered from counts."""
    answered = 0
    for (name, values), day in itertools.product(_asked(), days):
        dated = questions.bound(name, {**values, "through": day, "first": dt.date(2024, 1, 9)})
        kept = store.answer(warehouse, name, dated)
        if kept is not None:
            answered += 1
            facts = ask(warehouse, questions.text(name), dated)
            assert kept == facts, (name, dated)
            assert [[type(cell) for cell in row] for row in kept] == [
                [type(cell) for cell in row] for row in facts
            ]
    return answered


@st.composite
def exports(draw: st.DrawFn) -> tuple[str, str]:
    """A template and a file of a few rows, each key at most once; some lack columns, some say what is deleted."""
    template = draw(st.sampled_from([*COLUMNS, "leads", "deals", "emails"]))
    columns = COLUMNS[template]
    keys = {"asset_uses": 3, "reviews": 3}.get(template, 1)
    rows = draw(
        st.lists(
            st.tuples(*columns.values()), min_size=1, max_size=4, unique_by=lambda row: tuple(row[:keys])
        )
    )
    known = {column.name: column for column in templates()[template].columns}
    optional = [
        name
        for place, name in enumerate(columns)
        if place >= keys and (name not in known or known[name].required == "no")
    ]
    lacking = draw(st.one_of(st.just(set()), st.sets(st.sampled_from(optional))))
    flags = draw(st.one_of(st.none(), st.lists(st.sampled_from(["yes", "no", "no"]), min_size=4, max_size=4)))
    kept = [place for place, name in enumerate(columns) if name not in lacking]
    table = [[row[place] for place in kept] for row in [tuple(columns), *rows]]
    if flags is not None:
        table = [[*row, flag] for row, flag in zip(table, ["deleted", *flags], strict=False)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return template, out.getvalue()


_exported = st.one_of(st.none(), st.dates(dt.date(2024, 3, 1), dt.date(2024, 3, 5)))
_steps = st.lists(
    st.one_of(
        st.tuples(exports(), _exported),
        st.tuples(exports(), _exported),
        st.tuples(exports(), _exported),
        st.integers(0, 20),
    ),
    min_size=5,
    max_size=10,
)


@pytest.fixture
def keeping_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts are kept however few rows there are, and packed as soon as there is anything to pack."""
    monkeypatch.setattr(store, "KEPT_FROM_ROWS", 0)
    monkeypatch.setattr(follow, "PACK_FROM_ROWS", 3)


@pytest.fixture
def bench(tmp_path: Path, keeping_all: None) -> Iterator[tuple[Warehouse, Path]]:
    (tmp_path / "exports").mkdir()
    settings = Settings(timezone="America/New_York")
    with open_warehouse(Workspace(tmp_path / "w", settings)) as opened:
        yield opened, tmp_path / "exports"


def _clear(warehouse: Warehouse) -> None:
    others = ("imports", "superseded", "sightings", "quarantine", "skipped", "answers")
    for table in (*COLUMNS, *(f"folded_{name}" for name in COLUMNS), *others):
        warehouse.execute(f"delete from landed.{table}")


def _land(bench: tuple[Warehouse, Path], export: tuple[str, str], day: dt.date | None = None) -> None:
    warehouse, folder = bench
    template, text = export
    file = folder / f"{next(_numbers)}.csv"
    file.write_text(text)
    report = land(
        warehouse,
        file,
        IngestOptions(template=template, exported_on=day, numbers="point", accept=get_args(Doubt)),
    )
    assert report.state == "landed", report.message


@LAWS
@given(steps=_steps)
def test_kept_counts_are_the_facts_counts_after_any_landings_and_undos(
    bench: tuple[Warehouse, Path], steps: list[object]
) -> None:
    warehouse = bench[0]
    _clear(warehouse)
    _told(warehouse, SUNDAYS[:1])
    questions = _questions(warehouse)
    for step in steps:
        if isinstance(step, tuple):
            _land(bench, *step)
        else:
            standing = [one.import_id for one in list_imports(warehouse) if one.undone_at is None]
            if standing:
                undo(warehouse, standing[int(str(step)) % len(standing)])
        assert _questions(warehouse) == questions  # they follow; nothing is counted anew
    assert _told(warehouse, SUNDAYS) > len(SUNDAYS) * (len(_asked()) - 8)
    _told(warehouse, ANY_DAYS)
    assert _questions(warehouse) == questions
    assert store.compare_with_facts(warehouse) == store.Compared(len(questions), ())


@settings(LAWS, max_examples=1)
@given(landed=st.lists(exports(), min_size=6, max_size=6))
def test_what_is_counted_for_many_workflows_in_one_pass_is_what_each_would_count(
    bench: tuple[Warehouse, Path], landed: list[tuple[str, str]]
) -> None:
    """Every question where LEADLINE_COUNT_EXAMPLES is set, else every tenth."""
    warehouse = bench[0]
    _clear(warehouse)
    for export in landed:
        _land(bench, export)
    asked = [one for one in _asked() if one[1].get("workflow") == "desk"]
    asked = asked if "LEADLINE_COUNT_EXAMPLES" in os.environ else asked[::10]
    with store.counted_together([("desk", "mail", "nobody")]):
        for name, values in asked:
            store.answer(warehouse, name, questions.bound(name, {**values, "through": SUNDAYS[1]}))
    kept = _questions(warehouse)
    assert len(kept) == 3 * len(asked)
    assert store.compare_with_facts(warehouse) == store.Compared(len(kept), ())


def test_what_cant_be_counted_in_one_pass_is_counted_for_each(
    counted: tuple[Warehouse, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = (
        "select 'all' as segment, cast(date_trunc('week', created_at) as date) as cohort_week, count(*) as units "
        "from facts.leads where workflow = $workflow group by all limit length($workflow)"
    )
    stubborn = store.Question("stubborn", sql, store.KNOWN["lead_volume"].as_of, ("units",), "units", "row")
    monkeypatch.setitem(store.KNOWN, "stubborn", stubborn)
    with store.counted_together([("desk", "mail")]):
        assert store.answer(counted[0], "stubborn", ASKED[1]) == BEFORE
    assert [name for _, name, _, _ in _questions(counted[0])] == ["lead_volume", "stubborn"]


def _questions(warehouse: Warehouse) -> list[Row]:
    return warehouse.select("select * from kept.questions order by number")


LEADS = "lead_id,created_at,workflow\nL1,2024-01-02 09:00,desk\nL2,2024-01-03 09:00,desk\n"
MORE = "lead_id,created_at,workflow\nL3,2024-01-09 09:00,desk\n"
ASKED = ("lead_volume", {"workflow": "desk", "segment": "", "through": dt.date(2024, 1, 14)})
BEFORE = [("all", dt.date(2024, 1, 1), 2)]
AFTER = [*BEFORE, ("all", dt.date(2024, 1, 8), 1)]


@pytest.fixture
def counted(bench: tuple[Warehouse, Path]) -> tuple[Warehouse, Path]:
    """Two leads have landed, and their number is kept."""
    _land(bench, ("leads", LEADS))
    assert store.answer(bench[0], *ASKED) == BEFORE
    return bench


def test_a_rehearsal_shows_the_counts_as_they_would_be_to_nobody_else_and_leaves_none_behind(
    counted: tuple[Warehouse, Path],
) -> None:
    warehouse, folder = counted
    seen: list[object] = []

    def ask_here_and_elsewhere() -> None:
        seen.append(store.answer(warehouse, *ASKED))
        elsewhere = threading.Thread(target=lambda: seen.append(store.answer(warehouse, *ASKED)))
        elsewhere.start()
        elsewhere.join(timeout=30)

    file = folder / "more.csv"
    file.write_text(MORE)
    rehearse(warehouse, file, IngestOptions(), ask_here_and_elsewhere)
    assert seen == [AFTER, BEFORE]
    assert store.answer(warehouse, *ASKED) == BEFORE


def test_a_row_that_is_out_of_date_when_it_comes_is_not_counted(counted: tuple[Warehouse, Path]) -> None:
    older = "lead_id,created_at,workflow\nL1,2024-01-09 09:00,desk\n"
    _land(counted, ("leads", older), dt.date(2024, 3, 1))
    assert store.answer(counted[0], *ASKED) == BEFORE
    assert store.compare_with_facts(counted[0]) == store.Compared(1, ())


def test_rows_that_came_another_way_are_counted_anew(counted: tuple[Warehouse, Path]) -> None:
    warehouse = counted[0]
    warehouse.execute("update landed.imports set import_id = 7")
    warehouse.execute(
        "update landed.leads set created_at = created_at + interval 1 week where lead_id = 'L2'"
    )
    assert store.answer(warehouse, *ASKED) == [(*BEFORE[0][:2], 1), AFTER[1]]


def test_a_large_import_is_counted_at_the_next_question(
    counted: tuple[Warehouse, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "ANEW_FROM_ROWS", 1)
    _land(counted, ("leads", MORE))
    assert not counted[0].select("select * from kept.questions")
    assert store.answer(counted[0], *ASKED) == AFTER


def test_a_landing_by_a_program_that_does_not_know_the_questions_forgets_their_counts(
    counted: tuple[Warehouse, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(store.KNOWN)
    monkeypatch.setattr(store, "KNOWN", {})
    _land(counted, ("leads", MORE))
    monkeypatch.setattr(store, "KNOWN", known)
    assert not counted[0].select("select table_name from duckdb_tables() where table_name like 'counts%'")
    assert store.answer(counted[0], *ASKED) == AFTER


def test_nobody_waits_for_a_landing_to_keep_counts(bench: tuple[Warehouse, Path]) -> None:
    warehouse = bench[0]
    told: list[object] = []
    with warehouse.transaction():
        asking = threading.Thread(target=lambda: told.append(store.answer(warehouse, *ASKED)))
        asking.start()
        asking.join(timeout=30)
    assert told == [None]


def test_few_rows_are_counted_from_the_facts_each_time(warehouse: Warehouse, tmp_path: Path) -> None:
    _land((warehouse, tmp_path), ("leads", LEADS))
    assert store.answer(warehouse, *ASKED) is None
    assert not warehouse.select("select * from kept.questions")


def test_counts_that_were_tampered_with_are_found_and_dropped(counted: tuple[Warehouse, Path]) -> None:
    warehouse = counted[0]
    assert store.compare_with_facts(warehouse) == store.Compared(1, ())
    warehouse.execute("update kept.counts_1 set units = 3")
    assert store.answer(warehouse, *ASKED) != BEFORE
    assert store.compare_with_facts(warehouse) == store.Compared(1, ("lead_volume",))
    assert store.answer(warehouse, *ASKED) == BEFORE


def test_columns_are_those_of_the_facts_whether_or_not_counts_are_kept(
    counted: tuple[Warehouse, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "lead_id,created_at,workflow,first_response_at\nL4,2024-01-09 09:00,desk,2024-01-11 09:00\n"
    _land(counted, ("leads", text))
    _land(counted, ("deals", "deal_id,lead_id,created_at,closed_at,stage\nD1,L1,2024-01-02,2024-01-12,won\n"))
    values = {"workflow": "desk", "segment": "", "through": dt.date(2024, 1, 14)}
    name = "linkage/response_time/close_rate"
    link = (name, questions.text(name), questions.bound(name, values))
    kept = [c.tolist() for c in cohorts.columns(counted[0], *link)]
    response_time = load_catalog(None)["response_time"]
    calendar = cohorts.Calendar(dt.date(2024, 1, 1), 2)
    timed = cohorts.duration_table(counted[0], response_time, "desk", calendar)
    monkeypatch.setattr(store, "KNOWN", {})
    assert kept == [c.tolist() for c in cohorts.columns(counted[0], *link)]
    assert (timed.bucket.tolist(), timed.units.tolist()) == ([-1, -1, 191], [1.0, 1.0, 1.0])
    again = cohorts.duration_table(counted[0], response_time, "desk", calendar)
    assert [c.tolist() for c in (timed.day, timed.answered_after, timed.bucket, timed.units)] == [
        c.tolist() for c in (again.day, again.answered_after, again.bucket, again.units)
    ]


def test_another_time_zone_counts_anew(bench: tuple[Warehouse, Path], tmp_path: Path) -> None:
    late = "lead_id,created_at,workflow\nL1,2024-01-07 23:00 -05:00,desk\n"
    asked = (ASKED[0], {**ASKED[1], "through": dt.date(2024, 1, 14)})
    folder = tmp_path / "zones"
    folder.mkdir()
    for zone, week in (("America/New_York", dt.date(2024, 1, 1)), ("UTC", dt.date(2024, 1, 8))):
        with open_warehouse(Workspace(folder, Settings(timezone=zone))) as opened:
            if zone != "UTC":
                _land((opened, folder), ("leads", late))
            assert store.answer(opened, *asked) == [("all", week, 1)]


def test_a_restored_backup_brings_its_kept_counts(counted: tuple[Warehouse, Path], tmp_path: Path) -> None:
    back_up(counted[0], tmp_path / "backup.zip", rows_of)
    restore(tmp_path / "backup.zip", tmp_path / "again", rows_of)
    settings = counted[0].workspace.settings
    with open_warehouse(Workspace(tmp_path / "again", settings)) as restored:
        assert restored.select("select name from kept.questions") == [("lead_volume",)]
        assert store.answer(restored, *ASKED) == BEFORE
