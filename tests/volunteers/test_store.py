"""What the roster's rules are told of somebody, from a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.volunteers.ports import Facts, Status
from tests.support.coaching import somebody

if TYPE_CHECKING:
    from datetime import date

    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


async def facts(built: TestHouse, branch: BranchId | None = None) -> dict[PersonId, Facts]:
    async with built.house.database.transaction(LINE) as tx:
        return await built.house.volunteers.facts(tx, branch=branch)


async def trained(
    built: TestHouse, person: PersonId, channel: str, status: str, since: date
) -> None:
    await built.owner.execute(
        "insert into training values ($1, $2, $3, $4, $5)",
        *(person, built.branch, channel, status, since),
    )


async def test_who_has_no_row_answers_alone_what_the_account_has(built: TestHouse) -> None:
    anja = await built.volunteer("anja", channels=("chat", "phone"), hours=0)

    [known] = (await facts(built)).values()

    assert known == Facts(
        person=anja,
        branch=built.branch,
        name="Anja",
        status={"chat": Status.INDEPENDENT, "phone": Status.INDEPENDENT},
    )


async def test_the_newest_row_of_a_channel_holds_and_one_of_tomorrow_does_not_yet(
    built: TestHouse,
) -> None:
    anja = await built.volunteer("anja", channels=(), hours=0)
    today = local_day(await built.time.now())
    await trained(built, anja, "chat", "in_training", today - timedelta(days=60))
    await trained(built, anja, "chat", "walking_along", today)
    await trained(built, anja, "chat", "independent", today + timedelta(days=1))

    now = (await facts(built))[anja]
    await built.time.advance(86_400)
    tomorrow = (await facts(built))[anja]

    assert (now.status, now.is_trainee) == ({"chat": Status.WALKING_ALONG}, True)
    assert (tomorrow.channels, tomorrow.is_trainee) == (frozenset({"chat"}), False)


async def test_what_was_agreed_with_somebody_is_told(built: TestHouse) -> None:
    anja = await built.volunteer("anja", channels=("chat",), hours=0)
    bert = await built.volunteer("bert", channels=("chat",), hours=0)
    until = local_day(await built.time.now()) + timedelta(days=90)
    await built.owner.execute(
        "insert into volunteer (person, branch, hours_agreed, most_shifts, most_nights, home,"
        " away_until, mentor, leaves) values ($1, $2, 8, 3, 0, true, $3, $4, $3)",
        *(anja, built.branch, until, bert),
    )

    known = (await facts(built))[anja]

    assert known == Facts(
        person=anja,
        branch=built.branch,
        name="Anja",
        status={"chat": Status.INDEPENDENT},
        most_shifts=3,
        most_nights=0,
        hours_agreed=8,
        home=True,
        away_until=until,
        leaves=until,
        mentor=bert,
    )


async def test_only_volunteers_and_only_of_the_branch_asked_for(built: TestHouse) -> None:
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    anja = await built.volunteer("anja", hours=0)
    bert = await built.volunteer("bert", branch=other, hours=0)
    await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)

    assert list(await facts(built)) == [anja, bert]
    assert list(await facts(built, other)) == [bert]


async def test_a_coordinator_is_told_of_the_own_branch_and_a_volunteer_of_themselves(
    built: TestHouse,
) -> None:
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    anja = await built.volunteer("anja", hours=0)
    await built.volunteer("bert", branch=other, hours=0)
    carl = await built.volunteer("carl", hours=0)

    for person, role, expected in (
        (new_id(built.house.tokens), Role.COORDINATOR, [anja, carl]),
        (anja, Role.VOLUNTEER, [anja]),
    ):
        scope = Scope(person=person, branch=built.branch, roles=frozenset({role}))  # type: ignore[arg-type] # a fresh id
        async with built.house.database.transaction(scope) as tx:
            assert list(await built.house.volunteers.facts(tx)) == expected
