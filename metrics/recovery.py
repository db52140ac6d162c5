"""One outcome's drift to its end: raised, decided on, recovering, recovered, and what counts of it in every week.

A story begins with an alarm and ends when a decision has brought the outcome back (`statistics.comeback`), however
long that takes. From then on evidence starts anew with the cohorts since that decision, under a budget of its own, so
that what had drifted before speaks for nothing any more; an alarm in it begins the next story. Without a decision an
alarm may end by itself, and nothing is called recovered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from leadline.metrics.agreement.workflow_history import Decided
from leadline.metrics.statistics.comeback import ComebackEvidence, comeback
from leadline.metrics.statistics.divergence import OutcomeState
from leadline.metrics.statistics.evidence import Trace
from leadline.metrics.statistics.outcomes import OutcomeModel


@dataclass(frozen=True, eq=False)
class Followed:
    """Evidence on an outcome from the week `first` on, a state a week."""

    first: int
    traces: list[Trace]
    states: list[OutcomeState]


@dataclass(frozen=True, eq=False)
class Attempt:
    """A decision on a drift, and what entered since."""

    decision: Decided
    first: int
    """first whole week from that day on"""
    segment: int | None
    """the one that carried the drift by then"""
    evidence: ComebackEvidence

    def is_recovering(self, week: int) -> bool:
        return bool(self.evidence.recovering[week - self.first])

    def drifted_to(self, week: int) -> float | None:
        """Index of the cohorts between the drift's beginning and the decision, 1 = baseline."""
        level = float(self.evidence.drifted_to[week - self.first])
        return level if level == level else None


@dataclass(frozen=True, eq=False)
class Story:
    """A drift, as known at the end of a week."""

    raised: int
    """week of its first alarm"""
    since: int
    """first cohort of the drift"""
    alarmed: int
    """newest week in which its alarm stood"""
    segment: int | None
    """the one that carried it, as of that week"""
    attempts: tuple[Attempt, ...] = ()
    """oldest decision first"""
    recovered: Attempt | None = None
    recovered_in: int | None = None
    """week at whose end that was told first"""

    def recovering(self, week: int) -> Attempt | None:
        """The first decision after which the outcome is clearly better than it had drifted."""
        return next((each for each in self.attempts if each.is_recovering(week)), None)


@dataclass(frozen=True, eq=False)
class Standing:
    """What counts of an outcome at the end of a week."""

    state: OutcomeState
    followed: Followed
    """the evidence that the state belongs to"""
    story: Story | None
    """the newest drift, over or not"""


def standings(
    model: OutcomeModel,
    followed: Followed,
    decisions: Sequence[tuple[int, Decided]],
    anew: Callable[[int], Followed],
    materiality: float,
) -> list[Standing]:
    """What counts at the end of each week that `followed` covers; of each week nothing that came later.

    `decisions`: first whole week from the decision on, and the decision, oldest first. `anew`: evidence that begins
    with the cohorts of a week.
    """
    start, last = followed.first, followed.first + len(followed.states) - 1
    known: dict[tuple[int, int, int | None], ComebackEvidence] = {}
    found: list[Standing] = []
    story: Story | None = None
    for week in range(start, last + 1):
        state = followed.states[week - followed.first]
        if state.alarm and state.since is not None:
            story = _alarmed(story, state, state.since, week)
        if story is not None and story.recovered is None:
            for first, decision in decisions:
                if max(story.since + 1, followed.first) <= first <= week and not any(
                    each.first == first for each in story.attempts
                ):
                    key = (story.since, first, story.segment)
                    if key not in known:
                        known[key] = comeback(model, story.since, first, last, story.segment, materiality)
                    attempt = Attempt(decision, first, story.segment, known[key])
                    story = replace(story, attempts=(*story.attempts, attempt))
            back = [each for each in story.attempts if each.evidence.recovered[week - each.first]]
            if back:
                story = replace(story, recovered=back[0], recovered_in=week)
                followed = anew(back[0].first)
                state = followed.states[week - followed.first]
        found.append(Standing(state, followed, story))
    return found


def _alarmed(story: Story | None, state: OutcomeState, since: int, week: int) -> Story:
    """The story that an alarm belongs to: the one before where that is not over, else a new one."""
    if story is None or story.recovered is not None or since > story.alarmed:
        return Story(week, since, week, state.segment)
    return replace(story, alarmed=week, segment=state.segment)
