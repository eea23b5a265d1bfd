"""What the hall answers over HTTP: the state of the line, the werkwijzer, who is present."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import Role
from tests.support.served import served

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_anybody_may_ask_whether_the_chat_is_open_in_their_language(
    built: TestHouse,
) -> None:
    await built.volunteer("anja", languages=("nl",))

    async with served(built) as node:
        dutch = await node.ask("GET", "/line", host=node.public)
        english = await node.ask("GET", "/line?language=en", host=node.public)
        french = await node.ask("GET", "/line?language=fr", host=node.public)

    assert dutch.json() == {
        "chat": "open",
        "phone": "closed",
        "wait": {"low": None, "high": None},
        "next_opening_at": None,
    }
    assert english.json()["chat"] == "closed"
    assert (french.status, french.code) == (400, "bad-request")


async def test_the_state_of_the_line_is_no_business_of_the_consoles_host(
    built: TestHouse,
) -> None:
    async with served(built) as node:
        answer = await node.ask("GET", "/line", host=node.console)

    assert answer.status == 404


async def test_every_signed_in_person_reads_the_werkwijzer_at_once_and_nobody_else(
    built: TestHouse,
) -> None:
    async with served(built) as node:
        session = await node.signed_in("anja", Role.VOLUNTEER, built.branch)
        read = await node.ask("GET", "/werkwijzer", session=session)
        stranger = await node.ask("GET", "/werkwijzer")

    assert {"cards", "numbers"} == set(read.json())
    assert len(read.json()["cards"]) > 10
    assert (stranger.status, stranger.code) == (401, "signed-out")


async def test_a_coordinator_sees_who_is_present_and_a_volunteer_does_not(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)

    async with served(built) as node:
        session = await node.signed_in("cor", Role.COORDINATOR, built.branch)
        seen = await node.ask("GET", "/branch/present", session=session)
        own = await built.house.accounts.demo_session(person)
        refused = await node.ask("GET", "/branch/present", session=own)

    [present] = seen.json()["present"]
    assert (present["person"], present["name"], present["state"]) == (person.hex, "Anja", "ready")
    assert refused.status == 404
