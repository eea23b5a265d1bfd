"""Being reached over HTTP, and the page behind a reminder: two buttons, one press."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.attendance.routes_reach import in_words
from luisterlijn.edge.house import texts
from luisterlijn.edge.postman import DemoPostman
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.scope import Role
from tests.support.attending import agrees, pass_by, person, shift, stands, state
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served

CHOICE = {
    "mail": "wim@vrijwilliger.example",
    "reminders": True,
    "urgent": True,
    "quiet_from": "23:00",
    "quiet_until": "07:30",
}


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """Serve the house, at a moment that stands still."""
    await built.time.freeze(await built.time.now())
    async with served(built) as made:
        yield made


async def test_a_choice_is_kept_and_shown_to_oneself(node: Served) -> None:
    session = await node.signed_in("wim", Role.VOLUNTEER, node.built.branch)
    before = (await node.ask("GET", "/reach", session=session)).json()
    kept = await node.ask("PUT", "/reach", session=session, json=CHOICE)

    assert (before["mail"], before["urgent"], before["mail_works"]) == (None, False, True)
    assert kept.status == 204
    after = (await node.ask("GET", "/reach", session=session)).json()
    assert after == CHOICE | {"mail_works": True, "has_phone": False}


@pytest.mark.parametrize(
    "wrong",
    [{"mail": "wim"}, {"mail": "w@x.nl\nBcc: y@z.nl"}, {"quiet_from": "24:00"}, {"urgent": "yes"}],
)
async def test_what_is_no_choice_is_refused(node: Served, wrong: dict[str, object]) -> None:
    session = await node.signed_in("wim", Role.VOLUNTEER, node.built.branch)

    answer = await node.ask("PUT", "/reach", session=session, json=CHOICE | wrong)

    assert answer.code == "bad-request"


async def test_a_coordinator_asks_for_a_number_by_a_press(node: Served) -> None:
    wim = await person(node.built, "wim", phone="+31201234567")
    cora = await node.signed_in("cora", Role.COORDINATOR, node.built.branch)
    far = await node.signed_in("zeno", Role.COORDINATOR, await node.branch("zwolle"))
    path = f"/people/{wim.hex}/phone"

    assert (await node.ask("GET", path, session=cora)).status == 405
    assert (await node.ask("POST", path, session=cora, json={})).json() == {
        "number": "+31201234567"
    }
    assert (await node.ask("POST", path, session=far, json={})).code == "not-found"


async def link(node: Served) -> tuple[UUID, str]:
    """Let a reminder arrive; gives the place, and the path of its link."""
    built = node.built
    wim = await person(built, "wim")
    await agrees(built, wim, mail="wim@vrijwilliger.example")
    place = await stands(built, wim, await shift(built, starts_in=60))
    await pass_by(built, 0)
    await built.house.attendance.letters.one()
    postman = built.house.attendance.postman
    assert isinstance(postman, DemoPostman)
    [(_at, _subject, text)] = postman.letters()
    found = re.search(r"/dienst/\S+", text)
    assert found is not None
    return place, found[0]


async def press(node: Served, path: str, answer: str, **headers: str) -> Answer:
    """Press a button, as a form does."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return await node.ask("POST", path, data=f"answer={answer}".encode(), headers=sent)


def shown(answer: Answer) -> str:
    """Give which of its faces the page shows."""
    found = re.search(rb'data-state="(\w+)"', answer.body)
    assert found is not None
    return found[1].decode()


async def test_the_page_shows_the_hours_and_takes_one_press(node: Served) -> None:
    place, path = await link(node)
    looks = [shown(await node.ask("GET", path)) for _look in range(2)]
    before = await state(node.built, place)
    said = shown(await press(node, path, "yes"))
    again = shown(await press(node, path, "no"))

    assert (looks, before, said, again) == (["asked", "asked"], "published", "yes", "gone")
    assert await state(node.built, place) == "confirmed"
    assert shown(await node.ask("GET", path)) == "gone"


async def test_used_unknown_and_malformed_links_answer_alike(node: Served) -> None:
    _place, path = await link(node)
    await press(node, path, "no")

    pages = {
        (answer.status, answer.body)
        for each in (path, "/dienst/" + "A" * 43, "/dienst/x", "/dienst/%00")
        for answer in (await node.ask("GET", each), await press(node, each, "yes"))
    }

    assert len(pages) == 1


async def test_the_page_runs_no_script_and_tells_nobody_where_it_is(node: Served) -> None:
    _place, path = await link(node)
    page = await node.ask("GET", path)

    policy = page.headers["Content-Security-Policy"]
    assert "script" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    words = page.body.partition(b"</style>")[2]
    assert b"Utrecht" not in words
    assert b"Wim" not in words


async def test_another_site_cannot_press(node: Served) -> None:
    place, path = await link(node)

    forged = await press(node, path, "no", Origin="https://elders.example")
    odd = [await press(node, path, each) for each in ("", "maybe", "yes&answer=no", "x" * 200)]

    assert forged.code == "bad-origin"
    assert {each.code for each in odd} == {"bad-request"}
    assert await state(node.built, place) == "published"


async def test_the_page_is_not_on_the_visitors_face(node: Served) -> None:
    _place, path = await link(node)

    assert (await node.ask("GET", path, host=node.public)).code == "not-found"


def test_the_hours_are_told_by_the_dutch_clock() -> None:
    start = datetime(2026, 3, 28, 22, tzinfo=UTC)
    during = Interval(start, start + timedelta(hours=3))

    dutch, english = (in_words(during, texts(f"volunteer.{each}.toml")["dienst"]) for each in LANGS)
    assert dutch == "zaterdag 28-3, van 23.00 tot 3.00 uur"
    assert english == "Saturday 28-3, from 23.00 to 3.00"


LANGS = ("nl", "en")
