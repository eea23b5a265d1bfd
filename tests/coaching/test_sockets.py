"""The coach's room on real sockets: orders as a console sends them, hints as it hears them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from luisterlijn.coaching.wire import WantTalk
from luisterlijn.edge.guard import b64
from luisterlijn.edge.realtime import Seat
from luisterlijn.kernel.errors import Code, Refusal
from tests.support.coaching import KEY, coach, trail
from tests.support.ends import close, console
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.ends import Console
    from tests.support.house import TestHouse
    from tests.support.served import Served

NOWHERE = "0" * 32
SOON_S = 2.0
"""Promise P28: a request is in the consoles within two seconds."""


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A served node."""
    async with served(built) as made:
        yield made


class Room:
    """Anja talks with a chatter; Bas is a colleague, Ada a coach. Each has a console."""

    def __init__(self, node: Served) -> None:
        """Only `made` fills it."""
        self.node = node
        self.contact: ContactId
        self.people: dict[str, PersonId] = {}
        self.consoles: dict[str, Console] = {}

    @classmethod
    async def made(cls, node: Served) -> Room:
        """Open the consoles."""
        room, built = cls(node), node.built
        await built.time.freeze(await built.time.now())  # nobody falls silent meanwhile
        for name in ("anja", "bas"):
            room.people[name] = await built.volunteer(name)
        room.people["ada"] = await coach(built)
        for name, person in room.people.items():
            room.consoles[name] = await console(node, person)
        await built.house.consoles.set_state(room.people["anja"], "ready")
        room.contact = await built.waiting()
        offer = (await room.until("anja", lambda now: now["offer"] is not None))["offer"]
        await room.consoles["anja"].order("accept", contact=offer["contact"], epoch=offer["epoch"])
        return room

    async def ask(self, name: str, event: str, **fields: object) -> str:
        """Order something; gives the code of the refusal, empty when there is none."""
        answer = await self.consoles[name].wire.ask(event, fields)
        return "" if answer["ok"] else str(answer["code"])

    async def until(self, name: str, fits: Any) -> dict[str, Any]:
        """Follow somebody's hints until the snapshot fits."""
        return await self.consoles[name].until(fits)

    async def coaching(self, name: str) -> dict[str, Any]:
        """Give the coach's room as this console shows it now."""
        side: dict[str, Any] = (await self.consoles[name].wire.ask("snapshot"))["snapshot"][
            "coaching"
        ]
        return side

    async def close(self) -> None:
        """Close every console."""
        await close(*self.consoles.values())


@pytest.fixture
async def room(node: Served) -> AsyncIterator[Room]:
    """The three consoles."""
    made = await Room.made(node)
    yield made
    await made.close()


async def test_a_request_shows_in_the_coachs_console_within_two_seconds(room: Room) -> None:
    async with asyncio.timeout(SOON_S):
        assert await room.ask("anja", "help", contact=room.contact.hex, urgent=True) == ""
        shown = await room.until("ada", lambda now: now["coaching"]["requests"])

    [asked] = shown["coaching"]["requests"]
    assert (asked["urgent"], asked["state"], asked["name"]) == (True, "open", "Anja")
    assert asked["contact"] == room.contact.hex


async def test_help_is_asked_taken_joined_taken_over_and_closed_by_the_consoles_alone(
    room: Room,
) -> None:
    await room.ask("anja", "help", contact=room.contact.hex, urgent=False)
    [asked] = (await room.until("ada", lambda now: now["coaching"]["requests"]))["coaching"][
        "requests"
    ]
    order = {"request": asked["request"]}

    assert await room.ask("ada", "help-take", **order) == ""
    taken = await room.until("anja", lambda now: now["coaching"]["help"]["state"] == "taken")
    assert await room.ask("ada", "join", **order, mode="read") == ""
    beside = await room.until("anja", lambda now: now["contacts"][0]["beside"])
    assert await room.ask("ada", "take-over", **order) == ""
    lost = await room.until("anja", lambda now: not now["contacts"])
    mine = await room.until("ada", lambda now: now["contacts"])
    assert await room.ask("ada", "help-done", **order) == ""
    done = await room.until("anja", lambda now: now["coaching"]["help"] is None)

    assert taken["coaching"]["help"]["alias"] == "Ada"
    assert beside["contacts"][0]["beside"][0]["role"] == "coach"
    assert lost["presence"]["state"] == "after_care"
    assert mine["contacts"][0]["contact"] == room.contact.hex
    assert done["coaching"]["requests"] == []


async def test_a_colleague_is_asked_to_read_along_says_yes_and_is_sent_away(room: Room) -> None:
    bas = room.people["bas"].hex
    assert await room.ask("anja", "read-along", contact=room.contact.hex, to=bas) == ""
    asked = await room.until("bas", lambda now: now["coaching"]["joined"])
    [joining] = asked["coaching"]["joined"]

    assert await room.ask("bas", "join-answer", joining=joining["joining"], yes=True) == ""
    beside = await room.until(
        "anja", lambda now: [each["state"] for each in now["contacts"][0]["beside"]] == ["present"]
    )
    assert await room.ask("anja", "join-stop", joining=joining["joining"]) == ""
    after = await room.until("bas", lambda now: not now["coaching"]["joined"])

    assert joining["state"] == "asked"
    assert beside["contacts"][0]["beside"][0]["role"] == "colleague"
    assert after["coaching"]["joined"] == []


