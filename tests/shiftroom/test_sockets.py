"""The room between real consoles with real encryption; and what the database then holds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from luisterlijn.dispatch.events import PresenceChanged
from luisterlijn.edge.guard import b64
from luisterlijn.shiftroom.sockets import BURST, ShiftRoomConsole
from tests.support.canaries import readable_forms
from tests.support.coaching import KEY, coach
from tests.support.served import served
from tests.support.shiftroom import Closed, Desk, desk, member, opened, sealed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from luisterlijn.edge.realtime import Seat
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse
    from tests.support.served import Served

WORDS = "Wie kan mijn plek om 22 uur overnemen? geplant-5f1c"


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A served node whose time stands still: nobody falls silent meanwhile."""
    async with served(built) as made:
        await built.time.freeze(await built.time.now())
        yield made


@pytest.fixture
async def desks(node: Served) -> AsyncIterator[dict[str, Desk]]:
    """Anja and Bas on a shift, Ada on duty; each has a console."""
    made = {name: await desk(node, await node.built.volunteer(name)) for name in ("anja", "bas")}
    made["ada"] = await desk(node, await coach(node.built))
    yield made
    for each in made.values():
        await each.close()


async def dump(built: TestHouse) -> bytes:
    """Give every row of every table, as somebody who took the database away has it."""
    tables = await built.owner.fetch(
        "select table_name from information_schema.tables where table_schema = 'public'"
    )
    found = b""
    for table in tables:
        for row in await built.owner.fetch(f'select t.* from "{table["table_name"]}" t'):  # noqa: S608
            for value in row.values():
                found += value if isinstance(value, bytes) else str(value).encode()
    return found


async def test_two_volunteers_and_a_coach_read_what_each_says(desks: dict[str, Desk]) -> None:
    for name in ("anja", "bas", "ada"):
        assert (await desks[name].say(f"dag van {name}"))["ok"]

    for each in desks.values():
        assert await each.reads() == ["dag van anja", "dag van bas", "dag van ada"]
    lines = (await desks["bas"].ask())["lines"]
    assert [line["is_mine"] for line in lines] == [False, True, False]
    assert (lines[2]["name"], lines[2]["is_coach"]) == ("Ada", True)


async def test_what_is_said_is_hinted_to_who_was_there_without_a_word(
    desks: dict[str, Desk],
) -> None:
    wire = desks["bas"].console.wire
    while wire.unheard("shift-room"):
        await wire.hears("shift-room")

    await desks["anja"].say(WORDS)

    assert await wire.hears("shift-room") == {}


