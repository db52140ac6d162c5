"""The weekly review: exports landed as facts, counted by cohort, compared with their baseline, given a verdict.

`review` asks one question of every charter: did the commercial outcome fall while the proxy improved, and is it more
than noise, immaturity, mix, season or a broken export?
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from leadline.data.counts.store import counted_together
from leadline.data.database.session import Row
from leadline.data.errors import WorkspaceError
from leadline.data.landing import digests
from leadline.data.templates import templates
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric, load_catalog, templates_read
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.agreement.charters_in_force import charters_in_force
from leadline.metrics.agreement.retirement import retired_workflows
from leadline.metrics.agreement.workflow_history import NOTHING, Memory, recall
from leadline.metrics.cohorts import WonAmounts, activity_counts, amounts_of, won_amounts
from leadline.metrics.findings import ExportedLater, SourceBehind
from leadline.metrics.judging import judge, judge_standing
from leadline.metrics.kept_reviews import Agreed, Judging, KeptReviews, worst_first
from leadline.metrics.known import Sources, is_too_late
from leadline.metrics.outputs.attribution import attributed
from leadline.metrics.reporting_delays import ExportDays, export_days
from leadline.metrics.results import LastKnown, Review, RuleState, SourceState, WorkflowReview
from leadline.metrics.review_basis import review_basis
from leadline.metrics.reviewing.validation import validated
from leadline.metrics.silence import explained
from leadline.metrics.statistics.fitness import freshness, last_week_end
from leadline.metrics.study import Study, prepare_study
from leadline.metrics.verdict_cache import Judgements
from leadline.metrics.verdicts import DATA_PROBLEM, meaning

EARLIEST = dt.date(1990, 1, 1)
WEEKS_REMEMBERED = 8
"""before the last one that is complete, in which a verdict is looked for"""
YEARS_AHEAD = 5
"""a day further on is a typing error, and would have Leadline count weeks in which nothing can have happened"""
Days = Mapping[tuple[str, str | None], list[dt.date]]
Counts = Mapping[tuple[str, str | None], Mapping[dt.date, int]]


def review(
    warehouse: Warehouse, workspace: Workspace, as_of: dt.date, judged: Judgements | None = None
) -> Review:
    """The review of everything agreed and landed, with what was known at the end of the day `as_of`.

    What was made before of the same facts and terms is found: in the workspace, and in `judged`, verdicts of earlier
    reviews of this process.
    """
    agreed = _agreed_on(warehouse, workspace, as_of)
    judging = judged.judge if judged is not None else judge
    if (kept := KeptReviews.of(warehouse, agreed, as_of)) is None:
        return _whole(warehouse, workspace, agreed, as_of, judging)
    if (found := kept.review()) is not None:
        return found
    made = _whole(warehouse, workspace, agreed, as_of, kept.judging(judging))
    kept.keep(made)
    return made


def _whole(
    warehouse: Warehouse, workspace: Workspace, agreed: Agreed, as_of: dt.date, judging: Judging
) -> Review:
    """The review of one day, with what is found beside the pairs: causes, and what reviewers saw."""
    found = next(_reviews(warehouse, workspace, agreed, (as_of, as_of), judging))
    workflows = attributed(warehouse, agreed.catalog, found.workflows, as_of)
    return replace(found, workflows=validated(warehouse, workflows, as_of))


def replay(
    warehouse: Warehouse,
    workspace: Workspace,
    first: dt.date,
    last: dt.date,
    judged: Judgements | None = None,
) -> Iterator[Review]:
    """The review at `first` and every seven days on until `last`, each with only what was known then.

    Facts are counted once; later weeks and earlier ones share counts, baseline and limits. Raises WorkspaceError for a
    day before 1990 or more than five years from now.
    """
    agreed = _agreed_on(warehouse, workspace, first, last)
    judging = judged.judge if judged is not None else judge
    yield from _reviews(warehouse, workspace, agreed, (first, last), judging)


def _agreed_on(warehouse: Warehouse, workspace: Workspace, *days: dt.date) -> Agreed:
    """What is agreed and remembered. Raises WorkspaceError for a day that can't be reviewed."""
    latest = workspace.today() + dt.timedelta(days=366 * YEARS_AHEAD)
    for day in days:
        if not EARLIEST <= day <= latest:
            raise WorkspaceError(
                f"{day} can't be reviewed; name a day from {EARLIEST} to {latest}, such as {workspace.today()}."
            )
    catalog = load_catalog(workspace)
    charters = charters_in_force(warehouse, workspace, catalog).charters
    over = {one.workflow for one in retired_workflows(warehouse, [c.workflow for c in charters])}
    return Agreed(catalog, tuple(charters), frozenset(over), recall(warehouse, charters, catalog))


