"""Editing a charter: as a form or as YAML, one draft, checked at once, registered with who and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any, get_args

import streamlit as st

from leadline.dashboard.views import actions, caches, kit
from leadline.dashboard.views.charters import intent_fields, validation_fields
from leadline.dashboard.views.charters.charter import faults, promise_button, rules
from leadline.dashboard.views.charters.drafts import Draft, drafted
from leadline.dashboard.views.links import as_choice
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import charters
from leadline.dashboard.words.charter_changes import ENTRY_LAG_FIELD, change_words
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.intent import questions
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.catalog import Role
from leadline.metrics.agreement.changes import compare, text_difference
from leadline.metrics.agreement.charter import charter_template
from leadline.metrics.agreement.charter_form import Form, charter_to_form, empty_form, form_to_yaml
from leadline.metrics.charter_terms import Charter, Gate, GateOn, GateUnknown
from leadline.metrics.landed_words import charter_gaps

ACTIONS = ("review", "adjust", "pause", "stop")
_LINES_OF_TEXT = 460


def yaml(page: Page, chosen: Draft) -> None:
    """The text itself."""
    if not kit.may(page, "agree"):
        st.code(chosen.text, language="yaml", wrap_lines=True)
        return
    begun = _begin(chosen, "yaml")
    text = st.text_area(
        "The charter as YAML", begun or charter_template(), height=_LINES_OF_TEXT, key=_key(chosen, "text"),
        help="Checked as you type. Nothing is kept before you register it.",
    )  # fmt: skip
    _keep(chosen, text)
    _check_and_register(page, chosen, drafted(text, page.catalog, chosen.file))


def form(page: Page, chosen: Draft) -> None:
    """The same charter, key by key."""
    if not kit.may(page, "agree"):
        return
    text = _begin(chosen, "form")
    base = drafted(text, page.catalog, chosen.file) if text.strip() else Draft("", None)
    if base.faults:
        faults(base.faults)
        st.markdown("Correct these under **Edit as YAML** first: a form can't show what can't be read.")
        return
    begun = charter_to_form(base.charter) if base.charter else empty_form()
    now = form_to_yaml(_unsigned_where_changed(_fields(page, chosen, begun), chosen), text, page.catalog)
    _keep(chosen, now)
    _check_and_register(page, chosen, drafted(now, page.catalog, chosen.file))


def _unsigned_where_changed(filled: Form, chosen: Draft) -> Form:
    """A signature is one under the terms as they were; other terms are unsigned until somebody signs them."""
    if chosen.charter is None or form_to_yaml(filled) == form_to_yaml(charter_to_form(chosen.charter)):
        return filled
    return {**filled, "signed": {"by": "", "on": ""}}


def _key(chosen: Draft, field: str) -> str:
    """A widget's key: new whenever an editor is opened, so that it begins with the draft."""
    return f"charter {chosen.key} {st.session_state.get('charter editor', ('', '', 0))[2]} {field}"


def _begin(chosen: Draft, editor: str) -> str:
    """The draft that this editor begins with: what was typed in the other one, else the text in force."""
    opened = st.session_state.get("charter editor", ("", "", 0))
    drafts: dict[str, str] = st.session_state.setdefault("charter drafts", {})
    if opened[:2] != (editor, chosen.key):
        st.session_state["charter editor"] = (editor, chosen.key, opened[2] + 1)
        st.session_state["charter begun"] = drafts.get(chosen.key, chosen.text)
    return str(st.session_state["charter begun"])


def _keep(chosen: Draft, text: str) -> None:
    st.session_state["charter drafts"][chosen.key] = text


def _forget(chosen: Draft) -> None:
    """The draft is thrown away; whichever editor opens begins with the text in force."""
    st.session_state.get("charter drafts", {}).pop(chosen.key, None)
    opened = st.session_state.get("charter editor", ("", "", 0))
    st.session_state["charter editor"] = ("", "", opened[2])


