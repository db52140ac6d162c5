"""A system whose leads and deals live from week to week, and the exports that people make of it, odd ones among them.

`Source` is the truth. A `Twist` is a way in which an export differs from last week's; it says which facts are true once
its files have come. Everything is drawn from one random generator, so a seed is a history.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from random import Random
from typing import Any

Record = dict[str, Any]
State = dict[str, dict[str, Record]]
"""template -> identity -> our column -> value; what is not known is None"""

TEMPLATES = ("leads", "deals")
KEYS = {"leads": "lead_id", "deals": "deal_id"}
COLUMNS = {
    "leads": ("lead_id", "created_at", "channel", "owner"),
    "deals": ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency", "channel"),
}
TIMES = ("created_at", "closed_at")
CHANNELS = (
    "email",
    "search",
    "fair",
    "partner",
    "web",
    "phone call",
    "newsletter",
    "referral",
    "webinar",
    "event",
)
OWNERS = ("Sam Poe", "Kim Lee", "Jo Bell", "Ann Roe")
ID_STYLES = ("letters", "zeros", "whole", "guid", "salesforce")
START = dt.datetime(2026, 1, 5, 8, 0)


def same_id(identity: str | None) -> str | None:
    """What several spellings of one identity have in common, as the source means them."""
    if identity is None:
        return None
    bare = identity.strip("{} ").lower()
    if len(bare) == 36 and bare.count("-") == 4:
        return bare
    return identity[:15] if identity.startswith(("00Q5g", "0065g")) else identity


@dataclass
class Source:
    """The truth, as it is now, and as it was whenever it was exported."""

    chance: Random
    style: str = "letters"
    week: int = 0
    state: State = field(default_factory=lambda: {"leads": {}, "deals": {}})
    past: list[State] = field(default_factory=list)
    merged: dict[str, list[str]] = field(default_factory=dict)
    """lead -> leads that became it"""
    deleted: set[str] = field(default_factory=set)
    """deals that the source marks as deleted"""
    _numbers: int = 100

    def live(self, leads: int = 4, deals: int = 4) -> None:
        """A week: newcomers, deals that are decided, cells that people change. No cell ever goes back."""
        chance = self.chance
        monday = START + dt.timedelta(weeks=self.week)
        self.week += 1
        for _ in range(leads):
            lead = self._identity("00Q5g")
            moment = monday + dt.timedelta(minutes=chance.randrange(5 * 24 * 60))
            self.state["leads"][lead] = {
                "lead_id": lead, "created_at": moment, "channel": chance.choice(CHANNELS),
                "owner": chance.choice(OWNERS),
            }  # fmt: skip
        for _ in range(deals):
            lead = chance.choice(list(self.state["leads"]))
            deal = self._identity("0065g")
            moment = max(monday, self.state["leads"][lead]["created_at"]) + dt.timedelta(
                minutes=chance.randrange(24 * 60)
            )
            self.state["deals"][deal] = {
                "deal_id": deal, "lead_id": lead, "created_at": moment, "closed_at": None, "stage": "open",
                "amount": float(chance.randrange(1_001, 90_000)) + 0.5, "currency": "EUR",
                "channel": chance.choice(CHANNELS),
            }  # fmt: skip
        friday = monday + dt.timedelta(days=5)
        undecided = [one for one in self.state["deals"].values() if one["stage"] == "open"]
        for deal_row in chance.sample(undecided, min(len(undecided), deals // 2 + 1)):
            deal_row["stage"] = chance.choice(("won", "lost"))
            closed = friday + dt.timedelta(minutes=chance.randrange(24 * 60))
            deal_row["closed_at"] = max(closed, deal_row["created_at"])
        for row in chance.sample(list(self.state["leads"].values()), 3):
            row["channel"] = f"{chance.choice(CHANNELS)} {self._next()}"
        for row in chance.sample(list(self.state["deals"].values()), 3):
            row["amount"] = float(self._next()) * 10 + 0.25

    def settle(self) -> None:
        """Some weeks at once, so that there is something to be known."""
        for _ in range(3):
            self.live(leads=12, deals=10)

    def keep(self) -> None:
        self.past.append(deepcopy(self.state))

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _identity(self, prefix: str) -> str:
        number = self._next()
        match self.style:
            case "letters":
                return f"{'L' if prefix == '00Q5g' else 'D'}{number}"
            case "zeros":
                return f"{number + (0 if prefix == '00Q5g' else 50_000):07}"
            case "whole":
                return str(number + (0 if prefix == "00Q5g" else 50_000))
            case "guid":
                return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
            case _:
                return f"{prefix}00000Ab{number:03}"


def iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def plain(amount: float) -> str:
    return f"{amount:.2f}"


@dataclass(frozen=True)
class View:
    """What a person exports of one kind of rows, and how it is written."""

    template: str
    columns: tuple[str, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    """our column -> its heading there; its own name where it has none here"""
    time: Callable[[dt.datetime], str] = iso
    amount: Callable[[float], str] = plain
    key: Callable[[str], str] = str
    link: Callable[[str], str] = str
    stage: Callable[[str], str] = str
    hope: str = ""
    """what stands as the closing date of an open deal"""
    delimiter: str = ","
    encoding: str = "utf-8"
    more: Mapping[str, Callable[[Record], str]] = field(default_factory=dict)
    """further headings -> their cells"""
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()
    is_pasted: bool = False
    """two halves, each with its byte-order mark and headings"""

    def text(self, rows: Sequence[Record]) -> bytes:
        header = [self.headings.get(name, name) for name in self.columns] + list(self.more)
        body = [
            [self._cell(name, row) for name in self.columns] + [cell(row) for cell in self.more.values()]
            for row in rows
        ]
        half = len(body) // 2 if self.is_pasted else 0
        parts = [body[:half], body[half:]] if half else [body]
        wholes = [_csv([*self.above, header, *part, *self.below], self.delimiter) for part in parts]
        mark = "\ufeff" if self.is_pasted else ""
        return "".join(mark + whole for whole in wholes).encode(self.encoding)

    def _cell(self, name: str, row: Record) -> str:
        value = row[name]
        if name == KEYS[self.template]:
            return self.key(value)
        if value is None:
            return self.hope if name == "closed_at" and row["stage"] == "open" else ""
        if name in TIMES:
            return self.time(value)
        if name == "lead_id":
            return self.link(value)
        if name == "stage":
            return self.stage(value)
        return self.amount(value) if name == "amount" else str(value)


def _csv(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


@dataclass(frozen=True)
class Export:
    """One file, and the facts that it makes true."""

    template: str
    content: bytes
    says: Mapping[str, Record]
    """identity -> our columns and what is true of them from now on"""
    gone: tuple[str, ...] = ()
    """identities that are no facts any more"""
    options: Mapping[str, Any] = field(default_factory=dict)
    relinked: Mapping[str, str] = field(default_factory=dict)
    """lead -> the lead that it has become"""
    name: str = "export.csv"


def whole(template: str) -> View:
    return View(template, COLUMNS[template])


def said(view: View, rows: Sequence[Record]) -> dict[str, Record]:
    """What a view of these rows makes true, rightly read."""
    return {row[KEYS[view.template]]: {name: row[name] for name in view.columns} for row in rows}


def told(view: View, rows: Sequence[Record], **more: Any) -> Export:
    """An export that says what is true."""
    return Export(view.template, view.text(rows), said(view, rows), **more)


def _rows(source: Source, template: str) -> list[Record]:
    return list(source.state[template].values())


def _both(source: Source, change: Callable[[View], View]) -> list[Export]:
    """Both kinds of rows, in a view that differs from the usual one."""
    return [told(change(whole(template)), _rows(source, template)) for template in TEMPLATES]


Twist = Callable[[Source], list[Export]]


def as_ever(source: Source) -> list[Export]:
    return _both(source, lambda view: view)


def renamed(source: Source) -> list[Export]:
    """Other headings for the same columns, in another order, with a column more."""
    names = {
        "lead_id": "Lead ID", "deal_id": "Opportunity ID", "created_at": "Created Date", "closed_at": "Close Date",
        "channel": "Lead Source", "owner": "Lead Owner", "stage": "Deal Stage", "amount": "Deal Value",
        "currency": "Currency Code",
    }  # fmt: skip
    return _both(
        source,
        lambda view: replace(
            view, headings=names, columns=view.columns[::-1], more={"Team": lambda row: "North"}
        ),
    )


def narrow(source: Source) -> list[Export]:
    """A view that lacks columns which are known from earlier ones."""
    lacking = {"leads": ("channel",), "deals": ("amount", "currency", "channel")}
    return _both(
        source,
        lambda view: replace(
            view, columns=tuple(name for name in view.columns if name not in lacking[view.template])
        ),
    )


def recent(source: Source) -> list[Export]:
    """Only what was created in the last weeks."""
    since = START + dt.timedelta(weeks=source.week - 2)
    return [
        told(whole(template), [row for row in _rows(source, template) if row["created_at"] >= since])
        for template in TEMPLATES
    ]


def european(source: Source) -> list[Export]:
    """Semicolons, days before months, decimal commas."""
    return _both(
        source,
        lambda view: replace(
            view,
            delimiter=";",
            time=lambda moment: moment.strftime("%d/%m/%Y %H:%M"),
            amount=lambda amount: f"{amount:,.2f}".translate(str.maketrans(",.", ".,")),
        ),
    )


def american(source: Source) -> list[Export]:
    """Months before days, hours of half a day, a dollar sign's way of writing thousands."""
    return _both(
        source,
        lambda view: replace(
            view,
            time=lambda moment: moment.strftime("%m/%d/%Y %I:%M %p"),
            amount=lambda amount: f"{amount:,.2f}",
        ),
    )


