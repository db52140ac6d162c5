"""Words that a mapping does not know: 'otherwise' hides no deal that is won or lost."""

from __future__ import annotations

from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines

MAPPING = {
    "template": "deals",
    "columns": {"Id": "deal_id", "Opened": "created_at", "Closed": "closed_at", "Phase": "stage"},
    "values": {"stage": {"Gewonnen": "won", "Verloren": "lost"}},
    "otherwise": {"stage": "open"},
}


def deals(*phases: str, closed: str = "2026-02-05") -> str:
    return lines(
        "Id,Opened,Closed,Phase", *(f"D{n},2026-01-05,{closed},{phase}" for n, phase in enumerate(phases))
    )


def test_a_word_that_holds_one_that_is_decided_is_asked(emptied: Warehouse) -> None:
    phases = ["Gewonnen", "Closed Won - Contract", "Closed Won - Contract", "Angebot", "lost to nobody"]
    report = land_text(emptied, deals(*phases), mapping=MAPPING)
    assert [one.code for one in report.questions] == ["unknown_words"], report
    assert "'Closed Won - Contract' (2 rows), 'lost to nobody' (1 row)" in report.message
    said = {"stage": {**MAPPING["values"]["stage"], "Closed Won - Contract": "won", "lost to nobody": "lost"}}
    assert land_text(emptied, deals(*phases), mapping={**MAPPING, "values": said}).state == "landed"
    assert emptied.select("select stage, count(closed_at) from facts.deals group by all order by 1") == [
        ("lost", 1),
        ("open", 0),
        ("won", 3),
    ]


def test_rows_of_other_words_whose_day_has_passed_are_told(emptied: Warehouse) -> None:
    phases = [*["Gewonnen"] * 4, *["Abgesagt"] * 4, "Angebot"]
    report = land_text(emptied, deals(*phases), mapping=MAPPING)
    (told,) = [one.message for one in report.warnings if one.code == "unknown_words"]
    assert "'Abgesagt' (4 rows)" in told
    assert "Angebot" not in told


def test_other_words_of_open_deals_are_not_told(emptied: Warehouse) -> None:
    for closed in ("", "2090-01-05"):
        report = land_text(emptied, deals(*["Angebot"] * 5, *["Demo 2"] * 5, closed=closed), mapping=MAPPING)
        assert (report.state, report.warnings) == ("landed", ()), report
