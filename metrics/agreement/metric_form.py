"""A metric as a form: the keys of one entry of `metrics.yaml`, each value a text, a list of texts or a group."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline.data.documents.splice import entry_lines, group_lines, meaning, with_entries, with_values
from leadline.data.documents.values import document_of
from leadline.data.templates import templates
from leadline.metrics.agreement.catalog import (
    DIRECTIONS,
    METRICS,
    Metric,
    can_name,
    label_of,
    workspace_metric,
)

Form = Mapping[str, Any]
Path = tuple[str, ...]
ROWS = frozenset(("template", "at", "where"))
FIELDS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("label", "description", "entity", "role", "better", "mean", "within", "within_weeks"), frozenset()
    ),
    **dict.fromkeys(("better_words", "worse_words", "steady_words"), frozenset()),
    "of": ROWS,
    "count": ROWS,
    "event": ROWS | {"sum", "column", "is"},
    "sum": ROWS | {"column"},
    "per": ROWS | {"sum"},
    "duration": frozenset(("from", "to")),
}
"""the keys that a form shows, and those within them"""


@dataclass(frozen=True)
class DraftedMetric:
    """What a form says, or what is wrong with it."""

    metric: Metric | None
    faults: Mapping[Path, str] = field(default_factory=dict)
    """by the keys of the field that they belong to; () is the name"""


def draft_metric(
    name: str, form: Form, catalog: Mapping[str, Metric], *, replaces: bool = False
) -> DraftedMetric:
    """The form checked as an entry of `metrics.yaml` is checked, for a name that is not taken yet unless it `replaces`
    what has that name."""
    if name in catalog and not replaces:
        taken = f"{name} is there already; give the new metric a name of its own."
        return DraftedMetric(None, {(): taken})
    paths = dict(enumerate(_paths(form), 2))
    root = document_of({name: form}, METRICS, lines={(name,): 1} | {(name, *p): n for n, p in paths.items()})
    section = root.section(())
    value = section.values.get(name) if section else None
    metric = workspace_metric(name, value, dict(catalog), root.faults) if value else None
    faults: dict[Path, str] = {}
    for line, sentence in root.faults.ordered():
        faults.setdefault(paths.get(line, ()), sentence)
    return DraftedMetric(None if faults else metric, faults)


def made_name(label: str, taken: Collection[str]) -> str:
    """A name for charters: a label's letters where most of them are of a to z, else one that is free."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")[:60].rstrip("_")
    if 2 * sum(map(str.isalpha, name)) >= sum(map(str.isalpha, label)):
        for each in (name, f"metric_{name}"):
            if can_name(each):
                return each
    return next(each for n in range(1, len(taken) + 2) if (each := f"metric_{n}") not in taken)


def entry_of(text: str, name: str) -> Form:
    """What the text of a `metrics.yaml` says of a metric; nothing where it does not name it."""
    said = (meaning(text) or {}).get(name)
    return said if isinstance(said, Mapping) else {}


def beyond_a_form(entry: Form) -> tuple[str, ...]:
    """The keys of an entry that a form can't show: 'of.counts'."""
    if not entry.keys() & {"of", "count", "sum"}:
        return tuple(entry)
    return tuple(
        ".".join(path)
        for path in _paths(entry)
        if (len(path) == 1 and path[0] not in FIELDS)
        or (len(path) == 2 and path[1] not in FIELDS.get(path[0], {path[1]}))
        or (path == ("better",) and entry["better"] not in DIRECTIONS)
    )


def with_metric(text: str, name: str, form: Form) -> str | None:
    """The text of a `metrics.yaml` with one entry more; None where it can't be added without touching the rest."""
    entry = _entry(name, form)
    if any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return with_entries(text, {name: entry})
    begun = text if not text or text.endswith("\n") else f"{text}\n"
    return f"{begun}{entry}\n"


def with_changed_metric(text: str, name: str, form: Form | None) -> str | None:
    """The text with another entry under that name, or without it; the rest of the text stays. None as above.

    What a form spells otherwise and means the same is left as it is written.
    """
    if form is None:
        return with_entries(text, {name: None})
    before = entry_of(text, name)
    wanted = _as_written(before, form)
    if "label" not in before and wanted.get("label") == label_of(name):
        del wanted["label"]
    return with_values(text, {name: before}, {name: wanted}, _entry)


def text_of(text: str, name: str) -> str:
    """An entry's own lines, comments included, for somebody to edit."""
    return entry_lines(text, name) or "\n".join(group_lines(entry_of(text, name)))


def _entry(name: str, form: Form) -> str:
    return "\n".join([f"{name}:", *(f"  {line}" for line in group_lines(form))])


def _as_written(before: Form, now: Form) -> dict[str, Any]:
    """`now` in the words of `before` wherever these mean the same."""
    found = {key: _same(key, before.get(key), value) for key, value in now.items()}
    at, template = before.get("at"), templates().get(str(before.get("template")))
    is_default = template is not None and at == template.moment[0]
    if is_default and "at" not in now and now.get("template") == before["template"]:
        found["at"] = at
    if before.get("better") == "higher" and "better" not in now:
        found["better"] = "higher"
    return found


def _same(key: str, was: Any, now: Any) -> Any:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        return _as_written(was, now)
    if isinstance(now, list) and isinstance(was, str):
        return was if now == [was] else now
    if isinstance(now, list) and isinstance(was, list):
        return was if sorted(now) == sorted(was) else now
    if key == "within" and isinstance(was, str) and was.rstrip("s") == str(now).rstrip("s"):
        return was
    return now


def _paths(form: Form, above: Path = ()) -> Iterator[Path]:
    for key, value in form.items():
        yield (*above, key)
        if isinstance(value, Mapping):
            yield from _paths(value, (*above, key))
