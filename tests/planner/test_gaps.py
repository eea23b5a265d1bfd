"""What is lost with who is there, and what one more saves: held against the exact staffing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from luisterlijn.demand.ports import Known
from luisterlijn.demand.profile import EFFORT
from luisterlijn.demand.staffing import expected_lost
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import new_id
from luisterlijn.planner.gaps import Cover, Expected, Pool, expected, targets
from luisterlijn.planner.model import Event, Kind
from luisterlijn.simulation.chance import Chance
from tests.support.planner import HALF_HOUR, MONDAY, at
from tests.support.sheets import planned

START = at(0, 6)
DAY = 48
MORNING = Interval(at(0, 7), at(0, 11))


def known(rates: dict[str, list[float]], state: str = "frozen") -> list[Known]:
    return [
        Known(
            half_hour=START + number * HALF_HOUR,
            channel=channel,
            mean=mean,
            high=mean * 2,
            required=7,
            state=state,
            source="a test",
        )
        for channel, means in rates.items()
        for number, mean in enumerate(means)
    ]


def flat(phone: float, chat: float = 0.0) -> Expected:
    return expected(START, DAY, known({"phone": [phone] * DAY, "chat": [chat] * DAY}), [])


def pool(of: Expected, **people: int) -> Pool:
    cover = Cover.empty(len(of))
    for kind, count in people.items():
        cover.add(slice(0, len(of)), Kind(kind), count)
    return Pool(of, cover)


@pytest.mark.parametrize("people", [0, 3, 9, 20, 60])
def test_what_is_lost_is_what_the_staffing_says(people: int) -> None:
    of = flat(15.0)

    found = pool(of, phone=people).lost()

    said = expected_lost(of.rates["phone"], np.full(DAY, people), EFFORT["phone"])
    # A load is rounded to a tenth of an Erlang.
    assert found == pytest.approx(said, abs=0.02)


def test_who_takes_both_goes_where_most_would_be_lost() -> None:
    of = flat(15.0, 2.0)

    both = pool(of, both=12).lost().sum()

    parted = [pool(of, phone=12 - chats, chat=chats).lost().sum() for chats in range(13)]
    assert both == pytest.approx(min(parted))


def test_each_further_person_saves_less_and_an_evening_more_than_a_night() -> None:
    rates = [4.0] * 24 + [20.0] * 24
    of = expected(START, DAY, known({"phone": rates}), [])
    line = pool(of, phone=8)
    quiet, busy = Interval(at(0, 7), at(0, 11)), Interval(at(0, 23), at(0, 27))

    saved = [line.saved(busy, Kind.PHONE, more) or 0.0 for more in range(5)]

    assert saved[0] == 0
    steps = [later - earlier for earlier, later in pairwise(saved)]
    assert steps == sorted(steps, reverse=True)
    assert saved[1] > 5 * (line.saved(quiet, Kind.PHONE, 1) or 0.0)


def test_nothing_is_said_of_hours_of_which_nothing_is_known() -> None:
    of = expected(START, DAY, known({"phone": [5.0] * 4}), [])
    line = pool(of)

    assert line.saved(Interval(at(0, 12), at(0, 16)), Kind.PHONE, 1) is None
    assert line.busy(Interval(at(0, 12), at(0, 16))) is None
    assert line.saved(Interval(at(0, 7), at(0, 11)), Kind.PHONE, 1) is not None
    assert expected(START, DAY, [], []).state == "none"
    assert pool(expected(START, DAY, [], [])).outlook(slice(0, DAY)) is None


def test_a_draft_among_what_is_frozen_makes_it_a_draft() -> None:
    frozen, drafted = known({"phone": [5.0]}), known({"chat": [5.0]}, "draft")

    assert expected(START, DAY, frozen, []).state == "frozen"
    assert expected(START, DAY, [*frozen, *drafted], []).state == "draft"


def test_a_campaign_brings_more_on_its_days_and_channel_and_needs_more() -> None:
    def event(first: date, last: date, channel: str | None) -> Event:
        return Event(
            id=new_id(Chance(1, "event")),
            name="actie",
            kind="campaign",
            first=first,
            last=last,
            channel=channel,
            factor=2.0,
        )

    rates = known({"phone": [10.0] * 2 * DAY, "chat": [1.0] * 2 * DAY})
    day = MONDAY + timedelta(days=1)

    found = expected(START, 2 * DAY, rates, [event(day, day, "phone")])

    # From midnight to midnight by the wall clock, while the run begins at six.
    assert set(found.rates["phone"][:36]) == {10.0}
    assert set(found.rates["phone"][36:84]) == {20.0}
    assert set(found.rates["phone"][84:]) == {10.0}
    assert set(found.rates["chat"]) == {1.0}
    assert set(found.need["phone"][:36]) == {7}
    assert found.need["phone"][50] > 10
    assert set(found.need["chat"]) == {7}
    both = expected(START, 2 * DAY, rates, [event(day, day, None), event(day, day, "chat")])
    assert both.rates["chat"][40] == 4.0


def test_how_busy_a_shift_is_is_told_beside_the_rest() -> None:
    rates = [2.0] * 16 + [10.0] * 16 + [20.0] * 16
    line = pool(expected(START, DAY, known({"phone": rates}), []))

    hours = ((7, 11), (15, 19), (23, 27))
    assert [line.busy(Interval(at(0, first), at(0, last))) for first, last in hours] == [
        *("low", "middle", "high")
    ]


def test_the_outlook_of_nobody_and_of_plenty() -> None:
    of = flat(10.0, 1.0)

    assert pool(of).outlook(slice(0, DAY)) == pytest.approx((0.0, 0.0, 48 * 11.0))
    answered, within, lost = pool(of, phone=30, chat=10).outlook(slice(0, DAY)) or (0, 0, 99)
    assert answered > 0.999
    assert within > 0.999
    assert lost < 0.1


def test_somebody_more_in_a_stretch_changes_nothing_outside_it() -> None:
    line = pool(flat(10.0), phone=5)

    part = line.expected.part(MORNING)

    assert (part.start, part.stop) == (2, 10)
    before = line.expected.part(Interval(at(-1, 7), at(-1, 11)))
    assert (before.start, before.stop) == (0, 0)
    assert line.saved(Interval(at(0, 5), at(0, 7)), Kind.PHONE, 1) == pytest.approx(
        float((line.lost() - line.lost(Kind.PHONE, 1))[:2].sum())
    )


def test_a_shift_gets_its_part_of_what_the_line_needs_and_no_fewer_than_the_least() -> None:
    of = expected(START, DAY, known({"phone": [5.0] * 24}), [])  # 7 required in each

    few = [planned(2, {}, during=MORNING) for _ in range(3)]
    many = [planned(4, {}, during=MORNING, least=least) for least in (0, 0, 0, 0, 0, 1, 3)]
    night = planned(2, {}, during=Interval(at(0, 23), at(0, 27)))
    off = planned(2, {}, during=MORNING, state="cancelled")

    assert set(targets(of, few).values()) == {2}
    assert list(targets(of, many).values()) == [1, 1, 1, 1, 1, 1, 3]
    assert targets(of, [night, off]) == {}
