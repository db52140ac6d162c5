"""`leadline gate`: asked by machines, before each unit perhaps, so it brings along nothing that it doesn't need."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadline.dashboard.cli import errors, options
from leadline.dashboard.service import gate_files
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.formats import one_line

GO_ON, HALT, CANNOT_SAY = 0, 3, 4


@click.command(short_help="May this workflow go on?")
@click.argument("workflow", metavar="WORKFLOW")
@options.workspace_option
@click.option(
    "--key", metavar="TEXT", help="The unit, such as a lead's id: a share of them may be left to people."
)
@options.json_option
def gate(workflow: str, workspace: Path | None, key: str | None, as_json: bool) -> int:
    """May this workflow go on? For the machine that runs it: it is answered at once, from the last review and decision.

    Exit status: 0 yes, 3 no, 4 it can't be said (nobody has looked for too long, or there is no such workflow),
    2 an error.

    \b
    Example:  leadline gate lead-routing || exit 0
              leadline gate lead-routing --key L-17 --json
    """
    opened = options.opened(workspace)
    if not gate_files.are_written(opened):
        # restored, or of an earlier version: who was stopped there is stopped, and opening it writes its gates
        from leadline.dashboard.service import client

        list(client.run(opened, "imports", {}))
    with writing(opened.settings.locale):
        said = gate_files.ask(opened, workflow, key, by="leadline gate")
        if said is None:
            shown = one_line(f"'{workflow[:64]}'")  # the quotes keep spaces around it
            near = workflow.strip() != workflow and workflow.strip() in gate_files.workflows(opened)
            hint = "; there is one without the spaces around it" if near else ""
            sentence = f"There is no workflow {shown} here that was registered or reviewed{hint}."
            if as_json:
                click.echo(
                    json.dumps(gate_files.unknown_json(workflow, sentence), ensure_ascii=False, indent=2)
                )
            else:
                errors.complain(sentence)
            return CANNOT_SAY
        told = gate_files.answer_json(said)
    word = "can't say" if said.value is None else "yes" if said.value else "no"
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else f"{word}: {told['reason']}")
    return CANNOT_SAY if said.value is None else GO_ON if said.value else HALT
