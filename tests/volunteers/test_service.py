"""The people of a branch on a real database: training, agreements, mentors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import LINE
from luisterlijn.volunteers.events import TrainingChanged
from luisterlijn.volunteers.model import FIRST_DAY
from luisterlijn.volunteers.ports import Agreed, Status, Step
from tests.support.coaching import overheard, refused

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId

    from .conftest import Branch


async def answers(branch: Branch, person: PersonId) -> list[str]:
    """Give what the account answers: what the line reads."""
    found: list[str] = await branch.built.owner.fetchval(
        "select channels from person where id = $1", person
    )
    return found


async def test_a_coordinator_sees_the_own_branch_and_a_planner_all_or_one(branch: Branch) -> None:
    volunteers = branch.room.volunteers

    own = await volunteers.people(branch.cora, branch.built.branch)
    everybody = await volunteers.people(branch.planner, None)
    there = await volunteers.people(branch.planner, branch.other)

    assert [each.record.name for each in own] == ["Anja", "Bert"]
    assert [each.record.name for each in everybody] == ["Anja", "Bert", "Zoe"]
    assert [each.record.name for each in there] == ["Zoe"]


async def test_nobody_of_another_branch_can_be_seen_or_changed(branch: Branch) -> None:
    volunteers = branch.room.volunteers
    step = Step(channel="chat", status=Status.MENTOR, since=await branch.today())

    assert await refused(volunteers.person(branch.cora, branch.zoe)) is Code.NOT_FOUND
    assert await refused(volunteers.step(branch.cora, branch.zoe, step)) is Code.NOT_FOUND
    assert (
        await refused(volunteers.edit(branch.cora, branch.zoe, "Zoë", Agreed())) is Code.NOT_FOUND
    )
    assert (
        await refused(volunteers.give_mentor(branch.cora, branch.zoe, branch.anja))
        is Code.NOT_FOUND
    )


async def test_a_step_lets_the_line_know_at_once_what_somebody_answers(branch: Branch) -> None:
    heard = overheard(branch.built, TrainingChanged)

    await branch.step(branch.anja, Status.PAUSED)
    paused = await answers(branch, branch.anja)
    await branch.step(branch.anja, Status.INDEPENDENT)
    await branch.step(branch.anja, Status.ASPIRANT, "phone")

    assert (paused, await answers(branch, branch.anja)) == ([], ["chat"])
    assert heard == [TrainingChanged(person=branch.anja)] * 2
    known = await branch.room.volunteers.person(branch.cora, branch.anja)
    today = await branch.today()
    assert known.record.history == (
        Step(channel="chat", status=Status.INDEPENDENT, since=FIRST_DAY),
        Step(channel="chat", status=Status.INDEPENDENT, since=today),
        Step(channel="phone", status=Status.ASPIRANT, since=today),
    )


async def test_a_step_of_a_later_day_begins_on_that_day(branch: Branch) -> None:
    later = await branch.today() + timedelta(days=2)
    step = Step(channel="chat", status=Status.PAUSED, since=later)
    await branch.room.volunteers.step(branch.cora, branch.anja, step)

    seen = []
    for _day in range(3):
        async with branch.built.house.database.transaction(LINE) as tx:
            await branch.room.hourly(tx)
        seen.append(await answers(branch, branch.anja))
        await branch.built.time.advance(86_400)

    assert seen == [["chat"], ["chat"], []]


async def test_a_step_that_cannot_be_taken_changes_nothing(branch: Branch) -> None:
    step = Step(channel="chat", status=Status.ASPIRANT, since=await branch.today())

    assert (
        await refused(branch.room.volunteers.step(branch.cora, branch.anja, step))
        is Code.STEP_NOT_POSSIBLE
    )
    assert await branch.built.owner.fetchval("select count(*) from training") == 0


async def test_who_is_paused_is_offered_nothing_more(branch: Branch) -> None:
    await branch.stands(branch.anja, 0)
    await branch.built.ready(branch.anja)

    await branch.step(branch.anja, Status.PAUSED)
    await branch.built.settle()
    contact = await branch.built.waiting()
    await branch.built.house.rounds.round()

    assert await branch.built.state(contact) == "queued"


async def test_what_was_agreed_is_kept_and_a_day_that_cannot_be_is_refused(branch: Branch) -> None:
    volunteers, today = branch.room.volunteers, await branch.today()
    agreed = Agreed(
        vog=today - timedelta(days=9),
        intervision=today,
        hours=8,
        most_shifts=4,
        most_nights=0,
        home=True,
        no_computer=True,
        away_until=today + timedelta(days=60),
    )

    known = await volunteers.edit(branch.cora, branch.anja, "Anja de Vries", agreed)

    assert (known.record.name, known.record.agreed) == ("Anja de Vries", agreed)
    for wrong in (
        replace(agreed, vog=today + timedelta(days=1)),
        replace(agreed, intervision=FIRST_DAY - timedelta(days=1)),
        replace(agreed, away_until=today + timedelta(days=4_000)),
    ):
        doing = volunteers.edit(branch.cora, branch.anja, "Anja", wrong)
        assert await refused(doing) is Code.BAD_REQUEST


async def test_hours_worked_and_the_next_shift_come_from_the_roster(branch: Branch) -> None:
    for days, hours in ((-40, 4), (-9, 4), (-2, 3), (1, 4)):
        await branch.stands(branch.anja, days, hours)

    known = await branch.room.volunteers.person(branch.cora, branch.anja)
    idle = await branch.room.volunteers.person(branch.cora, branch.bert)

    assert known.worked.hours == 7
    assert known.worked.next_shift is not None
    assert known.worked.next_shift > await branch.built.time.now()
    assert (idle.worked.hours, idle.worked.next_shift) == (0, None)


async def test_a_trainee_is_given_a_mentor_of_the_branch(branch: Branch) -> None:
    volunteers = branch.room.volunteers
    await branch.trained(branch.anja, Status.WALKING_ALONG)
    assert (
        await refused(volunteers.give_mentor(branch.cora, branch.anja, branch.bert))
        is Code.NOT_A_MENTOR
    )
    await branch.step(branch.bert, Status.MENTOR)

    known = await volunteers.give_mentor(branch.cora, branch.anja, branch.bert)
    board = await volunteers.board(branch.cora, branch.built.branch)
    again = await volunteers.give_mentor(branch.cora, branch.anja, None)

    assert (known.record.mentor, known.mentor_name) == (branch.bert, "Bert")
    assert [(each.name, walked) for each, walked in board.trainees] == [("Anja", 0)]
    assert [each.name for each in board.mentors] == ["Bert"]
    assert again.record.mentor is None


async def test_a_mentor_of_another_branch_is_none_even_for_a_planner(branch: Branch) -> None:
    await branch.trained(branch.anja, Status.WALKING_ALONG)
    await branch.trained(branch.zoe, Status.MENTOR)

    doing = branch.room.volunteers.give_mentor(branch.planner, branch.anja, branch.zoe)

    assert await refused(doing) is Code.NOT_A_MENTOR
