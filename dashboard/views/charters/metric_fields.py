"""What a metric counts, as widgets: the keys of an entry of `metrics.yaml`, only those that can be said together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from leadline.dashboard.views import caches
from leadline.dashboard.views.links import as_choice
from leadline.dashboard.views.page import Page
from leadline.dashboard.words.metrics import column_words
from leadline.data.templates import Template, kind_words, templates
from leadline.metrics.agreement.metric_form import Form, Path
from leadline.metrics.charter_terms import Charter
from leadline.metrics.declared.question import WHOSE
from leadline.metrics.declared.reading import AMOUNTS, SUMMED

FORMS = {
    "share": "Share of units that get somewhere",
    "count": "How many a week",
    "duration": "How long something takes",
    "mean": "Average of an amount",
    "value": "Amount that each unit brings",
    "sum": "Total of an amount a week",
    "ratio": "What each result costs",
}
FILTERED = ("text", "choice", "boolean")
"""types of the columns whose words may be asked for"""
LESS = ("duration", "per")
"""keys that say what less is usually better of"""
SEEN_EARLY = ("duration", "mean")
"""keys that say what is usually a proxy"""
_WINDOWS = ("weeks", "hours", "minutes")


def form_of(entry: Form) -> str:
    """Which of FORMS an entry has; the first where it says nothing."""
    if "sum" in entry:
        return "ratio" if "per" in entry else "sum"
    event = entry.get("event")
    if isinstance(event, Mapping) and "sum" in event:
        return "value"
    return next((form for form in ("count", "mean", "duration") if form in entry), "share")


@dataclass
class Fields:
    """The widgets of one form. places: where what is wrong with a field is said, by its keys."""

    page: Page
    number: str
    """of the form, and the metric that it changes: another one begins anew"""
    charter: Charter | None = None
    """in whose workflow the metric is looked at"""
    entry: Form = field(default_factory=dict)
    """what the form begins with"""
    places: dict[Path, DeltaGenerator] = field(default_factory=dict)

    def key(self, *names: str) -> str:
        return " ".join(("metric", self.number, *names))

    def was(self, *path: str) -> Any:
        """What the entry that the form begins with says there; None where it says nothing."""
        said: Any = self.entry
        for key in path:
            said = said.get(key) if isinstance(said, Mapping) else None
        return said

    def begun(self, options: Sequence[str], *path: str) -> int:
        """The place among some options of what the entry says."""
        return options.index(was) if (was := self.was(*path)) in options else 0

    def place(self, *path: str) -> None:
        """What is wrong here is said here."""
        self.places[path] = st.container()

    def choose(
        self, label: str, options: Sequence[str], *path: str, words: Callable[[str], str] = column_words
    ) -> str:
        """One of some names; where there is but one it is not asked for."""
        if len(options) == 1:
            return options[0]
        chosen = st.selectbox(
            label, options, self.begun(options, *path), format_func=words, key=self.key(*path, *options)
        )
        self.place(*path)
        return str(chosen or "")

    def declared(self) -> dict[str, Any]:
        """What is counted."""
        form = st.selectbox(
            "What it is", list(FORMS), list(FORMS).index(form_of(self.entry)), format_func=FORMS.__getitem__,
            key=self.key("form"),
        )  # fmt: skip
        match form:
            case "count":
                return {"count": self.rows("Of what", "count")}
            case "sum":
                return {"sum": self.rows("Of what", "sum", amount="column")}
            case "ratio":
                return self._ratio()
        of = self.rows("Of what", "of", needs=self._needed(form), at=form != "duration")
        template = templates()[of["template"]]
        match form:
            case "mean":
                column = self.choose("Which amount", _columns(template, AMOUNTS), "mean")
                return {"of": of, "mean": column}
            case "duration":
                return {"of": of, "duration": self._duration(template)}
            case "value":
                return {"of": of, "event": self._event_rows(template, amount=True), **self._weeks()}
        return {"of": of, **self._event(template)}

    @staticmethod
    def _needed(form: str) -> Callable[[Template], bool]:
        match form:
            case "mean":
                return lambda template: bool(_columns(template, AMOUNTS))
            case "duration":
                return lambda template: len(_columns(template, ("time",))) > 1
            case "value":
                return lambda template: bool(_children(template, with_amount=True))
        return lambda template: bool(_own_events(template) or _children(template))

    def rows(
        self,
        label: str,
        *path: str,
        among: Sequence[str] | None = None,
        needs: Callable[[Template], bool] = lambda template: True,
        amount: str = "",
        at: bool = True,
    ) -> dict[str, Any]:
        """Rows of a template: by which of its times, and which of them. `amount`: the key under which one of its
        amounts is asked for."""
        known = list(among or self._landed_first())
        if amount:
            known = [name for name in known if _columns(templates()[name], SUMMED)]
        known = [name for name in known if needs(templates()[name])]
        name = self.choose(label, known, *path, "template", words=kind_words)
        template = templates()[name]
        said: dict[str, Any] = {"template": name}
        if amount:
            said[amount] = self.choose("Which amount", _columns(template, SUMMED), *path, amount)
        if at:
            times = sorted(_columns(template, ("time",)), key=lambda each: each != template.moment[0])
            chosen = self.choose(
                "Which time says when" if path[0] == "event" else "Which time says the week",
                times,
                *path,
                "at",
            )
            said |= {"at": chosen} if chosen != template.moment[0] else {}
        where = self._where(template, *path)
        return {**said, "where": where} if where else said

    def _landed_first(self) -> list[str]:
        """Every template: what the charter judges, what has landed, what others belong to."""
        today = self.page.workspace.today()
        found = caches.coverage_of(self.page.workspace, self.page.warehouse, today)
        landed = {weeks.source for weeks in found}
        outcomes = self.charter.outcomes if self.charter else ()
        judged = {self.page.catalog[name].sources[0] for name in outcomes}
        return sorted(
            templates(),
            key=lambda name: (name not in judged, name not in landed, not _children(templates()[name]), name),
        )

    def _where(self, template: Template, *path: str) -> dict[str, list[str]]:
        """Column → words; an attribute of the exports is typed by its name."""
        begun = self.was(*path, "where") if self.was(*path, "template") == template.name else None
        known = [name for name in _columns(template, FILTERED) if name != WHOSE]
        names = st.multiselect(
            f"Only {kind_words(template.name)} whose", list(dict.fromkeys((*known, *(begun or ())))), list(begun or ()),
            format_func=column_words, key=self.key(*path, template.name, "where"),
            accept_new_options=True, placeholder="all of them",
            help="A column, or the heading of a column that your exports have besides: type it.",
        )  # fmt: skip
        self.place(*path, "where")
        return {name: self._words(template, name, *path, "where", name) for name in names}

    def _words(self, template: Template, column: str, *path: str) -> list[str]:
        was = self.was(*path) or []
        begun = [str(word) for word in (was if isinstance(was, list) else [was])]
        known = list(dict.fromkeys((*self._known(template, column), *begun)))
        words = st.multiselect(
            f"{column_words(column)} is", known, begun, key=self.key(*path, template.name),
            accept_new_options=True, placeholder="one of these words",
        )  # fmt: skip
        self.place(*path)
        return list(words)

    def _known(self, template: Template, column: str) -> list[str]:
        """What may stand there: the words of the template, else those that have landed."""
        described = template.column(column)
        if described is not None and described.type == "boolean":
            return ["yes", "no"]
        if described is not None and described.words:
            return list(dict.fromkeys(described.words.values()))
        return list(caches.words_of(self.page.workspace, self.page.warehouse, template.name, column))

    def _duration(self, template: Template) -> dict[str, str]:
        times = _columns(template, ("time",))
        implied = self.was("of", "at") or template.moment[0]
        times.sort(key=lambda name: name != implied)
        start = self.choose("From", times, "duration", "from")
        ends = [name for name in times if name != start]
        said = {"to": self.choose("To", ends, "duration", "to")}
        goes_without = (
            self.was("duration", "to") and not self.was("duration", "from") and start == template.moment[0]
        )
        return said if goes_without else {"from": start, **said}

    def _event(self, template: Template) -> dict[str, Any]:
        """What units get to: rows of another template that name them, or something in their own row."""
        children, own = _children(template), _own_events(template)
        words: Mapping[str, str] = {
            **{name: f"{kind_words(name)} that name the {template.one}" for name in children},
            **{name: f"{column_words(name)}, in the {template.one}'s own row" for name in own},
        }
        options = [*children, *own]
        begun = self.was("event", "template") or self.was("event", "column")
        chosen = str(
            st.selectbox(
                "What they get to", options, options.index(begun) if begun in options else 0,
                format_func=words.__getitem__, key=self.key("event", *options),
            )
        )  # fmt: skip
        self.place("event")
        if chosen in children:
            return {"event": self._event_rows(template, among=[chosen]), **self._weeks()}
        described = template.column(chosen)
        if described is None or described.type == "time":
            return {"event": {"column": chosen}, **self._window()}
        was = (
            [self.was("event", "is")]
            if self.was("event", "column") == chosen and self.was("event", "is")
            else []
        )
        known = list(dict.fromkeys((*was, *self._known(template, chosen))))
        said = st.selectbox(
            f"{column_words(chosen)} is", known, key=self.key("event", template.name, chosen, "is"),
            accept_new_options=True, placeholder="the word that says so",
        )  # fmt: skip
        self.place("event", "is")
        return {"event": {"column": chosen, "is": said or ""}}

    def _event_rows(
        self, template: Template, *, among: Sequence[str] | None = None, amount: bool = False
    ) -> dict[str, Any]:
        known = among or _children(template, with_amount=amount)
        return self.rows("What they bring", "event", among=known, amount="sum" if amount else "")

    def _weeks(self) -> dict[str, str]:
        weeks = st.number_input(
            "Within how many weeks", 0, 260, self._number("within_weeks", 12), key=self.key("within_weeks")
        )
        self.place("within_weeks")
        return {"within_weeks": str(weeks)}

    def _window(self) -> dict[str, str]:
        many, unit = st.columns([1, 1.4], vertical_alignment="bottom")
        soon, _, of_time = str(self.was("within") or "").partition(" ")
        begun = {"minute": "minutes", "hour": "hours"}.get(of_time.rstrip("s"), "weeks")
        least = int(soon) if soon.isdigit() and of_time else self._number("within_weeks", 2)
        number = many.number_input("Within", 0, 10_000, min(least, 10_000), key=self.key("within"))
        chosen = unit.segmented_control(
            "Unit of time", _WINDOWS, default=begun, format_func=as_choice, key=self.key("window"), required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        self.place("within_weeks" if chosen == "weeks" else "within")
        return {"within_weeks": str(number)} if chosen == "weeks" else {"within": f"{number} {chosen}"}

    def _number(self, key: str, otherwise: int) -> int:
        was = str(self.was(key) or "")
        return min(int(was), 260) if was.isdigit() else otherwise

    def _ratio(self) -> dict[str, Any]:
        with_cost = ("spend", *(name for name in self._landed_first() if name != "spend"))
        total = self.rows("What is spent", "sum", among=with_cost, amount="column")
        counts = {"rows": "how many there are", "sum": "the total of an amount"}
        begun = "sum" if self.was("per", "sum") else "rows"
        of = st.segmented_control(
            "For each of", list(counts), default=begun, required=True, key=self.key("per", "kind"),
            format_func=lambda each: as_choice(counts[each]),
        )  # fmt: skip
        per = self.rows("What it is divided by", "per", amount="sum" if of == "sum" else "")
        self.place("per")
        return {"sum": total, "per": per}


def _columns(template: Template, types: Sequence[str]) -> list[str]:
    return [column.name for column in template.columns if column.type in types and not column.helper]


def _children(template: Template, *, with_amount: bool = False) -> list[str]:
    """Templates whose rows name its units."""
    return [
        name
        for name, other in templates().items()
        if template.name in other.links.values() and (not with_amount or _columns(other, SUMMED))
    ]


def _own_events(template: Template) -> list[str]:
    """Times after its own, and columns of yes, no or some words."""
    times = [name for name in _columns(template, ("time",)) if name not in (*template.moment, *template.days)]
    return [*times, *_columns(template, ("boolean", "choice"))]
