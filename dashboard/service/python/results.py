"""What the calls of an opened workspace give back: frozen values, each with `to_frame()` and its look in a notebook."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from leadline.dashboard.service.python.landing_options import in_keywords
from leadline.dashboard.service.report import named
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import counted, listed
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import Question, Reason, RowCounts, State, Warned
from leadline.data.plain_json import from_plain
from leadline.data.workspace.locales import DEFAULT
from leadline.metrics import results
from leadline.metrics.agreement.catalog import Metric

if TYPE_CHECKING:
    import pandas as pd

Json = dict[str, Any]
FrameOf = Literal["pairs", "workflows", "rules", "weeks", "sources"]
"""what a frame has its rows of; `frames.COLUMNS` has the columns of each"""


@dataclass(frozen=True)
class Landing:
    """What happened, or with `dry_run` would happen, to one file."""

    file: str
    state: State
    """'landed' wherever it is given back; 'refused' and 'asks' come with a NotLandedError"""
    dry_run: bool
    message: str
    source: str | None
    """what the file was recognised as, in words"""
    template: str | None
    import_id: int | None
    """what `leadline undo` takes; None with `dry_run`"""
    rows: RowCounts
    reasons: tuple[Reason, ...]
    """why rows were quarantined or skipped"""
    warnings: tuple[Warned, ...]
    questions: tuple[Question, ...]
    """what the file asks; each names under `option` the keyword that answers it: "dates='dmy' or dates='mdy'"""
    code: str | None = None
    """of a refusal: 'empty_file'"""

    def to_frame(self) -> pd.DataFrame:
        """Rows by what became of them and why. A row that fails for two reasons stands under both."""
        from leadline.dashboard.service.python import frames

        return frames.landing((self.file, self.template, self.import_id), self.rows, self.reasons)

    def _repr_html_(self) -> str:
        from leadline.dashboard.service.python import notebook_html

        return notebook_html.landing(self.message, self.warnings, self.to_frame())


class NotLandedError(LeadlineError):
    """A file was refused, or asks what only a person can say; nothing of it has landed."""

    def __init__(self, landing: Landing) -> None:
        super().__init__(landing.message)
        self.landing = landing


@dataclass(frozen=True)
class Registered:
    """A charter as it is registered now."""

    workflow: str
    version: int
    is_new: bool
    """False where this very text was registered already"""
    signed_by: str | None
    file: str
    """where the workspace keeps it, seen from its folder"""
    open: tuple[str, ...]
    """points that the charter leaves open, one sentence each"""

    def to_frame(self) -> pd.DataFrame:
        """One row."""
        from leadline.dashboard.service.python import frames

        return frames.registered(
            self.workflow, self.version, self.is_new, self.signed_by, self.file, len(self.open)
        )

    def _repr_html_(self) -> str:
        from leadline.dashboard.service.python import notebook_html

        by = f"signed by {self.signed_by}" if self.signed_by else "not signed yet"
        known = "" if self.is_new else " It was registered already; nothing changed."
        said = f"{self.workflow}, version {self.version}, {by}; kept in {self.file}.{known}"
        return notebook_html.paragraphs([said, *(f"Open: {point}" for point in self.open)])


@dataclass(frozen=True)
class Gate:
    """Whether a workflow may go on, as it would be told itself."""

    workflow: str
    value: bool | None
    """None: it can't be said, because nobody has looked for too long"""
    variant: str
    """run, review, adjust, pause, stop, human"""
    unknown: str
    """open or closed: what to do where `value` is None"""
    reason: str
    rule: str | None
    decision: str | None
    since: dt.date | None
    as_of: dt.date | None
    valid_until: dt.date | None
    """the last day on which this holds without another review"""
    charter_version: int | None

    def to_frame(self) -> pd.DataFrame:
        """One row."""
        from leadline.dashboard.service.python import frames

        return frames.gate(*(getattr(self, each.name) for each in dataclasses.fields(self)))

    def _repr_html_(self) -> str:
        from leadline.dashboard.service.python import notebook_html

        word = "can't say" if self.value is None else "yes" if self.value else "no"
        return notebook_html.paragraphs(
            [f"May {self.workflow} go on? {word[:1].upper()}{word[1:]}. {self.reason}"]
        )


