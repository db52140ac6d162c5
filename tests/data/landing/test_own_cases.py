"""Hostile cases of our own: files, and sequences of them, with what must be true after each."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from random import Random

import pytest

from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import FileReport, land, rejected_rows_csv, undo
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.backup import restore
from tests.data.example_exports import column, everything_landed, land_text, lines
from tests.data.simulated_source import Source, as_ever
from tests.data.workbooks import write_workbook
from tests.fuzz.__main__ import check
from tests.fuzz.mutations import long_and_damaged

DEAL = "deal_id,lead_id,created_at,closed_at,stage,amount,currency\n"
LEAD = "lead_id,created_at,channel\n"


def _deals(
    *, stage: str = "won", amount: str = "{n}00.50", currency: str = "EUR", day: str = "2026-01-{n:02}"
) -> str:
    return DEAL + "".join(
        f"D{n},L{n},{day.format(n=n)} 09:00,{day.format(n=n)} 18:00,{stage},{amount.format(n=n)},{currency}\n"
        for n in range(1, 29)
    )


def _leads(day: str = "2026-01-{n:02} 09:00") -> str:
    return LEAD + "".join(f"L{n},{day.format(n=n)},web\n" for n in range(1, 29))


def _is_told(report: FileReport) -> bool:
    return report.state != "landed" or bool(report.warnings)


def _landed(warehouse: Warehouse, text: str, name: str = "first.csv") -> FileReport:
    report = land_text(warehouse, text, name=name)
    assert report.state == "landed", report.message
    return report


def test_half_an_hour_is_a_zone_too(emptied: Warehouse) -> None:
    _landed(emptied, _leads())
    assert _is_told(land_text(emptied, _leads("2026-01-{n:02} 03:30"), name="second.csv"))


def test_a_dollar_and_its_code_are_one_currency_or_a_word_is_said(emptied: Warehouse) -> None:
    _landed(emptied, _deals(currency="USD"))
    report = land_text(emptied, _deals(currency="$"), name="second.csv")
    assert _is_told(report) or column(emptied, "select distinct currency from facts.deals") == ["USD"]


def test_the_same_amounts_in_another_country_s_writing_change_nothing(emptied: Warehouse) -> None:
    _landed(emptied, _deals(amount="1{n:02}00.50"))
    european = _deals(amount="1{n:02}00#50").replace(",", ";").replace("#", ",")
    report = _landed(emptied, european, "second.csv")
    assert (report.rows.updated, report.rows.unchanged) == (0, 28)


def test_the_same_moments_with_another_offset_change_nothing(emptied: Warehouse) -> None:
    _landed(emptied, _leads())
    report = _landed(emptied, _leads("2026-01-{n:02}T14:30:00+05:30"), "second.csv")
    assert (report.rows.updated, report.rows.unchanged) == (0, 28)


def test_three_weeks_of_honest_exports_are_met_with_silence(emptied: Warehouse) -> None:
    source = Source(Random(7))
    source.settle()
    for week in range(3):
        for place, export in enumerate(as_ever(source)):
            report = land_text(emptied, export.content, name=f"{week}-{place}.csv")
            assert (report.state, report.warnings, report.rows.quarantined) == ("landed", (), 0), report
        source.live()


def test_two_deals_that_people_open_again_are_no_question(emptied: Warehouse) -> None:
    _landed(emptied, _deals())
    two = _deals().replace("D3,L3,2026-01-03 09:00,2026-01-03 18:00,won", "D3,L3,2026-01-03 09:00,,open")
    report = _landed(emptied, two, "second.csv")
    assert report.rows.updated == 1


def test_a_lead_that_became_one_that_became_another_leads_to_the_last(emptied: Warehouse) -> None:
    _landed(emptied, LEAD + "A,2026-01-05,web\nB,2026-01-05,web\nC,2026-01-05,web\n")
    _landed(emptied, DEAL + "D1,A,2026-01-06,2026-01-07,won,5,EUR\n", "deals.csv")
    merged = "lead_id,created_at,channel,Merged record IDs\n"
    reports = [
        land_text(emptied, merged + "B,2026-01-05,web,A\nC,2026-01-05,web,\n", name="second.csv"),
        land_text(emptied, merged + "C,2026-01-05,web,A;B\n", name="third.csv"),
    ]
    links = column(emptied, "select lead_id from facts.deals")
    assert links == ["C"] or any(map(_is_told, reports))


def test_a_deal_marked_as_deleted_comes_back_when_it_is_no_longer(emptied: Warehouse) -> None:
    def loader(flag: str) -> str:
        return (
            "Id,IsDeleted,StageName,Amount,CloseDate,IsWon,IsClosed,CreatedDate\n"
            f"0061,{flag},Closed Won,100,2026-02-01,true,true,2026-01-05T08:00:00.000Z\n"
            "0062,false,Prospecting,100,2026-02-01,false,false,2026-01-06T08:00:00.000Z\n"
        )

    for number, (flag, there) in enumerate((("false", True), ("true", False), ("0", True), ("1", False))):
        report = _landed(emptied, loader(flag), f"{number}.csv")
        assert ("0061" in column(emptied, "select deal_id from facts.deals")) == there, report.message


def test_an_older_file_brings_no_deleted_deal_back_in_silence(emptied: Warehouse) -> None:
    head = "Id,IsDeleted,StageName,Amount,CloseDate,IsWon,IsClosed,CreatedDate\n"
    rows = [
        f"00{n},false,Closed Won,1{n},2026-02-01,true,true,2026-01-05T08:00:00.000Z\n" for n in range(10, 40)
    ]
    _landed(emptied, head + "".join(rows))
    gone = [row.replace(",false,", ",true,") if row[:4] in ("0011", "0012", "0013") else row for row in rows]
    _landed(emptied, head + "".join(gone), "second.csv")
    report = land_text(emptied, head + "".join(rows[::-1]), name="old.csv")
    assert _is_told(report) or "0011" not in column(emptied, "select deal_id from facts.deals")


def test_an_older_export_that_turns_back_two_of_thirty_rows_is_told(emptied: Warehouse) -> None:
    was = _leads()
    _landed(emptied, was)
    _landed(emptied, was.replace("L3,2026-01-03 09:00,web", "L3,2026-01-03 09:00,fair").replace(
        "L9,2026-01-09 09:00,web", "L9,2026-01-09 09:00,mail"
    ) + "L40,2026-01-30,web\n", "second.csv")  # fmt: skip
    report = land_text(
        emptied, was.replace("lead_id,created_at,channel", "lead_id,created_at,Channel"), name="old.csv"
    )
    assert _is_told(report) or "fair" in column(emptied, "select channel from facts.leads")


def test_links_with_a_blank_that_nobody_sees_join(emptied: Warehouse) -> None:
    _landed(emptied, _leads())
    _landed(emptied, _deals().replace("L2,", "L2\u00a0,").replace("L5,", "\u200bL5,"), "deals.csv")
    joined = "select count(*) from facts.deals semi join facts.leads using (lead_id)"
    assert column(emptied, joined) == [28]


def test_a_total_above_the_rows_in_another_language_is_no_deal(emptied: Warehouse) -> None:
    rows = _deals().splitlines()
    report = _landed(emptied, lines(rows[0], "Gesamtsumme,,,,,40614.00,EUR", *rows[1:]))
    assert (report.rows.new, report.rows.skipped) == (28, 1)


def test_a_mapping_that_multiplies_itself_is_refused_with_its_line(
    emptied: Warehouse, tmp_path: Path
) -> None:
    bomb = ["template: leads", "values:", "  channel: {a: &a [x,x,x,x,x,x,x,x,x]}"]
    for one, other in zip("bcdefghij", "abcdefghi", strict=True):
        bomb.append(f"  {one}: {{a: &{one} [{','.join([f'*{other}'] * 9)}]}}")
    mapping = tmp_path / "bomb.yaml"
    mapping.write_text("\n".join(bomb))
    began = time.process_time()
    file = tmp_path / "x.csv"
    file.write_text(LEAD + "L1,2026-01-05,web\n")
    report = land(emptied, file, IngestOptions(mapping=mapping))
    assert (report.state, report.code) == ("refused", "bad_mapping")
    assert 'line 4: the alias "*a" is not read' in report.message
    assert time.process_time() - began < 2


def test_of_ten_thousand_faults_of_a_mapping_the_first_are_told(emptied: Warehouse, tmp_path: Path) -> None:
    mapping = tmp_path / "wide.yaml"
    mapping.write_text(
        "template: leads\ncolumns:\n" + "".join(f"  h{n}: nonsense_{n}\n" for n in range(8_000))
    )
    file = tmp_path / "x.csv"
    file.write_text(LEAD + "L1,2026-01-05,web\n")
    began = time.process_time()
    report = land(emptied, file, IngestOptions(mapping=mapping))
    assert report.code == "bad_mapping"
    assert len(report.message) < 10_000
    assert "and 7,970 more" in report.message
    assert time.process_time() - began < 8


def test_people_are_not_kept_in_other_languages_either(emptied: Warehouse) -> None:
    text = (
        "lead_id,created_at,Imię,Nazwisko,Telefoon mobiel,Geburtsdatum,Dirección,Benutzername,Site web,Kanal\n"
        "L1,2026-01-05,Anna,Nowak,0160 9980012,1980-01-01,Calle Mayor 5,anowak,http://nowak.example,Messe\n"
    )
    report = _landed(emptied, text)
    kept = repr(everything_landed(emptied)) + repr(report)
    secrets = ("Anna", "Nowak", "9980012", "1980", "Mayor", "anowak", "nowak.example")
    assert not [secret for secret in secrets if secret in kept]
    assert "Messe" in kept


def test_a_backup_holds_nothing_of_a_line_that_was_set_aside(warehouse: Warehouse, tmp_path: Path) -> None:
    land_text(
        warehouse,
        "lead_id,created_at,First name,Email\nL1,2026-01-05,Ann,ann@example.com\nL2,Yan,yan@example.com\n",
    )
    land_text(
        warehouse,
        'lead_id,created_at,First name,Email\nL3,2026-01-05,"Zed,zed@example.com\n',
        name="second.csv",
    )
    warehouse.execute("checkpoint")
    stored = warehouse.workspace.database.read_bytes()
    assert not [secret for secret in (b"yan@", b"zed@", b"Zed", b"ann@") if secret in stored]


def test_undoing_takes_what_was_set_aside_with_it(emptied: Warehouse) -> None:
    before = everything_landed(emptied)
    report = _landed(emptied, LEAD + "L1,2026-01-05,web\n" + "-,-,-\n" * 50 + "L2,soon,web\nL3,2026-01-05\n")
    assert rejected_rows_csv(emptied, report.import_id or 0).count("\n") > 3
    undo(emptied, report.import_id or 0)
    after = everything_landed(emptied)
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() <= {
        "landed.imports",
        "kept.state",
    }


def test_tens_of_thousands_of_rows_that_a_sheet_only_formats_are_one_sentence(
    emptied: Warehouse, tmp_path: Path
) -> None:
    rows: list[list[object]] = [["lead_id", "created_at", "channel"], ["L1", "2026-01-05", "web"]]
    book = write_workbook(tmp_path / "b.xlsx", {"Leads": [*rows, *[["", "-", ""]] * 40_000]})
    report = land(emptied, book, IngestOptions())
    assert (report.state, report.rows.new) == ("landed", 1), report.message
    kept = column(emptied, "select count(*) from landed.quarantine")[0]
    assert kept < 10
    assert report.rows.quarantined in (0, 40_000)


def test_the_answer_of_a_dry_run_names_nobody(emptied: Warehouse) -> None:
    text = LEAD + "L1,2026-01-05,web\nL2,ask ann@example.com,web\nL3,2026-01-05,call +49 160 12345678\n"
    report = land_text(emptied, text, dry_run=True)
    said = json.dumps(report.to_dict()) + repr(report)
    assert not [secret for secret in ("ann@", "12345678") if secret in said]
    assert report.rows.quarantined == 1


def test_stages_that_hold_addresses_are_asked_about_without_them(emptied: Warehouse) -> None:
    text = DEAL + "".join(f"D{n},L{n},2026-01-05,,with jo.poe@example.com,5,EUR\n" for n in range(9))
    report = land_text(emptied, text, name="deals.csv")
    said = report.message + repr([(one.message, one.option) for one in report.questions])
    assert report.state == "asks" or report.rows.quarantined == 9
    assert "jo.poe" not in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have names")
def test_a_backup_that_links_to_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "backup.leadline").symlink_to(tmp_path / "pipe")
    began = time.monotonic()
    with pytest.raises(LeadlineError, match="is no backup"):
        restore(tmp_path / "backup.leadline", tmp_path / "w", lambda database: {})
    assert time.monotonic() - began < 1
    assert not (tmp_path / "w").exists()


def test_a_million_columns_are_too_many_and_it_says_so(emptied: Warehouse) -> None:
    header = "lead_id,created_at," + ",".join(f"c{n}" for n in range(200_000))
    report = land_text(emptied, header + "\nL1,2026-01-05\n", name="cols.csv")
    assert (report.state, report.code) == ("refused", "too_many_columns")
    assert len(report.message) < 300


@pytest.mark.parametrize("seed", range(3))
def test_of_a_long_export_with_something_odd_late_all_above_it_is_stored(
    emptied: Warehouse, seed: int
) -> None:
    content, sound = long_and_damaged(Random(seed))
    report = land_text(emptied, content, name="long.csv")
    if report.state == "landed":
        check(emptied, report)
        ((found,),) = emptied.select(
            "select count(*) from facts.leads where try_cast(substr(lead_id, 2) as bigint) < $sound",
            {"sound": sound},
        )
        assert found == sound
