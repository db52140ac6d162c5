"""What the JSON of the command line must look like, key by key, and how to compare a value with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

DAY = "day"
"""an ISO date"""
WHEN = "moment"
"""an ISO time"""


@dataclass(frozen=True)
class Maybe:
    """The shape, or null."""

    shape: Any


@dataclass(frozen=True)
class OneOf:
    codes: tuple[str, ...]


VERDICTS = OneOf(("diverging", "declining", "watch", "recovering", "aligned", "too_early", "data_problem"))
MECHANISMS = Maybe(OneOf(("fewer", "slower", "faster", "mix", "segment")))
CHANGE = {
    "relative": Maybe(float),
    "low": Maybe(float),
    "high": Maybe(float),
    "improved": Maybe(bool),
    "units": int,
}
TOTAL_CHANGE = {key: kind for key, kind in CHANGE.items() if key != "improved"}
RULE = {
    "id": str,
    "state": OneOf(("ok", "pending", "breached", "recovering", "no_data")),
    "since": Maybe(DAY),
    "action": OneOf(("pause", "adjust", "review", "stop")),
    "value": Maybe(float),
    "threshold": Maybe(float),
}
RATIO = {"ratio": Maybe(float), "low": Maybe(float), "high": Maybe(float)}
REVIEW = {
    "as_of": DAY,
    "complete_through": DAY,
    "workflows": [
        {
            "workflow": str,
            "verdict": VERDICTS,
            "headline": str,
            "pairs": [
                {
                    "proxy": str,
                    "outcome": str,
                    "verdict": VERDICTS,
                    "mechanism": MECHANISMS,
                    "since": Maybe(DAY),
                    "segment": Maybe(str),
                    "proxy_change": CHANGE,
                    "outcome_change": CHANGE,
                    "evidence": Maybe({"odds": Maybe(float), "limit": Maybe(float)}),
                    "total_change": Maybe(TOTAL_CHANGE),
                    "mix_change": Maybe({"dimension": str, **TOTAL_CHANGE}),
                }
            ],
            "rules": [RULE],
            "cost": Maybe(
                {
                    "units": float,
                    "low": float,
                    "high": float,
                    "value": Maybe(float),
                    "value_low": Maybe(float),
                    "value_high": Maybe(float),
                    "currency": Maybe(str),
                    "outcome": Maybe(str),
                    "unit": Maybe(str),
                }
            ),
            "running": OneOf(("running", "paused", "stopped")),
            "entered_since_stop": Maybe(int),
            "decision": Maybe({"id": str, "kind": str, "on": DAY, "by": str, "next": Maybe(DAY)}),
            "due": {
                "kind": str,
                "action": Maybe(str),
                "alert": Maybe(str),
                "by": Maybe(DAY),
                "text": str,
            },
            "recovered": Maybe({"on": DAY, "decision": str}),
            "unjudged": [{"outcome": str, "reason": str}],
            "known": Maybe({"verdict": VERDICTS, "as_of": DAY, "headline": str}),
            "findings": [{"code": str, "outcome": Maybe(str), "blocks_verdict": bool, "text": str}],
            "versions": [
                {
                    "what": str,
                    "since": DAY,
                    "note": Maybe(str),
                    "version": str,
                    "coincides": [{"outcome": str, "drift_since": DAY}],
                    "effects": [
                        {
                            "outcome": str,
                            "before": Maybe(str),
                            "helped": OneOf(("better", "worse", "alike", "open", "too_few")),
                            **RATIO,
                            "units": int,
                            "told_on": Maybe(DAY),
                        }
                    ],
                }
            ],
            "validation": {
                "dimensions": [
                    {
                        "dimension": str,
                        "outputs": int,
                        "passed": int,
                        "reviewers": int,
                        "seen_by_two": int,
                        "alpha": Maybe(float),
                        "low": Maybe(float),
                        "high": Maybe(float),
                    }
                ],
                "failed": [{"on": DAY, "output": str, "dimension": str, "reason": Maybe(str)}],
            },
            "people": [
                {
                    "outcome": str,
                    **RATIO,
                    "clear": bool,
                    "agent": int,
                    "human": int,
                    "weeks": int,
                    "notices": {"fall": float, "weeks": Maybe(float)},
                    "text": str,
                }
            ],
        }
    ],
    "data": [
        {
            "source": str,
            "newest": Maybe(DAY),
            "state": OneOf(("fresh", "stale", "empty", "problem")),
            "note": str,
        }
    ],
}
FILE = {
    "file": str,
    "state": OneOf(("landed", "refused", "asks")),
    "source": Maybe(str),
    "template": Maybe(str),
    "import_id": Maybe(int),
    "rows": dict.fromkeys(("read", "new", "updated", "unchanged", "stale", "quarantined", "skipped"), int),
    "reasons": [{"reason": str, "rows": [int], "count": int, "example": str}],
    "warnings": [{"code": str, "message": str}],
    "questions": [{"code": str, "message": str, "option": str}],
    "message": str,
}
LANDED = {"files": [FILE]}


def _wanted(value: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """The keys of a shape, with those at its end that are not always there."""
    both = {"before": Maybe(float), "now": Maybe(float)}
    extra: dict[str, Any] = {}
    if shape is RULE:
        reason = {"reason": str} if value.get("state") == "no_data" else {}
        shape, extra = shape | reason, {"counted": float, "last_judged": DAY}
    elif shape is FILE:
        code = {"code": str} if value.get("state") == "refused" else {}
        shape, extra = shape | code, {"suggestion": dict, "changes": list, "vanished": dict}
    elif shape is CHANGE:
        extra = {"values": both, "counted": {**both, "taken_out": [str]}}
    return shape | {name: kind for name, kind in extra.items() if name in value}


def assert_shape(value: Any, shape: Any, where: str = "$") -> None:
    """Fails, naming the place, where a key is missing or new, or a value is of another kind."""
    if isinstance(shape, Maybe):
        if value is not None:
            assert_shape(value, shape.shape, where)
    elif isinstance(shape, OneOf):
        assert value in shape.codes, f"{where} is {value!r}"
    elif isinstance(shape, dict):
        assert isinstance(value, dict), f"{where} is {value!r}"
        wanted = _wanted(value, shape)
        assert list(value) == list(wanted), f"{where} has the keys {list(value)}, not {list(wanted)}"
        for key, inner in wanted.items():
            assert_shape(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where} is {value!r}"
        for place, item in enumerate(value):
            assert_shape(item, shape[0], f"{where}[{place}]")
    elif shape == DAY:
        assert isinstance(value, str), f"{where} is {value!r}"
        assert dt.date.fromisoformat(value).isoformat() == value, where
    elif shape == WHEN:
        assert isinstance(value, str), f"{where} is {value!r}"
        dt.datetime.fromisoformat(value)
    elif shape is float:
        assert isinstance(value, int | float), f"{where} is {value!r}"
        assert not isinstance(value, bool), f"{where} is {value!r}"
    else:
        assert type(value) is shape, f"{where} is {value!r}, not {shape}"
