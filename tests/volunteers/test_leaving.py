"""Leaving: places go free, the door closes, and after 30 days the account is gone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_interval
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.redaction import Secret
from luisterlijn.rostering.ports import NewShift
from luisterlijn.volunteers.ports import Agreed, Audience, Status
from tests.support.coaching import refused
from tests.support.house import PASSWORD

if TYPE_CHECKING:
    from datetime import date

    from luisterlijn.kernel.ids import PersonId

    from .conftest import Branch

DAY_S = 86_400.0


async def hour_passes(branch: Branch, days: float) -> None:
    """Let days pass, and do what is done each hour."""
    await branch.built.time.advance(days * DAY_S)
    async with branch.built.house.database.transaction(LINE) as tx:
        await branch.room.hourly(tx)


async def places(branch: Branch, person: PersonId) -> list[str]:
    """Give the states of somebody's places, by start."""
    rows = await branch.built.owner.fetch(
        "select l.state from place l join shift s on s.id = l.shift where l.person = $1"
        " order by s.starts",
        person,
    )
    return [row["state"] for row in rows]


async def stands_at(branch: Branch, person: PersonId, day: date, starts: int, ends: int) -> None:
    """Put somebody on a shift of some local hours."""
    async with branch.built.house.database.transaction(LINE) as tx:
        new = NewShift(
            branch=branch.built.branch,
            during=local_interval(day, time(starts), time(ends)),
            channels=("chat",),
            wanted=1,
            people=(person,),
        )
        await branch.built.house.roster.plan(tx, [new])


async def test_places_after_the_last_day_go_free_and_its_night_stays(branch: Branch) -> None:
    last = await branch.today() + timedelta(days=3)
    for day, starts, ends in (
        (last, 9, 11),
        (last, 23, 3),
        (last + timedelta(days=1), 3, 7),
        (last + timedelta(days=1), 7, 11),
        (last + timedelta(days=9), 19, 23),
    ):
        await stands_at(branch, branch.anja, day, starts, ends)
    await stands_at(branch, branch.bert, last + timedelta(days=1), 7, 11)

    off = await branch.room.leaving.set_last_day(branch.cora, branch.anja, last)

    assert off == 2
    assert await places(branch, branch.anja) == [*["published"] * 3, *["taken_off"] * 2]
    assert await places(branch, branch.bert) == ["published"]


async def test_a_volunteer_sets_the_own_last_day_and_can_stay_after_all(branch: Branch) -> None:
    anja, last = branch.of(branch.anja), await branch.today() + timedelta(days=3)
    await branch.stands(branch.anja, 9)

    off = await branch.room.leaving.set_last_day(anja, branch.anja, last)
    set_to = await branch.room.leaving.last_day(anja)
    await branch.room.leaving.set_last_day(anja, branch.anja, None)

    assert (off, set_to) == (1, last)
    assert await branch.room.leaving.last_day(anja) is None
    assert await branch.built.owner.fetchval(
        "select ends is null from person where id = $1", branch.anja
    )


async def test_nobody_ends_somebody_else(branch: Branch) -> None:
    last = await branch.today()
    leaving = branch.room.leaving

    for scope, person in (
        (branch.of(branch.anja), branch.bert),
        (branch.cora, branch.zoe),
        (branch.cora, new_id(branch.built.house.tokens)),
    ):
        doing = leaving.set_last_day(scope, person, last)  # type: ignore[arg-type] # a fresh id
        assert await refused(doing) is Code.NOT_FOUND


async def test_a_last_day_is_not_yesterday(branch: Branch) -> None:
    doing = branch.room.leaving.set_last_day(
        branch.cora, branch.anja, await branch.today() - timedelta(days=1)
    )

    assert await refused(doing) is Code.IN_THE_PAST


async def test_after_the_last_day_nobody_signs_in_and_who_is_signed_in_is_out(
    branch: Branch,
) -> None:
    accounts, today = branch.built.house.accounts, await branch.today()
    await branch.built.time.freeze(datetime.combine(today, time(20), AMSTERDAM))
    await branch.room.leaving.set_last_day(branch.cora, branch.anja, today)
    session = await accounts.demo_session(branch.anja)

    evening = await accounts.acting(session)
    await branch.built.time.freeze(datetime.combine(today + timedelta(days=1), time(7), AMSTERDAM))
    await accounts.on_duty([session])
    late = await accounts.demo_session(branch.anja)

    assert evening is not None
    assert await accounts.acting(session) is None
    assert await accounts.acting(late) is None
    assert await refused(accounts.sign_in("anja", Secret(PASSWORD), "000000")) is (
        Code.SIGN_IN_REFUSED
    )
    async with branch.built.house.database.transaction(LINE) as tx:
        assert await accounts.person_by_sign_in(tx, "anja") is None