class Ears:
    """Consoles that are told something; nobody acts."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self.told = 0

    def newest(self, seat: Seat) -> PersonId:
        """Nobody asks."""
        raise NotImplementedError

    def tell(self, person: PersonId | None, event: str, data: object) -> None:
        """Nobody is told alone."""
        raise NotImplementedError

    def everyone(self, event: str) -> None:
        """Count."""
        assert event == "shift-room"
        self.told += 1


async def test_all_are_told_that_who_is_on_changed_and_not_that_somebody_is_busy(
    built: TestHouse,
) -> None:
    ears = Ears()
    room = ShiftRoomConsole(built.house.shift_room, ears)
    anja = await built.volunteer("anja")
    stirred = PresenceChanged(person=anja)

    async def told_after(change: Awaitable[object]) -> int:
        await change
        room.stir(stirred)
        await room.look()
        await room.look()
        return ears.told

    consoles = built.house.consoles
    assert await told_after(built.ready(anja)) == 1
    assert await told_after(consoles.set_limit(anja, 3)) == 1
    assert await told_after(consoles.set_state(anja, "paused")) == 1
    assert await told_after(consoles.opened(anja, KEY)) == 2
    assert await told_after(consoles.set_state(anja, "away")) == 3


async def test_nothing_in_the_database_can_be_read_while_they_talk(
    node: Served, desks: dict[str, Desk]
) -> None:
    await desks["anja"].say(WORDS)

    rows = await dump(node.built)

    assert await desks["bas"].reads() == [WORDS]
    for form in readable_forms(WORDS.encode()).values():
        assert form not in rows
    assert await node.built.owner.fetchval("select count(*) from room_box") == 3


async def test_a_newcomer_opens_nothing_of_before_whatever_they_get_hold_of(
    node: Served, desks: dict[str, Desk]
) -> None:
    await desks["anja"].say(WORDS)
    els = await desk(node, await node.built.volunteer("els"))
    [line] = (await desks["bas"].ask())["lines"]

    await desks["bas"].say("welkom")

    assert await els.reads() == ["welkom"]
    with pytest.raises(Closed):
        opened(line, els.keys)
    await els.close()


async def test_who_left_opens_nothing_that_is_said_afterwards(
    node: Served, desks: dict[str, Desk]
) -> None:
    await desks["bas"].console.order("presence", to="away")
    await desks["anja"].say(WORDS)
    boxes = await node.built.owner.fetch("select box from room_box order by member")
    [line] = (await desks["ada"].ask())["lines"]

    assert (await desks["bas"].ask())["me"] is None
    assert len(boxes) == 2
    for row in boxes:  # with a copy of all rows, too
        stolen = {**line, "box": b64(row["box"])}
        with pytest.raises(Closed):
            opened(stolen, desks["bas"].keys)


@pytest.mark.parametrize("changed", ["line", "by", "members", "sealed"])
async def test_a_line_that_was_moved_or_changed_does_not_open(
    desks: dict[str, Desk], changed: str
) -> None:
    await desks["anja"].say(WORDS)
    await desks["anja"].say("iets anders")
    [line, other] = (await desks["bas"].ask())["lines"]
    wrong: dict[str, Any] = {
        "line": other["line"],
        "by": desks["bas"].keys.public[:16].hex(),
        "members": line["members"][:-1],
        "sealed": other["sealed"],
    }

    with pytest.raises(Closed):
        opened({**line, changed: wrong[changed]}, desks["bas"].keys)


async def test_a_line_sealed_before_somebody_came_is_refused_and_sealed_anew(
    node: Served, desks: dict[str, Desk]
) -> None:
    early = sealed(WORDS, desks["anja"].keys, await desks["anja"].members())
    els = await desk(node, await node.built.volunteer("els"))

    refused = await desks["anja"].console.wire.ask("shift-room-say", early)
    again = await desks["anja"].say(WORDS, line=early["line"])

    assert refused == {"ok": False, "code": "room-changed"}
    assert again["ok"]
    assert await els.reads() == [WORDS]
    await els.close()


async def test_what_is_no_line_is_refused_by_its_code(desks: dict[str, Desk]) -> None:
    anja = desks["anja"]
    good = sealed(WORDS, anja.keys, await anja.members())
    wrongs: list[dict[str, object]] = [
        {"sealed": "AAAA"},
        {"sealed": "A" * 5_600},
        {"sealed": "A" * 6_001},
        {"boxes": []},
        {"boxes": good["boxes"] * 2},
        {"line": "x"},
    ]
    codes = [
        (await anja.console.wire.ask("shift-room-say", {**good, **wrong}))["code"]
        for wrong in wrongs
    ]

    assert codes == ["bad-request", "message-too-long", *["bad-request"] * 4]


async def test_a_fault_says_which_event_failed_and_nothing_of_who_or_what(
    node: Served, desks: dict[str, Desk]
) -> None:
    said = sealed(WORDS, desks["anja"].keys, await desks["anja"].members())
    await node.built.owner.execute("drop table room_box")

    with capture_logs() as logs:
        answer = await desks["anja"].console.wire.ask("shift-room-say", said)

    assert answer == {"ok": False, "code": "try-again"}
    [told] = [each for each in logs if each["event"] == "event_failed"]
    assert set(told) == {"event", "log_level", "route", "fault"}
    for secret in (said["line"], said["sealed"], member(desks["anja"].keys.public)):
        assert secret not in repr(logs)


async def test_who_goes_on_too_fast_is_told_so(desks: dict[str, Desk]) -> None:
    anja = desks["anja"]
    members = await anja.members()
    said = [sealed("ja", anja.keys, members) for _each in range(BURST + 1)]
    codes = []
    for each in said:
        answer = await anja.console.wire.ask("shift-room-say", each)
        codes.append(answer.get("code", "ok"))

    assert codes[-1] == "too-fast"
    assert codes[:BURST] == ["ok"] * BURST


async def test_an_older_console_of_the_same_person_is_heard_no_more(
    node: Served, desks: dict[str, Desk]
) -> None:
    old = desks["anja"]
    person = await node.built.owner.fetchval("select id from person where sign_in = 'anja'")
    new = await desk(node, person)

    async with asyncio.timeout(5):
        await old.console.wire.down.wait()
    await desks["bas"].say("voor wie er nu is")

    assert await new.reads() == ["voor wie er nu is"]
    await new.close()
