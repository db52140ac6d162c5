"""Alerts: every breach, open first, with its history, its card, and what can be done about it."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit, links
from leadline.dashboard.views.alerts.alert import nothing_yet, open_alerts, resolved
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.words.alerts import alerts_sentence, alerts_table, failures_table, urgency
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.agreement.alerts import alerts
from leadline.metrics.agreement.outbox import failures

with errors_told():
    page = open_page()
    review = page.made_review()
    kit.heading("Alerts", review)
    found = alerts(page.warehouse)
    for key in ("decided", "acknowledged", "silenced", "said"):
        kit.told_once(key, again=review is None)
    st.header(escape_markdown(alerts_sentence(found)), anchor=False)
    if review is not None and not found:
        nothing_yet(review)
    asked = links.asked_for("alert", [alert.id for alert in found])
    is_open = sorted((alert for alert in found if alert.is_open), key=urgency)
    decides = open_alerts(page, review, sorted(is_open, key=lambda alert: alert.id != asked))
    resolved(page, [alert for alert in found if not alert.is_open], asked)
    if found:
        everything = alerts_table(sorted(found, key=urgency), page.zone, page.catalog)
        kit.section("Every alert", everything, "leadline-alerts", "")
    if undelivered := failures(page.warehouse):
        kit.section(
            "Notifications that did not arrive", failures_table(undelivered, page.zone),
            "leadline-notifications", "",
        )  # fmt: skip
    if review is None and not decides:
        # a stop need not wait for it, and drawing the page anew would close the form
        page.review(page.workspace.today())
        st.rerun()
