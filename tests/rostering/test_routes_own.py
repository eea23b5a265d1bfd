"""A volunteer's roster over HTTP, from wish to swap."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.scope import Role
from tests.support.roster import MONDAY, begin, coordinator, people, put, shift
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served

NEXT = MONDAY + timedelta(days=7)


class Phone:
    """One person's way to ask."""

    def __init__(self, node: Served, session: bytes) -> None:
        """Keep the session."""
        self.node = node
        self.session = session

    async def get(self, path: str) -> Any:
        """Give what an answer says."""
        answer = await self.node.ask("GET", path, session=self.session)
        assert answer.status == 200, answer.body
        return answer.json()

    async def send(self, path: str, body: object = None, method: str = "POST") -> Answer:
        """Send an order."""
        return await self.node.ask(method, path, session=self.session, json=body or {})


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    await begin(built)
    async with served(built) as found:
        yield found


async def phone(node: Served, person: PersonId) -> Phone:
    return Phone(node, await node.built.house.accounts.demo_session(person))


async def test_from_an_open_shift_to_i_come_and_back(node: Served) -> None:
    built = node.built
    [anja] = await people(built, "anja")
    monday = await shift(built, 7)
    mine = await phone(node, anja)

    [seen] = (await mine.get(f"/my/open-shifts?from={NEXT}&days=7"))["shifts"]
    taken = await mine.send(f"/my/shifts/{seen['shift']}/sign-up")
    place = f"/my/places/{taken.json()['place']}"
    comes = await mine.send(f"{place}/confirm")
    late = await mine.send(f"{place}/undo")
    cannot = await mine.send(f"{place}/give-up", {"how": "open"})
    again = (await mine.send(f"/my/shifts/{monday.hex}/sign-up")).json()
    undone = await mine.send(f"/my/places/{again['place']}/undo")

    assert (taken.status, comes.json()["state"], late.code) == (201, "confirmed", "too-late")
    assert (cannot.json(), undone.status) == ({"done": True, "swap": None}, 204)
    assert (await mine.get(f"/my/roster?from={NEXT}"))["places"] == []


async def test_two_volunteers_swap_by_themselves(node: Served) -> None:
    built = node.built
    anja, bert = await people(built, "anja", "bert")
    monday, friday = await shift(built, 7), await shift(built, 11)
    hers, _his = await put(built, monday, anja), await put(built, friday, bert)
    one, two = await phone(node, anja), await phone(node, bert)
    place = f"/my/places/{hers.place.hex}"

    choices = await one.get(f"{place}/choices")
    offered = (await one.send(f"{place}/give-up", {"how": "swap", "wants": [friday.hex]})).json()
    [asked] = (await two.get(f"/my/roster?from={NEXT}"))["asked"]
    taken = await two.send(f"/my/swaps/{asked['swap']}/accept", {"place": asked["mine"][0]})
    gone = await one.send(f"/my/swaps/{asked['swap']}/withdraw")

    assert [each["name"] for each in choices["colleagues"]] == ["Bert"]
    assert [each["shift"] for each in choices["shifts"]] == [friday.hex]
    assert (offered["done"], offered["swap"]["swap"]) == (False, asked["swap"])
    assert (taken.status, taken.json()["shift"]) == (201, monday.hex)
    assert (gone.status, gone.code) == (410, "swap-gone")
    [now] = (await one.get(f"/my/roster?from={NEXT}"))["places"]
    assert (now["shift"], now["origin"]) == (friday.hex, "swap")


async def test_what_was_asked_of_one_is_declined_or_withdrawn(node: Served) -> None:
    built = node.built
    anja, bert = await people(built, "anja", "bert")
    hers = await put(built, await shift(built, 7), anja)
    one, two = await phone(node, anja), await phone(node, bert)
    give = {"how": "give", "to": bert.hex}

    first = (await one.send(f"/my/places/{hers.place.hex}/give-up", give)).json()["swap"]
    declined = await two.send(f"/my/swaps/{first['swap']}/decline")
    second = (await one.send(f"/my/places/{hers.place.hex}/give-up", give)).json()["swap"]
    withdrawn = await one.send(f"/my/swaps/{second['swap']}/withdraw")

    assert (declined.status, withdrawn.status, first["asked_name"]) == (204, 204, "Bert")


async def test_wishes_and_leave_are_sent_and_read_back(node: Served) -> None:
    built = node.built
    [anja] = await people(built, "anja")
    period = await built.house.roster.periods.open(coordinator(built), built.branch, NEXT, 7)
    mine = await phone(node, anja)
    wish = {"levels": ["01r2r0"] * 7, "wanted": 2, "most": 3, "nights": 1}

    before = (await mine.get("/my/wishes"))["periods"]
    written = await mine.send(f"/my/wishes/{period.period.hex}", wish, "PUT")
    after = (await mine.get("/my/wishes"))["periods"]
    asked = await mine.send("/my/leave", {"first": str(NEXT), "last": str(NEXT)})
    back = await mine.send(f"/my/leave/{asked.json()['leave']}/withdraw")

    assert [each["given"] for each in before] == [False]
    assert written.json() == after[0] == {**before[0], **wish, "given": True}
    assert (asked.status, back.json()["state"]) == (201, "withdrawn")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"how": "open", "to": "0" * 32}, "bad-request"),
        ({"how": "swap"}, "bad-request"),
        ({"how": "give", "wants": ["0" * 32]}, "bad-request"),
        ({"how": "give", "to": "somebody"}, "not-found"),
        ({"how": "ill"}, "bad-request"),
        ({"how": "open", "reason": "ill"}, "bad-request"),
    ],
)
async def test_what_is_no_way_to_give_up_is_refused_and_no_reason_is_taken(
    node: Served, body: dict[str, object], code: str
) -> None:
    [anja] = await people(node.built, "anja")
    place = await put(node.built, await shift(node.built, 7), anja)

    answer = await (await phone(node, anja)).send(f"/my/places/{place.place.hex}/give-up", body)

    assert answer.code == code


async def test_signs_that_are_no_wishes_and_far_years_are_refused(node: Served) -> None:
    built = node.built
    [anja] = await people(built, "anja")
    period = await built.house.roster.periods.open(coordinator(built), built.branch, NEXT, 7)
    mine = await phone(node, anja)

    for levels in (["01r2r"] * 7, ["01r2r3"] * 7, ["01r2r0\n"] * 7, ["111111"] * 8):
        body = {"levels": levels, "wanted": 1, "most": 1, "nights": 0}
        sent = await mine.send(f"/my/wishes/{period.period.hex}", body, "PUT")
        assert sent.code == "bad-request", levels
    far = await mine.send("/my/leave", {"first": "9999-12-30", "last": "9999-12-31"})
    assert far.code == "bad-request"


async def test_a_coordinator_who_is_no_volunteer_has_no_own_roster(node: Served) -> None:
    session = await node.signed_in("cor", Role.COORDINATOR, node.built.branch)

    answer = await node.ask("GET", f"/my/roster?from={NEXT}", session=session)

    assert answer.status == 404
