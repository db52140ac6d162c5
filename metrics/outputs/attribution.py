"""What may have caused the outcomes of a review to change, workflow by workflow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

from leadline.data.errors import CharterError
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import CharterVersion, all_charters
from leadline.metrics.causes import OBJECTIVE, Causes, Version
from leadline.metrics.charter_terms import Objective
from leadline.metrics.declared.declaration import Share
from leadline.metrics.outputs.people import beside_people, left_to_people
from leadline.metrics.outputs.versions import coincidences, version_effects, versions_in_use
from leadline.metrics.results import WorkflowReview
from leadline.metrics.verdicts import DATA_PROBLEM

SAME_CHANGE = dt.timedelta(weeks=2)
"""an objective that landed as a version and one that was registered so near each other are one"""


def attributed(
    warehouse: Warehouse,
    catalog: Mapping[str, Metric],
    workflows: Sequence[WorkflowReview],
    as_of: dt.date,
) -> tuple[WorkflowReview, ...]:
    """The workflows with their causes; where the data can't be judged, with their versions alone."""
    versions = with_registered(
        versions_in_use(warehouse, as_of), redefined_objectives(warehouse, catalog, as_of)
    )
    counted = {
        metric.declaration.of.template
        for reviewed in workflows
        if reviewed.charter
        for name in reviewed.charter.outcomes
        if isinstance((metric := catalog[name]).declaration, Share)
    }
    shared = left_to_people(warehouse, counted)

    def of_each() -> Iterator[WorkflowReview]:
        for reviewed in workflows:
            charter, in_use = reviewed.charter, versions.get(reviewed.workflow, ())
            if charter is None or reviewed.verdict == DATA_PROBLEM:
                yield replace(reviewed, causes=Causes(in_use))
                continue
            people = beside_people(warehouse, charter, catalog, as_of) if reviewed.workflow in shared else ()
            effects = version_effects(warehouse, charter, catalog, in_use, as_of)
            causes = Causes(in_use, effects, coincidences(in_use, reviewed.pairs), people)
            yield replace(reviewed, causes=causes)

    return tuple(of_each())


def redefined_objectives(
    warehouse: Warehouse, catalog: Mapping[str, Metric], as_of: dt.date
) -> dict[str, list[Version]]:
    """Objectives by workflow that came with a later version of its charter, as versions since that day.

    Another metric redefines an objective; another text does where neither names a metric.
    """
    zone, today = ZoneInfo(warehouse.workspace.settings.timezone), warehouse.workspace.today()
    registered: dict[str, list[CharterVersion]] = {}
    for one in all_charters(warehouse):
        registered.setdefault(one.workflow, []).append(one)
    found: dict[str, list[Version]] = {}
    for workflow, history in registered.items():
        before: Objective | None = None
        for one in history if len(history) > 1 else ():
            with suppress(CharterError):  # a version that can't be read any more tells nothing
                now = parse_charter(one.content, catalog, f"{workflow}.yaml").intent.objective
                day = one.registered_at.replace(tzinfo=dt.UTC).astimezone(zone).date()
                if before and now and _differ(before, now) and min(day, today) <= as_of:
                    found.setdefault(workflow, []).append(Version(OBJECTIVE, now.text, day, before.text))
                before = now
    return found


def _differ(before: Objective, now: Objective) -> bool:
    if before.proved_by or now.proved_by:
        return before.proved_by != now.proved_by
    return " ".join(before.text.split()).casefold() != " ".join(now.text.split()).casefold()


def with_registered(
    landed: Mapping[str, Sequence[Version]], registered: Mapping[str, Sequence[Version]]
) -> dict[str, tuple[Version, ...]]:
    """What landed, and the registered objectives that did not land as well, oldest first."""
    found = {workflow: tuple(versions) for workflow, versions in landed.items()}
    for workflow, objectives in registered.items():
        known = [one.since for one in found.get(workflow, ()) if one.what == OBJECTIVE]
        new = [one for one in objectives if all(abs(one.since - day) > SAME_CHANGE for day in known)]
        found[workflow] = tuple(
            sorted((*found.get(workflow, ()), *new), key=lambda one: (one.since, one.what))
        )
    return found
