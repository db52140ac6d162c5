"""Before a workflow is expanded: each question, its answer with the number, and one sentence that closes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, assert_never, cast
from urllib.parse import urlencode

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import (
    counted,
    day,
    listed,
    number,
    one_line,
    percent,
    signed_percent,
    within_a_sentence,
)
from leadline.dashboard.words.intent import PLACES
from leadline.dashboard.words.tables import Table, label_of
from leadline.metrics.outputs.people import NOTICED_FALL
from leadline.metrics.readiness import (
    NOTICED_SIZE,
    Answer,
    AnswerCode,
    Asks,
    QuestionGroup,
    Readiness,
)
from leadline.metrics.validations import LEAST_TWICE
from leadline.metrics.verdicts import Verdict

MOST_REASONS = 3
"""told in the closing sentence"""
ANSWER_WORDS: dict[AnswerCode, tuple[str, str]] = {
    "yes": ("●", "Yes"),
    "partly": ("◐", "Partly"),
    "no": ("✕", "No"),
    "cant_say": ("○", "Can't say"),
}
GROUP_WORDS: dict[QuestionGroup, str] = {
    "intent": "What it is for",
    "execution": "What the AI was told",
    "validation": "Whether it is right",
    "stopping": "When it stops, and who answers for it",
}
QUESTIONS: dict[Asks, str] = {
    "objective": "Is there an objective whose metric is watched and judged?",
    "layers": "Does every layer steer by something that still predicts the outcome?",
    "constraints": "Does somebody check every constraint?",
    "briefs": "Have its outputs a complete brief?",
    "people": "Does the agent do as well as people in the same weeks?",
    "reviewed": "Are its outputs reviewed?",
    "outcome": "Does the outcome hold?",
    "data": "Are the data fresh and fit to judge by?",
    "rules": "Can its stopping rules fire at this volume?",
    "decided": "When a rule fired, was something decided in time?",
    "helped": "Did what entered change after the decision?",
    "gate": "Does the workflow ask the gate?",
    "owner": "Does somebody own it, and is the charter signed?",
    "looked": "Did somebody look when it was agreed?",
}
_GRAVEST_FIRST: tuple[Asks, ...] = (
    "outcome",
    "data",
    "rules",
    "decided",
    "helped",
    "people",
    "reviewed",
    "layers",
    "objective",
    "briefs",
    "gate",
    "looked",
    "owner",
    "constraints",
)
"""in the closing sentence"""
_PAGES: dict[Asks, tuple[str, dict[str, str]]] = {
    "objective": ("charters", {}),
    "layers": ("intent", {}),
    "constraints": ("charters", {}),
    "briefs": ("intent", {"tab": "briefs"}),
    "people": ("intent", {"tab": "versions"}),
    "reviewed": ("outputs", {}),
    "outcome": ("workflow", {}),
    "data": ("data", {}),
    "rules": ("charters", {}),
    "decided": ("alerts", {}),
    "helped": ("decisions", {}),
    "gate": ("workflow", {}),
    "owner": ("charters", {}),
    "looked": ("decisions", {}),
}


def place_of(answer: Answer, workflow: str) -> tuple[str, dict[str, str]]:
    """The page on which the evidence stands, and what its link says."""
    page, more = _PAGES[answer.asks]
    return page, {"workflow": workflow, **more}


def link_of(answer: Answer, workflow: str) -> str:
    """The same as a path of the dashboard, without its address."""
    page, query = place_of(answer, workflow)
    return f"{page}?{urlencode(query)}"


def sentence(found: Readiness, catalog: Catalog) -> str:
    """'Not yet, for Content studio: nobody reviews its outputs, and …'"""
    name = one_line(found.name)
    asked = counted(len(found.answers), "question")
    match found.ready:
        case "yes":
            return (
                f"Yes, {name} is ready to be expanded: each of {asked} is answered yes, from what was known on "
                f"{day(found.as_of)}."
            )
        case "not_yet":
            return f"Not yet, for {name}: {_reasons(found, ('no', 'partly'), catalog)}."
        case "cant_say":
            return f"It can't be said yet of {name}: {_reasons(found, ('cant_say',), catalog)}."
        case _:
            assert_never(found.ready)


def _reasons(found: Readiness, of: Sequence[AnswerCode], catalog: Catalog) -> str:
    open_ones = [each for each in found.answers if each.answer in of]
    open_ones.sort(key=lambda each: (of.index(each.answer), _GRAVEST_FIRST.index(each.asks)))
    if open_ones and all(each.why == "no_charter" for each in open_ones):
        return "nothing was agreed; it has no charter"
    told = [reason(each, found, catalog) for each in open_ones[:MOST_REASONS]]
    more = len(open_ones) - len(told)
    if more:
        told.append(f"{counted(more, 'more question')} {'is' if more == 1 else 'are'} open")
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])}, and {told[-1]}"


def reason(answer: Answer, found: Readiness, catalog: Catalog) -> str:
    """Why it is not a yes, as part of a sentence about the workflow."""
    if answer.why == "no_charter":
        return "nothing was agreed"
    fixed = _FIXED.get((answer.asks, answer.why))
    if fixed is not None:
        return fixed
    n = answer.numbers
    match answer.asks:
        case "objective":
            return f"{_names(answer, catalog)[0]}, which proves its objective, is not watched as an outcome"
        case "layers":
            _, metric, *rest = _names(answer, catalog)
            outcome = rest[0] if rest else "the outcome"
            return f"its {_place(answer.names[0])} steers by {metric}, which no longer predicts {outcome}"
        case "constraints":
            loose, agreed = _int(n, "constraints") - _int(n, "checked"), _int(n, "constraints")
            return f"nobody checks {_of(loose, agreed, 'constraint')}"
        case "briefs" | "reviewed":
            return _short_of_outputs(answer)
        case "outcome":
            return f"its outcome is {verdict_words(cast(Verdict, answer.why)).word.lower()}"
        case "rules":
            at = f" at {number(found.monthly_outputs)} outputs a month" if found.monthly_outputs else ""
            rules = listed([f"“{one_line(name)}”" for name in answer.names], 2)
            return f"its {'rule' if len(answer.names) == 1 else 'rules'} {rules} can hardly ever fire{at}"
        case "decided":
            late = _int(n, "due") - _int(n, "in_time")
            verb = "was" if late == 1 else "were"
            return f"{_of(late, _int(n, 'due'), 'alert')} {verb} not decided on in time"
        case "looked":
            due = counted(_int(n, "due"), "agreed checkpoint")
            return f"only {_int(n, 'held')} of {due} were held"
        case _:
            return _OTHERWISE[answer.asks]


_FIXED: dict[tuple[Asks, str], str] = {
    ("objective", "none"): "it has no objective",
    ("objective", "vague"): "nothing in its objective can be measured",
    ("objective", "unproved"): "no metric proves its objective",
    ("objective", "too_early"): "it is too early to judge its objective",
    ("objective", "not_judged"): "its objective can't be judged",
    ("layers", "none"): "nobody wrote down what the AI was told",
    ("layers", "unsteered"): "nothing that it was told is measured",
    ("layers", "some"): "parts of what it was told are not measured",
    ("constraints", "none"): "no constraint is agreed",
    ("briefs", "no_outputs"): "nothing of what it produced has landed lately",
    ("people", "worse"): "people do better in the same weeks",
    ("people", "unrecorded"): "nobody records which units were left to people",
    ("people", "too_few"): "too few units were left to people to compare",
    ("reviewed", "none"): "nobody reviews its outputs",
    ("reviewed", "disagree"): "its reviewers don't agree on what they saw",
    ("outcome", "too_early"): "it is too early to judge its outcome",
    ("outcome", "data_problem"): "its outcome can't be judged",
    ("data", "blocked"): "its data can't be judged",
    ("data", "late"): "its data are not fresh",
    ("rules", "none"): "no rule stops it",
    ("rules", "no_promise"): "it can't be told whether its rules can fire",
    ("decided", "undecided"): "a rule has fired and nobody has decided",
    ("helped", "worse"): "it got worse after the decision",
    ("helped", "no_better"): "the decision changed nothing that can be seen",
    ("gate", "never_closes"): "nothing can stop the machine, since its gate never closes",
    ("gate", "nobody"): "the machine never asks whether it may go on",
    ("owner", "none"): "nobody owns it and nobody signed its charter",
    ("owner", "unsigned"): "its charter is not signed",
    ("owner", "unowned"): "nobody owns it",
    ("looked", "none"): "no checkpoint is agreed",
    ("looked", "none_due"): "nobody has looked at it lately",
}
_OTHERWISE: dict[Asks, str] = {
    "people": "it can't be told whether people do better",
    "data": "its data are not fresh",
    "helped": "it can't be told yet whether the decision helped",
    "gate": "the machine has stopped asking whether it may go on",
    "owner": "nobody owns it",
}


def _short_of_outputs(answer: Answer) -> str:
    n = answer.numbers
    if answer.asks == "briefs":
        done = _int(n, "complete")
        if not done:
            return "none of its outputs has a complete brief"
        return f"only {_of(done, _int(n, 'outputs'), 'output')} had a complete brief"
    if _int(n, "reviewers") < 2:
        return "a single person reviews its outputs"
    return f"only {_int(n, 'reviewed')} of {_int(n, 'wanted')} outputs were reviewed"


def because(answer: Answer, catalog: Catalog) -> str:
    """The evidence, one sentence with its numbers."""
    if answer.why == "no_charter":
        return "The workflow has rows and no charter."
    return _BECAUSE[answer.asks](answer, catalog)


def _objective(answer: Answer, catalog: Catalog) -> str:
    metric = _names(answer, catalog)[0] if answer.names else ""
    return {
        "none": "The charter states no objective.",
        "vague": "It names no metric, and its words hold of anything.",
        "unproved": "It is stated, and no metric proves it.",
        "unwatched": f"It is proved by {metric}, which is not watched.",
        "is_proxy": f"It is proved by {metric}, which is watched as a proxy.",
        "too_early": f"It is proved by {metric}, of which too little has entered to judge it.",
        "not_judged": f"It is proved by {metric}, which can't be judged now.",
    }.get(answer.why, f"It is proved by {metric}, which is watched and judged.")


def _layers(answer: Answer, catalog: Catalog) -> str:
    n = answer.numbers
    if answer.why == "none":
        return "The charter says nothing of how the objective was handed down."
    if answer.why == "broken":
        _, metric, *rest = _names(answer, catalog)
        before, now = n.get("odds_before"), n.get("odds_now")
        odds = ""
        if isinstance(before, float) and isinstance(now, float):
            odds = f": {number(before, 1)} × the odds before, {number(now, 1)} × now"
        outcome = rest[0] if rest else "the outcome"
        return f"The {_place(answer.names[0])} steers by {metric}, which no longer predicts {outcome}{odds}."
    steering = (
        f"{_int(n, 'steering')} of {counted(_int(n, 'layers'), 'layer')} name the metric by which they steer"
    )
    loose = [_loose_layer(gap, catalog) for gap in zip(*[iter(answer.names)] * 3, strict=True)]
    return "; ".join([steering, *loose]) + "."


def _loose_layer(gap: Sequence[str], catalog: Catalog) -> str:
    place, lacks, metric = gap
    if lacks == "unsaid":
        return f"the {_place(place)} is not written"
    if lacks == "unsteered":
        return f"the {_place(place)} names none"
    steers = within_a_sentence(label_of(one_line(metric), catalog))
    return f"the {_place(place)} steers by {steers}, which the charter does not watch"


def _constraints(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    if answer.why == "none":
        return "The charter names no constraint."
    agreed = counted(_int(n, "constraints"), "constraint")
    return f"{_int(n, 'checked')} of {agreed} are checked by something that is there{_except(answer)}."


def _except(answer: Answer) -> str:
    """Which ones are not, two by name."""
    return f"; not {listed([f'“{one_line(name)}”' for name in answer.names], 2)}" if answer.names else ""


def _briefs(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    if answer.why == "no_outputs":
        return f"Nothing that may carry a brief has landed in the last {_int(n, 'weeks')} weeks."
    partial = _int(n, "incomplete")
    without = _int(n, "outputs") - _int(n, "complete") - partial
    return (
        f"{number(_int(n, 'complete'))} of {counted(_int(n, 'outputs'), 'output')} of the last {_int(n, 'weeks')} "
        "weeks name a brief with outcome, audience, positioning, constraints and context"
        + (f"; {number(partial)} name an incomplete one" if partial else "")
        + (f"; {number(without)} name none." if without else ".")
    )


def _people(answer: Answer, catalog: Catalog) -> str:
    n = answer.numbers
    if answer.why == "unrecorded":
        return "The gate leaves some to people, and no unit says who handled it (handled_by)."
    beside = f"{number(_int(n, 'agent'))} of the agent beside {number(_int(n, 'human'))} left to people"
    ratio, low, high = (n.get(key) for key in ("ratio", "low", "high"))
    if not (isinstance(ratio, float) and isinstance(low, float) and isinstance(high, float)):
        return f"{beside}: too few to tell."
    span = f"{number(ratio, 1)} × ({number(low, 1)}–{number(high, 1)})"
    notices = n.get("notices_in")
    when = ""
    if isinstance(notices, float):
        fall = percent(NOTICED_FALL, 0)
        when = f" At this volume a fall of {fall} shows in about {counted(round(notices), 'week')}."
    told = f"{_names(answer, catalog)[0]} {span} that of people"
    return f"{beside} in the same weeks, at equal age and mix: {told}.{when}"


def _reviewed(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    weeks, wanted = _int(n, "weeks"), number(_int(n, "wanted"))
    alone = ", where two are needed" if _int(n, "reviewers") < 2 else ""
    if answer.why == "none":
        return f"No output was reviewed in the last {weeks} weeks; {wanted} would tell something."
    by = f"{counted(_int(n, 'reviewers'), 'reviewer')}{alone}; {number(_int(n, 'twice'))} of them by two"
    return (
        f"{counted(_int(n, 'reviewed'), 'output')} reviewed in the last {weeks} weeks, where {wanted} are enough, by "
        f"{by}. {_how_sure(answer)}"
    )


def _how_sure(answer: Answer) -> str:
    """How well reviewers agree, on the dimension on which they do worst."""
    n = answer.numbers
    alpha, low, high = (n.get(key) for key in ("alpha", "alpha_low", "alpha_high"))
    if not (isinstance(alpha, float) and isinstance(low, float) and isinstance(high, float)):
        return f"How well they agree is not known: {LEAST_TWICE} outputs must be seen by two."
    on = f"on “{one_line(answer.names[0])}”"
    said = f"{number(alpha, 2)} ({number(low, 2)}–{number(high, 2)}, Krippendorff's alpha) {on}"
    if answer.why == "disagree":
        return f"They don't agree on what they saw: {said}, where {number(float(n['floor'] or 0), 2)} was agreed."
    return f"They agree by {said}; 1 is always, 0 as good as chance."


def _outcome(answer: Answer, catalog: Catalog) -> str:
    word = verdict_words(cast(Verdict, answer.why)).word
    relative = answer.numbers.get("relative")
    change = ""
    if isinstance(relative, float) and answer.names:
        change = f"; {_names(answer, catalog)[0]} {signed_percent(relative)} since the baseline"
    return f"The verdict is “{word}”{change}."


def _data(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    through = day(dt.date.fromisoformat(str(n["complete_through"])))
    if answer.why == "blocked":
        found = counted(_int(n, "blocking"), "finding")
        stands = "stands" if _int(n, "blocking") == 1 else "stand"
        return f"{found} {stands} in the way of a verdict; complete through {through}."
    if answer.why == "late":
        return f"{counted(_int(n, 'late'), 'source')} late or without rows; complete through {through}."
    return f"Complete through {through}."


def _rules(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    if answer.why == "none":
        return "The charter names no stopping rule."
    if answer.why == "no_promise":
        return (
            f"Of {counted(_int(n, 'rules'), 'rule')} none can be told before it fires: too little has landed."
        )
    fall = f"a fall of {percent(NOTICED_SIZE, 0)} within half a year more often than not"
    return (
        f"{_int(n, 'can_fire')} of {counted(_int(n, 'judged'), 'rule')} would notice {fall}{_except(answer)}."
    )


def _decided(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    if answer.why == "none_fired":
        return "No rule has fired."
    if answer.why == "none_due":
        return f"{counted(_int(n, 'fired'), 'alert')} so far, none of which had to be decided on by now."
    if answer.why == "undecided":
        verb = "is" if _int(n, "breached") == 1 else "are"
        return f"{counted(_int(n, 'breached'), 'rule')} {verb} breached now, and nobody has decided."
    verb = "was" if _int(n, "due") == 1 else "were"
    return f"{_int(n, 'in_time')} of {counted(_int(n, 'due'), 'alert')} {verb} decided on by the day that was agreed."


def _helped(answer: Answer, catalog: Catalog) -> str:
    n = answer.numbers
    on = day(dt.date.fromisoformat(str(n["decided_on"])))
    relative, low, high, drifted = (n.get(key) for key in ("relative", "low", "high", "drifted_to"))
    if not isinstance(relative, float):
        return f"Since the decision of {on} too little has entered to tell."
    span = ""
    if isinstance(low, float) and isinstance(high, float):
        span = f" ({signed_percent(low)} to {signed_percent(high)})"
    was = f", {signed_percent(drifted)} by then" if isinstance(drifted, float) else ""
    metric = _names(answer, catalog)[0]
    return (
        f"Since the decision of {on} {metric} is {signed_percent(relative)}{span} beside the baseline{was}."
    )


def _gate(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    if answer.why == "never_closes":
        return "The charter says that the gate never closes."
    if answer.why == "nobody":
        return "Nobody has ever asked it."
    last = day(dt.date.fromisoformat(str(n["last"])))
    if answer.why == "asked":
        days = counted(_int(n, "days"), "day")
        return f"It was asked on {days} of the last {_int(n, 'weeks')} weeks, last on {last}."
    return f"It was asked last on {last}, and not in the last {_int(n, 'weeks')} weeks."


def _owner(answer: Answer, _: Catalog) -> str:
    names = [one_line(name) for name in answer.names] or [""]
    return {
        "none": "The charter names no owner and is not signed.",
        "unsigned": f"{names[0]} owns it; the charter is not signed.",
        "unowned": f"Signed by {names[0]}; the charter names no owner.",
    }.get(answer.why, f"{names[0]} owns it; signed by {names[-1]}.")


def _looked(answer: Answer, _: Catalog) -> str:
    n = answer.numbers
    if answer.why == "none":
        return "The charter names no checkpoints."
    if answer.why == "none_due":
        return "No checkpoint has been due since the charter was registered, and nobody has looked lately."
    if answer.why == "lately":
        last = day(dt.date.fromisoformat(str(n["last"])))
        return f"No checkpoint has been due since the charter was registered; somebody looked on {last}."
    verb = "was" if _int(n, "due") == 1 else "were"
    return f"{_int(n, 'held')} of the last {counted(_int(n, 'due'), 'checkpoint')} {verb} held."


_BECAUSE: dict[Asks, Callable[[Answer, Catalog], str]] = {
    "objective": _objective,
    "layers": _layers,
    "constraints": _constraints,
    "briefs": _briefs,
    "people": _people,
    "reviewed": _reviewed,
    "outcome": _outcome,
    "data": _data,
    "rules": _rules,
    "decided": _decided,
    "helped": _helped,
    "gate": _gate,
    "owner": _owner,
    "looked": _looked,
}


def _names(answer: Answer, catalog: Catalog) -> list[str]:
    return [within_a_sentence(label_of(one_line(name), catalog)) for name in answer.names]


def answers_table(found: Readiness, catalog: Catalog) -> Table:
    """One row a question, in the order in which they are asked."""
    rows = tuple(
        (
            GROUP_WORDS[each.group],
            QUESTIONS[each.asks],
            " ".join(ANSWER_WORDS[each.answer]),
            because(each, catalog),
        )
        for each in found.answers
    )
    return Table(("Part", "Question", "Answer", "Because"), rows)


def sheet_html(found: Readiness, catalog: Catalog) -> str:
    """One sheet to print, whole in itself: the closing sentence, then every question with its answer."""
    parts = []
    for group, title in GROUP_WORDS.items():
        of_group = [each for each in found.answers if each.group == group]
        rows = "".join(
            f"<tr><td>{' '.join(ANSWER_WORDS[each.answer])}</td><td><b>{QUESTIONS[each.asks]}</b><br>"
            f"{escape(because(each, catalog))}</td></tr>"
            for each in of_group
        )
        parts.append(f"<h2>{title}</h2><table>{rows}</table>" if rows else "")
    name = escape(one_line(found.name))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ready to be expanded? {name}</title>'
        f"<style>{_SHEET}</style></head><body><p>Ready to be expanded? · {name} · {day(found.as_of)}</p>"
        f"<h1>{escape(sentence(found, catalog))}</h1>{''.join(parts)}</body></html>"
    )


_SHEET = (
    "@page{size:A4;margin:16mm}body{font:10.5pt/1.35 system-ui,sans-serif;max-width:180mm;margin:8mm auto;"
    "color:#1c2530;background:#fff}h1{font-size:15pt;line-height:1.3;margin:2mm 0 5mm}"
    "h2{font-size:11pt;margin:5mm 0 1mm}table{border-collapse:collapse;width:100%}"
    "td{border-top:1px solid #c9d1da;padding:1.4mm 2mm;vertical-align:top}"
    "td:first-child{white-space:nowrap;width:24mm}p{color:#4a5663;margin:0}tr{break-inside:avoid}"
)


def to_text(found: Readiness, catalog: Catalog) -> str:
    """The sheet as plain text: the closing sentence, then group by group."""
    lines = [sentence(found, catalog)]
    group = None
    for each in found.answers:
        if each.group != group:
            group = each.group
            lines += ["", GROUP_WORDS[group]]
        shape, word = ANSWER_WORDS[each.answer]
        lines.append(f"  {shape} {word}: {QUESTIONS[each.asks]}")
        lines.append(f"      {because(each, catalog)}")
    return "\n".join(lines)


def to_json(found: Readiness, catalog: Catalog) -> dict[str, Any]:
    """As outside checks read it; numbers that are not known are null."""
    return {
        "workflow": found.workflow,
        "ready": found.ready,
        "sentence": sentence(found, catalog),
        "answers": [
            {
                "group": each.group,
                "question": QUESTIONS[each.asks],
                "answer": each.answer,
                "because": because(each, catalog),
                "numbers": dict(each.numbers),
                "link": link_of(each, found.workflow),
            }
            for each in found.answers
        ],
        "as_of": found.as_of.isoformat(),
    }


def _place(name: str) -> str:
    return {str(key): words for key, words in PLACES.items()}.get(name, name)


def _int(numbers: Any, key: str) -> int:
    return int(numbers.get(key) or 0)


def _of(part: int, of: int, what: str) -> str:
    return f"{number(part)} of {counted(of, what)}"
