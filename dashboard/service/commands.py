"""The commands that need the open workspace: (warehouse, workspace, arguments) -> results, one at a time.

The command line runs them in its own process, or in the server's when a dashboard holds the workspace
(`dashboard.service.client`), and finishes those whose server died (`dashboard.service.command`). Arguments and results
are plain JSON values, dates ISO strings. All raise LeadlineError with one sentence; nothing is half-done then.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from leadline.dashboard.service import charter_files, gates, ready
from leadline.dashboard.service.assistant_answers import ASSISTANT_COMMANDS
from leadline.dashboard.service.command import Arguments, Command, CutOff, Json
from leadline.dashboard.service.erase_commands import ERASE_COMMANDS
from leadline.dashboard.service.inbox import INBOX_COMMANDS
from leadline.dashboard.service.ledger_commands import LEDGER_COMMANDS, undelivered
from leadline.dashboard.service.publish import PUBLISH_COMMANDS
from leadline.dashboard.service.report import named, report
from leadline.dashboard.service.retention_commands import RETENTION_COMMANDS
from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.service.token_commands import TOKEN_COMMANDS
from leadline.dashboard.service.unjudged import with_unjudged
from leadline.dashboard.service.weekly import WEEKLY_COMMANDS
from leadline.dashboard.words.charters import promise_sentence
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.findings import source_note
from leadline.dashboard.words.intent import questions
from leadline.dashboard.words.ledger import broken_words, compared_words, facts_words
from leadline.dashboard.words.metrics import (
    mismatch_sentence,
    replaced_sentence,
    unknown_codes_sentence,
    unpositioned_sentence,
    unsegmented_sentence,
    unused_sentence,
    whole_sentence,
)
from leadline.dashboard.words.previews import restated_sentence
from leadline.dashboard.words.review_text import to_text
from leadline.data.counts import store
from leadline.data.database.connection import rows_of
from leadline.data.errors import ExportError, LeadlineError
from leadline.data.exports.landing_report import BY_HAND, ImportRecord
from leadline.data.landing import land
from leadline.data.landing.retire import retire as retire_rows
from leadline.data.landing.retire import retire_known
from leadline.data.plain_json import to_plain
from leadline.data.workspace.backup import back_up, note_backup
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviews
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import read_charters
from leadline.metrics.agreement.record_review import sync_alerts
from leadline.metrics.agreement.verification import verify, verify_facts
from leadline.metrics.answers import as_recorded
from leadline.metrics.landed_words import charter_gaps, mismatches, segments_not_landed, unknown_codes
from leadline.metrics.promises import rule_promises, rules_that_promise
from leadline.metrics.restatements import restatements
from leadline.metrics.results import Review
from leadline.metrics.verdicts import DATA_PROBLEM

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse


def ingest(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`files` (absolute paths) and what landing.IngestOptions holds -> one report a file.

    `mapping` is an absolute path or what would stand in the file.
    """
    mapping = arguments.get("mapping")
    if isinstance(mapping, str) and _is_database(Path(mapping), workspace):
        # reading the live database would drop DuckDB's lock on it
        raise LeadlineError(f"{mapping} is the workspace's own database, not a mapping; name a YAML file.")
    said = land.IngestOptions.from_json(arguments)
    for name in arguments["files"]:
        yield with_unjudged(land.land(warehouse, Path(name), said), workspace).to_dict()


def _ingest_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    rest = ingest(warehouse, workspace, {**arguments, "files": arguments["files"][cut_off.told :]})
    for number, landed in enumerate(rest):
        if number == 0 and landed["state"] == "landed" and not arguments.get("dry_run"):
            kept = [each for each in landed["warnings"] if each["code"] != "already_imported"]
            had_landed = len(kept) < len(landed["warnings"])
            what = (
                f"it had landed before that, whole, as import {landed['import_id']}"
                if had_landed
                else "nothing of it had landed before that, and now it has landed whole"
            )
            message = f"The dashboard ended while this file was on its way; {what}."
            landed = {**landed, "warnings": [*kept, {"code": "cut_off", "message": message}]}
        yield landed


