"""What reviewers have found of one workflow, how well they agree, and what so many reviews can notice."""

from __future__ import annotations

from leadline.dashboard.views import kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import reviewing as words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.charter_terms import Charter
from leadline.metrics.reviewing.agreement import failed, failing_share, seen, verdicts
from leadline.metrics.reviewing.plan import noticeable


def what_was_found(page: Page, charter: Charter) -> None:
    """Below the next output."""
    agreed = charter.reviewing
    if agreed is None:
        return
    today = page.workspace.today()
    judged = seen(verdicts(page.warehouse, charter.workflow, "seen", today), today)
    budget = page.workspace.settings.false_alarm_budget
    told = noticeable(page.warehouse, agreed.a_week, failing_share(judged), budget)
    kit.quiet(escape_markdown(words.noticed_sentence(agreed, told)))
    kit.section(
        "Agreement", words.agreement_table(judged, agreed), "leadline-agreement",
        "Nothing of this workflow has been reviewed in the last half year.",
    )  # fmt: skip
    if judged:
        kit.quiet(escape_markdown(words.agreement_note()))
    kit.section(
        "What failed", words.failed_table(failed(page.warehouse, charter.workflow, today)), "leadline-failed",
        "No output of this workflow has failed.",
    )  # fmt: skip
