"""Results that take long to work out, kept in the workspace by the fingerprint of all that they rest on.

What rests on other facts, after an import or an undo, has another fingerprint: nothing that is found here is out of
date, and after an undo what was kept before is found again. Nothing is lost with it, so whatever stands in the way of
keeping one (somebody writes, a full disk) is no failure.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Literal

from leadline.data.database.failures import STATEMENT_FAILURES
from leadline.data.database.session import Session
from leadline.data.sql import compose
from leadline.data.warehouse import Warehouse

Table = Literal["results", "verdicts", "reviews"]
"""each makes room for itself alone"""
MOST_RESULTS = 500
"""kept at a time; the longest kept make room"""


def kept_result(warehouse: Warehouse, key: str, table: Table = "results") -> str | None:
    """The text kept under a fingerprint; None where there is none."""
    return kept_results(warehouse, [key], table).get(key)


def kept_results(warehouse: Warehouse, keys: list[str], table: Table) -> dict[str, str]:
    """Those that there are, by fingerprint."""
    try:
        with warehouse.snapshot() as session:
            if not session.select(compose("counts/has_results.sql", table=table)):
                return {}
            found = session.select(compose("counts/result.sql", table=table), {"keys": keys})
            return {str(key): str(text) for key, text in found}
    except STATEMENT_FAILURES:
        logging.getLogger(__name__).warning("kept results could not be read", exc_info=True)
        return {}


def keep_result(warehouse: Warehouse, key: str, text: str) -> None:
    """Keeps a text, unless somebody writes just now."""
    keep_results(warehouse, {"results": {key: text}}, {"results": MOST_RESULTS})


def keep_results(
    warehouse: Warehouse, texts: Mapping[Table, Mapping[str, str]], most: Mapping[Table, int]
) -> None:
    """Keeps texts by table and fingerprint, all or none, unless somebody writes just now. `most`: of each table."""
    try:
        with warehouse.transaction_if_free() as session:
            if session is None:
                return
            for table, found in texts.items():
                session.execute(compose("counts/make_results.sql", table=table))
                for key, text in found.items():
                    session.execute(
                        compose("counts/keep_result.sql", table=table), {"key": key, "text": text}
                    )
                session.execute(compose("counts/forget_results.sql", table=table), {"most": most[table]})
    except STATEMENT_FAILURES:
        logging.getLogger(__name__).warning("results could not be kept", exc_info=True)


def forget_results(session: Session, table: Table) -> None:
    """Gives up all that is kept in a table."""
    if session.select(compose("counts/has_results.sql", table=table)):
        session.execute(compose("counts/forget_results.sql", table=table), {"most": 0})
