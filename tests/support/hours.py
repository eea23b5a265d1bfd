"""Time on the line passes in small steps, with the heartbeats of those who are there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.dispatch import store_presence
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from luisterlijn.kernel.ids import ContactId, PersonId, ShiftId
    from tests.support.house import TestHouse

BEAT_S = 5.0


async def stop_time(built: TestHouse, moment: datetime | None = None) -> None:
    """Let time pass only when the test says so."""
    await built.time.freeze(moment or await built.time.now())


async def beat(
    built: TestHouse, *, consoles: Collection[PersonId] = (), pages: Collection[ContactId] = ()
) -> None:
    """Let these consoles and pages give a sign of life."""
    database, house = built.house.database, built.house
    _on_duty, returned = await store_presence.consoles_heard(database, list(consoles))
    for contact in returned:
        await house.hall.volunteer_back(contact)
    for contact in await store_presence.pages_heard(database, list(pages)):
        await house.back(contact)


async def pass_time(
    built: TestHouse,
    seconds: float,
    *,
    consoles: Collection[PersonId] = (),
    pages: Collection[ContactId] = (),
    each_s: float = BEAT_S,
) -> None:
    """Let so much time pass: those named beat every 5 s, and the node does its work.

    `each_s`: look less often, where nothing happens in between.
    """
    left = seconds
    while left > 0:
        step = min(left, each_s)
        await built.time.advance(step)
        await beat(built, consoles=consoles, pages=pages)
        await built.tick()
        left -= step


async def plan(
    built: TestHouse,
    person: PersonId,
    starts_min: float,
    lasts_min: float,
    *,
    channels: tuple[str, ...] = ("chat",),
) -> ShiftId:
    """Put somebody on a shift that starts so many minutes from now."""
    start = await built.time.now() + timedelta(minutes=starts_min)
    shift = await built.house.roster.add_shift(
        LINE, built.branch, Interval(start, start + timedelta(minutes=lasts_min)), channels, 1
    )
    await built.house.roster.put_on(LINE, shift.id, person)
    await built.settle()
    return shift.id