def _fields(page: Page, chosen: Draft, begun: Form) -> Form:
    """Every key of a charter as a widget; what they say."""
    with st.container(border=True):
        one, two, three, five, four = st.columns(5)
        top = {
            "workflow": one.text_input(
                "Workflow", begun["workflow"], key=_key(chosen, "workflow"), disabled=bool(begun["workflow"]),
                help="Its identity, as in the workflow column of the exports.",
            ),
            "name": two.text_input("Name", begun["name"], key=_key(chosen, "name"), placeholder=begun["workflow"]),
            "owner": three.text_input(
                "Owner", begun["owner"], key=_key(chosen, "owner"), help="Who is accountable for the coordination."
            ),
            "deputy": five.text_input("Deputy", begun["deputy"], key=_key(chosen, "deputy")),
            "deployed_on": _date(four, "Deployed on", begun["deployed_on"], _key(chosen, "deployed")),
        }  # fmt: skip
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.markdown("##### What it is for", anchors=False)
        intent = intent_fields.intent(begun["intent"], page.catalog, partial(_key, chosen))
    with right.container(border=True, height="stretch"):
        st.markdown("##### From objective to instruction", anchors=False)
        cascade = intent_fields.cascade(begun["cascade"], page.catalog, partial(_key, chosen))
        every = st.text_input(
            "Checkpoints every",
            begun["checkpoints"]["every"],
            key=_key(chosen, "every"),
            placeholder="1 week",
        )
        gate = _gate(chosen, begun["gate"])
        lag = st.text_input(
            ENTRY_LAG_FIELD,
            begun["entry_lag"],
            key=_key(chosen, "entry_lag"),
            placeholder="14 days",
            help="How late, after their date. Left empty, it is learned from successive imports.",
        )
    with st.container(border=True):
        st.markdown("##### What is watched", anchors=False)
        watch = _watch(page, chosen, begun["watch"])
    with st.container(border=True):
        st.markdown("##### What people look at", anchors=False)
        reviewing = validation_fields.reviewing(begun["reviewing"], partial(_key, chosen))
        promises = validation_fields.positioning(begun["positioning"], partial(_key, chosen))
    with st.container(border=True):
        st.markdown("##### Stopping rules", anchors=False)
        rules = _rules(chosen, begun["stopping_rules"])
    return {
        **top,
        "intent": intent,
        "cascade": cascade,
        "positioning": promises,
        "reviewing": reviewing,
        "watch": watch,
        "stopping_rules": rules,
        "checkpoints": {"every": every},
        "gate": gate,
        "entry_lag": lag,
        "signed": begun["signed"],
    }


def _gate(chosen: Draft, begun: Mapping[str, str]) -> dict[str, str]:
    """What the workflow is answered when it asks whether it may go on; a default is left out."""
    left, middle, right = st.columns(3)

    def choice(place: Any, label: str, key: str, known: tuple[str, ...], default: str, help_text: str) -> str:
        told = place.selectbox(
            label, known, known.index(begun[key] or default), key=_key(chosen, f"gate {key}"), help=help_text
        )
        return "" if told == default else told

    return {
        "on": choice(
            left, "Gate closes on", "on", get_args(GateOn), Gate.on,
            "A decision alone (pause or stop), also an undecided breach that asks for one, or never.",
        ),
        "unknown": choice(
            middle, "While nobody looks", "unknown", get_args(GateUnknown), Gate.unknown,
            "What the workflow should do when no review was held since the last checkpoint.",
        ),
        "holdout": right.text_input(
            "Left to people", begun["holdout"], key=_key(chosen, "gate holdout"), placeholder="10%",
            help="Share of the units that the gate answers 'human'.",
        ),
    }  # fmt: skip