def tabbed(source: Source) -> list[Export]:
    return _both(source, lambda view: replace(view, delimiter="\t", encoding="utf-16"))


def offsets(source: Source) -> list[Export]:
    """The same moments on the clock of another zone, which is named in every cell."""
    zone = dt.timezone(dt.timedelta(hours=source.chance.choice((-8, -5, 2, 9))))

    def written(moment: dt.datetime) -> str:
        return moment.replace(tzinfo=dt.UTC).astimezone(zone).isoformat()

    return _both(source, lambda view: replace(view, time=written))


def emptied_cells(source: Source) -> list[Export]:
    """People have cleared a few cells: what a column holds no longer is not known any more."""
    for row in source.chance.sample(_rows(source, "leads"), 3):
        row["channel"] = None
    return as_ever(source)


def alphabets(source: Source) -> list[Export]:
    """Names of channels in letters that Windows-1252 has not, in the encoding of the country."""
    encoding, words = source.chance.choice(
        (
            ("cp1250", ("Łódź", "Żądanie oferty", "Świdnica", "Plzeň veletrh")),
            ("cp1251", ("Поиск", "Выставка", "Реклама", "Письмо")),
            ("cp1253", ("Αναζήτηση", "Έκθεση", "Διαφήμιση", "Μήνυμα")),
            ("shift_jis", ("検索広告", "展示会", "紹介", "メール")),
            ("gbk", ("搜索广告", "展览会", "介绍", "邮件")),
        )
    )
    known = set(source.state["leads"])
    source.live(leads=8)
    newest = [row for lead, row in source.state["leads"].items() if lead not in known]
    for row in newest:
        row["channel"] = source.chance.choice(words)
    return [told(replace(whole("leads"), encoding=encoding), newest)]