def _reviews(
    warehouse: Warehouse,
    workspace: Workspace,
    agreed: Agreed,
    span: tuple[dt.date, dt.date],
    judging: Judging,
) -> Iterator[Review]:
    (first, last), catalog, charters, remembered = span, agreed.catalog, agreed.charters, agreed.remembered
    # before anything is counted: what lands meanwhile is then of another basis, whether it was counted or not
    facts = digests.head(warehouse)
    counts, exports = activity_counts(warehouse, last), export_days(warehouse)
    days = {key: sorted(counted) for key, counted in counts.items()}
    # a chance of p in a year over n workflows is 1 - (1 - p)^(1/n) each
    budget = 1.0 - (1.0 - workspace.settings.false_alarm_budget) ** (1.0 / max(len(charters), 1))
    with counted_together(_alike(charters)):
        shared = {
            c.workflow: _study(warehouse, c, catalog, days, last, budget, exports, remembered[c.workflow])
            for c in charters
        }
        standing = [
            _study(warehouse, earlier, catalog, days, last, budget, exports, memory)
            for memory in remembered.values()
            for earlier in memory.standing
        ]
        won = {c.workflow: won_amounts(warehouse, c.workflow, last) for c in charters}
    day = first
    while day <= last:
        # until a baseline is over, its end is the day of the review: nothing later may shape it
        studies = [
            shared[c.workflow]
            if day >= c.deployed_on
            else _study(warehouse, c, catalog, days, day, budget, exports, remembered[c.workflow])
            for c in charters
        ]
        reviewed = _review_at(studies, days, day, standing, judging, exports, won)
        yield replace(
            reviewed,
            workflows=tuple(_entered(w, catalog, counts, day) for w in reviewed.workflows),
            uncharted=tuple(name for name in reviewed.uncharted if name not in agreed.retired),
            basis=review_basis(facts, workspace, charters, catalog, day),
        )
        day += dt.timedelta(weeks=1)


def _alike(charters: Sequence[Charter]) -> list[list[str]]:
    """Workflows that watch the same, and so are asked the same."""
    found: dict[object, list[str]] = {}
    for one in charters:
        found.setdefault((one.proxies, one.outcomes, one.segments), []).append(one.workflow)
    return list(found.values())


def _study(
    warehouse: Warehouse,
    charter: Charter,
    catalog: dict[str, Metric],
    days: Days,
    last: dt.date,
    budget: float,
    exports: ExportDays,
    memory: Memory = NOTHING,
) -> Study:
    read = templates_read(catalog.values())  # rows that no metric reads shape no baseline
    of_workflow = [
        found[0]
        for (source, workflow), found in days.items()
        if workflow == charter.workflow and source in read
    ]
    first_day = min([*of_workflow, charter.baseline.first or charter.baseline.last])
    study = prepare_study(warehouse, charter, catalog, first_day, last_week_end(last), budget, exports)
    return replace(study, memory=memory)


def _review_at(
    studies: list[Study],
    days: Days,
    as_of: dt.date,
    standing: Sequence[Study],
    judging: Judging,
    exports: ExportDays,
    won: Mapping[str, Sequence[Row]],
) -> Review:
    """`standing`: studies of earlier versions of charters under which an alert is still open."""
    workflows = []
    for study in studies:
        sources = _sources(study, days, as_of)
        amounts = _amounts(study, won, as_of)
        earlier = [
            rule
            for other in standing
            if other.charter.workflow == study.charter.workflow
            for rule in judge_standing(other, _sources(other, days, as_of), amounts, as_of)
        ]
        judged = replace(judging(study, sources, amounts, as_of), standing=tuple(earlier))
        if judged.verdict == DATA_PROBLEM:
            known = _last_known(study, days, won, judged, as_of, judging)
            judged = replace(judged, known=known, rules=_unjudged_since(judged, known))
        workflows.append(judged)
    workflows.sort(key=worst_first)
    charted = {study.charter.workflow for study in studies}
    seen = {workflow for (_, workflow), found in days.items() if workflow and found[0] <= as_of}
    return Review(
        as_of=as_of,
        complete_through=min((w.complete_through for w in workflows), default=last_week_end(as_of)),
        workflows=tuple(workflows),
        data=_data(workflows, studies, days, as_of, exports),
        uncharted=tuple(sorted(seen - charted)),
    )


def _amounts(study: Study, won: Mapping[str, Sequence[Row]], as_of: dt.date) -> WonAmounts | None:
    return amounts_of(won[study.charter.workflow], study.calendar.start(study.span.first), as_of)