def _date(place: Any, label: str, begun: str, key: str, help: str | None = None) -> str:
    value = dt.date.fromisoformat(begun) if begun else None
    chosen = place.date_input(
        label, value, key=key, format=current().date_input, min_value=dt.date(1990, 1, 1), help=help
    )
    return chosen.isoformat() if isinstance(chosen, dt.date) else ""


def _chosen(begun: list[Any], known: list[str]) -> list[str]:
    names = (each["metric"] if isinstance(each, Mapping) else each for each in begun)
    return [name for name in names if name in known]


def _watch(page: Page, chosen: Draft, begun: Mapping[str, Any]) -> dict[str, Any]:
    proxies, outcomes = st.columns(2)
    picked: dict[str, list[Any]] = {}
    own = {each["metric"]: each for each in begun["outcomes"] if isinstance(each, Mapping)}
    for place, name in ((proxies, "proxies"), (outcomes, "outcomes")):
        role: Role = "proxy" if name == "proxies" else "outcome"
        known = [metric.id for metric in page.catalog.values() if metric.may_be(role)]
        picked[name] = place.pills(
            name.capitalize(), known, default=_chosen(begun[name], known),
            selection_mode="multi", key=_key(chosen, name), wrap=True,
            format_func=lambda each: as_choice(page.catalog[each].label),
        )  # fmt: skip
    picked["outcomes"] = [own.get(name, name) for name in picked["outcomes"]]  # with its own yardstick
    first, last, segments, proxy, outcome = st.columns([1, 1, 1.2, 0.9, 0.9])
    return {
        **picked,
        "baseline": {
            "from": _date(first, "Baseline from", begun["baseline"]["from"], _key(chosen, "from")),
            "to": _date(
                last, "Baseline to", begun["baseline"]["to"], _key(chosen, "to"),
                "Empty: the day before it was deployed.",
            ),
        },
        "segments": segments.text_input(
            "Segments", ", ".join(begun["segments"]), key=_key(chosen, "segments"), placeholder="channel, region"
        ).split(","),
        "materiality": {
            "proxy": proxy.text_input(
                "Proxy material from", begun["materiality"]["proxy"], key=_key(chosen, "proxy"), placeholder="5%"
            ),
            "outcome": outcome.text_input(
                "Outcome material from", begun["materiality"]["outcome"], key=_key(chosen, "outcome"),
                placeholder="10%",
            ),
        },
    }  # fmt: skip


def _rules(chosen: Draft, begun: list[dict[str, str]]) -> list[dict[str, str]]:
    """One line a rule; an emptied line is no rule any more."""
    more = _key(chosen, "more rules")
    count = len(begun) + st.session_state.get(more, 0 if begun else 1)
    found = []
    for place in range(count):
        rule = begun[place] if place < len(begun) else {}
        if line := _rule(chosen, place, rule):
            found.append(line)
    if st.button("Add a rule", icon=":material/add:", key=_key(chosen, "add a rule")):
        st.session_state[more] = st.session_state.get(more, 0 if begun else 1) + 1
        st.rerun()
    kit.quiet(
        "When: a verdict (diverging, declining), a metric (close\\_rate &lt; 15%, response\\_time &gt; baseline + "
        "20%), a cost (cost &gt; 50,000 EUR) or: checkpoint missed. Empty a line to remove its rule."
    )
    return found


def _rule(chosen: Draft, place: int, rule: Mapping[str, str]) -> dict[str, str]:
    columns = st.columns([1.2, 1.8, 0.8, 0.8, 0.9, 0.8], vertical_alignment="bottom")
    labels = {
        "id": ("Rule", "close-rate-floor"), "when": ("When", "close_rate < 15%"), "for": ("For", "1 week"),
        "min_sample": ("On at least", "30 units"), "recover": ("Back at", "its threshold"),
    }  # fmt: skip
    said = {
        name: column.text_input(
            label, rule.get(name, ""), key=_key(chosen, f"rule {place} {name}"), placeholder=hint,
            label_visibility="visible" if place == 0 else "collapsed",
        )
        for column, (name, (label, hint)) in zip(columns[:5], labels.items(), strict=True)
    }  # fmt: skip
    action = columns[5].selectbox(
        "Then", ACTIONS, index=ACTIONS.index(rule.get("action", "review")), key=_key(chosen, f"rule {place} then"),
        label_visibility="visible" if place == 0 else "collapsed",
    )  # fmt: skip
    return {**said, "action": action} if any(said.values()) else {}


