"""The demo's home branch has something to see of its volunteers, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.redaction import Secret
from luisterlijn.simulation import demo, demo_volunteers
from luisterlijn.volunteers import model
from luisterlijn.volunteers.model import Paper

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def fill(built: TestHouse) -> None:
    house = built.house
    await demo.fill(house.database, house.accounts, house.roster, house.tokens)
    await demo_volunteers.know(house.database, house.accounts, house.people, Secret(demo.PASSWORD))


async def test_the_home_branch_has_papers_trainees_an_evening_and_a_message_once(
    built: TestHouse,
) -> None:
    await built.owner.execute("delete from branch")
    await fill(built)
    await fill(built)

    house = built.house
    async with house.database.transaction(LINE) as tx:
        found = await house.accounts.person_by_sign_in(tx, demo_volunteers.COORDINATOR)
        assert found is not None
        cora = await house.accounts.person(tx, found)
    assert cora is not None
    known = await house.people.volunteers.people(cora.scope, cora.branch)
    today = local_day(await built.time.now())
    board = await house.people.volunteers.board(cora.scope, cora.branch)

    assert {model.vog(each.record.agreed.vog, today) for each in known} == set(Paper)
    assert any(each.record.agreed.no_computer for each in known)
    assert [each.name for each, _walked in board.trainees] == ["Tess Meeloper", "Tim Nieuw"]
    assert len(board.mentors) == 2
    assert len(await house.people.gatherings.to_plan(cora.scope, cora.branch)) == 1
    assert len(await house.people.messages.sent(cora.scope, cora.branch)) == 1


async def test_the_demos_volunteer_can_still_take_conversations_and_has_something_to_read(
    built: TestHouse,
) -> None:
    await built.owner.execute("delete from branch")
    await fill(built)

    house = built.house
    async with house.database.transaction(LINE) as tx:
        person = await house.accounts.person_by_sign_in(tx, "vrijwilliger")
        assert person is not None
        vera = await house.accounts.person(tx, person)
    assert vera is not None

    assert set(vera.channels) == {"chat", "phone"}
    assert await house.people.messages.unread(vera.scope) == 1