def totalled(source: Source) -> list[Export]:
    """The sum of all amounts as a row of its own, first or last."""
    view = whole("deals")
    rows = _rows(source, "deals")
    total = sum(row["amount"] for row in rows)
    line = tuple(plain(total) if name == "amount" else "" for name in view.columns)
    text = view.text(rows).decode().splitlines()
    text.insert(source.chance.choice((1, len(text))), ",".join(line))
    return [Export("deals", ("\n".join(text) + "\n").encode(), said(view, rows))]


def again(source: Source) -> list[Export]:
    """The very files of some weeks ago."""
    was = source.past[0]
    return [
        Export(template, whole(template).text(list(was[template].values())), {}) for template in TEMPLATES
    ]


def older(source: Source) -> list[Export]:
    """What was true some weeks ago, in rows of another order: what has come since is true."""
    was = source.past[0]
    return [
        Export(template, whole(template).text(list(was[template].values())[::-1]), {})
        for template in TEMPLATES
    ]


def _misled(source: Source, template: str, change: Callable[[Record], Record]) -> list[Export]:
    """The usual view of rows of which something is not as it is; true is what the source knows."""
    view = whole(template)
    rows = _rows(source, template)
    return [Export(template, view.text([change(dict(row)) for row in rows]), said(view, rows))]


def shifted(source: Source) -> list[Export]:
    """Every time on the clock of another zone, of which nothing is said."""
    by = dt.timedelta(hours=source.chance.choice((-9, -6, -5, -1, 1, 2, 7)))

    def moved(row: Record) -> Record:
        return {name: value + by if name in TIMES and value else value for name, value in row.items()}

    return _misled(source, source.chance.choice(TEMPLATES), moved)


def recoined(source: Source) -> list[Export]:
    """All amounts as they were, in another currency."""
    return _misled(source, "deals", lambda row: {**row, "currency": "USD"})


def reopened(source: Source) -> list[Export]:
    """Decided deals that are open again."""
    return _misled(source, "deals", lambda row: {**row, "stage": "open", "closed_at": None})


