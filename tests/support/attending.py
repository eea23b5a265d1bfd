"""People on shifts near now, for tests of who comes and who does not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from luisterlijn.accounts.service import NewPerson
from luisterlijn.attendance.model import Quiet
from luisterlijn.attendance.reach import Ways
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import ShiftId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.privacy.redaction import Secret
from tests.support.house import PASSWORD

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId, PersonId
    from tests.support.house import TestHouse

NOW = Interval(datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 24, 22, tzinfo=UTC))
"""Some shift, where its hours do not matter."""
NO_QUIET = Quiet(start=time(0), end=time(0))


async def person(
    built: TestHouse,
    name: str,
    role: Role = Role.VOLUNTEER,
    *,
    branch: BranchId | None = None,
    phone: str | None = None,
) -> PersonId:
    """Give an account, without a shift; a volunteer answers chats and calls."""
    house = built.house
    async with house.database.transaction(LINE) as tx:
        [made] = await house.accounts.add_people(
            tx,
            [
                NewPerson(
                    sign_in=name,
                    name=name.title(),
                    branch=branch or built.branch,
                    roles=frozenset({role}),
                    channels=("chat", "phone") if role is Role.VOLUNTEER else (),
                    phone=Secret(phone) if phone is not None else None,
                    margin_min=0,
                )
            ],
            Secret(PASSWORD),
        )
    return made


async def shift(
    built: TestHouse, starts_in: float = 0, *, hours: float = 4, wanted: int = 1
) -> ShiftId:
    """Give a published shift that begins in so many minutes."""
    made = ShiftId(new_id(built.house.tokens))
    starts = await built.time.now() + timedelta(minutes=starts_in)
    await built.owner.execute(
        "insert into shift (id, branch, starts, ends, channels, wanted, state)"
        " values ($1, $2, $3, $4, array['chat', 'phone'], $5, 'published')",
        made,
        built.branch,
        starts,
        starts + timedelta(hours=hours),
        wanted,
    )
    return made


async def stands(
    built: TestHouse,
    who: PersonId,
    on: ShiftId,
    *,
    role: str = "listener",
    state: str = "published",
) -> UUID:
    """Put somebody on a shift."""
    made = new_id(built.house.tokens)
    await built.owner.execute(
        "insert into place (id, shift, branch, person, during, role, state) select $1, s.id,"
        " s.branch, $2, tstzrange(s.starts, s.ends), $4, $5 from shift s where s.id = $3",
        made,
        who,
        on,
        role,
        state,
    )
    return made


async def agrees(
    built: TestHouse, who: PersonId, *, mail: str | None = None, quiet: Quiet = NO_QUIET
) -> None:
    """Let somebody agree to be called up, and to be reminded there."""
    await built.house.attendance.reach.choose(
        scope_of(who, built.branch, Role.VOLUNTEER),
        Ways(
            mail=Secret(mail) if mail is not None else None,
            reminders=True,
            urgent=True,
            quiet=quiet,
        ),
    )


def scope_of(who: PersonId, branch: BranchId | None, role: Role) -> Scope:
    """Give the scope in which somebody acts."""
    return Scope(person=who, branch=branch, roles=frozenset({role}))


async def pass_by(built: TestHouse, minutes: float) -> None:
    """Let time pass, and do what is due."""
    await built.time.advance(60 * minutes)
    await built.house.attendance.attendance.sweep()


async def state(built: TestHouse, place: UUID) -> str:
    """Give the state of a place."""
    return str(await built.owner.fetchval("select state from place where id = $1", place))


async def notices(built: TestHouse, place: UUID) -> list[str]:
    """Give what was told about a place, by name."""
    rows = await built.owner.fetch("select kind from notice where place = $1 order by kind", place)
    return [row["kind"] for row in rows]


async def asked(built: TestHouse) -> dict[str, str]:
    """Give who was asked in open or filled call-ups, and what they said."""
    rows = await built.owner.fetch(
        "select p.name, a.state from call_up_asked a join person p on p.id = a.person"
        " join call_up c on c.id = a.call_up where c.state <> 'over' order by p.name"
    )
    return {row["name"]: row["state"] for row in rows}


async def call_up(built: TestHouse, reason: str | None = None) -> UUID:
    """Give the newest call-up that is open."""
    found: UUID | None = await built.owner.fetchval(
        "select id from call_up where state = 'open' and ($1::text is null or reason = $1)"
        " order by made desc limit 1",
        reason,
    )
    assert found is not None
    return found


async def call_ups(built: TestHouse) -> list[tuple[str, str]]:
    """Give (reason, state) of every call-up, the oldest first."""
    rows = await built.owner.fetch("select reason, state from call_up order by made, reason")
    return [(row["reason"], row["state"]) for row in rows]
