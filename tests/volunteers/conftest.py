"""What tests of the volunteers' room may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.clock import Interval, local_day
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.rostering.ports import NewShift
from luisterlijn.volunteers.ports import Step
from luisterlijn.volunteers.room import PeopleRoom
from tests.support.coaching import somebody
from tests.support.house import TestHouse

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.volunteers.ports import Status


@dataclass(slots=True, kw_only=True)
class Branch:
    """A branch with a coordinator, a trainee, a mentor, and a second branch with a volunteer."""

    built: TestHouse
    room: PeopleRoom
    cora: Scope
    planner: Scope
    anja: PersonId
    bert: PersonId
    other: BranchId
    zoe: PersonId

    def of(self, person: PersonId) -> Scope:
        """Give the volunteer's own scope."""
        return Scope(person=person, branch=self.built.branch, roles=frozenset({Role.VOLUNTEER}))

    async def today(self) -> date:
        """Give the local date of the line."""
        return local_day(await self.built.time.now())

    async def trained(self, person: PersonId, status: Status, channel: str = "chat") -> None:
        """Write a step of today down, whatever came before."""
        await self.built.owner.execute(
            "insert into training values ($1, (select branch from person where id = $1), $2, $3,"
            " $4) on conflict (person, channel, since) do update set status = $3",
            *(person, channel, status.value, await self.today()),
        )

    async def step(self, person: PersonId, status: Status, channel: str = "chat") -> None:
        """Take a step today, as the coordinator."""
        step = Step(channel=channel, status=status, since=await self.today())
        await self.room.volunteers.step(self.cora, person, step)

    async def stands(self, person: PersonId, days: float, hours: float = 4) -> None:
        """Put somebody on a shift so many days from now."""
        now = await self.built.time.now()
        starts = now + timedelta(days=days)
        async with self.built.house.database.transaction(LINE) as tx:
            await self.built.house.roster.plan(
                tx,
                [
                    NewShift(
                        branch=self.built.branch,
                        during=Interval(starts, starts + timedelta(hours=hours)),
                        channels=("chat",),
                        wanted=1,
                        people=(person,),
                    )
                ],
            )

    async def evening(
        self,
        *,
        seats: int = 8,
        kind: str = "training",
        where: BranchId | None = None,
        national: bool = False,
    ) -> UUID:
        """Plan a gathering in three days: of the branch, of another, or of the whole line."""
        starts = await self.built.time.now() + timedelta(days=3)
        return await self.room.gatherings.add(
            LINE,
            None if national else where or self.built.branch,
            kind,
            "Luisteren in stilte",
            Interval(starts, starts + timedelta(hours=2)),
            seats,
        )


def scope_of(person: PersonId, branch: BranchId | None, role: Role) -> Scope:
    """Give who acts."""
    return Scope(person=person, branch=branch, roles=frozenset({role}))


@pytest.fixture
async def branch(built: TestHouse) -> Branch:
    """A branch with people."""
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    cora = await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)
    pieter = await somebody(built, "pieter", Role.PLANNER)
    return Branch(
        built=built,
        room=built.house.people,
        cora=scope_of(cora, built.branch, Role.COORDINATOR),
        planner=scope_of(pieter, None, Role.PLANNER),
        anja=await built.volunteer("anja", hours=0),
        bert=await built.volunteer("bert", hours=0),
        other=other,
        zoe=await built.volunteer("zoe", branch=other, hours=0),
    )
