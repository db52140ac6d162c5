"""`leadline …`: reads the command line, has the work done where the workspace is open, prints the results."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from leadline.dashboard.cli import (
    backup,
    erase,
    errors,
    gate,
    inbox,
    ledger,
    mcp,
    options,
    print_landing,
    publish,
    pull,
    readiness,
    retention,
    token,
    weekly,
)
from leadline.dashboard.cli.progress import Progress
from leadline.dashboard.cli.report import report
from leadline.dashboard.service import client
from leadline.dashboard.service.command import user_name
from leadline.data.plain_json import to_json


@click.group(
    "leadline",
    cls=errors.OneSentence,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(client.VERSION, message="leadline %(version)s")
@options.workspace_option
def main(workspace: Path | None) -> None:
    """Leadline shows where AI in marketing makes the easy numbers better and the business no better.

    It lands exports of your CRM and e-mail tools and compares proxies (speed, opens, clicks, volume) with
    commercial outcomes (close rate, qualified appointments, use by sales), workflow by workflow.

    \b
    First look, with samples:    leadline demo
    With your own exports:       leadline init myteam
                                 leadline ingest --workspace myteam leads.csv deals.csv
                                 leadline charter --workspace myteam charter.yaml
                                 leadline check --workspace myteam
    """


@main.command(short_help="Try Leadline with samples.")
@options.workspace_option
@click.option(
    "--port",
    metavar="N",
    type=options.PORT,
    help="Port on this machine. Default: 8501, or the next free one.",
)
@click.option("--no-browser", is_flag=True, help="Don't open a browser.")
@click.option("--build-only", is_flag=True, help="Make the sample workspace, don't serve it.")
@click.option(
    "--story",
    metavar="NAME",
    help="One workflow that drifts: bidding, content-studio, lead-routing, nurture, outbound or support-chat.",
)
@click.option(
    "--as-of",
    type=options.DATE,
    metavar="DATE",
    help="Samples that end on the last Sunday of this day, on which the clock stands still. Default: they end on the "
    "last Sunday, and the clock runs.",
)
def demo(
    workspace: Path | None,
    port: int | None,
    no_browser: bool,
    build_only: bool,
    story: str | None,
    as_of: dt.date | None,
) -> int:
    """Try Leadline with samples: three AI workflows, one of which drifts.

    Makes a sample workspace (once, in ~/leadline-demo unless --workspace names another folder) and serves its
    dashboard until Ctrl+C. With --story it is that of one workflow, in ~/leadline-NAME, with its exports, charter and
    metrics as files, on the day on which somebody has to decide.

    \b
    Example:  leadline demo
              leadline demo --port 8600 --no-browser
              leadline demo --story support-chat
    """
    from leadline.dashboard.service import new_workspace
    from leadline.dashboard.service.server import serve

    if story is not None and as_of is not None:
        raise click.UsageError("A story stands on the day of its decision; leave out --story or --as-of.")
    told = new_workspace.known_story(story) if story is not None else None
    folder = new_workspace.demo_folder(options.named(workspace), story)
    with Progress("Making the sample workspace:") as progress:
        made = new_workspace.make_demo(folder, progress.step, told, as_of)
    click.echo(f"{'Made a' if made else 'Using the'} sample workspace at {folder}.")
    if build_only:
        return 0
    return serve(options.opened(folder), port, not no_browser, errors.USUAL_COLLECTION, click.echo)


@main.command(short_help="Make an empty workspace.")
@click.argument("directory", metavar="DIR", required=False, type=click.Path(path_type=Path))
@options.workspace_option
def init(directory: Path | None, workspace: Path | None) -> int:
    """Make an empty workspace: a folder for your data, charters and settings.

    It holds an example charter full of comments; copy it, fill it in and register it with 'leadline charter'.

    \b
    Example:  leadline init myteam
    """
    from leadline.dashboard.service import new_workspace
    from leadline.data.workspace.workspace import locate

    folder = locate(directory or options.named(workspace))
    made = new_workspace.make_workspace(folder)
    click.echo(
        print_landing.begun(folder) if made else f"{folder} is a Leadline workspace already; nothing changed."
    )
    return 0


@main.command(short_help="Land exports.")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.workspace_option
@click.option(
    "--template",
    metavar="NAME",
    type=options.TEMPLATE,
    help="What a row is, where the headers don't tell.",
)
@click.option(
    "--mapping",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="YAML: their column → ours, and constants.",
)
@click.option("--workflow", metavar="ID", help="Every row of these files belongs to this workflow.")
@click.option(
    "--dates",
    type=click.Choice(["dmy", "mdy", "ymd"]),
    help="Does 01/02/03 begin with the day, the month or the year?",
)
@click.option(
    "--timezone",
    metavar="ZONE",
    type=options.ZONE,
    help="The zone of times written without one, such as Europe/Berlin.",
)
@click.option(
    "--percent", type=click.Choice(["fraction", "percent"]), help="Does 0.5 mean 50 % or half a percent?"
)
@click.option(
    "--numbers",
    type=click.Choice(["point", "comma"]),
    help="What stands before decimals: is 1.234 above 1,000?",
)
@click.option(
    "--encoding", metavar="NAME", help="The encoding of a file that is not in UTF-8, such as cp1250."
)
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook.")
@click.option("--header-row", type=click.IntRange(1), metavar="N", help="The line that holds the headers.")
@click.option("--exported-on", type=options.DATE, metavar="DATE", help="The day the file was exported.")
@click.option(
    "--complete", is_flag=True, help="The file holds every row of its span; name those that are gone."
)
@click.option("--retire", is_flag=True, help="With --complete: such rows are facts no more.")
@click.option(
    "--accept",
    metavar="CODE",
    multiple=True,
    type=options.DOUBT,
    help="What this file changes of what is known is right; CODE is the question's.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; land nothing.")
@options.json_option
def ingest(files: tuple[Path, ...], workspace: Path | None, dry_run: bool, as_json: bool, **said: Any) -> int:
    """Land exports: CSV files become rows that can be judged.

    Each file is landed whole or not at all. Rows that can't be right are quarantined with the reason; the
    same file again changes nothing; a newer export of a row replaces the older one. What is ambiguous is
    asked, never guessed.

    Exit status: 0 all landed, 1 landed with rows quarantined, 2 a file was refused or asks.

    \b
    Example:  leadline ingest leads.csv deals.csv
              leadline ingest pipeline.csv --mapping pipeline.yaml --workflow lead-routing --dry-run
    """
    arguments = {
        "files": [str(file.expanduser().absolute()) for file in files],
        "mapping": str(said.pop("mapping").expanduser().absolute()) if said["mapping"] else None,
        "exported_on": said["exported_on"].isoformat() if said["exported_on"] else None,
        "dry_run": dry_run,
        **{name: value for name, value in said.items() if name not in ("mapping", "exported_on")},
    }
    reports = []
    with Progress("Checking" if dry_run else "Landing") as progress:
        progress.step(f"{files[0].name} (1 of {len(files)})")
        for report in client.run(options.opened(workspace), "ingest", arguments):
            reports.append(report)
            if len(reports) < len(files):
                progress.step(f"{files[len(reports)].name} ({len(reports) + 1} of {len(files)})")
    if as_json:
        click.echo(to_json({"files": reports}, indent=2))
    for report in reports:
        if not as_json:
            print_landing.landed(report, dry_run)
        if report["state"] != "landed":
            errors.complain(print_landing.not_landed(report))
            for line in () if as_json else print_landing.proposed(report):
                click.echo(line, err=True)
    if any(report["state"] != "landed" for report in reports):
        return 2
    return 1 if any(report["rows"]["quarantined"] for report in reports) else 0


@main.command(short_help="List what has landed.")
@options.workspace_option
@click.option(
    "--restated", is_flag=True, help="Also list numbers that a review has shown and that are others now."
)
@options.json_option
def imports(workspace: Path | None, restated: bool, as_json: bool) -> int:
    """List what has landed: when, from which file, how many rows.

    \b
    Example:  leadline imports
              leadline imports --restated
    """
    opened = options.opened(workspace)
    found = {"imports": list(client.run(opened, "imports", {}))}
    if restated:
        found["restated"] = list(client.run(opened, "restated", {}))
    if as_json:
        click.echo(to_json(found, indent=2))
        return 0
    click.echo(print_landing.imports(found["imports"]))
    if restated:
        click.echo(print_landing.restated(found["restated"]))
    return 0


@main.command(short_help="Take one import back.")
@click.argument("import_id", metavar="IMPORT", type=click.IntRange(1))
@options.workspace_option
def undo(import_id: int, workspace: Path | None) -> int:
    """Take one import back, as if it had never been. Rows that it replaced come back.

    \b
    Example:  leadline undo 3     (the number that 'leadline imports' shows)
    """
    for record in client.run(options.opened(workspace), "undo", {"import_id": import_id}):
        click.echo(print_landing.undone(record))
    return 0


@main.command(short_help="Take rows out of the facts.")
@click.argument("template", metavar="TEMPLATE", type=options.TEMPLATE)
@click.argument("identities", metavar="ID…", nargs=-1, required=True)
@click.option("--reason", metavar="TEXT", required=True, help="Why; it stands in the list of imports.")
@options.workspace_option
def retire(template: str, identities: tuple[str, ...], reason: str, workspace: Path | None) -> int:
    """Take rows out of the facts: a test deal, a lead that is a colleague. They come back with 'leadline undo'.

    A later export that holds such a row brings it back too, and says so.

    \b
    Example:  leadline retire deals D17 D18 --reason "Test deals of the trial"
    """
    arguments = {"template": template, "identities": list(identities), "reason": reason}
    for record in client.run(options.opened(workspace), "retire", arguments):
        click.echo(print_landing.retired(record))
    return 0


@main.command(short_help="Print the rows of an import that were set aside.")
@click.argument("import_id", metavar="IMPORT", type=click.IntRange(1))
@options.workspace_option
@click.option(
    "--to-correct", is_flag=True, help="With the headings they came with, to be corrected and landed."
)
def rejected(import_id: int, workspace: Path | None, to_correct: bool) -> int:
    """Print the rows of an import that were set aside, as CSV that is safe to open in a spreadsheet.

    Each says its line, column and reason. With --to-correct the rows have the headings of their export: correct
    them and land the file with 'leadline ingest'.

    \b
    Example:  leadline rejected 3
              leadline rejected 3 --to-correct > corrected.csv
    """
    arguments = {"import_id": import_id, "to_correct": to_correct}
    for written in client.run(options.opened(workspace), "rejected", arguments):
        click.echo(written["csv"], nl=False)
    return 0


@main.command(short_help="Check and register what was agreed.")
@click.argument("files", metavar="FILE…", nargs=-1, type=click.Path(path_type=Path))
@options.workspace_option
@click.option("--sign", metavar="ROLE", help="Sign them in the name of this role, dated today.")
@click.option("--retire", metavar="WORKFLOW", help="Watch this workflow no more; its history stays.")
@click.option("--reason", metavar="TEXT", help="With --retire: why it is over.")
def charter(
    files: tuple[Path, ...], workspace: Path | None, sign: str | None, retire: str | None, reason: str | None
) -> int:
    """Check and register charters: what was agreed for a workflow before its AI was deployed.

    All of them are registered or none; every version is kept. A charter that can't be used is refused with
    every fault, its line and what to write instead.

    \b
    Example:  leadline charter lead-routing.yaml
              leadline charter lead-routing.yaml --sign "Managing Director"
              leadline charter --retire lead-routing --reason "Replaced by the new agent"
    """
    if bool(retire) == bool(files) or bool(retire) != (reason is not None) or (retire and sign):
        raise click.UsageError("Name the files to register, or a workflow with --retire and --reason.")
    if retire:
        over = {"workflow": retire, "reason": reason, "by": user_name()}
        for told in client.run(options.opened(workspace), "retire_workflow", over):
            click.echo(print_landing.workflow_retired(told))
        return 0
    arguments = {"files": [str(file.expanduser().absolute()) for file in files], "sign": sign}
    for registered in client.run(options.opened(workspace), "charter", arguments):
        click.echo(print_landing.registered(registered))
    return 0


@main.command(short_help="Print the weekly review.")
@options.workspace_option
@click.option(
    "--as-of", type=options.DATE, metavar="DATE", help="Only what was known at the end of this day."
)
@click.option("--workflow", metavar="ID", help="Print and judge this one alone.")
@options.json_option
@click.option("--notify", is_flag=True, help="Also send what is due to Slack, Teams, e-mail or a webhook.")
def check(
    workspace: Path | None, as_of: dt.date | None, workflow: str | None, as_json: bool, notify: bool
) -> int:
    """Print the weekly review: is any workflow drifting, since when, and what is to be done?

    Exit status: 0 nothing breached, 3 a stopping rule is breached, 4 the data can't be judged, 2 an error.

    \b
    Example:  leadline check
              leadline check --as-of 2024-06-30 --json
              leadline check --workflow lead-routing
    """
    status = 0
    arguments = {"as_of": as_of.isoformat() if as_of else None, "workflow": workflow}
    with Progress("Reviewing") as progress:
        progress.step("every workflow")
        reviewed = list(client.run(options.opened(workspace), "check", arguments))
    for result in reviewed:
        click.echo(to_json(result["review"], indent=2) if as_json else result["text"], nl=as_json)
        for note in result["notes"]:
            click.echo(note, err=True)
        status = result["status"]
    if notify:
        from leadline.dashboard.service.notify import deliver

        for sentence in deliver(options.opened(workspace)):
            click.echo(sentence, err=True)
    return status


@main.command(short_help="Repeat the review for every week of a span.")
@options.workspace_option
@click.option(
    "--from", "first", required=True, type=options.DATE, metavar="DATE", help="First day of the span."
)
@click.option("--to", "last", required=True, type=options.DATE, metavar="DATE", help="Last day of the span.")
@click.option("--every", type=click.Choice(["week"]), default="week", show_default=True, help="How often.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line; without it, one sentence a week."
)
def replay(workspace: Path | None, first: dt.date, last: dt.date, every: str, as_json: bool) -> int:
    """Repeat the review at every week end of a span, each with only what was known then.

    \b
    Example:  leadline replay --from 2024-01-01 --to 2024-06-30 --json
    """
    weeks = (last - first).days // 7 + 1
    arguments = {"first": first.isoformat(), "last": last.isoformat(), "every": every}
    # on a terminal the weeks themselves show how far it is
    with Progress("Replaying", quiet=sys.stdout.isatty()) as progress:
        for done, result in enumerate(client.run(options.opened(workspace), "replay", arguments), start=1):
            progress.step(f"week {done} of about {weeks}")
            click.echo(to_json(result["review"]) if as_json else result["line"])
    return 0


main.add_command(report)


@main.command(short_help="Serve the dashboard.")
@options.workspace_option
@click.option(
    "--port",
    metavar="N",
    type=options.PORT,
    help="Port on this machine. Default: 8501, or the next free one.",
)
@click.option("--no-browser", is_flag=True, help="Don't open a browser.")
def dashboard(workspace: Path | None, port: int | None, no_browser: bool) -> int:
    """Serve the workspace's dashboard on this machine until Ctrl+C.

    The other commands go on working meanwhile.

    \b
    Example:  leadline dashboard --workspace myteam
    """
    from leadline.dashboard.service.server import serve

    return serve(options.opened(workspace), port, not no_browser, errors.USUAL_COLLECTION, click.echo)


@main.command(short_help="Say whether everything is in order.")
@options.workspace_option
def doctor(workspace: Path | None) -> int:
    """Say whether everything is in order: versions, the workspace, freshness of the data, and what to do.

    Every row of the workspace is read for it.

    Exit status: 0 in order, 2 something needs attention.

    \b
    Example:  leadline doctor
    """
    from leadline.dashboard.cli.doctor import examine

    with Progress("Looking at") as progress:
        progress.step("every row")
        findings = examine(options.named(workspace))
    for finding in findings:
        click.echo(finding.line())
    if broken := [finding for finding in findings if finding.state == "broken"]:
        return errors.complain(*(f"{finding.what}: {finding.to_do}" for finding in broken))
    in_order = all(finding.state == "fine" for finding in findings)
    click.echo("Everything is in order." if in_order else "Nothing is broken; what needs a look says so.")
    return 0


for command in (
    *ledger.COMMANDS,
    *backup.COMMANDS,
    gate.gate,
    readiness.readiness,
    token.token,
    inbox.inbox,
    publish.publish,
    erase.erase,
    retention.retention,
    weekly.weekly,
    weekly.schedule,
    mcp.mcp,
    pull.pull,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
