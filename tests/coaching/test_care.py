"""After-care on the database: a name and an hour, told to who may know, gone in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from luisterlijn.coaching.events import TalkWanted
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE, Role
from tests.support.coaching import coach, overheard, refused, side, somebody, stand_in
from tests.support.hours import plan

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


async def other_branch(built: TestHouse) -> BranchId:
    """Add a second branch."""
    branch = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, branch, "zwolle", "Zwolle")
    return branch


async def talks(built: TestHouse, person: PersonId) -> list[tuple[str, str]]:
    """Give the talks that somebody sees."""
    return [(each.name, each.wanted) for each in (await side(built, person)).talks]


# A talk.


async def test_a_talk_is_seen_by_coaches_and_by_the_coordinators_of_the_branch_only(
    built: TestHouse,
) -> None:
    anja, mentor = await built.volunteer("anja"), await somebody(built, "mo", Role.MENTOR)
    ada, off = await coach(built), await somebody(built, "dirk", Role.COACH)
    cora = await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)
    other = await somebody(built, "zoe", Role.COORDINATOR, branch=await other_branch(built))
    nowhere = await somebody(built, "nina", Role.COORDINATOR)
    heard = overheard(built, TalkWanted)

    await built.house.coaching.care.want_talk(anja, "after_shift")

    for person in (ada, off, cora):
        assert await talks(built, person) == [("Anja", "after_shift")]
    for person in (anja, mentor, other, nowhere):
        assert await talks(built, person) == []
    assert heard == [TalkWanted(told=tuple(sorted((ada, cora))))]


async def test_a_talk_holds_the_hour_and_nothing_finer_and_nothing_of_a_conversation(
    built: TestHouse,
) -> None:
    anja = await built.volunteer("anja")
    await built.time.freeze((await built.time.now()).replace(minute=47, second=5))

    await built.house.coaching.care.want_talk(anja, "now")

    row = await built.owner.fetchrow("select * from talk")
    assert row is not None
    assert set(row.keys()) == {"id", "person", "branch", "wanted", "hour", "done"}
    assert (row["hour"].minute, row["hour"].second, row["hour"].microsecond) == (0, 0, 0)


async def test_a_wish_that_was_not_answered_yet_is_written_over(built: TestHouse) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    care = built.house.coaching.care

    await care.want_talk(anja, "now")
    await care.want_talk(anja, "after_shift")
    before = await talks(built, ada)
    await care.talked(ada, await built.owner.fetchval("select id from talk"))
    await care.want_talk(anja, "now")

    assert before == [("Anja", "after_shift")]
    assert await talks(built, ada) == [("Anja", "now")]


async def test_those_wanted_now_come_first(built: TestHouse) -> None:
    ada = await coach(built)
    for name, wanted in (("anja", "after_shift"), ("bas", "now")):
        await built.house.coaching.care.want_talk(await built.volunteer(name), wanted)

    assert await talks(built, ada) == [("Bas", "now"), ("Anja", "after_shift")]


async def test_who_may_see_a_talk_closes_it_and_nobody_else(built: TestHouse) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    cora = await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)
    other = await somebody(built, "zoe", Role.COORDINATOR, branch=await other_branch(built))
    care = built.house.coaching.care
    await care.want_talk(anja, "now")
    talk = await built.owner.fetchval("select id from talk")
    heard = overheard(built, TalkWanted)

    codes = [
        await refused(care.talked(anja, talk)),
        await refused(care.talked(other, talk)),
        await refused(care.talked(ada, UUID(int=0))),
    ]
    await care.talked(cora, talk)
    codes.append(await refused(care.talked(ada, talk)))

    assert set(codes) == {Code.NOT_FOUND}
    assert await talks(built, ada) == []
    assert heard == [TalkWanted(told=tuple(sorted((ada, cora))))]


async def test_talks_are_gone_after_thirty_days(built: TestHouse) -> None:
    await built.time.freeze((await built.time.now()).replace(minute=0, second=0, microsecond=0))
    await built.house.coaching.care.want_talk(await built.volunteer("anja"), "now")
    job = next(each for each in built.house.jobs.table if each.name == "coaching-gone")
    left = []

    for step in (timedelta(days=30) - timedelta(minutes=5), timedelta(minutes=5)):
        await built.time.advance(step.total_seconds())
        assert await built.house.jobs.tick(job)
        left.append(await built.owner.fetchval("select count(*) from talk"))

    assert left == [1, 0]


# Going home.


@pytest.mark.parametrize("mood", ["good", "so_so", "call_me"])
async def test_who_goes_home_is_away_and_only_bel_me_is_kept(built: TestHouse, mood: str) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    await built.ready(anja)

    await built.house.coaching.care.leave_shift(anja, mood)

    state = await built.owner.fetchval("select state from presence where person = $1", anja)
    assert state == "away"
    assert await talks(built, ada) == ([("Anja", "call_me")] if mood == "call_me" else [])


# Heavy conversations.


async def had(built: TestHouse, person: PersonId, *marks: int | None) -> None:
    """Let somebody have conversations that weigh so much, one after the other."""
    for mark in marks:
        await built.house.consoles.set_state(person, "ready")
        contact = await built.talking(person)
        await built.house.hall.end_by_volunteer(person, contact, abuse=False)
        await built.house.hall.wrap_up(person, contact, {}, heaviness=mark, pause=False)
        await built.settle()


async def heavy(built: TestHouse) -> int | None:
    """Give what was counted."""
    found: int | None = await built.owner.fetchval("select heavy from care")
    return found


async def test_marks_of_four_and_five_are_counted_and_the_marks_kept_nowhere(
    built: TestHouse,
) -> None:
    anja = await built.volunteer("anja")
    await built.ready(anja)

    await had(built, anja, 3, None, 4, 1, 5)

    row = await built.owner.fetchrow("select * from care")
    assert row is not None
    assert set(row.keys()) == {"person", "agrees", "heavy", "told", "shift_ends"}
    assert (row["heavy"], row["agrees"], row["told"]) == (2, False, False)


async def test_after_three_the_coaches_are_told_when_the_volunteer_agreed_and_only_they(
    built: TestHouse,
) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    cora = await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)
    await built.ready(anja)
    await built.house.coaching.care.agree(anja, agrees=True)
    await had(built, anja, 4, 5)
    before = await talks(built, ada)
    heard = overheard(built, TalkWanted)

    await had(built, anja, 4, 4)

    assert before == []
    assert await talks(built, ada) == [("Anja", "heavy")]
    assert await talks(built, cora) == []
    assert heard == [TalkWanted(told=(ada,))], "once a shift"
    assert (await side(built, anja)).agrees_heavy


async def test_without_a_yes_nobody_is_told_and_a_late_yes_counts(built: TestHouse) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    await built.ready(anja)
    await had(built, anja, 4, 4, 4, 4)
    silent = await talks(built, ada)

    await built.house.coaching.care.agree(anja, agrees=False)
    still = await talks(built, ada)
    await built.house.coaching.care.agree(anja, agrees=True)

    assert silent == still == []
    assert await talks(built, ada) == [("Anja", "heavy")]


async def test_a_notice_and_a_wish_to_talk_stand_side_by_side(built: TestHouse) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    await built.ready(anja)
    await built.house.coaching.care.agree(anja, agrees=True)
    await built.house.coaching.care.want_talk(anja, "now")

    await had(built, anja, 4, 4, 4)

    assert await talks(built, ada) == [("Anja", "now"), ("Anja", "heavy")]


async def test_a_new_shift_begins_at_nothing_and_asks_anew(built: TestHouse) -> None:
    anja = await built.volunteer("anja", hours=1)
    await built.ready(anja)
    await built.house.coaching.care.agree(anja, agrees=True)
    await had(built, anja, 4, 4)
    await built.time.advance(2 * 3_600)
    await plan(built, anja, 0, 120)

    await had(built, anja, 5)

    assert await heavy(built) == 1
    assert not (await side(built, anja)).agrees_heavy


async def test_what_was_counted_is_gone_after_the_shift(built: TestHouse) -> None:
    anja = await built.volunteer("anja", hours=1)
    await built.ready(anja)
    await had(built, anja, 4)
    job = next(each for each in built.house.jobs.table if each.name == "coaching-gone")
    left = []

    for seconds in (0, 3_600):
        await built.time.advance(seconds)
        await built.house.jobs.tick(job)
        left.append(await built.owner.fetchval("select count(*) from care"))

    assert left == [1, 0]


async def test_only_who_is_on_a_shift_says_whether_the_coaches_may_be_told(
    built: TestHouse,
) -> None:
    off = await built.volunteer("anja", hours=0)

    assert await refused(built.house.coaching.care.agree(off, agrees=True)) is Code.NOT_ON_SHIFT


async def test_a_conversation_in_which_a_coach_helped_asks_for_a_rest(built: TestHouse) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    await built.ready(anja)
    contact = await built.talking(anja)
    asked = await built.house.coaching.ask(anja, contact, urgent=False)
    await built.house.coaching.take(ada, asked)
    await built.house.hall.end_by_volunteer(anja, contact, abuse=False)

    await built.house.hall.wrap_up(anja, contact, {}, pause=False)

    presence = (await built.house.consoles.snapshot(anja)).presence
    assert presence.state == "after_care"
    assert presence.care_until_at is not None


async def test_who_stands_in_sees_all_talks_while_on_duty(built: TestHouse) -> None:
    cora = await stand_in(built)
    person = await built.volunteer("bas", branch=await other_branch(built))

    await built.house.coaching.care.want_talk(person, "now")

    assert await talks(built, cora) == [("Bas", "now")]
