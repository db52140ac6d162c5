"""The short code on a card, and the very review it was made from.

A code is the beginning of the hash under which the ledger keeps what was shown (`metrics.agreement.shown_evidence`), in
letters that can be read aloud: eight of base 32, forty bits. It names content, not a row: the same numbers shown
again have the same code.
"""

from __future__ import annotations

import base64
import hashlib
import re

from leadline.data.plain_json import to_plain
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.entries import LedgerError, canonical, entries
from leadline.metrics.agreement.shown_evidence import (
    Evidence,
    Shown,
    freeze_workflow,
    read_evidence,
)
from leadline.metrics.results import Review, WorkflowReview

LETTERS = 8
_BYTES = LETTERS * 5 // 8
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""digits that base 32 does not use, and the letters they are taken for"""


def code_of(shown: Shown) -> str:
    """The code of one workflow's review as it was shown: 'K7Q2M4XT'."""
    content = canonical(to_plain(shown)).encode("utf-8")
    return base64.b32encode(hashlib.sha256(content).digest()[:_BYTES]).decode("ascii")


def shown_of(review: Review, workflow: WorkflowReview) -> Shown:
    """What a review shows of one workflow: what is kept, and what a card is drawn from."""
    return Shown(review.as_of, review.complete_through, workflow, review.data)


def keep(warehouse: Warehouse, review: Review, workflow: WorkflowReview, by: str) -> str:
    """Keeps what is shown, unless it is kept already; its code."""
    code = code_of(shown_of(review, workflow))
    if _subject(warehouse, code, workflow.workflow) is None:
        freeze_workflow(warehouse, review, workflow, by=by)
    return code


def is_kept(warehouse: Warehouse, review: Review, workflow: WorkflowReview) -> bool:
    """True where what is shown is kept already, so that drawing it writes nothing."""
    return _subject(warehouse, code_of(shown_of(review, workflow)), workflow.workflow) is not None


def find(warehouse: Warehouse, code: str) -> Evidence:
    """The review of that code, as somebody read or typed it. Raises LedgerError where none is kept under it."""
    wanted = re.sub(r"[^A-Z0-9]", "", code.upper()).translate(_MISREAD)
    subject = _subject(warehouse, wanted) if re.fullmatch(rf"[A-Z2-7]{{{LETTERS}}}", wanted) else None
    if subject is None:
        said = " ".join(code.split())[:20]
        raise LedgerError(
            f"No review is kept under the code '{said}' in this workspace; a code stands at the foot of a card and "
            "looks like K7Q2-M4XT."
        )
    return read_evidence(warehouse, subject)


def review_of(shown: Shown) -> Review:
    """The one workflow as a review of its own, to be drawn again."""
    return Review(shown.as_of, shown.complete_through, (shown.workflow,), shown.data)


def _subject(warehouse: Warehouse, code: str, workflow: str | None = None) -> str | None:
    """The evidence whose content's hash begins with the code."""
    # the hash stands first in the text, whose keys are in order: no key of a kept review may come before "content"
    beginning = f'{{"content":"{base64.b32decode(code).hex()}'
    for entry in entries(warehouse, ("review",), workflow):
        if entry.text.startswith(beginning):
            return entry.subject
    return None
