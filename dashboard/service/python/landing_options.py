"""What can be said of a file when it is landed from Python: the options of `leadline ingest`, checked as there."""

from __future__ import annotations

import datetime as dt
import difflib
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadline.dashboard.words.formats import listed, one_line, shortened
from leadline.data.errors import LeadlineError
from leadline.data.exports.files.text_encoding import known_encoding
from leadline.data.exports.landing_report import DateOrder, Doubt, Numbers, PercentScale
from leadline.data.templates import templates


class LandingOptions(TypedDict, total=False):
    """What a file can't say of itself."""

    template: str | None
    """what a row is, where the headers don't tell: 'leads'"""
    mapping: str | os.PathLike[str] | Mapping[str, Any] | None
    """a YAML file or its content: their column -> ours, and constants"""
    workflow: str | None
    """every row of the file belongs to it"""
    dates: DateOrder | None
    """does 01/02/03 begin with the day, the month or the year?"""
    timezone: str | None
    """of times that carry no offset"""
    percent: PercentScale | None
    """does 0.5 mean 50 % or half a percent?"""
    numbers: Numbers | None
    """what separates decimals"""
    encoding: str | None
    """of a file that is not in UTF-8: 'cp1250'"""
    sheet: str | None
    """of a workbook"""
    header_row: int | None
    """line of the header, counted from 1"""
    exported_on: dt.date | str | None
    complete: bool
    """the file holds every row of its span: name those that are gone"""
    retire: bool
    """with `complete`: such rows are facts no more"""
    accept: Doubt | Sequence[Doubt]
    """codes of questions that hold the file against what is known: yes, for this content"""
    dry_run: bool
    """say what would happen; land nothing"""


def arguments(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as the command takes them. Raises LeadlineError for one that does not exist or can't be meant."""
    for name in options:
        if name not in _CHECKS:
            near = difflib.get_close_matches(name, _CHECKS, n=1)
            hint = (
                f"did you mean '{near[0]}'?" if near else f"there are {listed(list(_CHECKS), len(_CHECKS))}."
            )
            raise LeadlineError(f"land() has no option '{_short(name)}'; {hint}")
    return {name: _CHECKS[name](name, value) for name, value in options.items() if value is not None}


def in_keywords(option: str) -> str:
    """What answers a question as the command line writes it -> as a call writes it: `--dates dmy` -> `dates='dmy'`."""

    def keyword(found: re.Match[str]) -> str:
        value = found["value"].strip("'")
        return f"{found['name'].replace('-', '_')}={value if value in _PLACEHOLDERS else repr(value)}"

    return _OPTION.sub(keyword, option)


def day_of(said: object, name: str) -> dt.date | None:
    """A date, or an ISO text of one, as a date. Raises LeadlineError for anything else."""
    if isinstance(said, dt.datetime) and said == said:  # pandas' "no time" equals nothing
        return said.date()
    if said is None or (isinstance(said, dt.date) and not isinstance(said, dt.datetime)):
        return said
    if isinstance(said, str) and len(said) == 10:
        try:
            return dt.date.fromisoformat(said)
        except ValueError:
            pass
    raise _wrong(name, said, "write a date such as '2026-11-22'")


def _one_of(*choices: str) -> Callable[[str, object], str]:
    def check(name: str, said: object) -> str:
        if isinstance(said, str) and said in choices:
            return said
        raise _wrong(name, said, f"write one of {', '.join(repr(choice) for choice in choices)}")

    return check


def _template(name: str, said: object) -> str:
    return _one_of(*templates())(name, said)


def _mapping(name: str, said: object) -> str | dict[str, Any]:
    if isinstance(said, str | os.PathLike):
        return str(Path(said).expanduser().absolute())
    if isinstance(said, Mapping):
        try:
            return dict(json.loads(json.dumps(dict(said), default=_iso)))
        except (TypeError, ValueError) as e:
            raise LeadlineError(
                f"mapping holds something that a YAML file could not hold ({e}); write texts, numbers and lists."
            ) from e
    raise _wrong(name, said, "name a YAML file, or give what would stand in it as a dict")


def _iso(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__}")


def _words(name: str, said: object) -> str:
    if isinstance(said, str) and said.strip():
        return said
    raise _wrong(name, said, "write it as text")


def _zone(name: str, said: object) -> str:
    try:
        ZoneInfo(str(said))
    except (ZoneInfoNotFoundError, ValueError, OSError) as e:
        raise _wrong(name, said, "write a time zone such as 'Europe/Berlin' or 'UTC'") from e
    return str(said)


def _encoding(name: str, said: object) -> str:
    if isinstance(said, str) and known_encoding(said) is not None:
        return said
    raise _wrong(name, said, "write one such as 'cp1250' or 'shift_jis'")


def _line(name: str, said: object) -> int:
    if isinstance(said, int) and not isinstance(said, bool) and said >= 1:
        return said
    raise _wrong(name, said, "count the line of the headers from 1")


def _day(name: str, said: object) -> str | None:
    day = day_of(said, name)
    return day.isoformat() if day else None


def _yes_or_no(name: str, said: object) -> bool:
    if isinstance(said, bool):
        return said
    raise _wrong(name, said, "write True or False")


def _doubts(name: str, said: object) -> list[str]:
    codes = [said] if isinstance(said, str) else list(said) if isinstance(said, Sequence) else [said]
    return [_one_of(*get_args(Doubt))(name, code) for code in codes]


def _wrong(name: str, said: object, instead: str) -> LeadlineError:
    return LeadlineError(f"{name} is {_short(repr(said))}; {instead}.")


def _short(said: str) -> str:
    return shortened(one_line(said), 60)


_CHECKS: dict[str, Callable[[str, object], Any]] = {
    "template": _template,
    "mapping": _mapping,
    "workflow": _words,
    "dates": _one_of(*get_args(DateOrder)),
    "timezone": _zone,
    "percent": _one_of(*get_args(PercentScale)),
    "numbers": _one_of(*get_args(Numbers)),
    "encoding": _encoding,
    "sheet": _words,
    "header_row": _line,
    "exported_on": _day,
    "complete": _yes_or_no,
    "retire": _yes_or_no,
    "accept": _doubts,
    "dry_run": _yes_or_no,
}
_OPTION = re.compile(
    rf"--(?P<name>{'|'.join(name.replace('_', '-') for name in _CHECKS)}) (?P<value>'[^']*'|[\w.-]+)"
)
_PLACEHOLDERS = ("FILE", "NAME")
