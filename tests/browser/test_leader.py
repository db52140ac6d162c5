"""A leader's path, as one person clicks it: review → workflow → why → decide → close the week; the link reopened."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import MISSING, find_chromium, settle
from tests.browser.visits import PATIENCE, fill, go, heading, one_person, read, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser


def overflow(page: Page) -> int:
    return int(
        page.evaluate(
            """() => { const main = document.querySelector('[data-testid="stMain"]');
                       return main.scrollHeight - main.clientHeight; }"""
        )
    )


def test_a_leader_reads_decides_and_closes_the_week(page: Page, own: Served, browser: Browser) -> None:
    visit(page, own, charts=1)
    expect(page.get_by_text("Since the week before:")).to_be_visible()
    assert overflow(page) == 0, "the weekly review is one screen"

    page.get_by_text("Why we say this").first.click()
    page.wait_for_url(re.compile(r"/workflow\?"))
    settle(page, charts=4)
    for words in ("Where it comes from", "Does the proxy still predict", "Stopping rules"):
        expect(page.get_by_role("heading", name=words)).to_be_visible()
    page.get_by_text("How cohorts mature").click()
    expect(page.get_by_text("in the baseline it was")).to_be_visible(timeout=PATIENCE)

    go(page, "Alerts")
    heading(page, "wait for somebody to look after them")
    expect(page.get_by_role("img", name=re.compile("^Alert card"))).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Acknowledge").first.click()
    fill(page, "Your name", "Lea Lead")
    page.get_by_role("button", name="I look after it").locator("visible=true").click()
    heading(page, "waits for a decision")

    go(page, "Weekly review")
    settle(page, charts=1)
    page.get_by_role("button", name="Decide", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Agreed: Verdict “drifting”, then pause.")).to_be_visible()
    expect(dialog.get_by_role("radio", name=re.compile("Pause: it stops"))).to_be_checked()
    dialog.get_by_role("textbox", name="Reason", exact=True).fill("Fast answers, but the wrong ones.")
    dialog.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text(re.compile(r"Decision D\d+ is recorded: pause, by Lea Lead"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(re.compile("Decided: pause; look again"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Decide", exact=True)).to_have_count(0)

    page.get_by_role("button", name="Close the week").click()
    fill(page, "Notes", "Referral looks worst.")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Close the week").click()
    expect(page.get_by_role("button", name="Closed")).to_be_visible(timeout=PATIENCE)

    go(page, "Decisions")
    heading(page, "Nothing is overdue; 1 decision waits for its checkpoint.")
    expect(page.get_by_text("Fast answers, but the wrong ones.").first).to_be_visible()
    expect(page.get_by_text("Referral looks worst.").first).to_be_visible()
    page.get_by_text("The ledger: everything as it was recorded").click()
    page.get_by_role("button", name="Is it as it was written?").click()
    expect(page.get_by_text("Every row is as it was written")).to_be_visible(timeout=PATIENCE)

    with one_person(browser) as other:
        visit(other, own, "/alerts")
        heading(other, "2 wait for the outcome to come back")


def test_a_rule_says_what_it_can_promise_before_it_is_signed(page: Page, demo: Served) -> None:
    visit(page, demo, "/charters?workflow=lead-routing&tab=form")
    fill(page, "Owner", "Head of Sales")
    expect(page.get_by_text("Owner: Head of Demand Generation became Head of Sales.", exact=False).or_(
        page.get_by_text("owner: Head of Demand Generation became Head of Sales.", exact=False)
    ).first).to_be_visible(timeout=PATIENCE)  # fmt: skip
    page.get_by_role("button", name="What can these rules promise?").click()
    expect(page.get_by_text("Would have fired", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Register", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "link",
    [
        "/workflow?workflow=content-studio&week=2026-06-28",
        "/charters?workflow=nurture&tab=versions",
        "/?week=2026-06-28",
    ],
)
def test_a_link_opens_the_same_view_in_a_new_session(browser: Browser, demo: Served, link: str) -> None:
    said = []
    for _ in range(2):
        with one_person(browser) as page:
            visit(page, demo, link)
            said.append(read(page))
            assert page.url.endswith(link)
    assert said[0] == said[1]
    assert "28 Jun 2026" in said[0].replace("\u00a0", " ") or "Versions" in said[0]


def test_the_week_can_be_closed_with_the_keyboard_alone(page: Page, own: Served) -> None:
    visit(page, own, charts=1)
    page.get_by_role("button", name="Close the week").focus()
    page.keyboard.press("Enter")
    body = page.get_by_test_id("stPopoverBody")
    expect(body).to_be_visible()
    settle(page, charts=1)
    for waiting in body.get_by_role("textbox", name="carried over because").all():
        waiting.focus()
        page.keyboard.type("The board decides on Thursday.")
    name = body.get_by_role("textbox", name="Your name", exact=True)
    name.focus()
    expect(name).to_be_focused()
    page.keyboard.type("Lea Lead")
    expect(name).to_have_value("Lea Lead")
    page.keyboard.press("Tab")
    expect(body.get_by_role("textbox", name="Notes")).to_be_focused()
    page.keyboard.type("By keyboard.")
    body.get_by_role("button", name="Close the week").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Closed")).to_be_visible(timeout=PATIENCE)
