"""Everything that is compared: Leadline, the oracle, and what people use today."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

from benchmarks.detection import package_peers as packages
from benchmarks.detection import plain_peers as plain
from benchmarks.detection.answers import Found
from benchmarks.detection.families import FAMILIES, ONE, USUAL, USUAL_HISTORIES, WIDER_HISTORIES, Family
from benchmarks.detection.histories import History
from benchmarks.detection.leadline_method import leadline
from benchmarks.detection.oracle import knows, oracle
from benchmarks.detection.review_method import reviewed
from benchmarks.detection.running import ROOT, Method
from leadline.data.samples.flows import CLOSE

FAILED = ROOT / ".venv-bench" / "not-installed.json"
"""package -> why it did not install, left by `environment`"""


@dataclass(frozen=True)
class _Packaged:
    name: str
    package: str
    label: str
    judge: Callable[[History], Found]


LEADLINE = Method("leadline", "**Leadline**, deals and qualified appointments", leadline)
REVIEW = Method("review", "**Leadline**, from exports to reviews", reviewed)
ORACLE = Method("oracle", "oracle on deals: true hazards, true effect", oracle)
_PLAIN = (
    Method(
        "threshold_raw",
        "BI threshold: leads of the last 4 weeks, 20 % below the baseline",
        plain.threshold_raw,
    ),
    Method("threshold_ratio", "deals closed / leads created, 4 weeks, 20 % below", plain.threshold_ratio),
    Method("threshold_matured", "cohorts older than 13 weeks, 20 % below", plain.threshold_matured),
    Method("z_test_matured", "cohorts older than 13 weeks, z-test at 5 %", plain.z_test_matured),
)
_PACKAGED = (
    _Packaged("evidently", "evidently", "Evidently {}, drift preset, matured", packages.evidently),
    _Packaged("nannyml", "nannyml", "NannyML {}, 4-week average ± 3 sd, matured", packages.nannyml_average),
    _Packaged("page_hinkley", "river", "River {}, Page–Hinkley, matured", packages.page_hinkley),
    _Packaged("adwin", "river", "River {}, ADWIN, matured", packages.adwin),
    _Packaged("pelt", "ruptures", "ruptures {}, PELT (l2, 2σ² log n), matured", packages.pelt),
)


def methods() -> tuple[Method, ...]:
    """All of them, in the order of the table; a package that can't be used stays in, with the reason."""
    return (LEADLINE, REVIEW, ORACLE, *_PLAIN, *(_with_package(each) for each in _PACKAGED))


def judged(method: Method) -> list[Family]:
    """The families that a method is run on: reviews on all, the counts behind them on the usual ones, what follows
    deals alone wherever leads close and it is known in time."""
    if method.name == REVIEW.name:
        return list(FAMILIES)
    if method.name == LEADLINE.name:
        return list(USUAL)
    closing = [
        family
        for family in FAMILIES
        if CLOSE.name in family.watched
        and not (family.phases or family.any_onset or family.recording.entry_lag_days)
    ]
    return [f for f in closing if method.name != ORACLE.name or (f.recording.is_exact and knows(f.flow))]


def cells(method: Method, histories: int | None = None) -> list[tuple[Family, int, int]]:
    """The families, volumes and numbers of histories that a method is run on. Reviews of a usual family are read at
    one volume: they take as many seconds as its counts take hundredths."""
    found = []
    for family in judged(method):
        is_reviewed = method.name == REVIEW.name and family in USUAL
        count = USUAL_HISTORIES if family in USUAL and not is_reviewed else WIDER_HISTORIES
        found += [(family, v, histories or count) for v in (ONE if is_reviewed else family.volumes)]
    return found


def _with_package(peer: _Packaged) -> Method:
    missing = why_missing(peer.package)
    version = "" if missing else metadata.version(peer.package)
    label = peer.label.format(version).replace(" ,", ",")
    return Method(peer.name, label, peer.judge, version, missing)


def why_missing(package: str) -> str:
    """Why a package can't be used; '' where it can."""
    reasons: dict[str, str] = json.loads(FAILED.read_text(encoding="utf-8")) if FAILED.exists() else {}
    if package in reasons:
        return f"did not install: {reasons[package]}"
    try:
        packages.package(package)
    except ModuleNotFoundError as error:
        return f"not installed here: {error}"
    except Exception as error:  # whatever a package raises while it is imported is the reason to tell
        return f"could not be imported: {type(error).__name__}: {error}"
    return ""
