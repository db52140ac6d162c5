"""Files land one after the other behind the page; a fault with one is one sentence, and the others land."""

from __future__ import annotations

import threading

from leadline.dashboard.views.upload.background_landing import ToLand, begin
from leadline.data.exports.landing_report import FileReport
from leadline.data.landing.land import Tell


def _landed(name: str) -> ToLand:
    return ToLand(name, lambda tell: FileReport(name, "landed"))


def _broken(tell: Tell) -> FileReport:
    raise ZeroDivisionError("secret detail")


def test_a_fault_with_one_file_is_told_and_the_others_land() -> None:
    work = begin([_landed("a.csv"), ToLand("b.csv", _broken), _landed("c.csv")])
    assert work.over.wait(10)
    assert [report.state for report in work.reports] == ["landed", "refused", "landed"]
    assert "nothing of it was" in work.reports[1].message
    assert "secret detail" not in work.reports[1].message


def test_how_far_it_is_names_file_place_and_step_and_never_goes_back() -> None:
    go_on, reached = threading.Semaphore(0), threading.Semaphore(0)

    def land(tell: Tell) -> FileReport:
        for step in ("reading", "waiting", "comparing", "writing"):
            tell(step)
            reached.release()
            go_on.acquire(timeout=10)
        return FileReport("a.csv", "landed")

    work = begin([ToLand("a.csv", land), ToLand("b.csv", land)])
    said, shares = [], []
    for _ in range(8):
        assert reached.acquire(timeout=10)
        said.append(work.words())
        shares.append(work.share())
        go_on.release()
    assert work.over.wait(10)
    assert said[0] == "a.csv (1 of 2) is being read and checked"
    assert said[5] == "b.csv (2 of 2) waits for another import that is landing"
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5 < shares[-1] < 1 == work.share()
