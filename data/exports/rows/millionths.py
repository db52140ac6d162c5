"""Costs in millionths, as interfaces of advertising write them, under a heading that does not say so."""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import read_sql

FEWEST = 5
"""costs, fewer of which may all be round"""
WITHOUT_CENTS = ("JPY", "KRW", "VND", "IDR", "CLP", "COP", "HUF", "ISK", "PYG", "UGX", "TZS")
"""currencies in which costs of such a size are usual"""


def costs_in_millionths(session: Session, recognised: Recognised) -> list[Warned]:
    """Told where all costs are whole, above 100,000 and in hundredths of a million: 12,340,000 may be 12.34."""
    if recognised.template.name != "spend" or "cost" not in recognised.places or "cost" in recognised.scales:
        return []
    ((costs, micros, line, cost),) = session.select(
        read_sql("staging/millionths.sql"), {"without_cents": list(WITHOUT_CENTS)}
    )
    if costs < FEWEST or micros < costs:
        return []
    return [
        Warned(
            "millionths",
            f"cost of all {costs:,} rows is a whole number of ten thousands ({cost:,.0f} on line {line}), as where "
            f"costs are told in millionths: is it {cost / 1_000_000:,.2f}? Then take the import back and export cost "
            "in whole units of its currency.",
        )
    ]
