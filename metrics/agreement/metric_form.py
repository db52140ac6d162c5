"""A metric as a form: the keys of one entry of `metrics.yaml`, each value a text, a list of texts or a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline.data.documents.splice import group_lines, with_entries
from leadline.data.documents.values import document_of
from leadline.metrics.agreement.catalog import METRICS, Metric, workspace_metric

Form = Mapping[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True)
class DraftedMetric:
    """What a form says, or what is wrong with it."""

    metric: Metric | None
    faults: Mapping[Path, str] = field(default_factory=dict)
    """by the keys of the field that they belong to; () is the name"""


def draft_metric(name: str, form: Form, catalog: Mapping[str, Metric]) -> DraftedMetric:
    """The form checked as an entry of `metrics.yaml` is checked, for a name that is not taken yet."""
    if name in catalog:
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


def with_metric(text: str, name: str, form: Form) -> str | None:
    """The text of a `metrics.yaml` with one entry more; None where it can't be added without touching the rest."""
    entry = "\n".join([f"{name}:", *(f"  {line}" for line in group_lines(form))])
    if any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return with_entries(text, {name: entry})
    begun = text if not text or text.endswith("\n") else f"{text}\n"
    return f"{begun}{entry}\n"


def _paths(form: Form, above: Path = ()) -> Iterator[Path]:
    for key, value in form.items():
        yield (*above, key)
        if isinstance(value, Mapping):
            yield from _paths(value, (*above, key))
