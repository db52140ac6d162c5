"""What landed for one workflow leaves the verdicts of the others as they are: they are found, not worked out again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.dashboard.exports import LAST, furnish, write_exports
from leadline.data.landing.land import land, undo
from leadline.data.plain_json import to_json, to_plain
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics import kept_reviews
from leadline.metrics import review as reviewing
from leadline.metrics.fingerprint import fingerprint
from leadline.metrics.judging import judge
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.review import review
from leadline.metrics.study import Study
from leadline.metrics.verdict_cache import Judgements

LATE = "lead_id,created_at,workflow,channel,region,first_response_at\n" + "".join(
    f"N{n},2025-12-{n:02} 10:00:00,nurture,organic,DACH,2025-12-{n:02} 11:00:00\n" for n in range(1, 21)
)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Three workflows with 4,000 leads and their deals."""
    folder = tmp_path_factory.mktemp("three")
    furnish(folder / "w")
    with open_warehouse(open_workspace(folder / "w")) as warehouse:
        for file in write_exports(folder, 4_000):
            land(warehouse, file)
        yield warehouse


def test_only_the_workflow_for_which_something_landed_is_judged_again(
    three: Warehouse, tmp_path: Path
) -> None:
    judged = Judgements()
    before = review(three, three.workspace, LAST, judged)
    assert judged.reckoned == 3
    assert review(three, three.workspace, LAST, judged) == before
    assert judged.reckoned == 3
    file = tmp_path / "late.csv"
    file.write_text(LATE, encoding="utf-8")
    landed = land(three, file)
    after = review(three, three.workspace, LAST, judged)
    assert judged.reckoned == 4
    assert after == review(three, three.workspace, LAST), "what was found is what would be made"
    assert {w.workflow for w in after.workflows if w not in before.workflows} == {"nurture"}
    undo(three, landed.import_id or 0)
    assert review(three, three.workspace, LAST, judged) == before
    assert judged.reckoned == 4, "the verdict of before is known still"


def test_another_day_is_another_verdict(three: Warehouse) -> None:
    judged = Judgements()
    review(three, three.workspace, LAST, judged)
    review(three, three.workspace, LAST - dt.timedelta(weeks=1), judged)
    assert judged.reckoned == 6


def test_what_one_process_has_judged_the_next_one_finds(
    three: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    def judging(study: Study, *rest: Any) -> WorkflowReview:
        judged.append(study.charter.workflow)
        return judge(study, *rest)

    def shown(made: Review) -> str:
        # an import that was taken back stays in the chain of digests, on which what is made later rests
        return to_json(to_plain(replace(made, basis="")))

    def found() -> str:
        return shown(review(three, three.workspace, LAST))

    before = found()  # of so few facts none is kept
    monkeypatch.setattr(kept_reviews, "KEPT_FROM_ROWS", 0)
    monkeypatch.setattr(reviewing, "judge", judging)
    assert found() == before
    assert len(judged) == 3
    with monkeypatch.context() as asked:
        asked.setattr(reviewing, "prepare_study", None)
        assert found() == before, "to the last digit, and nothing is counted"
    file = tmp_path / "late.csv"
    file.write_text(LATE, encoding="utf-8")
    landed = land(three, file)
    after = found()
    assert judged[3:] == ["nurture"]
    undo(three, landed.import_id or 0)
    assert found() == before
    assert judged[3:] == ["nurture"], "what was judged before the import is known still"
    monkeypatch.undo()
    assert after != before


@dataclass(frozen=True)
class _Thing:
    told: object
    _seen: int = 0


def test_a_fingerprint_tells_any_content_from_any_other() -> None:
    things = [
        None, 0, 0.0, "0", "", b"", (), ((),), [[], []], {}, {"a": 1}, {"a": 2}, dt.date(2024, 1, 1),
        np.zeros(2), np.zeros(2, int), np.zeros((2, 1)), np.ones(2), True, float("nan"), ("ab", "c"), ("a", "bc"),
        _Thing(0), _Thing("0"),
    ]  # fmt: skip
    assert len({fingerprint(thing) for thing in things}) == len(things)


def test_what_was_worked_out_already_is_no_part_of_a_fingerprint() -> None:
    assert fingerprint(_Thing(1, _seen=1)) == fingerprint(_Thing(1, _seen=2))


def test_what_has_no_plain_content_has_no_fingerprint() -> None:
    with pytest.raises(TypeError):
        fingerprint(object())