def recreated(source: Source) -> list[Export]:
    """Times of creation that are those of a move to another system."""
    moved = START + dt.timedelta(weeks=source.week, hours=3)
    return _misled(source, "leads", lambda row: {**row, "created_at": moved})


def relabelled(source: Source) -> list[Export]:
    """Two columns whose headings were changed over: owners under channel."""
    return _misled(source, "leads", lambda row: {**row, "channel": row["owner"], "owner": row["channel"]})


_BENDS: dict[str, tuple[Callable[[str], str], ...]] = {
    "letters": (lambda one: f'="{one}"', lambda one: f"'{one}", lambda one: f"{one}\u00a0"),
    "zeros": (lambda one: f'="{one}"', lambda one: f"'{one}", lambda one: str(int(one))),
    "whole": (lambda one: f"{one}.0", lambda one: f'="{one}"', lambda one: f"{int(one):,}"),
    "guid": (lambda one: "{" + one + "}", str.upper, lambda one: "{" + one.upper() + "}"),
    "salesforce": (lambda one: one + _suffix(one), lambda one: f'="{one}"'),
}


def _suffix(identity: str) -> str:
    """The three characters that make a case-safe identity of eighteen from one of fifteen."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    return "".join(
        letters[sum(1 << at for at, one in enumerate(identity[start : start + 5]) if one.isupper())]
        for start in (0, 5, 10)
    )


def bent_keys(source: Source) -> list[Export]:
    """Identities as a tool in between has written them, both those of the rows and those of links."""
    bend = source.chance.choice(_BENDS[source.style])
    return _both(source, lambda view: replace(view, key=bend, link=bend))


def linked_keys(source: Source) -> list[Export]:
    """Identities as formulas that lead to the record."""

    def formula(one: str) -> str:
        return f'=HYPERLINK("https://crm.example.com/{one}","{one}")'

    return _both(source, lambda view: replace(view, key=formula, link=formula))


def bent_links(source: Source) -> list[Export]:
    """Links that are written in another way than the identities that they mean."""
    bend = source.chance.choice(_BENDS[source.style])
    return [told(replace(whole("deals"), link=bend), _rows(source, "deals"))]


def deals_as_leads(source: Source) -> list[Export]:
    """Deals that carry the key of their lead and no identity called ours."""
    rows = list({row["lead_id"]: row for row in _rows(source, "deals")}.values())
    view = View(
        "leads",
        ("lead_id", "created_at", "channel"),
        more={
            "Potential Name": lambda row: f"Project {row['deal_id']}",
            "Stage": lambda row: row["stage"],
            "Amount": lambda row: plain(row["amount"]),
            "Closing Date": lambda row: iso(row["closed_at"]) if row["closed_at"] else "",
        },
    )
    return [Export("leads", view.text(rows), {})]


def deleted(source: Source) -> list[Export]:
    """Deals that the source marks as deleted, in a column of their own."""
    live = [deal for deal in source.state["deals"] if deal not in source.deleted]
    source.deleted |= set(source.chance.sample(live, 2))
    gone = tuple(source.deleted)
    cells = {
        "Id": lambda row: row["deal_id"],
        "IsDeleted": lambda row: str(row["deal_id"] in gone).lower(),
        "StageName": lambda row: row["stage"].title(),
        "Amount": lambda row: plain(row["amount"]),
        "CurrencyIsoCode": lambda row: row["currency"],
        "CloseDate": lambda row: iso(row["closed_at"] or row["created_at"] + dt.timedelta(days=30)),
        "IsWon": lambda row: str(row["stage"] == "won").lower(),
        "IsClosed": lambda row: str(row["stage"] != "open").lower(),
        "CreatedDate": lambda row: row["created_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "LeadSource": lambda row: row["channel"] or "",
    }
    rows = _rows(source, "deals")
    view = replace(whole("deals"), columns=tuple(name for name in COLUMNS["deals"] if name != "lead_id"))
    content = _csv([list(cells), *([cell(row) for cell in cells.values()] for row in rows)], ",").encode()
    export = Export("deals", content, said(view, rows), gone=gone)
    for deal in gone:
        del source.state["deals"][deal]
    source.deleted.clear()
    return [export]


def merged(source: Source) -> list[Export]:
    """Two leads have become one: its row names the other, whose own is gone."""
    survivors = source.chance.sample(sorted({row["lead_id"] for row in _rows(source, "deals")}), 4)
    pairs = dict(zip(survivors[:2], survivors[2:], strict=True))
    for old, new in pairs.items():
        del source.state["leads"][old]
        source.merged.setdefault(new, []).extend((old, *source.merged.pop(old, [])))
        for row in _rows(source, "deals"):
            if row["lead_id"] == old:
                row["lead_id"] = new
    view = replace(
        whole("leads"),
        more={"Merged record IDs": lambda row: ";".join(source.merged.get(row["lead_id"], ()))},
    )
    return [told(view, _rows(source, "leads"), gone=tuple(pairs), relinked=pairs)]


def hopeful(source: Source) -> list[Export]:
    """Open deals with a closing date that is a filler."""
    hope = source.chance.choice(
        ("0000-00-00", "1970-01-01", "TBD", "0000-00-00 00:00:00", "9999-12-31", "n.a.")
    )
    return [told(replace(whole("deals"), hope=hope), _rows(source, "deals"))]


def own_stages(source: Source) -> list[Export]:
    """Stages under names of the team's own."""
    words = ("Proposal Out", "Demo Held", "Board is deciding")

    def named(stage: str) -> str:
        return source.chance.choice(words) if stage == "open" else stage

    return [told(replace(whole("deals"), stage=named), _rows(source, "deals"))]


