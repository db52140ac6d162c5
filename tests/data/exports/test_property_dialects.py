"""However a table is written, the same facts land: delimiter, quoting, encoding, line ends, locale, sheet or text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.data.landing.land import IngestOptions, land, undo
from leadline.data.warehouse import Warehouse
from tests.data.workbooks import Cell, write_workbook

QUICK = settings(
    max_examples=8,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HEADER = ["deal_id", "created_at", "closed_at", "stage", "amount", "channel"]
ENGLISH = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GERMAN = (
    *("", "Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_numbers = itertools.count()


@dataclass(frozen=True)
class Deal:
    deal_id: str
    created_at: dt.datetime
    closed_at: dt.datetime
    amount: int
    """in hundredths"""
    channel: str | None

    def fact(self) -> tuple[object, ...]:
        return (self.deal_id, self.created_at, self.closed_at, "won", self.amount / 100, self.channel)


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    encoding: str
    line_end: str
    quoting: int
    dates: str
    numbers: str
    preamble: int
    footer: bool
    order: tuple[int, ...]
    is_workbook: bool


_text = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")).filter(lambda c: c not in "ÃÂâ\xa0\xad"),
    min_size=1, max_size=12,
).map(lambda text: " ".join(text.split()))  # fmt: skip
_channels = st.one_of(
    st.none(), _text.filter(lambda text: len(text) > 3 and text[0].isalpha() and text[-1].isalpha())
)


@st.composite
def deals(draw: st.DrawFn) -> list[Deal]:
    """One to six deals; a day above twelve stands in every column of days, so that their order is never in doubt."""
    ids = draw(
        st.lists(
            st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True).map(lambda i: f"K{i}"),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    rows = []
    for place, deal_id in enumerate(ids):
        day = 13 + draw(st.integers(0, 15)) if place == 0 else draw(st.integers(1, 28))
        created = dt.datetime(
            2024, draw(st.integers(1, 12)), day, draw(st.integers(0, 23)), draw(st.integers(0, 59))
        )
        closed = created + dt.timedelta(days=28 * draw(st.integers(1, 10)))
        if place == 0:
            closed = closed.replace(day=17) + dt.timedelta(days=31 if closed.day > 17 else 0)
            closed = closed.replace(day=17)
        # a fraction that is no whole hundred of thousands proves what separates decimals
        amount = draw(st.integers(0, 5_000_000)) * 100 + (25 if place == 0 else draw(st.integers(0, 99)))
        rows.append(Deal(deal_id, created, closed, amount, draw(_channels)))
    return rows


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    return Dialect(
        delimiter=delimiter,
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])),
        line_end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        dates=draw(
            st.sampled_from(
                ["iso", "iso_T", "dmy", "mdy", "us_clock", "dotted", "english", "german", "serial", "epoch"]
            )
        ),
        numbers=draw(st.sampled_from(["plain", "point", "comma", "spaced", "swiss", "euro", "dollar"])),
        preamble=draw(st.integers(0, 2)),
        footer=draw(st.booleans()),
        order=tuple(draw(st.permutations(range(len(HEADER))))),
        is_workbook=draw(st.integers(0, 4)) == 0,
    )


def write_day(moment: dt.datetime, how: str) -> str:
    hour, half = moment.hour % 12 or 12, "AM" if moment.hour < 12 else "PM"
    written = {
        "iso": f"{moment:%Y-%m-%d %H:%M}",
        "iso_T": f"{moment:%Y-%m-%dT%H:%M:%S}Z",
        "dmy": f"{moment:%d/%m/%Y %H:%M}",
        "mdy": f"{moment.month}/{moment.day}/{moment.year} {moment:%H:%M}",
        "us_clock": f"{moment:%m/%d/%Y}, {hour}:{moment:%M} {half}",
        "dotted": f"{moment:%d.%m.%Y %H:%M}",
        "english": f"{ENGLISH[moment.month]} {moment.day}, {moment.year} {hour:02}:{moment:%M} {half}",
        "german": f"{moment.day}. {GERMAN[moment.month]} {moment.year}, {moment:%H:%M} Uhr",
        "serial": repr((moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)),
        "epoch": str(int(moment.replace(tzinfo=dt.UTC).timestamp() * 1000)),
    }
    return written[how]


def write_amount(hundredths: int, how: str) -> str:
    whole, rest = divmod(hundredths, 100)
    grouped = f"{whole:,}"
    return {
        "plain": f"{whole}.{rest:02}",
        "point": f"{grouped}.{rest:02}",
        "comma": f"{grouped.replace(',', '.')},{rest:02}",
        "spaced": f"{grouped.replace(',', ' ')},{rest:02}",
        "swiss": f"{grouped.replace(',', '’')}.{rest:02}",
        "euro": f"{grouped.replace(',', '.')},{rest:02} €",
        "dollar": f"USD {grouped}.{rest:02}",
    }[how]


def write_text(rows: list[Deal], how: Dialect) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=how.delimiter, quoting=how.quoting, lineterminator=how.line_end)  # type: ignore[arg-type]
    out.write(
        how.line_end.join(["Deals of the year", ""][: how.preamble]) + how.line_end if how.preamble else ""
    )
    writer.writerow([HEADER[place] for place in how.order])
    for deal in rows:
        cells = [
            deal.deal_id,
            write_day(deal.created_at, how.dates),
            write_day(deal.closed_at, how.dates),
            "Closed Won",
            write_amount(deal.amount, how.numbers),
            deal.channel or "",
        ]
        writer.writerow([cells[place] for place in how.order])
    if how.footer:
        out.write(f"{how.line_end}Confidential Information - Do Not Distribute{how.line_end}")
    return out.getvalue().encode(how.encoding, errors="strict")


def write_sheet(file: Path, rows: list[Deal], how: Dialect) -> None:
    written: list[list[Cell]] = [["Deals of the year"], []][: how.preamble]
    written.append([HEADER[place] for place in how.order])
    for deal in rows:
        cells: list[Cell] = [
            deal.deal_id,
            deal.created_at,
            deal.closed_at,
            "won",
            deal.amount / 100,
            deal.channel,
        ]
        written.append([cells[place] for place in how.order])
    write_workbook(file, {"Deals": written})


@given(rows=deals(), how=dialects())
@QUICK
def test_the_same_facts_land_from_every_dialect(
    opened_once: Warehouse, tmp_path: Path, rows: list[Deal], how: Dialect
) -> None:
    file = tmp_path / f"{next(_numbers)}.{'xlsx' if how.is_workbook else 'csv'}"
    if how.is_workbook:
        write_sheet(file, rows, how)
    else:
        file.write_bytes(write_text(rows, how))
    report = land(opened_once, file, IngestOptions())
    if report.state == "asks":  # a letter or two may be of several encodings, and then only of those
        (asked,) = report.questions
        assert (asked.code, how.encoding) == ("which_encoding", "cp1252"), asked.message
        assert "cp1252" in asked.choices
        report = land(opened_once, file, IngestOptions(encoding="cp1252"))
    assert report.state == "landed", (report.message, file.read_bytes()[:600])
    try:
        assert (report.rows.new, report.rows.quarantined) == (len(rows), 0), report.reasons
        assert report.rows.skipped == how.preamble + (2 if how.footer and not how.is_workbook else 0)
        found = opened_once.select(
            "select deal_id, date_trunc('minute', created_at + interval 1 second), "
            "date_trunc('minute', closed_at + interval 1 second), stage, round(amount, 2), channel "
            "from facts.deals order by deal_id"
        )
        assert found == sorted(deal.fact() for deal in rows)
    finally:
        undo(opened_once, report.import_id or 0)
