"""axe-core on a page as it stands: what a checker of accessibility finds wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from playwright.sync_api import Page

_AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")


@dataclass(frozen=True)
class Finding:
    """One element that breaks one of axe's rules."""

    rule: str
    impact: str
    element: str
    """its opening tag, cut short"""
    target: str
    """a selector that leads to it"""
    summary: str


def grave_findings(page: Page) -> list[Finding]:
    """What axe-core calls serious or critical on the page as it is shown now."""
    if not page.evaluate("() => typeof window.axe === 'object'"):
        page.evaluate(_AXE)
    violations = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        Finding(
            rule["id"],
            rule["impact"],
            node["html"][:200],
            " ".join(str(step) for step in node["target"])[:200],
            node["failureSummary"],
        )
        for rule in violations
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
