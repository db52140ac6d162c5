"""`leadline alerts, acknowledge, silence, decide, close, ledger`: what was noticed, and what was done about it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from leadline.dashboard.cli import errors, options
from leadline.dashboard.cli.progress import Progress
from leadline.dashboard.service import client
from leadline.dashboard.service.command import user_name
from leadline.dashboard.service.notify import deliver_turns
from leadline.data.plain_json import to_json
from leadline.data.workspace.workspace import Workspace


def _by(function: options.Function) -> options.Function:
    option = click.option("--by", metavar="WHO", help="In whose name. Default: your user name.")
    return option(function)


@click.command(short_help="List alerts and decisions.")
@options.workspace_option
@options.json_option
def alerts(workspace: Path | None, as_json: bool) -> int:
    """List what is overdue, every alert with open ones first, and notifications that could not be sent.

    An alert is one stay of a stopping rule in breach; 'leadline check' raises and resolves them.

    \b
    Example:  leadline alerts
    """
    from leadline.dashboard.cli import print_ledger

    for told in client.run(options.opened(workspace), "alerts", {}):
        click.echo(to_json(told, indent=2) if as_json else print_ledger.alerts(told))
    return 0


@click.command(short_help="Say that you look after an alert.")
@click.argument("alert", metavar="ALERT")
@options.workspace_option
@_by
def acknowledge(alert: str, workspace: Path | None, by: str | None) -> int:
    """Say that you look after an alert. ALERT is its id, as 'leadline alerts' shows it.

    \b
    Example:  leadline acknowledge A7 --by "Head of Sales"
    """
    for told in client.run(
        options.opened(workspace), "acknowledge", {"alert": alert, "by": by or user_name()}
    ):
        click.echo(f"Alert {told['id']} is acknowledged by {told['acknowledged_by']}.")
    return 0


@click.command(short_help="Send nothing about an alert for a while.")
@click.argument("alert", metavar="ALERT")
@options.workspace_option
@click.option("--until", required=True, type=options.DATE, metavar="DATE", help="Last day of the silence.")
@click.option("--reason", required=True, metavar="TEXT", help="Why nobody is to hear of it.")
@_by
def silence(alert: str, workspace: Path | None, until: dt.date, reason: str, by: str | None) -> int:
    """Send nothing about an alert until the end of a day. If it gets materially worse, it is raised again anyway.

    \b
    Example:  leadline silence A7 --until 2026-12-04 --reason "New brief goes live on 1 December"
    """
    arguments = {
        "alert": alert,
        "until": until.isoformat(),
        "reason": reason,
        "by": by or user_name(),
    }
    for told in client.run(options.opened(workspace), "silence", arguments):
        click.echo(f"Nothing is sent about alert {told['id']} until {told['silenced_until']}.")
    return 0


@click.command(short_help="Record a decision.")
@click.argument("about", metavar="ALERT|WORKFLOW")
@click.argument("kind", type=click.Choice(["continue", "adjust", "pause", "stop"]))
@options.workspace_option
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--changes", metavar="TEXT", help="What changes.")
@click.option("--owner", metavar="ROLE", help="Who sees to it. Default: the workflow's owner.")
@click.option(
    "--next",
    "planned",
    type=options.DATE,
    metavar="DATE",
    help="When somebody looks again; needed unless it is a stop.",
)
@_by
def decide(
    about: str,
    kind: str,
    workspace: Path | None,
    reason: str,
    changes: str | None,
    owner: str | None,
    planned: dt.date | None,
    by: str | None,
) -> int:
    """Record what was decided on an alert, or on a workflow without one.

    The review that was shown last is the evidence; where something has landed since, a new one is made and kept first,
    but not for a pause or a stop, which take effect at once. From today on, Leadline watches whether the outcome comes
    back.

    \b
    Example:  leadline decide A7 adjust --reason "Speed crowds out fit" --changes "Score on fit first"
                  --next 2026-12-20
    """
    from leadline.dashboard.cli import print_ledger

    arguments = {
        "about": about,
        "kind": kind,
        "reason": reason,
        "changes": changes,
        "owner": owner,
        "next": planned.isoformat() if planned else None,
        "by": by or user_name(),
    }
    opened = options.opened(workspace)
    with Progress("Reviewing") as progress:
        progress.step("what the decision rests on")
        (told,) = client.run(opened, "decide", arguments)
    click.echo(print_ledger.decided(told))
    for sentence in deliver_turns(opened):
        click.echo(sentence, err=True)
    return 0


@click.command(short_help="Close the weekly review.")
@click.argument("workflows", metavar="[WORKFLOW…]", nargs=-1)
@options.workspace_option
@click.option("--notes", metavar="TEXT", help="What was said.")
@click.option(
    "--carry-over",
    "carried",
    nargs=2,
    multiple=True,
    metavar="ALERT REASON",
    help="Why nobody decides on an alert yet; once for each that waits.",
)
@click.option("--carry-over-others", "others", metavar="REASON", help="The same of all that wait beside.")
@click.option("--as-of", type=options.DATE, metavar="DATE", help="Close the week to this day late.")
@_by
def close(
    workflows: tuple[str, ...],
    workspace: Path | None,
    notes: str | None,
    carried: tuple[tuple[str, str], ...],
    others: str | None,
    as_of: dt.date | None,
    by: str | None,
) -> int:
    """Close the weekly review, of these workflows or of all: what it shows is kept, their checkpoints are done.

    Alerts that wait for a decision are asked about on a terminal, or carried over with a reason: each with
    --carry-over, or all that are left with --carry-over-others. Without a reason for each, nothing is closed.

    \b
    Example:  leadline close --notes "Brief of the content studio is changed on Monday"
              leadline close --carry-over A9 "The board decides on Thursday"
              leadline close --as-of 2026-11-08
    """
    from leadline.dashboard.cli import print_ledger

    opened, reasons = options.opened(workspace), dict(carried)
    if not carried and not others and sys.stdin.isatty():
        reasons = _asked(opened, workflows, as_of)
    arguments = {
        "workflows": list(workflows),
        "notes": notes,
        "by": by or user_name(),
        "carried": reasons,
        "others": others,
        "as_of": as_of.isoformat() if as_of else None,
    }
    for told in client.run(opened, "close", arguments):
        click.echo(print_ledger.closed(told))
        for sentence in print_ledger.carried(told):
            click.echo(sentence, err=True)
    return 0


def _asked(workspace: Workspace, workflows: Sequence[str], as_of: dt.date | None) -> dict[str, str]:
    """Alert -> why it is carried over, asked on the terminal. Raises LedgerError where one is to be decided first."""
    from leadline.dashboard.cli import print_ledger
    from leadline.metrics.agreement.entries import LedgerError

    reasons: dict[str, str] = {}
    for told in client.run(workspace, "alerts", {}):
        for alert in told["alerts"]:
            waits = alert["state"] in ("raised", "acknowledged")
            is_meant = not workflows or alert["workflow"] in workflows
            if not (waits and is_meant and (as_of is None or alert["as_of"] <= as_of.isoformat())):
                continue
            click.echo(print_ledger.waiting(alert))
            said = click.prompt("Why is it carried over? Leave empty to decide first", "", show_default=False)
            if not said.strip():
                raise LedgerError(print_ledger.decide_first(alert))
            reasons[alert["id"]] = said
    return reasons


@click.command(short_help="List or verify everything that was recorded.")
@options.workspace_option
@options.json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV that is safe to open in a spreadsheet.")
@click.option(
    "--verify", "verifies", is_flag=True, help="Check that every row is as it was written, landed ones too."
)
@click.option(
    "--head", metavar="HASH", help="With --verify: a newest hash noted earlier, which must be there."
)
def ledger(workspace: Path | None, as_json: bool, as_csv: bool, verifies: bool, head: str | None) -> int:
    """List everything that was registered, noticed, shown, decided and sent, oldest first; rows never change.

    \b
    Example:  leadline ledger --verify
              leadline ledger --csv > ledger.csv
    """
    from leadline.dashboard.cli import print_ledger

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other; choose one")
    found = next(
        client.run(options.opened(workspace), "ledger", {"head": head, "csv": as_csv, "facts": verifies})
    )
    if as_json:
        click.echo(to_json({"rows": found["rows"], "broken": found["broken"]}, indent=2))
    elif as_csv:
        click.echo(found["csv"], nl=False)
    elif not verifies:
        click.echo(print_ledger.rows(found["rows"]))
    if (verifies or head) and found["broken"]:
        return errors.complain(print_ledger.broken(found["broken"]))
    if verifies and not (as_json or as_csv):
        click.echo(print_ledger.verified(found["rows"]))
        click.echo(found["compared"])
    return 0


COMMANDS = (alerts, acknowledge, silence, decide, close, ledger)
