"""A chat on real sockets: nothing is lost, nobody is dropped, and only the two ends can read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

from luisterlijn.kernel.ids import ContactId
from tests.support.ends import DeafSocket, Page, Wire, begin, close, console, talk, texts
from tests.support.talk import sealed_line, visitor_says

if TYPE_CHECKING:
    from tests.support.served import Served


async def test_what_one_end_writes_the_other_reads_and_the_server_cannot(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        assert await page.say("ik ben zo alleen") == 1
        assert listener.read(await listener.wire.hears("line")) == "ik ben zo alleen"
        assert await listener.say("vertel eens 🌷") == 2
        assert page.read(await page.wire.hears("line")) == "vertel eens 🌷"

        stored = await node.built.owner.fetch("select sealed from line")
        assert len(stored) == 2
        assert not any(b"alleen" in row["sealed"] for row in stored)

        assert (await page.wire.ask("end")) == {"ok": True}
        ended = await page.wire.hears("ended")
        assert ended["reason"] == "ended_by_caller"
        assert len(ended["opinion"]) == 32
        state = await listener.until(lambda now: now["contacts"][0]["state"] == "wrapup")
        assert state["contacts"][0]["contact"] == page.contact


async def test_a_reload_continues_the_same_conversation_with_every_line(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        await page.say("een")
        await page.wire.close()
        await listener.say("twee")

        snapshot = await page.open()

        assert (snapshot["contact"], snapshot["state"]) == (page.contact, "active")
        assert snapshot["seq"] == 2
        assert len(snapshot["half"]) == 32
        found = await page.wire.ask("resume", {"after": 0})
        assert texts(page, found["lines"]) == ["een", "twee"]
        assert [line["seq"] for line in found["lines"]] == [1, 2]
        assert found["more"] is False
        found = await page.wire.ask("resume", {"after": 1})
        assert texts(page, found["lines"]) == ["twee"]
        assert await page.say("drie") == 3


async def test_a_second_tab_takes_over_and_the_first_is_told_so(node: Served) -> None:
    await node.built.volunteer("anja")
    first = await begin(node)
    before = await first.open()
    second = Page(node, first.begun)

    after = await second.open()

    assert after["contact"] == before["contact"]
    assert await first.wire.hears("replaced") == {}
    async with asyncio.timeout(5):
        await first.wire.down.wait()
    assert (await second.wire.ask("beat")) == {"ok": True}
    await close(first, second)


async def test_a_console_elsewhere_takes_over_and_reads_what_was_said_before(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, first):
        await page.say("hoort u mij?")
        second = await console(node, person)
        second.contact, second.epoch = first.contact, first.epoch
        assert await first.wire.hears("replaced") == {}

        await page.until(lambda now: now["members"]["version"] == 2)
        assert (await page.wire.ask("keys", page.boxes())) == {"ok": True}
        await second.fetch_keys()

        found = await second.wire.ask("resume", {"contact": page.contact, "after": 0})
        assert texts(second, found["lines"]) == ["hoort u mij?"]
        await second.say("ja")
        assert page.read(await page.wire.hears("line")) == "ja"
        await close(second)


async def test_a_line_of_the_period_before_is_sealed_anew_under_its_own_name(
    node: Served,
) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, _first):
        line = page.write("net te laat")
        second = await console(node, person)
        second.contact = page.contact
        await page.until(lambda now: now["members"]["version"] == 2)

        assert await page.wire.ask("say", line) == {"ok": False, "code": "key-period-passed"}
        await page.wire.ask("keys", page.boxes())
        again = page.write("net te laat", client_id=line["client_id"])
        assert await page.wire.ask("say", again) == {"ok": True, "seq": 1}
        assert await page.wire.ask("say", again) == {"ok": True, "seq": 1}
        await second.fetch_keys()
        assert second.read(await second.wire.hears("line")) == "net te laat"
        await close(second)


async def test_who_writes_too_fast_is_told_so_and_loses_nothing(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        lines = [page.write(f"regel {number}") for number in range(30)]
        too_fast = 0
        for line in lines:
            answer = await page.wire.ask("say", line)
            while not answer["ok"]:
                assert (answer["code"], answer["retry_ms"]) == ("too-fast", 1000)
                too_fast += 1
                # What a page does: the same bytes again, a little later.
                await asyncio.sleep(0.2)
                answer = await page.wire.ask("say", line)

        assert too_fast > 0
        heard = [await listener.wire.hears("line") for _ in lines]
        assert [line["seq"] for line in heard] == list(range(1, 31))
        assert texts(listener, heard) == [f"regel {number}" for number in range(30)]
        assert (await page.wire.ask("beat")) == {"ok": True}


async def test_heartbeats_are_never_too_fast(node: Served) -> None:
    await node.built.volunteer("anja")
    page = await begin(node)
    await page.open()

    assert all([(await page.wire.ask("beat"))["ok"] for _ in range(40)])
    await close(page)


async def test_the_heartbeats_of_a_page_are_written_again_and_again(node: Served) -> None:
    await node.built.volunteer("anja")
    page = await begin(node)
    await page.open()
    heard = "select heard from contact"
    before = await node.built.owner.fetchval(heard)

    for _ in range(3):
        await page.wire.ask("beat")
        async with asyncio.timeout(5):
            while await node.built.owner.fetchval(heard) == before:  # noqa: ASYNC110 - a row
                await asyncio.sleep(0.05)
        before = await node.built.owner.fetchval(heard)

    await close(page)


async def test_a_line_that_is_too_long_is_refused_by_its_own_code(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        line = page.write("x" * 4_000)
        assert len(line["sealed"]) == 4_112
        too_long = {**page.write("kort"), "sealed": b"\0" * 4_201}
        odd = {**page.write("kort"), "sealed": b"\0" * 300}

        assert await page.wire.ask("say", too_long) == {"ok": False, "code": "message-too-long"}
        assert await page.wire.ask("say", odd) == {"ok": False, "code": "bad-request"}
        assert (await page.wire.ask("say", line))["seq"] == 1
        assert listener.read(await listener.wire.hears("line")) == "x" * 4_000


NONSENSE: list[tuple[str, Any]] = [
    ("say", None),
    ("say", {}),
    ("say", []),
    ("say", "tekst"),
    ("say", 7),
    ("say", {"client_id": "kort", "period": 1, "stream": "0" * 32, "counter": 0, "sealed": b""}),
    (
        "say",
        {"client_id": "0" * 32, "period": -1, "stream": "0" * 32, "counter": 0, "sealed": b""},
    ),
    (
        "say",
        {"client_id": "0" * 32, "period": 1, "stream": "0" * 32, "counter": 2**31, "sealed": b""},
    ),
    (
        "say",
        {"client_id": "0" * 32, "period": 1, "stream": "0" * 32, "counter": 0, "sealed": "tekst"},
    ),
    ("keys", {"period": 1, "sealed": [{"member": "0" * 32, "period": 1, "box": b"kort"}]}),
    ("keys", {"period": 2**40, "sealed": []}),
    ("resume", {"after": -1}),
    ("resume", {"after": "1"}),
    ("resume", {"after": 0, "more": 1}),
    ("beat", {"veld": 1}),
    ("accept", {"contact": "0" * 32, "epoch": 1}),
    ("nooit_van_gehoord", {}),
    ("connect", {}),
    ("connect", [{}, {"token": "AAAA"}]),
    ("__proto__", {}),
    ("*", {}),
]


async def test_nonsense_gets_a_stable_code_and_drops_nobody(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        for event, data in NONSENSE:
            answer = await page.wire.ask(event, data)
            while answer.get("code") == "too-fast":
                await asyncio.sleep(0.2)
                answer = await page.wire.ask(event, data)
            assert answer == {"ok": False, "code": "bad-request"}, event

        await asyncio.sleep(0.4)
        assert await page.say("ik ben er nog") == 1
        assert listener.read(await listener.wire.hears("line")) == "ik ben er nog"


async def test_two_arguments_are_refused_like_any_nonsense(node: Served) -> None:
    await node.built.volunteer("anja")
    page = await begin(node)
    await page.open()

    answer = await page.wire.ask("beat", ({}, {}))

    assert answer == {"ok": False, "code": "bad-request"}
    await close(page)


async def test_a_replayed_line_is_told_its_number_and_heard_once(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        line = page.write("een keer")
        answers = [await page.wire.ask("say", line) for _ in range(3)]
        await page.say("slot")

        assert answers == [{"ok": True, "seq": 1}] * 3
        heard = [await listener.wire.hears("line") for _ in range(2)]
        assert texts(listener, heard) == ["een keer", "slot"]
        assert listener.wire.unheard("line") == 0


DOORS: list[tuple[object, str]] = [
    ({"token": "AAAAAAAAAAAAAAAAAAAAAA"}, "contact-gone"),
    ({"token": ""}, "contact-gone"),
    ({"token": "\u20ac"}, "bad-request"),
    ({"token": 7}, "bad-request"),
    ({"token": "AAAA", "meer": 1}, "bad-request"),
    ({}, "bad-request"),
    (None, "bad-request"),
    ("tekst", "bad-request"),
]


async def test_an_unknown_or_broken_token_is_refused_at_the_door(node: Served) -> None:
    own = f"http://{node.public}"
    for auth, code in DOORS:
        wire = await Wire("/visitor").connect(own, auth, own)
        assert wire.refusal == code, auth
        await wire.close()
    assert node.built.house.chat_room.room.seats == {}


async def test_a_page_of_another_site_is_refused_at_the_handshake(node: Served) -> None:
    await node.built.volunteer("anja")
    page = await begin(node)
    for origin in ("http://elsewhere.example", "null", "http://127.0.0.1"):
        await page.knock(origin=origin)
        assert not page.wire.client.connected, origin
        await close(page)

    assert (await page.open())["state"] == "queued"
    await close(page)


async def test_a_socket_that_does_not_read_is_let_go_and_costs_the_others_nothing(
    node: Served,
) -> None:
    slow, person = await node.built.volunteer("bas"), await node.built.volunteer("anja")
    async with talk(node, slow) as (stuck, asleep):
        await asleep.order("presence", to="paused")
        for _ in range(200):
            line = sealed_line(stuck.period, size=4_112)
            await visitor_says(node.built, ContactId(UUID(hex=stuck.contact)), line)
        await stuck.wire.close()
        seats = node.built.house.chat_room.room.seats
        async with talk(node, person) as (page, listener):
            before = set(seats)
            async with DeafSocket(node, stuck.begun["token"]) as deaf:
                for number in range(10):
                    await deaf.send(f'42/visitor,{number}["resume",{{"after":0}}]')
                async with asyncio.timeout(5):
                    while set(seats) != before:
                        await deaf.send('42/visitor,99["resume",{"after":0}]')
                        await page.wire.ask("beat")
                        await asyncio.sleep(0.05)
                await page.say("ik merk er niets van")
                assert listener.read(await listener.wire.hears("line")) == "ik merk er niets van"


async def test_a_volunteer_reaches_no_conversation_of_somebody_else(node: Served) -> None:
    person, other = await node.built.volunteer("anja"), await node.built.volunteer("bas")
    async with talk(node, person) as (page, listener):
        stranger = await console(node, other)
        of_page = {"contact": page.contact}
        line = {**page.write("van wie?"), **of_page, "epoch": listener.epoch}
        refused = {"ok": False, "code": "not-your-contact"}

        assert await stranger.wire.ask("keys", of_page) == refused
        assert await stranger.wire.ask("resume", {**of_page, "after": 0}) == refused
        assert await stranger.wire.ask("say", line) == refused
        assert await node.built.owner.fetchval("select count(*) from line") == 0
        await close(stranger)


async def test_somebody_comes_in_and_the_volunteer_holds_still_until_a_word(node: Served) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        assert (await page.wire.ask("freeze")) == {"ok": True}
        await listener.until(lambda now: now["contacts"][0]["frozen"])
        frozen = {"ok": False, "code": "frozen"}
        assert await listener.wire.ask("say", listener.speech("bent u er?")) == frozen

        await page.say("daar ben ik weer")

        await listener.until(lambda now: not now["contacts"][0]["frozen"])
        assert await listener.say("fijn") == 2


async def test_after_a_quick_exit_the_last_heartbeat_does_not_call_the_page_back(
    node: Served,
) -> None:
    person = await node.built.volunteer("anja")
    async with talk(node, person) as (page, listener):
        await page.wire.ask("beat")
        left = await node.ask(
            "POST", "/chat/leave", host=node.public, json={"token": page.begun["token"]}
        )
        assert left.status == 204

        gone = await listener.until(lambda now: now["contacts"][0]["state"] == "caller_away")
        assert gone["contacts"][0]["visitor_up"] is False
        await node.built.house.console_room.flush(node.built.house.back)
        row = await node.built.owner.fetchrow("select state, caller_up from contact")
        assert row is not None
        assert (row["state"], row["caller_up"]) == ("caller_away", False)
