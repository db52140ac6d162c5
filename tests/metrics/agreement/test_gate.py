"""The gate: what closes it, what lapses, what opens it again, and how a charter says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from leadline.dashboard.words.charter_changes import change_words
from leadline.dashboard.words.charters import gate_words
from leadline.data.errors import CharterError
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.changes import compare
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_form import charter_to_form, empty_form, form_to_yaml
from leadline.metrics.agreement.gate import ClosedBy, GateState, answer, holds_until, is_held_out
from leadline.metrics.charter_terms import Charter, Gate

TEXT = """workflow: desk
deployed_on: 2024-01-01
watch: {outcomes: [close_rate]}
"""
TODAY = dt.date(2024, 6, 12)
PAUSED = ClosedBy("pause", dt.date(2022, 3, 1), decision="D4")
STOPPED = ClosedBy("stop", dt.date(2024, 6, 1), decision="D9")
BREACHED = ClosedBy("pause", dt.date(2024, 5, 5), rule="divergence", alert="A7")
REVIEWED = GateState("desk", Gate(), 2, reviewed_on=dt.date(2024, 6, 11), valid_until=dt.date(2024, 6, 17))
LAPSED = replace(REVIEWED, reviewed_on=dt.date(2024, 6, 4), valid_until=dt.date(2024, 6, 10))
NEVER_REVIEWED = replace(REVIEWED, reviewed_on=None, valid_until=None)


def charter(gate: str) -> Charter:
    return parse_charter(f"{TEXT}{gate}\n", load_catalog(None), "desk.yaml")


def gated(state: GateState, on: str, **said: object) -> GateState:
    return replace(state, gate=replace(Gate(on=on), **said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "value", "variant"),
    [
        (REVIEWED, True, "run"),
        (replace(REVIEWED, paused=PAUSED), False, "pause"),
        (replace(REVIEWED, paused=STOPPED), False, "stop"),
        (replace(LAPSED, paused=PAUSED), False, "pause"),
        (replace(NEVER_REVIEWED, paused=STOPPED), False, "stop"),
        (replace(REVIEWED, breached=BREACHED), True, "run"),
        (gated(replace(REVIEWED, breached=BREACHED), "breach"), False, "pause"),
        (gated(replace(LAPSED, breached=BREACHED), "breach"), False, "pause"),
        (gated(replace(REVIEWED, breached=BREACHED, paused=STOPPED), "breach"), False, "stop"),
        (gated(REVIEWED, "breach"), True, "run"),
        (LAPSED, None, "review"),
        (gated(LAPSED, "breach"), None, "review"),
        (NEVER_REVIEWED, None, "review"),
        (replace(REVIEWED, is_adjusted=True, decision="D3"), True, "adjust"),
        (replace(LAPSED, is_adjusted=True, decision="D3"), None, "review"),
        (gated(replace(NEVER_REVIEWED, paused=STOPPED, breached=BREACHED), "never", holdout=0.99), True, "run"),
        (gated(REVIEWED, "decision", holdout=1 - 1e-9), False, "human"),
        (gated(LAPSED, "decision", holdout=1 - 1e-9), None, "review"),
        (gated(replace(REVIEWED, paused=PAUSED), "decision", holdout=1 - 1e-9), False, "pause"),
    ],
)  # fmt: skip
def test_what_it_answers_and_in_which_order(state: GateState, value: bool | None, variant: str) -> None:
    said = answer(state, TODAY, "lead 17")
    assert (said.value, said.variant, said.workflow, said.charter_version) == (value, variant, "desk", 2)


@pytest.mark.parametrize(("unknown", "may_run"), [("open", True), ("closed", False)])
def test_where_it_cannot_say_the_charter_says_what_to_do(unknown: str, may_run: bool) -> None:
    said = answer(gated(LAPSED, "decision", unknown=unknown), TODAY)
    assert (said.value, said.unknown, said.may_run) == (None, unknown, may_run)
    assert answer(gated(REVIEWED, "decision", unknown=unknown), TODAY).may_run is True
    assert answer(gated(replace(LAPSED, paused=PAUSED), "decision", unknown=unknown), TODAY).may_run is False


def test_it_names_what_closed_it_since_when_and_until_when_an_answer_holds() -> None:
    by_decision = answer(replace(REVIEWED, paused=PAUSED, decision="D9", decided_on=STOPPED.since), TODAY)
    assert (by_decision.decision, by_decision.since, by_decision.valid_until) == ("D4", PAUSED.since, None)
    by_breach = answer(gated(replace(REVIEWED, breached=BREACHED), "breach"), TODAY)
    assert (by_breach.rule, by_breach.alert, by_breach.decision) == ("divergence", "A7", None)
    assert answer(REVIEWED, TODAY).valid_until == dt.date(2024, 6, 17)
    lapsed = answer(LAPSED, TODAY)
    assert (lapsed.since, lapsed.valid_until) == (dt.date(2024, 6, 11), dt.date(2024, 6, 10))


@pytest.mark.parametrize(
    ("reviewed", "every", "until"),
    [
        ("2024-06-11", None, "2024-06-25"),
        ("2024-06-11", 1, "2024-06-17"),
        ("2024-06-10", 1, "2024-06-17"),
        ("2024-06-09", 1, "2024-06-10"),
        ("2024-06-11", 4, "2024-06-17"),
        ("2023-12-20", 1, "2024-01-08"),
    ],
)
def test_a_review_holds_until_the_end_of_the_next_checkpoint(
    reviewed: str, every: int | None, until: str
) -> None:
    """Checkpoints of a workflow deployed on a Monday fall on Mondays; without any, a review holds fourteen days."""
    held = holds_until(dt.date.fromisoformat(reviewed), dt.date(2024, 1, 1), every)
    assert held.isoformat() == until
    state = replace(REVIEWED, valid_until=held)
    assert answer(state, held).value is True
    assert answer(state, held + dt.timedelta(days=1)).value is None


def test_a_holdout_is_drawn_by_the_unit_alone_and_grows_without_letting_go() -> None:
    units = [f"lead {number}" for number in range(4000)]
    tenth = {unit for unit in units if is_held_out("desk", unit, 0.1)}
    assert 320 < len(tenth) < 480
    assert tenth < {unit for unit in units if is_held_out("desk", unit, 0.2)}
    assert tenth != {unit for unit in units if is_held_out("another", unit, 0.1)}
    # pinned: callers on other machines and later versions draw the same
    assert [unit for unit in units[:40] if unit in tenth] == [
        "lead 13",
        "lead 15",
        "lead 29",
        "lead 34",
        "lead 37",
    ]
    state = gated(REVIEWED, "decision", holdout=0.1)
    assert {answer(state, TODAY, unit).variant for unit in tenth} == {"human"}
    assert answer(state, TODAY).variant == "run"


@pytest.mark.parametrize(
    ("said", "gate"),
    [
        ("", Gate()),
        ("gate: {on: decision, unknown: open}", Gate()),
        ("gate: {on: breach, unknown: closed, holdout: 10%}", Gate("breach", "closed", 0.1)),
        ("gate:\n  on: Never\n", Gate("never")),
    ],
)
def test_a_charter_says_what_closes_it(said: str, gate: Gate) -> None:
    assert charter(said).gate == gate


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("gate: {on: breech}", 'gate.on is "breech"; did you mean breach?'),
        ("gate: {unknown: maybe}", 'gate.unknown is "maybe"; write open or closed.'),
        (
            "gate: {holdout: 0%}",
            'gate.holdout is "0%"; write a percentage above 0% and below 100%, such as 10%.',
        ),
        (
            "gate: {holdout: 100%}",
            'gate.holdout is "100%"; write a percentage above 0% and below 100%, such as 10%.',
        ),
        ("gate: closed", ""),
    ],
)
def test_what_is_unclear_is_a_fault_of_its_line(said: str, advice: str) -> None:
    with pytest.raises(CharterError) as caught:
        charter(said)
    (fault,) = caught.value.faults
    assert fault.startswith("desk.yaml, line 4: ")
    assert advice in fault


def test_the_form_keeps_it_and_leaves_out_what_is_the_default() -> None:
    text = f"{TEXT}gate: {{on: breach}}  # as legal asked\n"
    form = charter_to_form(parse_charter(text, load_catalog(None), "desk.yaml"))
    assert form["gate"] == {"on": "breach", "unknown": "", "holdout": ""}
    assert form_to_yaml({**form, "owner": "Ann"}, text).endswith(
        "gate: {on: breach}  # as legal asked\nowner: Ann\n"
    )
    changed = form_to_yaml({**form, "gate": {"on": "breach", "unknown": "closed", "holdout": "5%"}}, text)
    assert parse_charter(changed, load_catalog(None), "desk.yaml").gate == Gate("breach", "closed", 0.05)
    assert "gate" not in form_to_yaml({**form, "gate": empty_form()["gate"]}, text)


@pytest.mark.parametrize(
    ("before", "after", "direction", "words"),
    [
        ("", "gate: {on: breach}", "tighter", "The gate (on) was tightened: decision became breach."),
        (
            "gate: {on: breach}",
            "gate: {on: never}",
            "looser",
            "The gate (on) was loosened: breach became never.",
        ),
        ("gate: {unknown: closed}", "", "looser", "The gate (unknown) was loosened: closed became open."),
        ("", "gate: {holdout: 10%}", "changed", "The gate (holdout) was changed: 0 % became 10 %."),
    ],
)
def test_a_change_of_the_gate_is_told(before: str, after: str, direction: str, words: str) -> None:
    (change,) = compare(charter(before), charter(after))
    assert (change.what, change.direction, change_words(change)) == ("gate", direction, words)


def test_it_is_told_in_a_sentence() -> None:
    assert (
        gate_words(Gate()) == "closes when it is paused or stopped; open while nobody has looked for too long"
    )
    assert gate_words(Gate("never", "closed")) == "never closes"
    assert "10 % of the units are left to people" in gate_words(Gate("breach", holdout=0.1))
