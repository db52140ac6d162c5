"""Labels that are written otherwise than before are told: they would be segments of their own."""

from __future__ import annotations

import pytest

from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines

HEAD = "lead_id,created_at,channel,region"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ("N1,2026-02-05,web,North", "N2,2026-02-05,Paid-search,North"),
            ["channel 'web' (line 2)", "so do 1 more"],
        ),
        (("N1,2026-02-05,Fair,DE", "N2,2026-02-05,Web,d.e."), ["region 'DE' (line 2) stands beside 'd.e.'"]),
        (("N1,2026-02-05,Web,North", "N2,2026-02-05,Web shop,Süd", "N3,2026-02-05,Fair,Sud"), []),
    ],
    ids=["before", "within_the_file", "others"],
)
def test_labels_that_differ_in_capital_letters_and_signs_alone_are_told(
    emptied: Warehouse, rows: tuple[str, ...], told: list[str]
) -> None:
    land_text(emptied, lines(HEAD, "L1,2026-01-05,Web,North", "L2,2026-01-06,Paid Search,North"))
    report = land_text(emptied, lines(HEAD, *rows), name="next.csv")
    said = [one.message for one in report.warnings if one.code == "respelled_labels"]
    assert len(said) == bool(told)
    assert all(words in said[0] for words in told)


def test_ratings_on_another_scale_are_refused_and_mailings_told_by_rates_alone_are_told(
    emptied: Warehouse,
) -> None:
    uses = [f"A{n},2026-01-{n + 1:02},{n % 10 + 1}" for n in range(20)]
    report = land_text(emptied, lines("asset_id,used_at,rating", *uses), name="uses.csv")
    assert (report.state, report.code) == ("refused", "other_scale")
    assert "10 of its 20 rows" in report.message
    mailings = lines(
        "campaign_id,sent_at,delivered,open_rate,unique_opens", "C1,2026-01-05,100,25%,", "C2,2026-01-05,9,,3"
    )
    warned = land_text(emptied, mailings, name="mailings.csv").warnings
    assert next(one.message for one in warned if one.code == "rates_alone").startswith(
        "1 mailing was told by rates alone"
    )
