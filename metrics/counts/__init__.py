"""Which questions of metrics/sql are kept, at which grain, and how they are answered from what is kept.

Most are kept as they are asked, with everything that ever happened; counted/<name>.sql stands in where what was known
by a day can't be told from that. as_of/<name>.sql sums kept counts up to the rows that metrics/sql/<name>.sql gives by
the end of `$through`. Tests hold the two to each other.
"""

from __future__ import annotations

from importlib.resources import files

from leadline.data.counts.store import Question, Unit, answer, answer_as, define
from leadline.metrics.sql import of_templates, read_sql

__all__ = ["answer", "answer_as"]

AMOUNTS = ("units", "amount", "amount_squared")
_RATES: dict[str, Unit] = {
    "close_rate": "parent",
    "qualified_appointment_rate": "parent",
    "asset_usage_rate": "parent",
    "answered_within_5_minutes": "row",
    "review_pass_rate": "row",
}
_LINKS: dict[str, Unit] = {
    "linkage/answered_within_5_minutes": "parent",
    "linkage/response_time": "parent",
    "linkage/score": "week",
}
_LINKS_OF_EMAILS = ("linkage/open_rate", "linkage/click_rate")
_VOLUMES: dict[str, Unit] = {
    "lead_volume": "row",
    "click_volume": "row",
    "asset_volume": "row",
    "won_deals": "joined",
    "qualified_appointments": "joined",
    "used_assets": "parent",
}
_MEANS = ("cost_per_asset", "lead_score")


def _asked(name: str) -> str:
    return read_sql(f"{name}.sql")


def _counted(name: str) -> str:
    return _own("counted", name.replace("/", "_"))


def _as_of(name: str) -> str:
    return _own("as_of", name)


def _own(folder: str, name: str) -> str:
    return of_templates(files(__package__).joinpath(folder, f"{name}.sql").read_text(encoding="utf-8"))


def questions() -> list[Question]:
    """All questions that are kept, as they are asked of the templates that there are."""
    units = ("units",)
    found = [Question(n, _asked(n), _as_of("rates"), units, "units", u) for n, u in _RATES.items()]
    found += [Question(n, _asked(n), _as_of("volumes"), units, "units", u) for n, u in _VOLUMES.items()]
    found += [Question(n, _asked(n), _as_of("means"), AMOUNTS, "units", "row") for n in _MEANS]
    found += [
        Question(n, _counted(n), _as_of("mailings"), ("units", "members"), "members", "row")
        for n in ("open_rate", "click_rate")
    ]
    found += [Question(n, _asked(n), _as_of("links"), units, "units", u) for n, u in _LINKS.items()]
    found += [
        Question(
            n,
            _counted(n),
            _as_of("links_of_emails"),
            units,
            "units",
            "parent",
            holds=_as_of("links_of_emails_hold"),
        )
        for n in _LINKS_OF_EMAILS
    ]
    missing = ("count_rows", "count_missing")
    return [
        *found,
        Question(
            "won_value_per_lead",
            _asked("won_value_per_lead"),
            _as_of("values"),
            AMOUNTS,
            "units",
            "parent",
        ),
        Question(
            "response_time",
            _asked("response_time"),
            _as_of("durations"),
            units,
            "units",
            "row",
            whole_weeks=False,
        ),
        Question(
            "activity",
            _asked("activity"),
            _as_of("activity"),
            ("events",),
            "events",
            "row",
            whole_weeks=False,
        ),
        Question(
            "amounts",
            _counted("amounts"),
            _as_of("amounts"),
            AMOUNTS,
            "units",
            "joined",
            whole_weeks=False,
        ),
        Question(
            "fitness/missing", _asked("fitness/missing"), _as_of("missing"), missing, "count_rows", "joined"
        ),
        Question(
            "fitness/missing_segment",
            _asked("fitness/missing_segment"),
            _as_of("missing_segment"),
            missing,
            "count_rows",
            "row",
        ),
        Question(
            "fitness/import_days",
            _counted("fitness/import_days"),
            _as_of("import_days"),
            units,
            "units",
            "row",
            whole_weeks=False,
        ),
        Question(
            "fitness/opens",
            _counted("fitness/opens"),
            _as_of("opens"),
            units,
            "units",
            "row",
            whole_weeks=False,
        ),
    ]


define(questions())
