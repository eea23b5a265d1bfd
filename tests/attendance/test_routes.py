"""Tonight over HTTP, and answering a call-up: who sees and may press what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.scope import Role
from tests.support.attending import agrees, asked, pass_by, person, shift, stands, state
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from luisterlijn.kernel.ids import PersonId, ShiftId
    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """Serve the house, at a moment that stands still."""
    await built.time.freeze(await built.time.now())
    async with served(built) as made:
        yield made


class Night:
    """Wim did not come; Rita is the reserve; Bas agreed to be asked; Cora looks after it."""

    on: ShiftId
    place: UUID
    rita: PersonId
    bas: PersonId

    def __init__(self, node: Served) -> None:
        """Only `made` fills it."""
        self.node = node
        self.sessions: dict[str, bytes] = {}

    @classmethod
    async def made(cls, node: Served) -> Night:
        """Make it."""
        built, night = node.built, cls(node)
        night.on = await shift(built)
        wim, night.rita = await person(built, "wim"), await person(built, "rita")
        night.bas = await person(built, "bas")
        cora = await person(built, "cora", Role.COORDINATOR)
        night.place = await stands(built, wim, night.on)
        await stands(built, night.rita, night.on, role="reserve")
        await agrees(built, night.bas)
        for name, who in (("rita", night.rita), ("bas", night.bas), ("cora", cora)):
            night.sessions[name] = await built.house.accounts.demo_session(who)
        await pass_by(built, 10)
        return night

    async def ask(self, who: str, method: str, path: str) -> Answer:
        """Ask as one of them."""
        body: object = {} if method == "POST" else None
        return await self.node.ask(method, path, session=self.sessions[who], json=body)

    async def tonight(self) -> Any:
        """Give what Cora sees."""
        answer = await self.ask("cora", "GET", "/tonight")
        assert answer.status == 200
        return answer.json()

    async def call_up(self) -> str:
        """Give the open call-up."""
        found = await self.node.built.owner.fetchval("select id from call_up where state = 'open'")
        return str(found.hex)


async def test_the_coordinator_sees_who_did_not_come_and_who_was_asked(node: Served) -> None:
    night = await Night.made(node)

    told = await night.tonight()
    [found] = told["shifts"]
    [call_up] = found["call_ups"]
    assert (told["on_duty"], told["coaches"], told["may_phone"]) == (0, 0, True)
    assert {(each["name"], each["role"], each["state"]) for each in found["places"]} == {
        ("Wim", "listener", "no_show"),
        ("Rita", "reserve", "published"),
    }
    assert (found["missing"], found["may_call_reserve"], found["may_open"]) == (1, False, True)
    assert call_up["reason"] == "no_show"
    assert call_up["asked"] == [{"name": "Rita", "state": "asked"}]
    assert call_up["opens_at"] == found["starts_at"] + 15 * 60_000


async def test_she_opens_the_shift_and_takes_the_alarm_back(node: Served) -> None:
    night = await Night.made(node)
    opened = await night.ask("cora", "POST", f"/tonight/shifts/{night.on.hex}/open")
    again = await night.ask("cora", "POST", f"/tonight/shifts/{night.on.hex}/open")
    present = await night.ask("cora", "POST", f"/tonight/places/{night.place.hex}/present")

    assert opened.status == 200
    reasons = {each["reason"] for each in opened.json()["shifts"][0]["call_ups"]}
    assert reasons == {"no_show", "open_soon"}
    assert again.code == "nobody-free"
    assert present.status == 200
    assert await state(node.built, night.place) == "checked_in"


async def test_somebody_of_the_branch_jumps_in_once_it_is_open_to_them(node: Served) -> None:
    night = await Night.made(node)
    before = (await night.ask("bas", "GET", "/call-ups")).json()
    early = await night.ask("bas", "POST", f"/call-ups/{await night.call_up()}/yes")
    await pass_by(node.built, 5)
    after = (await night.ask("bas", "GET", "/call-ups")).json()
    wanted = await night.call_up()
    yes = await night.ask("bas", "POST", f"/call-ups/{wanted}/yes")
    late = await night.ask("rita", "POST", f"/call-ups/{wanted}/yes")

    assert before == {"call_ups": []}
    assert early.code == "call-up-gone"
    assert [each["call_up"] for each in after["call_ups"]] == [wanted]
    assert yes.status == 204
    assert late.code == "call-up-gone"
    assert (await night.tonight())["shifts"][0]["missing"] == 0


async def test_not_now_is_an_answer_too(node: Served) -> None:
    night = await Night.made(node)

    no = await night.ask("rita", "POST", f"/call-ups/{await night.call_up()}/no")

    assert no.status == 204
    assert await asked(node.built) == {"Rita": "no"}
    assert (await night.ask("rita", "GET", "/call-ups")).json() == {"call_ups": []}


async def test_a_coach_sees_the_whole_line_and_no_button_for_numbers(node: Served) -> None:
    await Night.made(node)
    session = await node.signed_in("ada", Role.COACH, None)

    told = (await node.ask("GET", "/tonight", session=session)).json()

    assert [each["branch_name"] for each in told["shifts"]] == ["Utrecht"]
    assert told["may_phone"] is False