@dataclass(frozen=True)
class Picture:
    """The divergence chart of one workflow."""

    png: bytes
    alt: str
    """what it shows, for those who can't see it"""

    def _repr_html_(self) -> str:
        from leadline.dashboard.service.python import notebook_html

        return notebook_html.picture(self.png, self.alt)

    def __repr__(self) -> str:
        return f"<{self.alt}>"


@dataclass(frozen=True, repr=False)
class Review(results.Review):
    """A review with the words of its metrics, so that it can be shown and drawn."""

    catalog: Mapping[str, Metric] = field(default_factory=dict, compare=False, kw_only=True)
    locale: str = field(default=DEFAULT, kw_only=True)
    """of numbers and dates in its words"""

    def to_frame(self, of: FrameOf = "pairs") -> pd.DataFrame:
        """One row a workflow and pair of proxy and outcome, worst first; or what `of` says. Raises LeadlineError."""
        from leadline.dashboard.service.python import frames

        return frames.reviews((self,), of, self.catalog, self.locale)

    def picture(self, workflow: str | None = None) -> Picture:
        """The divergence chart of that workflow's deciding pair; None is the worst one. Raises LeadlineError."""
        from leadline.dashboard.service.python import notebook_html

        if workflow is None and not self.workflows:
            raise LeadlineError(
                "No workflow has a charter yet, so there is nothing to draw; register one with register()."
            )
        chosen = self.workflows[0] if workflow is None else named(self, workflow)
        return Picture(*notebook_html.drawn(chosen, self.locale))

    def _repr_html_(self) -> str:
        from leadline.dashboard.service.python import notebook_html

        return notebook_html.review(self, self.catalog, self.locale)

    def __repr__(self) -> str:
        return f"<Review as of {self.as_of}: {states(self)}>"


@dataclass(frozen=True, repr=False)
class Replay:
    """The reviews of a span, oldest first, a week apart."""

    reviews: tuple[Review, ...]

    def to_frame(self, of: FrameOf = "pairs") -> pd.DataFrame:
        """One row a week, workflow and pair, oldest week first; or what `of` says, week by week."""
        from leadline.dashboard.service.python import frames

        return frames.reviews(self.reviews, of, self.reviews[0].catalog, self.reviews[0].locale)

    def __iter__(self) -> Iterator[Review]:
        return iter(self.reviews)

    def __len__(self) -> int:
        return len(self.reviews)

    def __getitem__(self, place: int) -> Review:
        return self.reviews[place]

    def _repr_html_(self) -> str:
        from leadline.dashboard.service.python import notebook_html

        return notebook_html.replay(self.reviews, self.reviews[0].locale)

    def __repr__(self) -> str:
        first, last = self.reviews[0].as_of, self.reviews[-1].as_of
        return f"<Replay of {counted(len(self.reviews), 'week')}, {first} to {last}>"


def states(review: results.Review) -> str:
    """'lead-routing drifting and content-studio holding', worst first."""
    each = [f"{one.workflow} {verdict_words(one.verdict).word.lower()}" for one in review.workflows]
    return listed(each, len(each)) if each else "no workflow has a charter"


def landing_of(report: Json, *, dry_run: bool) -> Landing:
    """The report of the command as it travels -> the same, frozen."""
    import_id = None if dry_run else report["import_id"]
    landing: Landing = from_plain(Landing, {**report, "dry_run": dry_run, "import_id": import_id})
    if landing.state != "asks":
        return landing
    asked = tuple(replace(each, option=in_keywords(each.option)) for each in landing.questions)
    message = " ".join(f"{each.message} Answer with {each.option}." for each in asked)
    return replace(landing, questions=asked, message=message)


def registered_of(told: Json) -> Registered:
    """What registering gave as it travels -> the same, frozen."""
    registered: Registered = from_plain(Registered, told)
    return registered


def review_of(told: Json, catalog: Mapping[str, Metric], locale: str) -> Review:
    """A whole review as it travels -> the same, frozen."""
    plain = from_plain(results.Review, told)
    values = {one.name: getattr(plain, one.name) for one in dataclasses.fields(results.Review)}
    return Review(**values, catalog=catalog, locale=locale)
