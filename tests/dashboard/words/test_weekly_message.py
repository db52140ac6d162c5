"""What the weekly message says of many workflows, and to whom follows what there is not."""

from __future__ import annotations

from dataclasses import replace

from leadline.dashboard.drawings.mail_html import mail_html
from leadline.dashboard.service.mail import composed
from leadline.dashboard.words.weekly_message import (
    Follower,
    WeeklyMessage,
    astray_words,
    left_out_words,
    weekly_message,
)
from tests.metrics.shown import CATALOG, review, rule, workflow


def message(follower: Follower, *more: str) -> WeeklyMessage:
    """Of one that drifts and five that hold."""
    drifting = workflow(rule("breached"))
    holding = [
        replace(workflow(rule("ok"), verdict="aligned"), workflow=f"w{each}", name=f"Desk {each}")
        for each in range(5)
    ]
    return weekly_message(
        review(drifting, *holding),
        CATALOG,
        workspace_name="team",
        codes={},
        follower=follower,
        left_out=" ".join(more),
        link="https://leadline.example.com",
    )


def test_of_many_workflows_what_holds_takes_a_line() -> None:
    told = message(Follower(), left_out_words(3, 12))
    assert [part.is_folded for part in told.parts] == [False] + [True] * 5
    for part in (told.text(), mail_html(told, {})):
        assert part.count("Cost so far") == 1
        assert part.count("Due: ") == 6
        assert part.count("Desk 3") == 1
        assert "3 cards more are on their pages. The pack is too large for a mail (12" in part.replace(
            "\xa0", " "
        )


def test_the_pack_of_many_is_attached_as_what_it_is() -> None:
    told = {"to": "ana@example.com", "subject": "s", "text": "t", "cards": [], "week": "2024-06-30"}
    for form, kind in (("pdf", "application/pdf"), ("html", "text/html")):
        (pack,) = composed(
            "leadline@example.com", {**told, "form": form, "pack": "JVBERg=="}
        ).iter_attachments()
        assert (pack.get_content_type(), pack.get_filename()) == (kind, f"weekly-review-2024-06-30.{form}")


def test_a_name_that_is_followed_and_is_none_is_told() -> None:
    told = message(Follower(("w1", "Typo", "old"), astray_words(["Typo"], ["old"])))
    assert "“Typo” is the name of no watched workflow and of no owner; “old” is retired" in told.why
    assert "leadline.toml" in told.text()
