"""Messages to many under one identity: folded by it, they would be one, and all of its recipients but one be lost.

Who a message went to says it, and where no column does, how often one and the same message was sent or delivered.
"""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import AskError, Question, Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.events import are_events
from leadline.data.sql import compose, quote

FEW = 0.01
"""share of the messages that may have several recipients, as where one was passed on, without a question"""
FEW_REPEATED = 0.2
"""the same of messages that were sent or delivered several times: systems tell some events twice"""


def look_at_recipients(session: Session, name: str, recognised: Recognised) -> list[Warned]:
    """Reads `typed_rows` and `stage` of e-mails. Raises AskError where many messages have several recipients.

    Few of them are told.
    """
    key = recognised.template.key[0]
    if recognised.template.name != "emails" or (place := recognised.places.get(key)) is None:
        return []
    for recipient in recognised.recipient_places:
        if recipient == place or recognised.folded[recipient] in _made_of(recognised):
            continue
        cell = f"cells.recipient(stage.{quote(f'c{recipient}')})"
        sql = compose("staging/recipients.sql", key=quote(key), cell=cell)
        if not session.select(compose("staging/several_recipients.sql", key=quote(key), cell=cell)):
            continue
        ((messages, several, most, example, lines),) = session.select(sql)
        heading = recognised.header[recipient]
        told = (
            f"{several:,} of {messages:,} messages in {name} went to several recipients under one {key}: {example!r} "
            f"to {most:,} of them by {heading!r} (such as lines {lines[0]} and {lines[-1]})."
        )
        return [_asked_or_told(recognised, told, heading, several > FEW * messages)]
    return _known_of_others(session, name, recognised) or _repeated(session, name, recognised)


def _known_of_others(session: Session, name: str, recognised: Recognised) -> list[Warned]:
    """The same where a message is known, and to another recipient than its events of this export name."""
    key = recognised.template.key[0]
    if not are_events(recognised) or (lead := recognised.places.get("lead_id")) is None:
        return []
    sql = compose(
        "staging/other_recipients.sql", key=quote(key), known=quote(f"current_{recognised.template.name}")
    )
    ((messages, several, example, lines),) = session.select(sql)
    if not several:
        return []
    heading = recognised.header[lead]
    told = (
        f"{several:,} of {messages:,} messages in {name} that are known went to another recipient than its {heading!r} "
        f"says, such as {example!r} (line {lines[0]}), so several recipients share one {key}."
    )
    return [_asked_or_told(recognised, told, heading, several > FEW * messages)]


def _repeated(session: Session, name: str, recognised: Recognised) -> list[Warned]:
    """The same where no column says to whom a message went."""
    event = recognised.places.get("event")
    if recognised.recipient_places or event is None or "event_at" not in recognised.places:
        return []
    known = recognised.words.get("event", {})
    words = [word for word, meaning in known.items() if meaning in ("sent", "delivered")]
    key = recognised.template.key[0]
    sql = compose("staging/repeated_sendings.sql", key=quote(key), cell=quote(f"c{event}"))
    ((messages, several, most, example, lines),) = session.select(sql, {"words": words})
    if not several:
        return []
    told = (
        f"{several:,} of {messages:,} messages in {name} were sent or delivered several times under one {key}: "
        f"{example!r} {most:,} times (such as lines {lines[0]} and {lines[-1]}), as where it went to several "
        "recipients, and no column says to whom."
    )
    return [_asked_or_told(recognised, told, None, several > FEW_REPEATED * messages)]


def _made_of(recognised: Recognised) -> tuple[str, ...]:
    """Headings of which the identity of a message is made."""
    recipe = recognised.recipes.get(recognised.template.key[0])
    return recipe.read if recipe else ()


def _asked_or_told(recognised: Recognised, told: str, heading: str | None, are_many: bool) -> Warned:
    """Warns that such messages are one row each; raises AskError where they are many."""
    key = recognised.template.key[0]
    if not are_many:
        return Warned("several_recipients", f"{told} Each became one row, with the first of its recipients.")
    made_of = [*_made_of(recognised)] or [recognised.header[recognised.places[key]]]
    them = f"{', '.join(made_of)}, {heading or 'Their recipient'}"
    advice = "" if heading else "Export the recipients too. "
    raise AskError(
        [
            Question(
                "no_id_column",
                f"{told} As one row each, all of their recipients but one would be lost. {advice}Which columns "
                "together identify a message to one recipient?",
                f"--mapping FILE that says 'template: {recognised.template.name}' and 'generate_id: [{them}]'",
                column=key,
            )
        ],
        recognised.template.name,
        recognised.source,
    )
