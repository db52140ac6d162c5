"""What somebody who is named on an alert is told by mail, and what is said of it on the page."""

from __future__ import annotations

from collections.abc import Sequence

from leadline.dashboard.words.alerts import agreed_words, alert_title
from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.formats import NAME_LETTERS, listed, one_line, shortened
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.entries import Entry


def mention_message(
    event: Entry, alert: Alert, catalog: Catalog, workspace: str, link: str
) -> tuple[str, str]:
    """Subject and text. `link`: to the alert, '' where the dashboard's address is not told."""
    who = shortened(one_line(event.by), NAME_LETTERS)
    if event.kind == "alert_assigned":
        said = f"{who} asks you to look after this alert."
        subject = f"{who} assigned {alert.id} to you"
    else:
        said = f"{who} wrote:\n\n{event.payload['text']}"
        subject = f"{who} mentioned you on {alert.id}"
    lines = [said, "", alert_title(alert, catalog), agreed_words(alert, catalog)]
    foot = f"Leadline, workspace {one_line(workspace)}, alert {alert.id}."
    title = alert_title(alert, catalog).rstrip(".")
    return f"{subject}: {title}", "\n".join([*lines, "", foot, *([link] if link else [])])


def mentions_words(mailed: Sequence[str], unknown: Sequence[str], problem: str) -> str:
    """' Mailed to ana@example.com.'; '' where nobody was named."""
    told = [f"Mailed to {listed(list(mailed))}."] if mailed else []
    if problem:
        told.append(f"{'Not everybody' if mailed else 'Nobody'} was mailed: {problem}")
    if unknown:
        names = listed([f"“@{one_line(name)}”" for name in unknown])
        one = len(unknown) == 1
        told.append(
            f"{names} {'is' if one else 'are'} nobody's name, or several people's, in leadline.toml, so no mail went "
            f"{'there' if one else 'to them'}."
        )
    return "".join(f" {one}" for one in told)
