"""Mail with pictures and an attachment, through a mail server whose address stands in LEADLINE_SMTP.

`smtps://USER:PASSWORD@HOST:465?from=leadline@example.com`, or `smtp://…:587` which asks for STARTTLS; only to this very
machine mail goes unencrypted. A password is written as in any web address ('%40' for '@').
"""

from __future__ import annotations

import base64
import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

VARIABLE = "LEADLINE_SMTP"
TIMEOUT_SECONDS = 30.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def send(server: str, message: Mapping[str, Any]) -> str:
    """'' where the server took it, else one sentence without any secret. `message`: as `weekly` yields it."""
    try:
        url = urlsplit(server)
        host, port = url.hostname or "", url.port or (465 if url.scheme == "smtps" else 587)
        sender = parse_qs(url.query).get("from", [unquote(url.username or "")])[0]
        mail = composed(sender, message)
    except (ValueError, IndexError):
        return f"{VARIABLE} or the address is not readable; docs/decisions.md shows how they are written."
    if url.scheme not in ("smtp", "smtps") or not host or "@" not in sender:
        return f"{VARIABLE} is no mail server's address with a sender; docs/decisions.md shows how it is written."
    try:
        with ExitStack() as left:
            connection = _connected(url.scheme, host, port)
            left.callback(_leave, connection)
            if url.username:
                connection.login(unquote(url.username), unquote(url.password or ""))
            connection.send_message(mail)
    except smtplib.SMTPRecipientsRefused:
        return "the mail server does not take mail for this address."
    except smtplib.SMTPAuthenticationError:
        return f"the mail server does not take the name and password of {VARIABLE}."
    except smtplib.SMTPResponseException as e:
        return f"the mail server answered with status {e.smtp_code}."
    except (OSError, smtplib.SMTPException) as e:
        return f"the mail server could not be reached ({getattr(e, 'strerror', None) or type(e).__name__})."
    return ""


def _leave(connection: smtplib.SMTP) -> None:
    """What the server says to that changes nothing: it has taken the message, or it has not."""
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()


def composed(sender: str, message: Mapping[str, Any]) -> EmailMessage:
    """Text, the same as HTML with its pictures, and the pack. Raises ValueError for addresses that are none."""
    mail = EmailMessage()
    mail["Subject"] = message["subject"]
    mail["From"], mail["To"] = Address(addr_spec=sender), Address(addr_spec=message["to"])
    mail["Date"], mail["Message-ID"] = formatdate(), _identity(message, sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    if link := message.get("unsubscribe"):
        mail["List-Unsubscribe"] = f"<{link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message["text"])
    if html := message.get("html"):
        mail.add_alternative(html, subtype="html")
        page = mail.get_payload()[1]  # type: ignore[index]
        for card in message["cards"]:
            page.add_related(  # type: ignore[union-attr]
                base64.b64decode(card["png"]),
                "image",
                "png",
                cid=f"<{card['cid']}>",
                filename=f"{card['name']}.png",
            )
    if pack := message.get("pack"):
        name = f"weekly-review-{message['week']}.{message['form']}"
        kind = ("application", "pdf") if message["form"] == "pdf" else ("text", "html")
        mail.add_attachment(base64.b64decode(pack), *kind, filename=name)
    return mail


def _identity(message: Mapping[str, Any], domain: str) -> str:
    """The same for a week's message to one person, so that two of one are known as one where a process died between
    the server's answer and its note; another one for a message that somebody wants again."""
    if "key" not in message or message.get("again"):
        return make_msgid(domain=domain)
    known = hashlib.sha256(f"{message['key']} {message['week']}".encode()).hexdigest()[:32]
    return f"<{known}@{domain}>"


def _connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if host not in _LOOPBACK:
        connection.starttls(context=ssl.create_default_context())
    return connection