async def test_thirty_days_later_the_account_is_gone_and_past_places_are_of_nobody(
    branch: Branch,
) -> None:
    await branch.step(branch.bert, Status.MENTOR)
    await branch.trained(branch.anja, Status.WALKING_ALONG)
    await branch.room.volunteers.give_mentor(branch.cora, branch.anja, branch.bert)
    await branch.stands(branch.bert, -3)
    await branch.stands(branch.anja, -3)
    await branch.built.house.accounts.demo_session(branch.bert)
    await branch.room.messages.send(
        branch.cora, Audience.MENTORS, "Dag", branch=branch.built.branch
    )
    await branch.room.leaving.set_last_day(branch.cora, branch.bert, await branch.today())

    await hour_passes(branch, 29)
    kept = await branch.built.owner.fetchval("select count(*) from person where sign_in = 'bert'")
    await hour_passes(branch, 3)

    names = await branch.built.owner.fetch("select name from person order by name")
    assert kept == 1
    assert "Bert" not in [row["name"] for row in names]
    held = await branch.built.owner.fetch("select person from place order by person")
    assert {row["person"] for row in held} == {branch.anja, None}
    for table in ("session", "message_to"):
        assert await branch.built.owner.fetchval(f"select count(*) from {table}") == 0  # noqa: S608
    assert await branch.built.owner.fetchval("select count(*) from training") == 1
    known = await branch.room.volunteers.person(branch.cora, branch.anja)
    assert (known.record.mentor, known.record.name) == (None, "Anja")


async def test_every_row_about_who_left_goes_with_them(branch: Branch) -> None:
    columns = await branch.built.owner.fetch(
        "select c.conrelid::regclass::text as child, c.confdeltype::text as then"
        " from pg_constraint c where c.confrelid = 'person'::regclass and c.contype = 'f'"
    )
    stays = {row["child"] for row in columns if row["then"] == "a"}

    # Rows of a conversation that goes on; thirty days after a last day there is none.
    assert stays == {"contact", "offer", "exclusion", "member", "leg"}


async def test_two_who_left_and_worked_at_the_same_time_do_not_collide(branch: Branch) -> None:
    now = await branch.built.time.now()
    during = Interval(now - timedelta(days=2), now - timedelta(days=2) + timedelta(hours=4))
    async with branch.built.house.database.transaction(LINE) as tx:
        new = NewShift(
            branch=branch.built.branch,
            during=during,
            channels=("chat",),
            wanted=2,
            people=(branch.anja, branch.bert),
        )
        await branch.built.house.roster.plan(tx, [new])
    for person in (branch.anja, branch.bert):
        await branch.room.leaving.set_last_day(branch.cora, person, await branch.today())

    await hour_passes(branch, 32)

    held = await branch.built.owner.fetch("select person from place")
    assert [row["person"] for row in held] == [None, None]


async def test_own_data_is_all_of_oneself_and_nothing_of_anybody_else(branch: Branch) -> None:
    today = await branch.today()
    await branch.step(branch.bert, Status.MENTOR)
    await branch.trained(branch.anja, Status.WALKING_ALONG)
    await branch.room.volunteers.edit(
        branch.cora, branch.anja, "Anja de Vries", Agreed(vog=today, hours=12)
    )
    await branch.room.volunteers.give_mentor(branch.cora, branch.anja, branch.bert)
    for person in (branch.anja, branch.bert):
        await branch.stands(person, 2)
    await branch.stands(branch.anja, -400)
    gathering = await branch.evening()
    for person in (branch.anja, branch.bert):
        await branch.room.gatherings.sign_up(branch.of(person), gathering)
    await branch.room.messages.send(
        branch.cora, Audience.TRAINEES, "Welkom allemaal", branch=branch.built.branch
    )
    await branch.room.messages.send(
        branch.cora, Audience.MENTORS, "Alleen voor mentoren", branch=branch.built.branch
    )

    told = await branch.room.leaving.own_data(branch.of(branch.anja))
    text = msgspec.json.encode(told).decode()

    assert told["account"]["name"] == "Anja de Vries"
    assert told["agreed"]["certificate_of_conduct"] == today
    assert [each["status"] for each in told["training"]] == ["walking_along"]
    assert len(told["places"]) == 1
    assert [each["title"] for each in told["gatherings"]] == ["Luisteren in stilte"]
    assert [each["text"] for each in told["messages"]] == ["Welkom allemaal"]
    assert {"wishes", "leave", "swaps"} <= set(told)
    for other in ("Bert", "Cora", "bert", "mentoren", branch.bert.hex, "password", "totp"):
        assert other not in text


@pytest.mark.parametrize("days", [0, 40])
async def test_own_data_can_be_had_before_and_after_anything_happened(
    branch: Branch, days: int
) -> None:
    await branch.built.time.advance(days * DAY_S)

    told = await branch.room.leaving.own_data(branch.of(branch.anja))

    assert (told["places"], told["messages"], told["gatherings"]) == ([], [], [])
