"""Beginning, leaving and saying whether it helped: over HTTP, with stable codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.ends import begin, close, talk

if TYPE_CHECKING:
    from tests.support.ends import Page
    from tests.support.served import Answer, Served


async def ask_begin(node: Served, ticket: str | None = None) -> Answer:
    await node.built.house.line.look()
    body = {"language": "nl", "ticket": ticket}
    return await node.ask("POST", "/chat", host=node.public, json=body)


async def waiting(node: Served, ticket: str | None = None) -> Page:
    """Give a page that waits in the queue."""
    page = await begin(node, ticket=ticket)
    await page.open()
    return page


async def test_when_nobody_has_a_shift_the_chat_is_closed(node: Served) -> None:
    answer = await ask_begin(node)

    assert (answer.status, answer.code) == (409, "line-closed")
    assert await node.built.owner.fetchval("select count(*) from contact") == 0


async def test_who_begins_gets_a_token_that_the_database_does_not_hold(node: Served) -> None:
    await node.built.volunteer("anja")

    answer = await ask_begin(node)

    assert answer.status == 201
    begun = answer.json()
    assert set(begun) == {"contact", "token", "signer"}
    assert len(begun["token"]) == 22
    rows = await node.built.owner.fetch("select to_jsonb(c)::text as row from chat c")
    assert len(rows) == 1
    assert begun["token"] not in rows[0]["row"]


async def test_a_form_that_says_anything_else_is_refused(node: Served) -> None:
    await node.built.volunteer("anja")
    await node.built.house.line.look()
    for body in (b"[]", b"{", b'{"language":"fy"}', b'{"language":"nl","name":"x"}', b"\xff"):
        answer = await node.ask("POST", "/chat", host=node.public, data=body)
        assert (answer.status, answer.code) == (400, "bad-request"), body

    assert (await node.ask("POST", "/chat", host=node.public, data=b"x" * 70_000)).status == 413
    elsewhere = await node.ask("POST", "/chat", host=node.console, json={})
    assert (elsewhere.status, elsewhere.code) == (404, "not-found")
    forged = await node.ask(
        "POST", "/chat", host=node.public, json={}, headers={"Origin": "http://elsewhere.example"}
    )
    assert (forged.status, forged.code) == (403, "bad-origin")
    assert await node.built.owner.fetchval("select count(*) from contact") == 0


async def test_a_flood_from_one_network_goes_behind_others_and_nobody_is_refused(
    node: Served,
) -> None:
    await node.built.volunteer("anja")
    answers = [await ask_begin(node) for _ in range(30)]

    assert [answer.status for answer in answers] == [201] * 30
    numbers = await node.built.owner.fetch("select enq - arrived as behind from contact")
    behind = sorted(round(row["behind"].total_seconds()) for row in numbers)
    assert behind == [0] * 3 + [600] * 27


async def test_who_comes_back_too_late_gets_the_old_place_once(node: Served) -> None:
    await node.built.volunteer("anja")
    first = await waiting(node)
    ticket = first.snapshot["ticket"]
    await first.wire.ask("end")
    between = await waiting(node)

    back = await waiting(node, ticket)

    await node.built.house.line.look()
    order = [contact.hex for contact in node.built.house.line.places]
    assert sorted(order, key=lambda each: _place(node, each)) == [back.contact, between.contact]
    again = await waiting(node, ticket)
    await node.built.house.line.look()
    assert _place(node, again.contact) == 3
    await close(first, between, back, again)


async def test_an_old_number_is_honoured_after_the_line_closed(node: Served) -> None:
    person = await node.built.volunteer("anja")
    first = await waiting(node)
    ticket = first.snapshot["ticket"]
    await first.wire.ask("end")
    await node.built.owner.execute("update shift set state = 'cancelled'")
    await node.built.owner.execute("update place set state = 'taken_off' where person = $1", person)

    assert (await ask_begin(node)).code == "line-closed"
    assert (await ask_begin(node, ticket)).status == 201
    await close(first)


async def test_after_a_conversation_the_old_number_is_worth_nothing(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, _listener):
        ticket = page.snapshot["ticket"] or (await page.wire.ask("open"))["snapshot"]["ticket"]
        await page.wire.ask("end")
        await page.wire.hears("ended")
    before = await waiting(node)

    back = await waiting(node, ticket)

    await node.built.house.line.look()
    assert _place(node, before.contact) < _place(node, back.contact)
    await close(before, back)


async def test_a_ticket_that_never_was_is_the_end_of_the_queue_and_no_fault(node: Served) -> None:
    await node.built.volunteer("anja")

    for ticket in ("", "0" * 32, "\u20ac" * 100):
        assert (await ask_begin(node, ticket)).status == 201


async def test_leaving_is_always_answered_the_same(node: Served) -> None:
    await node.built.volunteer("anja")
    page = await waiting(node)
    answers = [
        await node.ask("POST", "/chat/leave", host=node.public, json={"token": token})
        for token in (page.begun["token"], page.begun["token"], "AAAA", "", "\u20ac")
    ]
    beacon = await node.ask(
        "POST",
        "/chat/leave",
        host=node.public,
        data=b'{"token":"AAAA"}',
        headers={"Content-Type": "text/plain"},
    )

    for answer in (*answers, beacon):
        assert answer.status == 204
        assert answer.body == b""
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert answer.cookies == ()
    assert await node.built.owner.fetchval("select count(*) from contact") == 0
    await close(page)


async def test_an_opinion_is_taken_once(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, _listener):
        await page.wire.ask("end")
        ticket = (await page.wire.hears("ended"))["opinion"]
    opinion = {"ticket": ticket, "answer": "yes"}

    first = await node.ask("POST", "/chat/opinion", host=node.public, json=opinion)
    again = await node.ask("POST", "/chat/opinion", host=node.public, json=opinion)
    other = await node.ask(
        "POST", "/chat/opinion", host=node.public, json={"ticket": ticket, "answer": "misschien"}
    )

    assert first.status == 204
    assert (again.status, again.code) == (410, "ticket-gone")
    assert (other.status, other.code) == (400, "bad-request")
    await node.built.house.reporting.flush()
    counted = await node.built.owner.fetch(
        "select value, count from counter where kind = 'opinion'"
    )
    assert [tuple(row) for row in counted] == [("yes", 1)]


async def test_who_only_waited_is_not_asked_for_an_opinion(node: Served) -> None:
    await node.built.volunteer("anja")
    page = await waiting(node)

    await page.wire.ask("end")

    assert await page.wire.hears("ended") == {"reason": "abandoned", "opinion": None}
    await close(page)


def _place(node: Served, contact: str) -> int:
    places = {each.hex: place for each, place in node.built.house.line.places.items()}
    return places[contact]