def imports(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """Every import, oldest first."""
    for record in land.list_imports(warehouse):
        yield _import(record, workspace)


def restated(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """Every number that a review has shown and that is another one now, newest week first."""
    for one in restatements(warehouse, workspace):
        yield to_plain(one) | {"sentence": f"{one.workflow}: {restated_sentence(one)}"}


def undo(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`import_id` -> the import that was taken back."""
    yield _import(land.undo(warehouse, int(arguments["import_id"])), workspace)


def _undo_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    try:
        yield from undo(warehouse, workspace, arguments)
    except ExportError as e:
        if e.code != "undone":
            raise
        number = int(arguments["import_id"])
        yield from (one for one in imports(warehouse, workspace, {}) if one["import_id"] == number)


def retire(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`template`, `identities` and `reason` -> the import that takes these rows out of the facts.

    `known_only`: of those that are in force; no import where none is.
    """
    take = retire_known if arguments.get("known_only") else retire_rows
    record = take(warehouse, arguments["template"], arguments["identities"], arguments["reason"])
    if record is not None:
        yield _import(record, workspace)


def _retire_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    for record in land.list_imports(warehouse):
        if (
            record.source == BY_HAND
            and record.landed_at >= cut_off.begun
            and record.template == arguments["template"]
        ):
            yield _import(record, workspace)
            return
    yield from retire(warehouse, workspace, arguments)


def rejected(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`import_id` and `to_correct` -> the rows of an import that were set aside, as CSV."""
    write = land.correction_csv if arguments.get("to_correct") else land.rejected_rows_csv
    yield {"csv": write(warehouse, int(arguments["import_id"]))}


def retire_workflow(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`workflow`, `reason`, `by` -> what was retired, and where its charter lies now."""
    by, reason = arguments["by"], arguments["reason"]
    told = charter_files.retire(warehouse, workspace, arguments["workflow"], by=by, reason=reason)
    gates.refresh(warehouse, workspace)
    yield told


def charter(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`files` (absolute paths) and `sign` (a role or None) -> one result a charter; all or none.

    One that is new or signed says which filters of its metrics match nothing that has landed, what its rules can
    promise, and how often they would cry wolf: before somebody signs it, and to who does.
    """
    files, sign = [Path(name) for name in arguments["files"]], arguments.get("sign")
    results = list(charter_files.register(warehouse, workspace, files, sign))
    gates.refresh(warehouse, workspace)
    catalog = load_catalog(workspace)
    known = {each.workflow: each for each in read_charters(workspace, catalog)[0]}
    for result in results:
        agreed = known.get(result["workflow"]) if sign or result["is_new"] else None
        rules = rules_that_promise(agreed) if agreed else ()
        told = (
            rule_promises(warehouse, workspace, agreed, workspace.today(), rules) if agreed and rules else ()
        )
        own = charter_files.own_metrics(agreed, catalog) if agreed else ()
        notes = [
            mismatch_sentence(found)
            for one in own
            for found in mismatches(warehouse, one, result["workflow"])
        ]
        nowhere = charter_files.unpositioned(agreed, catalog) if agreed else ()
        notes += [unpositioned_sentence(one.label) for one in nowhere]
        if agreed and agreed.positioning and (strange := unknown_codes(warehouse, agreed)):
            notes.append(unknown_codes_sentence(strange))
        asked = questions(charter_gaps(warehouse, agreed), catalog) if agreed else ()
        in_force = known.get(result["workflow"])
        watched = charter_files.own_metrics(in_force, catalog) if in_force else ()
        notes += [replaced_sentence(one) for one in charter_files.replaced(watched)]
        notes += [unused_sentence(one) for one in own if one.unused]
        whole = (
            [catalog[name] for name in agreed.outcomes if not catalog[name].has_segments] if agreed else []
        )
        if agreed and agreed.segments and whole:
            notes.append(whole_sentence(whole))
        if agreed:
            notes += [unsegmented_sentence(one) for one in segments_not_landed(warehouse, agreed, catalog)]
        yield {
            **result,
            "notes": notes,
            "questions": list(asked),
            "promises": [promise_sentence(one) for one in told],
        }


def check(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`as_of` (None: the workspace's today) and `workflow` (None: all) -> the review as JSON and as text, notes, the
    exit status.

    What the review of today shows is recorded: alerts raised, worse, resolved. Looking back records nothing.
    """
    as_of = dt.date.fromisoformat(arguments["as_of"]) if arguments.get("as_of") else workspace.today()
    catalog = load_catalog(workspace)
    review = reviews.review(warehouse, workspace, as_of)
    if as_of == workspace.today():
        review = as_recorded(review, sync_alerts(warehouse, review))
        gates.recorded(warehouse, workspace, review, looked=not arguments.get("as_of"))
    if (only := arguments.get("workflow")) is not None:
        review = replace(review, workflows=(named(review, only),))
    yield {
        "review": to_contract(review, catalog),
        "text": to_text(review, catalog),
        "status": status(review),
        "notes": charter_files.unregistered(warehouse, workspace, catalog),
    }


def replay(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`first` and `last` -> the review at every week end between them, each with only what was known then."""
    first, last = dt.date.fromisoformat(arguments["first"]), dt.date.fromisoformat(arguments["last"])
    sunday = first_week_end(first, last, ("--from", "--to"))
    catalog = load_catalog(workspace)
    for review in reviews.replay(warehouse, workspace, sunday, last):
        states = ", ".join(
            f"{workflow.workflow}: {verdict_words(workflow.verdict).word.lower()}"
            for workflow in review.workflows
        )
        yield {
            "review": to_contract(review, catalog),
            "line": f"{review.as_of}  {states or 'no workflow has a charter'}",
        }


def whole_reviews(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`first` (None: the workspace's today) and `last` (None: `first`) -> reviews a week apart, with every field.

    Records nothing.
    """
    first = dt.date.fromisoformat(arguments["first"]) if arguments.get("first") else workspace.today()
    last = dt.date.fromisoformat(arguments["last"]) if arguments.get("last") else first
    for review in reviews.replay(warehouse, workspace, first, last):
        yield {"review": to_plain(review)}


def first_week_end(first: dt.date, last: dt.date, called: tuple[str, str]) -> dt.date:
    """The first Sunday of a span. Raises LeadlineError where it has none; `called`: what its ends are called."""
    if first > last:
        raise LeadlineError(
            f"The span begins on {first} and ends before that, on {last}; exchange {called[0]} and {called[1]}."
        )
    sunday = first + dt.timedelta(days=6 - first.weekday())
    if sunday > last:
        raise LeadlineError(
            f"No week ends between {first} and {last}; weeks end on Sunday, so widen {called[0]} or {called[1]}."
        )
    return sunday


def backup(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`file` (absolute path) and `replace` -> what the backup holds."""
    target, replace = Path(arguments["file"]), bool(arguments.get("replace"))
    made = back_up(warehouse, target, rows_of, replace=replace)
    note_backup(workspace.path, target)
    yield to_plain(made)


def _backup_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    file = Path(arguments["file"])
    is_ours = file.is_file() and file.stat().st_mtime >= cut_off.begun.replace(tzinfo=dt.UTC).timestamp()
    yield from backup(warehouse, workspace, {**arguments, "replace": is_ours or arguments.get("replace")})


def examine(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """What `doctor` wants to know of the inside: imports, limits, charters, freshness; every row is read for it."""
    warehouse.refuse_replaced()
    as_of = workspace.today()
    (review,) = reviews.replay(warehouse, workspace, as_of, as_of)  # made, whatever is kept
    landed = land.list_imports(warehouse)
    compared = store.compare_with_facts(warehouse)
    digested, altered = verify_facts(warehouse)
    yield {
        "as_of": as_of.isoformat(),
        "imports": len(landed),
        "kept": {"questions": compared.questions, "astray": list(compared.astray)} if compared else None,
        "rows_read": warehouse.read_everything(),
        "last_landed_at": max((_utc(one.landed_at) for one in landed), default=None),
        "held_to": dict(warehouse.held_to()),
        "workflows": [workflow.workflow for workflow in review.workflows],
        "uncharted": list(review.uncharted),
        "broken_chain": [broken_words(broken) for broken in verify(warehouse)],
        "facts": {
            "broken": [facts_words(broken) for broken in altered],
            "compared": compared_words(digested),
        },
        "salt": _salt_fault(warehouse),
        "undelivered": undelivered(warehouse),
        "unregistered": charter_files.unregistered(warehouse, workspace, load_catalog(workspace)),
        "sources": [to_plain(source) | {"note": source_note(source)} for source in review.data],
    }


def _salt_fault(warehouse: Warehouse) -> str:
    """What is wrong with the secret that addresses are hashed with; '' where nothing is."""
    try:
        warehouse.salt()
    except LeadlineError as e:
        return str(e)
    return ""


COMMANDS: dict[str, Command] = {
    "ingest": Command(ingest, _ingest_begun),
    "imports": Command(imports),
    "restated": Command(restated),
    "undo": Command(undo, _undo_begun),
    "retire": Command(retire, _retire_begun),
    "rejected": Command(rejected),
    "charter": Command(charter),
    "retire_workflow": Command(retire_workflow),
    "check": Command(check),
    "readiness": Command(ready.command),
    "replay": Command(replay),
    "whole_reviews": Command(whole_reviews),
    "examine": Command(examine),
    "report": Command(report),
    "backup": Command(backup, _backup_begun),
    **ASSISTANT_COMMANDS,
    **ERASE_COMMANDS,
    **INBOX_COMMANDS,
    **LEDGER_COMMANDS,
    **PUBLISH_COMMANDS,
    **RETENTION_COMMANDS,
    **TOKEN_COMMANDS,
    **WEEKLY_COMMANDS,
}


def status(review: Review) -> int:
    """The exit status of `check`: 3 a stopping rule is breached, 4 something can't be judged, else 0."""
    if any(rule.state == "breached" for workflow in review.workflows for rule in workflow.rules):
        return 3
    if not review.workflows or any(workflow.verdict == DATA_PROBLEM for workflow in review.workflows):
        return 4
    return 0


def _is_database(file: Path, workspace: Workspace) -> bool:
    """Asks the directory alone: opening and closing the live file would already do the harm."""
    try:
        return os.path.samefile(file, workspace.database)
    except OSError:
        return False


def _import(record: ImportRecord, workspace: Workspace) -> Json:
    """An import with its times in the workspace's time zone, offset included."""
    zone = ZoneInfo(workspace.settings.timezone)
    times = {
        name: moment.replace(tzinfo=dt.UTC).astimezone(zone).isoformat(timespec="seconds") if moment else None
        for name, moment in (("landed_at", record.landed_at), ("undone_at", record.undone_at))
    }
    plain: Json = to_plain(record)
    return plain | times


def _utc(moment: dt.datetime) -> str:
    return moment.replace(tzinfo=dt.UTC).isoformat(timespec="seconds")
