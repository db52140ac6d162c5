"""Numbers and dates by the workspace's locale: on pages, charts, cards, packs and messages, and nowhere else."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.localedata import locale_identifiers
from fontTools.ttLib import TTFont
from pptx import Presentation

from leadline.dashboard.drawings import coverage, divergence
from leadline.dashboard.drawings.alert_card_png import card_png
from leadline.dashboard.service import open_warehouse, report
from leadline.dashboard.views import kit
from leadline.dashboard.words import formats, landings
from leadline.dashboard.words.conventions import HOUSE, conventions_of, current, writing
from leadline.data.errors import WorkspaceError
from leadline.data.exports.landing_report import ImportRecord, RowCounts
from leadline.data.workspace.locales import canonical
from leadline.data.workspace.settings import read_settings
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.coverage import SourceWeeks
from tests.dashboard import example_reviews as examples
from tests.dashboard.command_line import run
from tests.dashboard.conftest import Show
from tests.dashboard.paging import opened, text
from tests.dashboard.pictures import text_layer

CATALOG = load_catalog(None)
DRIFT = examples.review(examples.drifting(), examples.holding())
FONT = Path(divergence.__file__).with_name("fonts") / "SourceSans3-Regular.ttf"
SAID = {
    "en": ("1,450", "33 %", "22–42 %", "€402k", "€255k–540k", "2.8 hours", "12 Feb 2024", "24–30 Jun 2024"),
    "en-GB": ("1,450", "33%", "22–42%", "€402k", "€255k–540k", "2.8 hours", "12 Feb 2024", "24–30 Jun 2024"),
    "en-US": ("1,450", "33%", "22–42%", "€402k", "€255k–540k", "2.8 hours", "Feb 12, 2024", "Jun 24 – 30, 2024"),
    "en-DE": ("1.450", "33 %", "22–42 %", "402k €", "255–540k €", "2,8 hours", "12 Feb 2024", "24–30 Jun 2024"),
    "de": ("1.450", "33 %", "22–42 %", "402.000 €", "255.000–540.000 €", "2,8 hours", "12. Feb. 2024",
           "24.–30. Juni 2024"),
    "fr": ("1 450", "33 %", "22–42 %", "402 k €", "255–540 k €", "2,8 hours", "12 févr. 2024", "24–30 juin 2024"),
    "es": ("1450", "33 %", "22–42 %", "402 mil €", "255–540 mil €", "2,8 hours", "12 feb 2024", "24–30 jun 2024"),
    "tr": ("1.450", "%33", "%22–42", "402 B €", "255–540 B €", "2,8 hours", "12 Şub 2024", "24–30 Haz 2024"),
}  # fmt: skip


def plain(words: str) -> str:
    """With every space an ordinary one."""
    return words.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("tag", list(SAID))
def test_one_number_is_written_as_each_locale_has_it(tag: str) -> None:
    with writing(tag):
        told = (
            formats.number(1450),
            formats.percent(0.334),
            formats.interval(-0.42, -0.22),
            formats.money(402_000, "EUR"),
            formats.money_interval(255_000, 540_000, "EUR"),
            formats.duration(168),
            formats.day(dt.date(2024, 2, 12)),
            formats.day_span(dt.date(2024, 6, 24), dt.date(2024, 6, 30)),
        )
    assert tuple(plain(words) for words in told) == SAID[tag]


def test_every_locale_that_is_taken_writes_all_of_it_in_letters_that_cards_have() -> None:
    drawn = set(TTFont(FONT).getBestCmap())
    rare = {"ab", "cu", "jgo", "sah", "ve"}
    months = [dt.date(2024, month, 9) for month in range(1, 13)]
    taken = set()
    for name in locale_identifiers():
        if "_" in name or name in rare:
            continue
        try:
            tag = canonical(name)
        except ValueError:
            continue
        taken.add(tag)
        with writing(tag):
            sums = [formats.money(x, "EUR") for x in (-3.5, 1_234, 45_678, 456_789, 1.2e6, 3.4e9)]
            dates = [
                write(date) for date in months for write in (formats.day, formats.long_day, formats.month)
            ]
            words = "".join([formats.number(1_234_567.5, 1), formats.percent(0.334), *sums, *dates])
            assert set(map(ord, words)) <= drawn, tag
            assert current().date_input.replace(".", "/").replace("-", "/") in (
                "YYYY/MM/DD", "DD/MM/YYYY", "MM/DD/YYYY",
            )  # fmt: skip
    assert {"de", "fr", "es", "it", "nl", "pl", "pt", "sv", "el", "uk", "tr", "vi"} <= taken
    assert len(taken) > 120


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("xx", "is not known"),
        ("de-US-posix", "is no locale"),
        ("../../de", "is no locale"),
        ("de@euro", "is no locale"),
        ("ar", "is written in letters"),
        ("ja", "is written in letters"),
    ],
)
def test_a_locale_that_can_not_be_used_is_refused_with_what_to_write(
    said: str, why: str, tmp_path: Path
) -> None:
    file = tmp_path / "leadline.toml"
    file.write_text(f'locale = "{said}"\n')
    with pytest.raises(WorkspaceError) as refused:
        read_settings(file)
    assert f"leadline.toml, line 1: locale {said!r} {why}" in str(refused.value)
    assert "write" in str(refused.value)


def test_a_locale_may_be_written_as_people_do() -> None:
    assert [canonical(said) for said in ("en", "de_ch", "EN-gb", "pt-BR", "sr-Latn")] == [
        "en", "de-CH", "en-GB", "pt-BR", "sr-Latn",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "number", "since"),
    [
        ("en", "1,450 leads", "since the week of 12 February 2024"),
        ("de", "1.450 leads", "since the week of 12. Februar 2024"),
        ("en-US", "1,450 leads", "since the week of February 12, 2024"),
    ],
)
def test_a_page_writes_in_the_workspaces_locale(
    tag: str, number: str, since: str, home: Path, reviewing: Show
) -> None:
    (home / "leadline.toml").write_text(f'as_of = 2024-06-30\nlocale = "{tag}"\n')
    reviewing(DRIFT)
    said = text(opened("views/workflow/page.py", workflow="lead-routing"))
    assert number in said
    assert since in said


def test_dates_are_typed_in_the_order_of_the_locale(home: Path) -> None:
    for tag, order in (("en", "YYYY-MM-DD"), ("de", "DD.MM.YYYY"), ("en-US", "MM/DD/YYYY")):
        (home / "leadline.toml").write_text(f'as_of = 2024-06-30\nlocale = "{tag}"\n')
        fields = opened("views/charters/page.py", tab="form").date_input
        assert {field.proto.format for field in fields} == {order}


def test_another_locale_shows_at_once(home: Path, reviewing: Show) -> None:
    reviewing(DRIFT)
    assert "12 February 2024" in text(opened())
    (home / "leadline.toml").write_text('as_of = 2024-06-30\nlocale = "fr"\n')
    assert "12 février 2024" in text(opened())


def test_cards_and_packs_write_in_the_workspaces_locale(home: Path) -> None:
    (home / "leadline.toml").write_text('as_of = 2024-06-30\nlocale = "de"\n')
    workspace = open_warehouse.current_workspace()
    warehouse = open_warehouse.shared_warehouse(workspace)
    drift = DRIFT.workflows[0]
    card = report.card(warehouse, workspace, DRIFT, drift, CATALOG, by="Test", theme="light", scale=1)
    page = report.pack(warehouse, workspace, DRIFT, CATALOG, "html", by="Test").decode()
    deck = Presentation(io.BytesIO(report.pack(warehouse, workspace, DRIFT, CATALOG, "pptx", by="Test")))
    slides = " ".join(
        text.text for slide in deck.slides for text in slide.element.iter() if text.tag.endswith("}t")
    )
    for made in (text_layer(card)["Description"], page, slides):
        assert "12. Februar 2024" in plain(made)
        assert "1.450 leads" in plain(made)
        assert "402.000 €" in plain(made)
    assert current() is HOUSE


def test_a_card_keeps_its_code_whatever_the_locale(home: Path) -> None:
    codes = set()
    for tag in ("en", "fr"):
        (home / "leadline.toml").write_text(f'as_of = 2024-06-30\nlocale = "{tag}"\n')
        workspace = open_warehouse.current_workspace()
        made = report.card(
            open_warehouse.shared_warehouse(workspace), workspace, DRIFT, DRIFT.workflows[0], CATALOG,
            by="Test", theme="dark", scale=1,
        )  # fmt: skip
        codes.add(text_layer(made)["Description"].rsplit("Review ", 1)[1].split(":")[0])
    assert len(codes) == 1


def test_what_is_drawn_on_a_card_is_in_the_locale_too() -> None:
    with writing("de"):
        german = card_png(DRIFT, DRIFT.workflows[0], workspace_name="Northwind", code="", scale=1)
    english = card_png(DRIFT, DRIFT.workflows[0], workspace_name="Northwind", code="", scale=1)
    assert german != english


def test_axes_and_hover_of_charts_follow_the_locale() -> None:
    workflow = examples.drifting()
    young = (SourceWeeks("deals", tuple(examples.weeks(8)), (3,) * 8),)
    with writing("de"):
        figure = divergence.divergence_chart(workflow, workflow.pairs[0], "light")
        short = coverage.coverage_chart(young, "light").layout.xaxis.tickformat
        config = kit.chart_config()
    hovers = " ".join(str(text) for trace in figure.data for text in trace.text or ())
    assert "20. Mai – 16. Juni 2024" in hovers
    assert short == "%-d. %b"
    written = config["locales"][config["locale"]]["format"]
    assert (written["decimal"], written["thousands"], written["shortMonths"][2]) == (",", ".", "März")
    assert "locale" not in kit.chart_config()
    assert [conventions_of(tag).axis("MMMd") for tag in ("en", "en-US", "pt-BR")] == [
        "%-d %b", "%b %-d", "%-d de %b",
    ]  # fmt: skip


def test_the_command_line_prints_the_same_everywhere(home: Path) -> None:
    open_warehouse.close_shared()
    plainly = [run("check", *option, workspace=home).out for option in ([], ["--json"])]
    (home / "leadline.toml").write_text('as_of = 2024-06-30\nlocale = "de"\n')
    assert [run("check", *option, workspace=home).out for option in ([], ["--json"])] == plainly


def test_the_doctor_shows_what_the_locale_looks_like(home: Path) -> None:
    open_warehouse.close_shared()
    (home / "leadline.toml").write_text('as_of = 2024-06-30\nlocale = "de"\ntimezone = "Europe/Berlin"\n')
    line = next(line for line in run("doctor", workspace=home).out.splitlines() if "writing" in line)
    assert "locale de (1.450; 33 %; 402.000 €; 30. Juni 2024), times in Europe/Berlin" in line


def test_times_are_on_the_workspaces_clock_and_name_it() -> None:
    at = dt.datetime(2024, 6, 3, 22, 30)
    told = {
        zone: plain(formats.moment(formats.local(at, ZoneInfo(zone))))
        for zone in ("UTC", "Europe/Berlin", "America/Sao_Paulo")
    }
    assert told == {
        "UTC": "3 Jun 2024, 22:30 UTC",
        "Europe/Berlin": "4 Jun 2024, 00:30 CEST",
        "America/Sao_Paulo": "3 Jun 2024, 19:30 UTC-03",
    }
    record = ImportRecord(1, "a.csv", "0" * 64, "Leads template", "leads", None, at, None, RowCounts(10, 10))
    table = landings.imports_table([record], ZoneInfo("Europe/Berlin"))
    assert "4 Jun 2024, 00:30\u00a0CEST" in table.rows[0]
    assert landings.import_words(record, ZoneInfo("Europe/Berlin")).endswith("4 Jun 2024")
    assert landings.imports_csv_table([record]).rows[0][4] == "2024-06-03T22:30:00Z"
