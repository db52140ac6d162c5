"""The charters page: what was agreed, edited in a form or as YAML with the same checks, every version kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from leadline.dashboard.service import open_warehouse
from leadline.dashboard.views.charters import drafts
from leadline.dashboard.words import charters
from leadline.dashboard.words.tables import cell_text
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import CharterVersion, charter_history, register_charter
from leadline.metrics.findings import AsTold
from leadline.metrics.promises import RulePromise
from leadline.metrics.results import RuleState
from leadline.metrics.statistics.promise import Delay, Promise
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import assert_nothing_is_live, buttons, opened, press, text

PAGE = "views/charters/page.py"
CATALOG = load_catalog(None)
CHARTER = """\
# agreed in the spring
workflow: lead-routing
name: Lead routing agent
owner: Head of Demand Generation
deployed_on: 2024-01-01
intent:
  objective: More closed business from inbound leads
watch:
  proxies: [response_time]
  outcomes: [close_rate]
stopping_rules:
  - id: close-rate-floor
    when: close_rate < 15%
    for: 2 weeks
    action: review
signed: {by: Managing Director, on: 2023-12-15}
"""


def agreed(home: Path, content: str = CHARTER, *, registered: bool = True) -> Warehouse:
    (home / "charters" / "lead-routing.yaml").write_text(content, encoding="utf-8")
    warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
    if registered:
        register_charter(warehouse, parse_charter(content, CATALOG, "lead-routing.yaml"), "Ann", "first")
    return warehouse


def field(app: AppTest, label: str, place: int = 0) -> object:
    found = [box for box in (*app.text_input, *app.text_area) if box.label == label]
    return found[place]


def fill(app: AppTest, label: str, value: str, place: int = 0) -> None:
    field(app, label, place).set_value(value).run()  # type: ignore[attr-defined]
    assert not app.exception, app.exception


def register(app: AppTest, name: str = "Lea Lead", why: str = "The season is over") -> None:
    fill(app, "Your name", name)
    fill(app, "Why", why)
    press(app, "Register")


def test_without_a_charter_the_page_begins_a_new_one(home: Path) -> None:
    told = text(opened(PAGE))
    assert "A new charter" in told
    assert "Nothing is kept before you register it." in told


def test_what_was_agreed_is_told_and_what_is_undefined(home: Path) -> None:
    agreed(home)
    told = text(opened(PAGE))
    assert "signed by Managing Director on 15 Dec 2023, version 1" in told
    assert "More closed business from inbound leads" in told
    assert "Close rate below 15 % for 2 weeks on 30 units or more" in told
    assert "The intent does not say whom it addresses" in told


def test_a_file_that_was_changed_by_hand_says_so(home: Path) -> None:
    agreed(home)
    agreed(home, CHARTER.replace("15%", "14%"), registered=False)
    app = opened(PAGE)
    assert "was changed since version 1" in app.warning[0].value.replace("\\", "")
    assert "not registered yet" in text(app)


def test_a_rule_is_changed_in_the_form_and_registered_with_who_and_why(home: Path) -> None:
    warehouse = agreed(home)
    app = opened(PAGE, tab="form")
    assert "Nothing is changed so far." in text(app)
    fill(app, "When", "close_rate < 12%")
    told = text(app)
    assert "Rule close-rate-floor was loosened: close_rate < 15% became close_rate < 12%." in told
    assert "⚑" in told
    assert "Asked back (it can be registered all the same)" in told.replace("**", "")
    assert "No metric proves the objective; name one" in told
    register(app)
    assert "version 2 is registered and in force" in text(app)
    newest = charter_history(warehouse, "lead-routing")[-1]
    assert (newest.version, newest.author, newest.reason) == (2, "Lea Lead", "The season is over")


def test_what_the_form_did_not_change_stays_in_the_file_as_it_was_with_line_ends_of_windows(
    home: Path,
) -> None:
    agreed(home)
    file = home / "charters" / "lead-routing.yaml"
    commented = CHARTER.replace("15%\n", "15%   # of those that entered\n").replace("\n", "\r\n")
    file.write_bytes(commented.encode())
    app = opened(PAGE, tab="form")
    fill(app, "When", "close_rate<12%")
    register(app)
    expected = commented.replace("close_rate < 15%", "close_rate<12%").partition("signed:")[0]
    assert file.read_bytes() == expected.encode()


def test_changed_terms_are_unsigned_until_somebody_signs_them(home: Path) -> None:
    warehouse = agreed(home)
    app = opened(PAGE, tab="form")
    fill(app, "Owner", "Head of Sales")
    assert "signed by Managing Director on 15 December 2023 became not signed" in text(app)
    next(box for box in app.checkbox if box.label.startswith("Sign it")).check().run()
    register(app)
    assert "signed: {by: Lea Lead, on: 2024-06-30}" in charter_history(warehouse, "lead-routing")[-1].content


def test_a_rule_is_added_and_one_is_emptied(home: Path) -> None:
    warehouse = agreed(home)
    app = opened(PAGE, tab="form")
    press(app, "Add a rule")
    fill(app, "Rule", "divergence", 1)
    fill(app, "When", "diverging", 1)
    for label in ("Rule", "When", "For"):
        fill(app, label, "", 0)
    register(app)
    content = charter_history(warehouse, "lead-routing")[-1].content
    assert "id: divergence" in content
    assert "close-rate-floor" not in content


def test_every_fault_of_the_yaml_is_told_and_nothing_can_be_registered(home: Path) -> None:
    agreed(home)
    app = opened(PAGE, tab="yaml")
    fill(
        app,
        "The charter as YAML",
        CHARTER.replace("close_rate < 15%", "close_rate < 5").replace("2024-01-01", "soon"),
    )
    told = text(app)
    assert "2 faults to correct" in told
    assert "line 5" in told
    assert "Register" not in buttons(app)


def test_form_and_yaml_are_two_views_of_one_draft(home: Path) -> None:
    agreed(home)
    app = opened(PAGE, tab="yaml")
    fill(app, "The charter as YAML", CHARTER.replace("15%", "11%"))
    app.query_params["tab"] = "form"
    app.run()
    assert field(app, "When").value == "close_rate < 11%"  # type: ignore[attr-defined]
    fill(app, "When", "close_rate < 10%")
    app.query_params["tab"] = "yaml"
    app.run()
    assert "close_rate < 10%" in field(app, "The charter as YAML").value  # type: ignore[attr-defined]
    press(app, "Throw the draft away")
    assert "close_rate < 15%" in field(app, "The charter as YAML").value  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "why", "said"), [("", "reason", "Nobody is named"), ("Lea", " ", "lacks a reason")]
)
def test_nothing_is_registered_without_a_name_and_a_reason(
    home: Path, name: str, why: str, said: str
) -> None:
    warehouse = agreed(home)
    app = opened(PAGE, tab="form")
    fill(app, "Owner", "Head of Sales")
    register(app, name, why)
    assert said in text(app)
    assert len(charter_history(warehouse, "lead-routing")) == 1


def test_a_reader_sees_the_text_and_may_not_change_it(home: Path) -> None:
    agreed(home)
    (home / "leadline.toml").write_text('[access]\neveryone = "reader"\n', encoding="utf-8")
    for tab in ("form", "yaml"):
        app = opened(PAGE, tab=tab)
        assert "may not register charters" in text(app)
        assert not app.text_input
        assert not app.text_area


def test_a_workflow_is_retired_on_its_page_and_watched_again(home: Path) -> None:
    agreed(home)
    kept = home / "charters" / "lead-routing.yaml"
    app = opened(PAGE)
    press(app, "Retire it")
    assert "say why it is not watched any more" in text(app)
    app.text_input(key="why over lead-routing").set_value("Replaced")
    app.text_input(key="name retire lead-routing").set_value("Ana")
    press(app, "Retire it")
    assert not kept.exists()
    assert "A new charter" in text(app)
    assert "lead-routing: retired on 30 Jun 2024 by Ana. Replaced" in text(app)
    app.text_input(key="why again lead-routing").set_value("It came back")
    press(app, "Register it again")
    assert kept.exists()


def test_a_charter_that_cannot_be_read_is_corrected_on_the_page(home: Path) -> None:
    broken = "workflow: lead-routing\nwatch: [\n"
    (home / "charters" / "lead.yaml").write_text(broken, encoding="utf-8")
    app = opened(PAGE)
    assert "lead.yaml can't be used as it stands" in text(app)
    assert "fault" in text(app)
    app = opened(PAGE, tab="yaml")
    fill(app, "The charter as YAML", CHARTER)
    register(app)
    assert "version 1 is registered and in force" in text(app)
    assert [file.name for file in (home / "charters").iterdir()] == ["lead-routing.yaml"]


def test_versions_are_listed_newest_first_with_what_changed(home: Path) -> None:
    agreed(home)
    agreed(home, CHARTER.replace("15%", "18%"))
    told = text(opened(PAGE, tab="versions"))
    assert "Rule close-rate-floor was tightened: close_rate < 15% became close_rate < 18%." in told
    assert "The first version." in told


def test_rules_say_what_they_can_promise_when_asked(home: Path) -> None:
    agreed(home)
    app = opened(PAGE)
    assert "Would have fired" not in text(app)
    press(app, "What can these rules promise?")
    assert "No row of lead-routing has been landed yet" in text(app)


def test_a_rule_changed_after_a_breach_is_marked(reviewing: Show, home: Path) -> None:
    agreed(home)
    mark = "Changed after the breach of 5 May 2024 (on 8 May 2024, by Head of Sales): it was loosened."
    rule = RuleState(
        "close-rate-floor",
        "breached",
        dt.date(2024, 5, 5),
        "review",
        0.1,
        0.15,
        "close_rate < 15%",
        None,
        (AsTold(mark),),
    )
    reviewing(examples.review(examples.drifting(rules=(rule,))))
    assert mark in text(opened(PAGE))


def test_a_link_to_a_part_that_is_not_there_is_said(home: Path) -> None:
    agreed(home)
    app = opened(PAGE, tab="<script>")
    assert "which this page does not have" in app.info[0].value


def test_hostile_words_are_shown_as_they_stand(home: Path) -> None:
    harm = examples.HOSTILE.replace("\n", " ").replace('"', "")
    agreed(
        home,
        CHARTER.replace("Head of Demand Generation", f'"{harm}"').replace("Lead routing agent", f'"{harm}"'),
    )
    for tab in ("agreed", "form", "versions"):
        assert_nothing_is_live(opened(PAGE, tab=tab))


def promised(*weeks: int | None, rate: float = 0.02) -> RulePromise:
    charter = parse_charter(CHARTER, CATALOG, "x")
    delays = tuple(Delay(size, at, 0.7) for size, at in zip((0.1, 0.2, 0.35), weeks, strict=True))
    return RulePromise(
        charter.stopping_rules[0], Promise(delays, rate), None, (dt.date(2024, 5, 5),), dt.date(2024, 1, 1)
    )


def test_a_promise_is_told_in_weeks_and_years() -> None:
    charter = parse_charter(CHARTER, CATALOG, "x")
    (row,) = charters.agreed_rules_table(charter, (promised(None, 20, 7),), None, CATALOG).rows
    assert row[3:] == (
        "mostly not within a year (70 % within half a year)",
        "within 20 weeks (70 % within half a year)",
        "within 7 weeks (70 % within half a year)",
        "about 1 in 50 years",
        "5 May 2024",
    )


def test_a_promise_speaks_in_the_direction_of_what_it_watches() -> None:
    dearer = replace(promised(40, 20, 7), changes=((0.111,), (0.25,), (0.538,)))
    both = replace(dearer, changes=((-0.1, 0.111), (-0.2, 0.25), (-0.35, 0.538)))
    told = [
        charters.promise_sentence(each).replace("\N{NARROW NO-BREAK SPACE}", " ") for each in (dearer, both)
    ]
    assert "a rise of 11 % is noticed within 40 weeks" in told[0]
    assert "a fall" not in told[0]
    assert "a fall of 35 % or a rise of 54 % is noticed within 7 weeks" in told[1]
    hasty = replace(dearer, promise=Promise(tuple(Delay(size, None, None) for size in (0.1, 0.2, 0.35)), 8.0))
    assert "promises: nothing, chance alone breaches it" in charters.promise_sentence(hasty)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.0, "none in 100 simulated years"),
        (0.02, "about 1 in 50 years"),
        (0.66, "about 1 in 18 months"),
        (3.1, "about 3 a year"),
    ],
)
def test_false_alarms_are_told_as_people_count(rate: float, words: str) -> None:
    assert charters.false_alarm_words(Promise((), rate)) == words


def test_what_is_assumed_of_deals_and_appointments_is_said_with_the_promise() -> None:
    learned, assumed = (replace(promised(None, 20, 7), joint=joint) for joint in ("learned", "assumed"))
    assert charters.flow_words([promised(None, 20, 7)]) == ""
    assert "as they did in the baseline" in charters.flow_words([learned])
    assert "Too few deals tell how they follow" in charters.promise_sentence(assumed)
    assert "appointments" not in charters.promise_sentence(learned)


def test_moments_of_versions_are_in_the_workspaces_time_zone() -> None:
    version = CharterVersion("w", 1, CHARTER, "", None, "Ann", "", dt.datetime(2024, 6, 30, 23, 30))
    table = charters.versions_table([version], [None], ZoneInfo("Europe/Berlin"))
    assert cell_text(table.rows[0][1]) == "1 Jul 2024, 01:30\u00a0CEST"


def test_files_that_cannot_be_read_come_first_and_comments_are_no_charter(home: Path) -> None:
    agreed(home)
    (home / "charters" / "notes.yaml").write_text("# nothing yet\n", encoding="utf-8")
    (home / "charters" / "z.yaml").write_bytes(b"\xff\xfe\x00")
    found = drafts.kept(open_warehouse.current_workspace(), CATALOG)
    assert [(draft.key, draft.charter is None) for draft in found] == [
        ("z.yaml", True),
        ("lead-routing", False),
    ]
