"""What the command line says about landings, imports, charters and new workspaces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from leadline.dashboard.words.formats import counted, listed, number, one_line, shortened

Json = dict[str, Any]
_LINES_SHOWN = 5
_CELL_LETTERS = 60
_COUNTS = ("new", "updated", "unchanged", "stale", "skipped", "quarantined")


def landed(report: Json, dry_run: bool = False) -> None:
    """One line a file, then its reasons and remarks. What was not landed is for `not_landed` to say."""
    if report["state"] == "landed":
        as_import = (
            f" as import {report['import_id']}" if report["import_id"] is not None and not dry_run else ""
        )
        verb = "would land" if dry_run else "landed"
        click.echo(f"{_name(report)}: {verb}{as_import} ({report['template']}): {_rows(report['rows'])}")
    for reason in report["reasons"]:
        click.echo(f"  {_reason(reason)}")
    for line in replaced(report) if dry_run else ():
        click.echo(f"  {line}")
    for warning in report["warnings"]:
        click.echo(f"  Note: {one_line(warning['message'])}")


def not_landed(report: Json) -> str:
    """Why a file was refused, or what it asks and which option answers."""
    if report["state"] == "asks":
        asked = "; ".join(
            f"{one_line(question['message'])} Answer with {question['option']}"
            for question in report["questions"]
        )
        return (
            f"{_name(report)} was not landed because of a question: {asked or one_line(report['message'])}."
        )
    said = one_line(report["message"])
    return said if _name(report) in said else f"{_name(report)} was refused: {said}"


def proposed(report: Json) -> list[str]:
    """The mapping that is proposed, ready to be corrected and saved; no lines where none is."""
    said = report.get("suggestion")
    if report["state"] != "asks" or not said or not said["columns"]:
        return []
    lines = [f"template: {said['template']}", "columns:"]
    lines += [f"  {_quoted(heading)}: {ours}" for heading, ours in said["columns"].items()]
    if said.get("generate_id"):
        lines.append(f"generate_id: [{', '.join(map(_quoted, said['generate_id']))}]")
    head = "Proposed by names and cells alone; check it, save it as mapping.yaml, land with --mapping mapping.yaml:"
    return [f"  {head}", *(f"    {line}" for line in lines)]


def _quoted(heading: str) -> str:
    return json.dumps(one_line(heading), ensure_ascii=False)


def replaced(report: Json) -> list[str]:
    """The first cells that would be replaced: 'replaces D1, stage: open → won (line 2)'."""
    changes = report.get("changes", [])
    lines = [
        f"replaces {_short(one['row'])}, {_short(one['column'])}: {_short(one['before'])} → {_short(one['after'])} "
        f"(line {number(one['line'])})"
        for one in changes[:_LINES_SHOWN]
    ]
    more = report["rows"]["updated"] - len({one["row"] for one in changes[:_LINES_SHOWN]})
    return [*lines, f"… and more in {counted(more, 'further row')}"] if lines and more > 0 else lines


def _short(cell: str | None) -> str:
    return "(empty)" if cell is None else shortened(one_line(cell), _CELL_LETTERS)


def _name(report: Json) -> str:
    return one_line(Path(report["file"]).name)


def _rows(rows: dict[str, int]) -> str:
    parts = [f"{number(rows[name])} {name}" for name in _COUNTS if rows.get(name)]
    return f"{counted(rows['read'], 'row')} read" + (f"; {', '.join(parts)}" if parts else "")


def _reason(reason: Json) -> str:
    lines = [number(line) for line in reason["rows"][:_LINES_SHOWN]]
    more = reason["count"] - len(lines)
    where = ", ".join(lines) + (f" … and {number(more)} more" if more > 0 and lines else "")
    at = f" ({'line' if reason['count'] == 1 else 'lines'} {where})" if lines else ""
    name = one_line(reason["reason"]).replace("_", " ")
    return f"{name}: {counted(reason['count'], 'row')}{at}. {one_line(reason['example'])}".rstrip()


def imports(records: list[Json]) -> str:
    """A table of imports, oldest first."""
    if not records:
        return "Nothing has landed yet; begin with 'leadline ingest FILE'."
    head = ("import", "landed", "file", "template", "rows", "quarantined", "state")
    table = [head, *(_import_row(record) for record in records)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def restated(found: list[Json]) -> str:
    """A sentence a number that was shown and is another one now."""
    if not found:
        return "\nEvery number that a review has shown still stands as it was shown."
    return "\n".join(["\nRestated:", *(f"  {one_line(one['sentence'])}" for one in found)])


def _import_row(record: Json) -> tuple[str, ...]:
    rows = record["rows"]
    return (
        str(record["import_id"]),
        record["landed_at"].replace("T", " ")[:16],
        one_line(Path(record["file"]).name),
        record["template"],
        number(rows["new"] + rows["updated"]),
        number(rows["quarantined"]),
        "taken back" if record["undone_at"] else "in use",
    )


def undone(record: Json) -> str:
    """What taking an import back did."""
    if record["source"] == "by hand":
        return f"Import {record['import_id']} ({one_line(record['file'])}) is taken back: its rows are facts again."
    return (
        f"Import {record['import_id']} ({one_line(Path(record['file']).name)}) is taken back, as if it had "
        "never been; land the file again to have it back."
    )


def retired(record: Json) -> str:
    """What retiring rows by hand did."""
    count = record["rows"]["updated"]
    are, them = ("is a fact", "it") if count == 1 else ("are facts", "them")
    return (
        f"{counted(count, 'row')} of {record['template'].replace('_', ' ')} {are} no more; "
        f"'leadline undo {record['import_id']}' brings {them} back."
    )


def workflow_retired(told: Json) -> str:
    """What retiring a workflow did, and how it is watched again."""
    return (
        f"{one_line(told['workflow'])} is retired: it is not watched any more, and its history stays. "
        f"'leadline charter {told['file']}' watches it again."
    )


def registered(result: Json) -> str:
    """What registering a charter did."""
    name = f"{result['workflow']} (version {result['version']})"
    signature = f", signed by {one_line(result['signed_by'])}" if result["signed_by"] else ", not signed yet"
    state = "registered" if result["is_new"] else "is registered already, nothing changed"
    lines = [f"{name} {state}{signature}; kept in {result['file']}."]
    lines += [f"  Open: {one_line(point)}" for point in result["open"]]
    lines += [f"  Question: {one_line(question)}" for question in result.get("questions", ())]
    lines += [f"  Note: {one_line(note)}" for note in result["notes"]]
    return "\n".join([*lines, *(f"  {one_line(promise)}" for promise in result["promises"])])


def begun(folder: Path) -> str:
    """What to do in a new workspace."""
    return (
        f"Made a workspace at {folder}.\n"
        "Next:\n"
        f"  leadline ingest --workspace {folder} leads.csv deals.csv\n"
        f"  fill in {folder / 'charter-example.yaml'}, then: leadline charter --workspace {folder} "
        f"{folder / 'charter-example.yaml'}\n"
        f"  leadline check --workspace {folder}"
    )


def names(items: list[str]) -> str:
    return listed([one_line(item) for item in items])


def waits(count: int, folder: Path) -> str:
    """What to do about files of the inbox that did not land."""
    it, what = ("it", "file waits") if count == 1 else ("them", "files wait")
    return (
        f"{number(count)} {what} in {folder}: answer {it} on the upload page of the dashboard, or land {it} with "
        "'leadline ingest' and the option named, or take what is no export away."
    )
