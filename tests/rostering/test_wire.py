"""What a coordinator may send about shifts."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from luisterlijn.rostering.wire import NewShift, PutOn

SHIFT: dict[str, Any] = {
    "date": "2026-03-28",
    "starts": "23:00",
    "ends": "03:00",
    "channels": ["chat"],
}


def test_a_shift_is_told_by_its_local_day_and_times() -> None:
    new = msgspec.convert(SHIFT, NewShift)

    assert (new.day, new.starts, new.ends) == (date(2026, 3, 28), "23:00", "03:00")
    assert (new.wanted, new.branch) == (1, None)


@pytest.mark.parametrize(
    "change",
    [
        {"date": "28-03-2026"},
        {"date": "2026-02-30"},
        {"starts": "24:00"},
        {"starts": "9:00"},
        {"ends": "03:60"},
        {"ends": "03:00:00"},
        {"channels": []},
        {"channels": ["fax"]},
        {"wanted": 0},
        {"wanted": 51},
        {"note": "for Anja, who is ill"},
    ],
)
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(SHIFT | change, NewShift)


def test_putting_somebody_on_a_shift_names_the_person_and_nothing_else() -> None:
    assert msgspec.convert({"person": "0" * 32}, PutOn).person == "0" * 32
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"person": "0" * 32, "reason": "x"}, PutOn)
