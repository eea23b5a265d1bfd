"""The calendar over HTTP, as an app asks for it: without a session, and not in vain."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from structlog.testing import capture_logs

from luisterlijn.kernel.scope import Role
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A served node."""
    async with served(built) as made:
        yield made


async def linked(node: Served) -> tuple[bytes, str]:
    """Give the session of a volunteer on a shift, and the path of their calendar."""
    person = await node.built.volunteer("anja")
    session = await node.built.house.accounts.demo_session(person)
    made = await node.ask("POST", "/my/calendar", session=session, json={})
    assert made.status == 201
    return session, made.json()["path"]


async def read(node: Served, path: str, **headers: str) -> Answer:
    """Ask as a calendar app does."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await node.ask("GET", path, headers=named)


async def test_a_calendar_app_reads_it_without_a_session(node: Served) -> None:
    _session, path = await linked(node)

    found = await read(node, path)

    assert found.status == 200
    assert found.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert found.headers["Cache-Control"] == "private, no-cache"
    [event] = Calendar.from_ical(found.body).walk("VEVENT")
    assert event["SUMMARY"] == "Dienst"
    for word in (b"Anja", b"anja", b"Utrecht", b"utrecht", b"chat"):
        assert word not in found.body


async def test_what_the_app_has_already_is_not_sent_again(node: Served) -> None:
    _session, path = await linked(node)
    first = await read(node, path)
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]

    known = await read(node, path, If_None_Match=f'"older", W/{tag}')
    since = await read(node, path, If_Modified_Since=changed)
    before = parsedate_to_datetime(changed) - timedelta(seconds=1)
    older = await read(node, path, If_Modified_Since=format_datetime(before, usegmt=True))
    both = await read(node, path, If_None_Match='"older"', If_Modified_Since=changed)

    assert [each.status for each in (known, since, older, both)] == [304, 304, 200, 200]
    assert known.body == b""
    assert known.headers["ETag"] == tag


async def test_a_change_is_another_tag(node: Served) -> None:
    _session, path = await linked(node)
    tag = (await read(node, path)).headers["ETag"]
    await node.built.time.advance(5)
    await node.built.owner.execute("update place set state = 'cannot'")

    found = await read(node, path, If_None_Match=tag)

    assert found.status == 200
    assert found.headers["ETag"] != tag
    assert b"STATUS:CANCELLED" in found.body


async def test_every_link_that_opens_nothing_answers_alike(node: Served) -> None:
    session, path = await linked(node)
    renewed = (await node.ask("POST", "/my/calendar", session=session, json={})).json()["path"]
    await node.ask("DELETE", "/my/calendar", session=session)

    answers = [
        await read(node, each)
        for each in (path, renewed, f"/calendar/{'0' * 32}.ics", "/calendar/x.ics")
    ]

    assert [each.status for each in answers] == [404] * 4
    assert len({each.body for each in answers}) == 1
    headers: list[dict[str, Any]] = [
        {name: value for name, value in each.headers.items() if name != "Date"} for each in answers
    ]
    assert all(each == headers[0] for each in headers)


async def test_the_other_face_has_no_calendar(node: Served) -> None:
    _session, path = await linked(node)

    assert (await node.ask("GET", path, host=node.public)).code == "not-found"


async def test_whether_there_is_a_link_is_told_and_what_it_is_not(node: Served) -> None:
    session, path = await linked(node)

    told = await node.ask("GET", "/my/calendar", session=session)
    await node.ask("DELETE", "/my/calendar", session=session)
    gone = await node.ask("GET", "/my/calendar", session=session)

    assert (told.json(), gone.json()) == ({"has_link": True}, {"has_link": False})
    assert path.split("/")[-1][:32].encode() not in told.body


async def test_only_who_stands_on_shifts_has_a_calendar(node: Served) -> None:
    session = await node.signed_in("cor", Role.COORDINATOR, node.built.branch)

    assert (await node.ask("POST", "/my/calendar", session=session, json={})).code == "not-found"
    assert (await node.ask("GET", "/my/calendar")).code == "signed-out"


async def test_the_link_is_in_no_log_also_when_reading_breaks(
    node: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    _session, path = await linked(node)
    await node.built.owner.execute("drop table calendar_feed")

    with capture_logs() as logs:
        broken = await read(node, path)

    assert broken.status == 503
    assert [each["route"] for each in logs if "route" in each] == ["/calendar/{token}.ics"]
    assert path.split("/")[-1][:32] not in f"{logs}{capsys.readouterr()}"
