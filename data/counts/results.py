"""Results that take long to work out, kept in the workspace by the fingerprint of all that they rest on.

What rests on other facts, after an import or an undo, has another fingerprint: nothing that is found here is out of
date, and after an undo what was kept before is found again. Nothing is lost with it, so whatever stands in the way of
keeping one (somebody writes, a full disk) is no failure.
"""

from __future__ import annotations

import logging

from leadline.data.database.failures import STATEMENT_FAILURES
from leadline.data.sql import read_sql
from leadline.data.warehouse import Warehouse

MOST_RESULTS = 500
"""kept at a time; the longest kept make room"""


def kept_result(warehouse: Warehouse, key: str) -> str | None:
    """The text kept under a fingerprint; None where there is none."""
    try:
        with warehouse.snapshot() as session:
            if not session.select(read_sql("counts/has_results.sql")):
                return None
            found = session.select(read_sql("counts/result.sql"), {"key": key})
    except STATEMENT_FAILURES:
        logging.getLogger(__name__).warning("kept results could not be read", exc_info=True)
        return None
    return str(found[0][0]) if found else None


def keep_result(warehouse: Warehouse, key: str, text: str) -> None:
    """Keeps a text, unless somebody writes just now."""
    try:
        with warehouse.transaction_if_free() as session:
            if session is None:
                return
            session.execute(read_sql("counts/make_results.sql"))
            session.execute(read_sql("counts/keep_result.sql"), {"key": key, "text": text})
            session.execute(read_sql("counts/forget_results.sql"), {"most": MOST_RESULTS})
    except STATEMENT_FAILURES:
        logging.getLogger(__name__).warning("a result could not be kept", exc_info=True)
