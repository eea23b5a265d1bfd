"""Rows of the volunteers' room, for tests of what is at rest and of who sees what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval, local_day
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.volunteers.ports import Audience, Status, Step

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import BranchId, PersonId
    from tests.support.house import TestHouse


async def known(built: TestHouse, person: PersonId, branch: BranchId) -> None:
    """Write down how far somebody is, and let them come to an evening."""
    room, now = built.house.people, await built.time.now()
    step = Step(channel="mail", status=Status.IN_TRAINING, since=local_day(now))
    await room.volunteers.step(LINE, person, step)
    acting = Scope(person=person, branch=branch, roles=frozenset({Role.VOLUNTEER}))
    record = await room.volunteers.visible(acting, person)
    planner = Scope(person=person, branch=None, roles=frozenset({Role.PLANNER}))
    await room.volunteers.edit(planner, person, record.name, record.agreed)
    during = Interval(now + timedelta(days=1), now + timedelta(days=1, hours=2))
    evening = await room.gatherings.add(LINE, branch, "training", "Luisteren", during, 8)
    await room.gatherings.sign_up(acting, evening)


async def written_to(built: TestHouse, writer: PersonId, branch: BranchId, *texts: str) -> None:
    """Write to all of a branch."""
    scope = Scope(person=writer, branch=None, roles=frozenset({Role.PLANNER}))
    for text in texts:
        await built.house.people.messages.send(scope, Audience.BRANCH, text, branch=branch)