def _check_and_register(page: Page, chosen: Draft, draft: Draft) -> None:
    """What is wrong with the draft, or what it changes; then who registers it, and why."""
    if draft.charter is None or draft.faults:
        faults(draft.faults)
        return
    if draft.text == chosen.text and chosen.file is not None:
        known = caches.promises_of(
            page.workspace, page.warehouse, draft.charter, page.workspace.today(), ask=False
        )
        kit.quiet("● No fault. Nothing is changed so far.")
        promise_button(page, draft.charter, known)
        return
    _show_changes(chosen, draft.charter)
    _ask_back(page, draft.charter)
    rules(page, draft.charter, None)
    _register(page, chosen, draft.charter)


def _ask_back(page: Page, charter: Charter) -> None:
    """What of its intent nobody holds, as registration asks; none of it stands in the way."""
    asked = questions(charter_gaps(page.warehouse, charter), page.catalog)
    if asked:
        st.markdown("**Asked back** (it can be registered all the same)")
        st.markdown("\n".join(f"- {escape_markdown(each)}" for each in asked))


def _show_changes(chosen: Draft, charter: Charter) -> None:
    st.subheader("What this changes", anchor=False)
    if chosen.charter is None:
        st.markdown(f"A charter for **{escape_markdown(charter.workflow)}**; no fault.")
        return
    changes = compare(chosen.charter, charter)
    marks = {change_words(change): charters.marked(change) for change in changes}
    lines = [f"- {':orange[⚑] ' if mark else ''}{escape_markdown(words)}" for words, mark in marks.items()]
    st.markdown("\n".join(lines) or "Only the wording of the file.")
    if any(marks.values()):
        kit.quiet(
            "⚑ makes a rule easier to keep or moves what it is compared with; after a breach it stays marked."
        )
    with st.expander("The text, line by line", icon=":material/difference:"):
        st.code(text_difference(chosen.text, charter.source), language=None, wrap_lines=True)


def _register(page: Page, chosen: Draft, charter: Charter) -> None:
    with st.container(border=True):
        st.markdown("##### Register this version", anchors=False)
        who, why = st.columns([1, 2.2], vertical_alignment="bottom")
        with who:
            name = kit.name_field(page, f"agree {chosen.key}")
        reason = why.text_input(
            "Why", key=_key(chosen, "why"), max_chars=400, placeholder="Why it is changed"
        )
        sign = st.checkbox(
            "Sign it in my name, with today's date", key=_key(chosen, "sign"),
            help="Changed in the form, a charter is unsigned until somebody signs it again; in YAML, the signature "
            "that stands in the text is kept as it is.",
        )  # fmt: skip
        register, drop, _ = st.columns([1, 1, 3])
        if register.button("Register", type="primary", icon=":material/verified:", width="stretch"):
            try:
                version = actions.agree(page, charter.source, name, reason, sign=sign, replaces=chosen.file)
            except LeadlineError as error:
                tell_error(str(error))
                return
            kit.remember_name(name)
            _forget(chosen)
            st.session_state["workflow chosen"] = charter.workflow
            st.query_params["workflow"] = charter.workflow
            words = escape_markdown(charters.charter_name(charter))
            st.session_state["registered"] = f"{words}: version {version} is registered and in force."
            st.rerun()
        if drop.button("Throw the draft away", icon=":material/delete:", width="stretch"):
            _forget(chosen)
            st.rerun()
