"""What a page shows is named in its link: `?workflow=lead-routing&week=2024-06-30`. The link decides, widgets write it.

A choice is kept while somebody moves between pages, whose links the navigation empties. What a link names and the
workspace does not have is said, and something sensible is shown instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import streamlit as st

from leadline.dashboard.views.page import note
from leadline.dashboard.words import review_card
from leadline.dashboard.words.formats import day, one_line, shortened
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.verdicts import display_name
from leadline.metrics.results import Review, WorkflowReview

WEEKS_BACK = 261
"""how far back the list of weeks goes; a link can go further"""
EARLIEST = dt.date(1990, 1, 1)
_LETTERS_QUOTED = 60


def choose_week(today: dt.date) -> dt.date:
    """The day whose end the review shows: the newest, or a week's end chosen here or named in the link."""
    asked = _asked("week")
    linked = _date(asked) if asked else None
    if asked and (linked is None or not EARLIEST <= linked <= today):
        note(
            f"The link names the week “{_quoted(asked)}”, which is not a date up to {day(today)}; the newest is shown."
        )
        linked = None
    last_sunday = today - dt.timedelta(days=(today.weekday() + 1) % 7)
    ends = {last_sunday - dt.timedelta(weeks=back) for back in range(WEEKS_BACK)}
    options = sorted({today, *ends, *([linked] if linked else [])}, reverse=True)
    st.session_state["week shown"] = linked or today
    # told here, in the page's locale: Streamlit may ask for the words again where it does not run the page
    words = {date: _week_words(date, today) for date in options}
    return st.selectbox(
        "As of",
        options,
        format_func=words.__getitem__,
        key="week shown",
        on_change=lambda: _remember("week", _week_link(st.session_state["week shown"], today)),
        label_visibility="collapsed",
        width=230,
        help="Shows the review as it would have been with only what was known then.",
    )


def week_named(today: dt.date) -> dt.date:
    """The day that the link names, the newest where it names none that can be shown."""
    linked = _date(_asked("week") or "")
    return linked if linked is not None and EARLIEST <= linked <= today else today


def past_week(as_of: dt.date, today: dt.date) -> None:
    """That an earlier week is looked at, and the way back; nothing where it is the newest."""
    if as_of == today:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"You look at the review of {day(as_of)}, with what was known then.",
            icon=":material/history:",
            width="stretch",
        )
        st.button(
            "Back to now",
            icon=":material/update:",
            key="back to now",
            on_click=lambda: _remember("week", None),
        )


def choose_workflow(review: Review) -> WorkflowReview:
    """The workflow named in the link or chosen here; the worst one otherwise. `review` has at least one."""
    known = {workflow.workflow: workflow for workflow in review.workflows}
    asked = _asked("workflow")
    if asked is not None and asked not in known:
        note(
            f"The link names the workflow “{_quoted(asked)}”, which has no charter here; another one is shown."
        )
    shown = asked if asked in known else review.workflows[0].workflow
    # named even where nobody chose, so that the link still opens this one when another has become the worst
    _remember("workflow", shown)
    st.session_state["workflow shown"] = shown
    chosen = st.selectbox(
        "Workflow",
        list(known),
        format_func=lambda key: review_card.option(known[key].verdict, display_name(known[key])),
        key="workflow shown",
        on_change=lambda: _remember("workflow", st.session_state["workflow shown"]),
        label_visibility="collapsed",
    )
    return known[chosen]


def choose_named(
    name: str, label: str, known: Mapping[str, str], otherwise: str, only_here: Collection[str] = ()
) -> str:
    """One of `known` (identity -> words), named in the link as `name` or chosen here; `otherwise` at first.

    `only_here`: identities that mean nothing on another page.
    """

    def remember(chosen: str) -> None:
        if chosen in only_here:
            st.query_params[name] = chosen
        else:
            _remember(name, chosen)

    asked = _asked(name)
    if asked is not None and asked not in known:
        note(f"The link names the {name} “{_quoted(asked)}”, which is not known here; another one is shown.")
    shown = asked if asked is not None and asked in known else otherwise
    remember(shown)
    st.session_state[f"{name} shown"] = shown
    return st.selectbox(
        label,
        list(known),
        format_func=lambda key: one_line(known[key]),
        key=f"{name} shown",
        on_change=lambda: remember(st.session_state[f"{name} shown"]),
        label_visibility="collapsed",
    )


def asked_for(name: str, known: Collection[str]) -> str | None:
    """One of `known` that the link names as `name`; None where it names none. Upper and lower case are one."""
    asked = st.query_params.get(name)
    found = next((each for each in known if asked is not None and each.lower() == asked.lower()), None)
    if asked is not None and found is None:
        note(f"The link names the {name} “{_quoted(asked)}”, which is not known here.")
    return found


def choose_tab(tabs: Mapping[str, str], key: str) -> str:
    """One of the page's parts (identity -> words), named in the link as `tab`; the first at first."""
    asked = st.query_params.get("tab")
    if asked is not None and asked not in tabs:
        note(
            f"The link names the part “{_quoted(asked)}”, which this page does not have; the first is shown."
        )
    st.session_state[key] = asked if asked in tabs else next(iter(tabs))

    def write() -> None:
        st.query_params["tab"] = st.session_state[key]

    return str(
        st.segmented_control(
            "Part of the page",
            list(tabs),
            format_func=lambda part: as_choice(tabs[part]),
            key=key,
            required=True,
            on_change=write,
            label_visibility="collapsed",
        )
    )


def as_choice(words: str) -> str:
    """Words of a choice that stands open, in a colour of their own: of itself the chosen one takes that of buttons,
    which carries white words and so is too dark for words on a dark page."""
    return f":blue[{escape_markdown(words)}]"


def _asked(name: str) -> str | None:
    """What the link says; where it says nothing, what was chosen on another page."""
    if name not in st.query_params and (chosen := st.session_state.get(f"{name} chosen")):
        st.query_params[name] = str(chosen)
    return st.query_params.get(name)


def _remember(name: str, value: str | None) -> None:
    st.session_state[f"{name} chosen"] = value
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def _week_link(date: dt.date, today: dt.date) -> str | None:
    """The newest is named by no date, so that a bookmark stays new."""
    return None if date == today else date.isoformat()


def _week_words(date: dt.date, today: dt.date) -> str:
    if date == today:
        return f"Newest, as of {day(date)}"
    return f"Week to {day(date)}" if date.weekday() == 6 else f"As of {day(date)}"


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _quoted(text: str) -> str:
    return shortened(one_line(text), _LETTERS_QUOTED)