def _last_known(
    study: Study,
    days: Days,
    won: Mapping[str, Sequence[Row]],
    unjudged: WorkflowReview,
    as_of: dt.date,
    judging: Judging,
) -> LastKnown | None:
    """The newest week end before `as_of` at which there was a verdict; none where that is too long ago to be told.

    A source that is late, but not yet too late, allowed one on week ends that it does not reach any more.
    """
    day = last_week_end(as_of - dt.timedelta(days=1))
    oldest = unjudged.complete_through - dt.timedelta(weeks=WEEKS_REMEMBERED)
    while day >= max(oldest, study.charter.deployed_on):
        sources = _sources(study, days, day)
        if not any(is_too_late(state, day) for state in sources.values()):
            then = judging(study, sources, _amounts(study, won, day), day)
            if meaning(then.verdict).is_judged:
                return LastKnown(day, replace(then, series=(), linkages=(), charter=None))
        day -= dt.timedelta(weeks=1)
    return None


def _unjudged_since(unjudged: WorkflowReview, known: LastKnown | None) -> tuple[RuleState, ...]:
    """Its rules; those that can't be judged now, and could be on the day of the last verdict, are so since then."""
    if known is None:
        return unjudged.rules
    then = {rule.id for rule in known.workflow.rules if rule.state != "no_data"}
    return tuple(
        replace(rule, since=known.as_of + dt.timedelta(weeks=1), last_judged=known.as_of)
        if rule.state == "no_data" and rule.id in then
        else rule
        for rule in unjudged.rules
    )


def _entered(
    workflow: WorkflowReview, catalog: Mapping[str, Metric], counts: Counts, as_of: dt.date
) -> WorkflowReview:
    """How many of the deciding outcome's units have entered since it was stopped."""
    stopped, lead = workflow.stopped, workflow.lead_pair
    if stopped is None or lead is None:
        return workflow
    source = catalog[lead.outcome].sources[0]
    counted = counts.get((source, workflow.workflow))
    if counted is None:
        return workflow
    entered = sum(count for day, count in counted.items() if stopped.on < day <= as_of)
    return replace(workflow, stopped=replace(stopped, entered=entered))


def _sources(study: Study, days: Days, as_of: dt.date) -> Sources:
    """Freshness of each source that the charter's metrics rest on; None where it has no row yet."""
    metrics = [study.catalog[name] for name in (*study.charter.proxies, *study.charter.outcomes)]
    workflow = study.charter.workflow
    names = {source for metric in metrics for source in metric.sources}
    # single e-mails and mailings exported as totals count alike; one of them is enough
    if "emails" in names and (("campaigns", workflow) in days):
        names = names - {"emails"} | {"campaigns"} | ({"emails"} if ("emails", workflow) in days else set())
    found = {name: _until(days.get((name, workflow), []), as_of) for name in sorted(names)}
    return {
        name: explained(study, name, freshness(known, as_of), as_of) if known else None
        for name, known in found.items()
    }


def _until(days: list[dt.date], as_of: dt.date) -> list[dt.date]:
    return days[: bisect_right(days, as_of)]


def _data(
    workflows: list[WorkflowReview], studies: list[Study], days: Days, as_of: dt.date, exports: ExportDays
) -> tuple[SourceState, ...]:
    """One line a source, over all workflows: the newest day, whether it is late anywhere, and whether what is known of
    the day was exported only later."""
    exported: dict[str, dt.date] = {}
    for source, day in exports.of_imports.values():
        exported[source] = min(day, exported.get(source, day))
    landed = sorted({source for source, _ in days})
    rests_on = [(study.charter.workflow, _sources(study, days, as_of)) for study in studies]
    wanted = {source for _, sources in rests_on for source, state in sources.items() if state is None}
    lines = []
    for source in sorted({*landed, *wanted}):
        known = sorted(
            {day for (name, _), found in days.items() if name == source for day in _until(found, as_of)}
        )
        if not known:
            lines.append(SourceState(source, None, "empty"))
            continue
        late = [
            workflow
            for workflow, sources in rests_on
            if (state := sources.get(source)) is not None and state.late
        ]
        judged_by = any(sources.get(source) is not None for _, sources in rests_on)
        is_silent = not judged_by and templates()[source].has_rhythm and freshness(known, as_of).late
        if late or is_silent:
            note = SourceBehind((as_of - known[-1]).days, tuple(late))
            lines.append(SourceState(source, known[-1], "stale", note))
        else:
            later = ExportedLater(exported[source]) if exported.get(source, as_of) > as_of else None
            lines.append(SourceState(source, known[-1], "fresh", later))
    return tuple(lines)
