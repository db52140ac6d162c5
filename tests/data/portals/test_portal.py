"""How long a portal is waited for."""

from __future__ import annotations

import pytest

from leadline.data.portals.portal import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, _pause


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("9999", LONGEST_PAUSE_SECONDS),
        ("Mon, 05 Jan 1970 10:00:00 GMT", 0.0),
        *((odd, FIRST_PAUSE_SECONDS) for odd in ("", "nan", "-3", "1e400", "soon", "٣", "1_0")),
    ],
)
def test_a_pause_is_what_the_portal_asks_for_and_never_endless(said: str, seconds: float) -> None:
    assert _pause(0, {"retry-after": said}) == seconds