def in_cents(source: Source) -> list[Export]:
    """Amounts in cents, as the heading says."""
    view = replace(
        whole("deals"),
        headings={"amount": source.chance.choice(("Amount (cents)", "Amount in cents", "amount_cents"))},
        amount=lambda amount: f"{amount * 100:.0f}",
    )
    return [told(view, _rows(source, "deals"))]


def in_thousands(source: Source) -> list[Export]:
    """Amounts as people write them short."""
    unit = source.chance.choice(("k", "K"))
    view = replace(whole("deals"), amount=lambda amount: f"{amount / 1000:.5f}{unit}")
    return [told(view, _rows(source, "deals"))]


def undecided_days(source: Source) -> list[Export]:
    """Days of which none shows whether the day or the month comes first."""
    order = source.chance.choice(("%d/%m/%Y", "%m/%d/%Y"))
    found = []
    for template in TEMPLATES:
        view = replace(whole(template), time=lambda moment: moment.strftime(f"{order} %H:%M"))
        early = [
            row
            for row in _rows(source, template)
            if all(row[name].day <= 12 for name in TIMES if row.get(name))
        ]
        found.append(told(view, early))
    return found


def odd_times(source: Source) -> list[Export]:
    """Times as mail, browsers and databases write them."""
    ways: tuple[Callable[[dt.datetime], str], ...] = (
        lambda moment: format_datetime(moment.replace(tzinfo=dt.UTC)),
        lambda moment: moment.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)"),
        lambda moment: moment.strftime("%Y%m%dT%H%M%SZ"),
        lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S UTC"),
        lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S +0000 UTC"),
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ[UTC]"),
        lambda moment: moment.strftime("%Y.%m.%d %H:%M"),
    )
    way = source.chance.choice(ways)
    return _both(source, lambda view: replace(view, time=way))


def short_years(source: Source) -> list[Export]:
    """Years of two digits, first."""
    return _both(source, lambda view: replace(view, time=lambda moment: moment.strftime("%y/%m/%d %H:%M")))


def pasted(source: Source) -> list[Export]:
    """Two files pasted together, with the second one's byte-order mark and headings in the middle."""
    return _both(source, lambda view: replace(view, is_pasted=True))


def quoted_whole(source: Source) -> list[Export]:
    """Every line quoted as one cell, as a spreadsheet saves a file that it has opened in one column."""
    found = []
    for template in TEMPLATES:
        rows = _rows(source, template)
        text = whole(template).text(rows).decode().splitlines()
        content = "".join('"' + line.replace('"', '""') + '"\n' for line in text)
        found.append(Export(template, content.encode(), said(whole(template), rows)))
    return found


HONEST: dict[str, Twist] = {
    one.__name__: one
    for one in (
        as_ever, renamed, narrow, recent, european, american, tabbed, offsets, emptied_cells, again,
    )
}  # fmt: skip
"""what a file plainly says: it must land, and the facts be those of the source"""
ODD: dict[str, Twist] = {
    one.__name__: one
    for one in (
        alphabets, totalled, older, shifted, recoined, reopened, recreated, relabelled, bent_keys, linked_keys,
        bent_links, deals_as_leads, deleted, merged, hopeful, own_stages, in_cents, in_thousands, undecided_days,
        odd_times, short_years, pasted, quoted_whole,
    )
}  # fmt: skip
"""what may be misread: the facts must be those of the source, or a question, a refusal or a warning be given"""
WHOLE = frozenset({"hopeful", "own_stages"})
"""odd ways in which no row may be set aside: those that are would be missing from a share"""
