"""Headings of whom a message went to: what tells the messages apart that a system sends to many under one identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadline.data.templates import Template, fold

RECIPIENTS = tuple(
    fold(heading)
    for heading in (
        "recipient", "recipients", "recipient id", "recipient email", "recipient address", "recipient email address",
        "to", "to email", "to address", "email", "e-mail", "email id", "email address", "e-mail address", "contact",
        "contact id", "contact email", "contact key", "prospect", "prospect id", "prospect email", "person id",
        "lead", "lead id", "lead email", "subscriber", "subscriber id", "subscriber key", "subscriber email",
        "subscriber hash", "customer id", "customer email", "empfänger", "empfänger-id", "empfänger e-mail",
        "e-mail-adresse", "kontakt", "kontakt-id", "destinataire", "adresse e-mail", "destinatario", "correo",
        "correo electrónico", "destinatário", "indirizzo email", "ontvanger", "e-mailadres", "odbiorca", "adres e-mail",
        "mottagare", "получатель", "宛先", "收件人",
    )
)  # fmt: skip


def recipient_places(folded: Sequence[str], template: Template, places: Mapping[str, int]) -> tuple[int, ...]:
    """Places of the columns that say to whom a message went, the lead's own first; none of other templates' files."""
    if template.name != "emails":
        return ()
    taken = {place for ours, place in places.items() if ours != "lead_id"}
    lead = [places["lead_id"]] if "lead_id" in places else []
    named = [place for place, heading in enumerate(folded) if heading in RECIPIENTS and place not in taken]
    return tuple(dict.fromkeys([*lead, *named]))
