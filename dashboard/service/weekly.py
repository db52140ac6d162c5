"""The weekly message from the open workspace: who is still to have it, what it says, that it was sent.

A person is known to the ledger by a hash of the address that is salted with the workspace's own secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from leadline.dashboard.service import gates, review_codes
from leadline.dashboard.service.channels import notifying
from leadline.dashboard.service.command import Arguments, Command, Json
from leadline.dashboard.service.report import card, pack, workspace_name
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.verdicts import PORTFOLIO
from leadline.dashboard.words.weekly_message import (
    Follower,
    astray_words,
    is_folded,
    left_out_words,
    weekly_message,
)
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviews
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.entries import LedgerError, append, entries
from leadline.metrics.agreement.record_review import MACHINE, sync_alerts
from leadline.metrics.agreement.retirement import retired_workflows
from leadline.metrics.answers import as_recorded
from leadline.metrics.results import Review

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse


PICTURES = 6
"""cards in one mail, of the worst"""
LARGEST_PACK = 5 << 20
"""bytes: with its cards a mail then stays below the 10 MB that most servers take"""


def weekly(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`to` (each: `address`, `only` or None), `link`, `again` -> a message for each who has not had this week's.

    `text`, `html`, `cards` (content id, name, PNG as base64), `form` ('html' or 'pdf') and `pack` (as base64; '' where
    a mail has no room for it), `astray` (what there is to say of names in `only` that nothing is known by), `week`,
    `to`, `key`, `again`. It is a review: what it shows is recorded. With `again` also to who has had it.
    """
    from leadline.dashboard.drawings.mail_html import mail_html

    catalog, today = load_catalog(workspace), workspace.today()
    review = reviews.review(warehouse, workspace, today)
    review = as_recorded(review, sync_alerts(warehouse, review))
    gates.recorded(warehouse, workspace, review, looked=True)
    week, name, link = (
        review.complete_through.isoformat(),
        workspace_name(workspace),
        arguments.get("link") or "",
    )
    had, left = _had(warehouse, week), _left(warehouse)
    over = {each.workflow for each in retired_workflows(warehouse, ())}
    drawn: dict[str, Json] = {}
    packs: dict[tuple[str, ...], bytes] = {}
    for to in arguments["to"]:
        key = key_of(warehouse, to["address"])
        if key in left or (key in had and not arguments.get("again")):
            continue
        only = tuple(to["only"]) if to["only"] is not None else None
        followed = followed_of(review, only)
        named = {name for each in review.workflows for name in (each.workflow, each.owner)}
        lost = [each for each in only or () if each not in named]
        astray = astray_words(
            [each for each in lost if each not in over], [each for each in lost if each in over]
        )
        codes = {
            each.workflow: review_codes.keep(warehouse, review, each, MACHINE) for each in followed.workflows
        }
        names = tuple(each.workflow for each in followed.workflows)
        form = (
            "pdf" if len(names) >= PORTFOLIO else "html"
        )  # of many a page that is printed is a tenth as large
        if names not in packs:
            packs[names] = pack(warehouse, workspace, followed, catalog, form, by=MACHINE)
        attached = packs[names] if len(packs[names]) <= LARGEST_PACK else None
        open_ones = [each for each in followed.workflows if not is_folded(followed, each)]
        for each in open_ones[:PICTURES]:
            if each.workflow not in drawn:
                png = card(warehouse, workspace, review, each, catalog, by=MACHINE, theme="light", scale=1)
                cid = hashlib.sha256(png).hexdigest()[:24]
                drawn[each.workflow] = {"cid": cid, "name": each.workflow, "png": _packed(png)}
        too_large = 0 if attached is not None else len(packs[names]) >> 20
        left_out = left_out_words(len(open_ones[PICTURES:]), too_large)
        is_person = "@" in to["address"]
        token = leaving_token(warehouse, to["address"])
        leave = f"{link}/feeds/unsubscribe/{token}" if link and is_person else ""
        with writing(workspace.settings.locale):
            message = weekly_message(
                followed,
                catalog,
                workspace_name=name,
                codes=codes,
                follower=Follower(only, astray, leave, not is_person),
                left_out=left_out,
                link=link,
            )
        cards = [drawn[each.workflow] for each in open_ones[:PICTURES]]
        yield {
            "to": to["address"],
            "key": key,
            "week": week,
            "astray": astray,
            "again": bool(arguments.get("again")),
            "subject": message.subject,
            "text": message.text(),
            "html": mail_html(message, {one["name"]: one["cid"] for one in cards}),
            "cards": cards,
            "form": form,
            "pack": _packed(attached) if attached is not None else "",
            "unsubscribe": leave,
        }


def followed_of(review: Review, only: Sequence[str] | None) -> Review:
    """The review with just those workflows that are named, or whose owner is; None: with all."""
    if only is None:
        return review
    kept = tuple(each for each in review.workflows if each.workflow in only or each.owner in only)
    return replace(review, workflows=kept)


def weekly_sent(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`key` and `week` -> nothing; that it was sent is in the ledger."""
    append(warehouse, "week_sent", {"week": arguments["week"]}, by=MACHINE, subject=arguments["key"])
    yield from ()


def unsubscribe(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`address` and `back` (True: subscribe again) -> nothing; from now on that address has no weekly message.

    Raises LedgerError where nobody follows with it: who meant another one would go on having mail.
    """
    address = arguments["address"].strip()
    if address.lower() not in {each.strip().lower() for each in notifying(workspace).people}:
        raise LedgerError(f"Nobody follows with {address[:100]}; leadline.toml says who does.")
    key = key_of(warehouse, arguments["address"])
    _leave(warehouse, key, back=bool(arguments.get("back")))
    yield from ()


def leave_by_token(warehouse: Warehouse, token: str, addresses: Sequence[str]) -> bool:
    """Ends the messages of whom a link names; False where it names nobody that there is."""
    found = [each for each in addresses if hmac.compare_digest(leaving_token(warehouse, each), token)]
    for each in found:
        _leave(warehouse, key_of(warehouse, each), back=False)
    return bool(found)


def key_of(warehouse: Warehouse, address: str) -> str:
    return f"follower {_hash(warehouse, 'follower', address)[:16]}"


def leaving_token(warehouse: Warehouse, address: str) -> str:
    """What a link of a message ends it with: nobody can make it who does not know the workspace."""
    return _hash(warehouse, "unsubscribe", address)[:43]


def _hash(warehouse: Warehouse, purpose: str, address: str) -> str:
    told = f"{purpose}\n{address.strip().lower()}".encode("utf-8", "surrogatepass")
    return hmac.new(warehouse.salt().encode(), told, hashlib.sha256).hexdigest()


def _leave(warehouse: Warehouse, key: str, *, back: bool) -> None:
    if (key in _left(warehouse)) != back:
        if back:
            raise LedgerError(
                "That address gets the weekly message already, as soon as leadline.toml names it."
            )
        return
    append(warehouse, "followed_again" if back else "unsubscribed", {}, by=MACHINE, subject=key)


def _had(warehouse: Warehouse, week: str) -> set[str]:
    return {
        entry.subject or "" for entry in entries(warehouse, ("week_sent",)) if entry.payload["week"] == week
    }


def _left(warehouse: Warehouse) -> set[str]:
    left: set[str] = set()
    for entry in entries(warehouse, ("unsubscribed", "followed_again")):
        (left.add if entry.kind == "unsubscribed" else left.discard)(entry.subject or "")
    return left


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


WEEKLY_COMMANDS = {
    "weekly": Command(weekly),
    "weekly_sent": Command(weekly_sent),
    "unsubscribe": Command(unsubscribe),
}
