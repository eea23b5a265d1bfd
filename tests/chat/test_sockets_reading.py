"""Reading along, handing over and taking over on real sockets, with real keys: who opens what."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.privacy.endtoend import BoxBroken, key_info, open_secret
from tests.support.coaching import coach
from tests.support.ends import Console, Page, close, console, talk, texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.served import Served

NOT_YOURS = {"ok": False, "code": "not-your-contact"}


@contextlib.asynccontextmanager
async def three(node: Served) -> AsyncIterator[tuple[Page, Console, Console]]:
    """Let a chatter and Anja talk, one line said, while Bas is present with a console."""
    anja, bas = await node.built.volunteer("anja"), await node.built.volunteer("bas")
    async with talk(node, anja) as (page, listener):
        other = await console(node, bas)
        await other.order("presence", to="paused")
        other.contact = page.contact
        await page.say("voor Anja")
        yield page, listener, other
        await close(other)


async def give_new_keys(page: Page) -> None:
    """Let the page see that the list changed, and give the secret of the new period."""
    await page.until(lambda now: now["members"]["version"] > page.period)
    await page.give_keys()


async def invite(listener: Console, reader: Console) -> str:
    """Let a volunteer ask somebody to read along, who says yes; gives the joining."""
    people = (await listener.wire.ask("colleagues", {"contact": listener.contact}))["people"]
    await listener.order("read-along", contact=listener.contact, to=people[0]["person"])
    now = await reader.until(lambda now: bool(now["coaching"]["joined"]))
    joining: str = now["coaching"]["joined"][0]["joining"]
    await reader.order("join-answer", joining=joining, yes=True)
    return joining


async def lines(end: Console, after: int = 0) -> list[dict[str, Any]]:
    """Ask for all lines above a number."""
    found = await end.wire.ask("resume", {"contact": end.contact, "after": after})
    assert found["ok"], found
    every: list[dict[str, Any]] = found["lines"]
    return every


async def test_who_reads_along_opens_the_lines_from_then_on_and_is_on_the_pages_list(
    node: Served,
) -> None:
    async with three(node) as (page, listener, reader):
        await invite(listener, reader)
        await give_new_keys(page)
        await reader.fetch_keys()
        await listener.fetch_keys()

        assert [each["role"] for each in page.snapshot["members"]["list"]] == [
            "volunteer",
            "colleague",
        ]
        await page.say("leest er iemand mee?")
        assert reader.read(await reader.wire.hears("line")) == "leest er iemand mee?"
        await listener.say("ja, Bas")
        assert reader.read(await reader.wire.hears("line")) == "ja, Bas"
        assert texts(reader, await lines(reader)) == ["leest er iemand mee?", "ja, Bas"]
        assert (await reader.wire.ask("keys", {"contact": page.contact}))["after"] == 1


async def test_a_line_of_before_opens_with_nothing_that_a_reader_can_get(node: Served) -> None:
    async with three(node) as (page, listener, reader):
        [before] = await lines(listener)
        await invite(listener, reader)
        await give_new_keys(page)
        await reader.fetch_keys()

        with pytest.raises(KeyError):
            reader.read(before)
        # Even the very box of the volunteer, handed over by somebody, is sealed to another.
        box = (await listener.wire.ask("keys", {"contact": page.contact}))["boxes"][0]
        info = key_info(page.contact, before["period"], box["members"])
        open_secret(box["box"], listener.keys, info)
        with pytest.raises(BoxBroken):
            open_secret(box["box"], reader.keys, info)


async def test_who_reads_along_cannot_write(node: Served) -> None:
    async with three(node) as (page, listener, reader):
        await invite(listener, reader)
        await give_new_keys(page)
        await reader.fetch_keys()
        reader.epoch = listener.epoch

        assert await reader.wire.ask("say", reader.speech("ik wil ook iets zeggen")) == NOT_YOURS
        assert await page.say("gaat u door") == 2


async def test_who_is_stopped_hears_and_opens_nothing_any_more(node: Served) -> None:
    async with three(node) as (page, listener, reader):
        joining = await invite(listener, reader)
        await give_new_keys(page)
        await reader.fetch_keys()
        await page.say("met z'n drieën")
        assert reader.read(await reader.wire.hears("line")) == "met z'n drieën"

        await listener.order("join-stop", joining=joining)
        assert await reader.wire.ask("resume", {"contact": page.contact, "after": 0}) == NOT_YOURS
        assert await reader.wire.ask("keys", {"contact": page.contact}) == NOT_YOURS
        await give_new_keys(page)
        await page.say("weer met z'n tweeën")

        [*_earlier, last] = await lines(listener)
        with pytest.raises(KeyError):
            reader.read(last)
        assert reader.wire.unheard("line") == 0
        assert [each["role"] for each in page.snapshot["members"]["list"]] == ["volunteer"]


async def test_after_a_hand_over_the_successor_opens_every_line(node: Served) -> None:
    async with three(node) as (page, listener, reader):
        await invite(listener, reader)
        await give_new_keys(page)
        await listener.fetch_keys()
        await listener.say("ik geef u door aan Bas")
        await reader.order("presence", to="ready")
        people = (await listener.wire.ask("colleagues", {"contact": page.contact}))["people"]
        await listener.order("hand-over", contact=page.contact, to=people[0]["person"])
        offer = (await reader.until(lambda now: now["offer"] is not None))["offer"]
        await reader.order("accept", contact=page.contact, epoch=offer["epoch"])
        reader.epoch = offer["epoch"]
        await give_new_keys(page)
        while reader.period < page.period:
            await reader.fetch_keys()

        assert texts(reader, await lines(reader)) == ["voor Anja", "ik geef u door aan Bas"]
        assert await reader.say("hier ben ik") == 3
        assert await listener.wire.ask("keys", {"contact": page.contact}) == NOT_YOURS
        await listener.until(lambda now: now["contacts"] == [] and not now["coaching"]["joined"])


async def test_a_coach_who_reads_along_and_takes_over_opens_every_line(node: Served) -> None:
    anja, ada = await node.built.volunteer("anja"), await coach(node.built)
    async with talk(node, anja) as (page, listener):
        helper = await console(node, ada)
        helper.contact = page.contact
        await page.say("voor Anja")
        await listener.order("help", contact=page.contact, urgent=False)
        now = await helper.until(lambda now: bool(now["coaching"]["requests"]))
        request = now["coaching"]["requests"][0]["request"]
        await helper.order("help-take", request=request)
        await helper.order("join", request=request, mode="read")
        await give_new_keys(page)
        await helper.fetch_keys()
        await page.say("de coach leest mee")
        assert texts(helper, await lines(helper)) == ["de coach leest mee"]

        await helper.order("take-over", request=request)
        await give_new_keys(page)
        while helper.period < page.period:
            await helper.fetch_keys()

        assert texts(helper, await lines(helper)) == ["voor Anja", "de coach leest mee"]
        now = await helper.until(lambda now: bool(now["contacts"]))
        helper.epoch = now["contacts"][0]["epoch"]
        assert await helper.say("ik ben Ada, ik neem het over") == 3
        assert [each["role"] for each in page.snapshot["members"]["list"]] == ["volunteer"]
        assert await listener.wire.ask("resume", {"contact": page.contact, "after": 0}) == NOT_YOURS
        await close(helper)