async def test_a_decision_about_the_emergency_services_is_told_by_the_console(room: Room) -> None:
    built = room.node.built
    built.house.coaching.emergency.is_on = True
    assert await room.ask("anja", "help", contact=room.contact.hex, urgent=True) == ""
    [asked] = (await room.coaching("ada"))["requests"]
    assert await room.ask("ada", "help-take", request=asked["request"]) == ""

    assert await room.ask("ada", "emergency", request=asked["request"], called=False) == ""

    assert (await room.coaching("ada"))["emergency"]
    assert await trail(built) == [("emergency-not-called", room.people["ada"])]


async def test_after_care_is_told_and_closed_by_the_consoles_alone(room: Room) -> None:
    assert await room.ask("anja", "agree-heavy", agrees=True) == ""
    assert (await room.coaching("anja"))["agrees_heavy"]
    assert await room.ask("anja", "talk", wanted="now") == ""
    [talk] = (await room.until("ada", lambda now: now["coaching"]["talks"]))["coaching"]["talks"]
    assert await room.ask("bas", "talk-done", talk=talk["talk"]) == "not-found"
    assert await room.ask("ada", "talk-done", talk=talk["talk"]) == ""
    assert (await room.coaching("ada"))["talks"] == []
    assert await room.ask("bas", "leave-shift", mood="call_me") == ""
    home = await room.until("ada", lambda now: now["coaching"]["talks"])

    assert (talk["name"], talk["wanted"]) == ("Anja", "now")
    assert [each["wanted"] for each in home["coaching"]["talks"]] == ["call_me"]
    away = await room.consoles["bas"].wire.ask("snapshot")
    assert away["snapshot"]["presence"]["state"] == "away"


@pytest.mark.parametrize(
    ("name", "event", "fields", "code"),
    [
        ("bas", "help", {"contact": "CONTACT", "urgent": False}, "not-your-contact"),
        ("anja", "help-withdraw", {"request": NOWHERE}, "request-gone"),
        ("anja", "help-take", {"request": NOWHERE}, "not-on-duty"),
        ("ada", "help-take", {"request": NOWHERE}, "request-gone"),
        ("ada", "help-done", {"request": NOWHERE}, "request-gone"),
        ("ada", "emergency", {"request": NOWHERE, "called": True}, "emergency-off"),
        ("bas", "read-along", {"contact": "CONTACT", "to": NOWHERE}, "not-your-contact"),
        ("anja", "read-along", {"contact": "CONTACT", "to": NOWHERE}, "nobody-free"),
        ("bas", "join-answer", {"joining": NOWHERE, "yes": True}, "joining-gone"),
        ("ada", "join", {"request": NOWHERE, "mode": "read"}, "request-gone"),
        ("ada", "join-mode", {"joining": NOWHERE, "mode": "listen"}, "joining-gone"),
        ("ada", "join-leave", {"joining": NOWHERE}, "joining-gone"),
        ("anja", "join-stop", {"joining": NOWHERE}, "joining-gone"),
        ("ada", "take-over", {"request": NOWHERE}, "request-gone"),
        ("ada", "talk-done", {"talk": NOWHERE}, "not-found"),
        ("ada", "agree-heavy", {"agrees": True}, "not-on-shift"),
    ],
)
async def test_what_is_not_theirs_or_not_there_is_refused_by_its_own_code(
    room: Room, name: str, event: str, fields: dict[str, object], code: str
) -> None:
    meant = {
        key: room.contact.hex if value == "CONTACT" else value for key, value in fields.items()
    }

    assert await room.ask(name, event, **meant) == code


def test_every_order_takes_its_own_fields_and_no_other(built: TestHouse) -> None:
    bodies: list[Any] = [{}, {"x": 1}, {"contact": "x"}, {"request": "0" * 31}, [], "text"]
    orders = built.house.coach_console.orders()

    for event, heard in orders.items():
        assert heard.counted, event
        for body in bodies:
            with pytest.raises(msgspec.ValidationError):
                msgspec.convert(body, heard.takes)
    assert set(orders) <= set(built.house.console_room.room.heard)


async def test_an_older_console_orders_nothing_any_more(built: TestHouse) -> None:
    anja, room = await built.volunteer("anja"), built.house.console_room.room
    session = await built.house.accounts.demo_session(anja)
    seats = []
    for sid in ("older", "newer"):
        now_s = asyncio.get_running_loop().time()
        ticket = built.house.accounts.socket_ticket(session, now_s)
        seats.append(Seat(sid, await room.sit(sid, {"ticket": ticket, "public_key": b64(KEY)})))

    with pytest.raises(Refusal) as refusal:
        await room.heard["talk"].do(seats[0], WantTalk(wanted="now"))
    before = await built.owner.fetchval("select count(*) from talk")
    await room.heard["talk"].do(seats[1], WantTalk(wanted="now"))

    assert refusal.value.code is Code.NOT_YOUR_CONTACT
    assert before == 0
    assert await built.owner.fetchval("select count(*) from talk") == 1
