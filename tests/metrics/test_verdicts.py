"""One table of verdicts: every verdict has its row, and one without a row is noticed by the type check, not a page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import leadline
from leadline.metrics.charter_terms import HARSHEST_FIRST, Action
from leadline.metrics.rule_states import RuleStateCode, rule_state_meaning
from leadline.metrics.verdicts import ALARMED, AWAITABLE, VERDICTS, WORST_FIRST, meaning

ROOT = Path(leadline.__file__).resolve().parents[1]
WORDED = "dashboard/words/codes.py"
PLANTED = [
    ("metrics/verdicts.py", 'Literal["diverging",', 'Literal["improving", "diverging",',
     {"metrics/verdicts.py", WORDED, "dashboard/words/verdicts.py"}),
    ("metrics/rule_states.py", 'Literal["ok",', 'Literal["forgiven", "ok",',
     {"metrics/rule_states.py", WORDED}),
    ("metrics/charter_terms.py", 'Literal["pause",', 'Literal["hope", "pause",',
     {"metrics/charter_terms.py", WORDED}),
    ("metrics/agreement/decisions.py", 'OverdueKind = Literal["decision",', 'OverdueKind = Literal["cake", "decision",',
     {WORDED}),
    ("metrics/agreement/entries.py", '    "charter",', '    "lunch",\n    "charter",', {WORDED}),
    ("metrics/agreement/verification.py", "| MissingHead |", "| Entry | MissingHead |",
     {"dashboard/words/ledger.py"}),
    ("metrics/findings.py", "    | AsTold\n", "    | ImportNamed\n    | AsTold\n", {"dashboard/words/findings.py"}),
]  # fmt: skip
"""file, what stands in it, the same with one code or fact more, the files that the type check then asks for a row"""
CHECKED = (
    "metrics.verdicts", "metrics.results", "metrics.statistics.linkage", "metrics.rule_states",
    "metrics.charter_terms", "metrics.agreement.alerts", "metrics.agreement.decisions", "dashboard.words.theme",
    "dashboard.words.codes", "dashboard.words.verdicts", "metrics.findings", "dashboard.words.findings",
    "metrics.agreement.entries", "metrics.agreement.verification", "dashboard.words.ledger",
)  # fmt: skip
"""the tables and what they are keyed by; all other modules are left out, which saves the most of a minute"""


def test_verdicts_are_ranked_from_drift_to_all_is_well_without_ties() -> None:
    assert sorted(meaning(verdict).rank for verdict in VERDICTS) == list(range(len(VERDICTS)))
    assert WORST_FIRST == (
        "diverging", "declining", "data_problem", "watch", "recovering", "too_early", "aligned",
    )  # fmt: skip


def test_an_alarm_tells_of_a_change_that_costs_something() -> None:
    assert ALARMED == ("diverging", "declining")
    assert all(meaning(verdict).is_telling and meaning(verdict).has_cost for verdict in ALARMED)


def test_a_rule_may_wait_for_everything_but_good_news() -> None:
    assert set(VERDICTS) - set(AWAITABLE) == {"aligned"}


def test_a_breach_presses_most_and_stopping_is_harshest() -> None:
    states = sorted(get_args(RuleStateCode), key=lambda state: rule_state_meaning(state).rank)
    assert states == ["breached", "pending", "recovering", "no_data", "ok"]
    assert set(HARSHEST_FIRST) == set(get_args(Action))
    assert HARSHEST_FIRST == ("stop", "pause", "adjust", "review")


def test_a_code_without_its_row_fails_the_type_check(tmp_path: Path) -> None:
    package = tmp_path / "leadline"
    package.mkdir()
    for name in ("data", "dashboard", "metrics"):
        _mirrored(ROOT / name, package / name)
    for name in ("__init__.py", "py.typed"):
        (package / name).symlink_to(ROOT / "door" / name)
    wanted = set()
    for file, before, after, asked in PLANTED:
        place = package / file
        text = place.read_text(encoding="utf-8")
        assert text.count(before) == 1
        place.unlink()
        place.write_text(text.replace(before, after), encoding="utf-8")
        code = after.split('"')[1] if '"' in after else after.split()[1]
        wanted |= {(name, code) for name in asked}
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=skip", "--cache-dir", str(tmp_path / "cache"),
         "--config-file", "", *(part for name in CHECKED for part in ("-m", f"leadline.{name}"))],
        cwd=tmp_path, env={**os.environ, "MYPYPATH": str(tmp_path)}, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 1, checked.stderr
    asked_for = {
        (file.partition("leadline/")[2], code)
        for file, code in re.findall(
            r"""^(\S+?):\d+: error: .*type "(?:Literal\['|)(\w+)(?:'\]|)"; expected "Never\"""",
            checked.stdout,
            re.M,
        )
    }
    assert wanted <= asked_for, checked.stdout


def _mirrored(folder: Path, to: Path) -> None:
    """The folder's modules as links, so that one of them can be replaced."""
    for file in folder.rglob("*.py"):
        place = to / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(file)
