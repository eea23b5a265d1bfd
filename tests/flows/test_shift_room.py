"""Who is on now talk with each other: two volunteers and a coach, one who leaves, one who comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.scope import LINE
from tests.flows import walks
from tests.flows.test_every_state import Look
from tests.flows.walks import button
from tests.support.browser import DESK, PHONE, ZOOMED, faults
from tests.support.coaching import coach

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

SHIFT_S = 4 * 3_600
ASKED_AGAIN_MS = 25_000
"""A console that hears no hint asks again after 15 seconds."""
SIZES = (DESK, PHONE, ZOOMED)


def on_now(console: Page) -> Locator:
    """Find the part that says who is on now."""
    return console.get_by_role("region", name="Nu op dienst")


def toggle(console: Page) -> Locator:
    """Find the button of the room, whatever else it says."""
    return on_now(console).get_by_role("button", name="Overleg met je dienst")


async def say(console: Page, text: str) -> None:
    """Say something in the open room, without a mouse."""
    await console.get_by_label("Bericht aan je dienst").fill(text)
    await console.get_by_label("Bericht aan je dienst").press("Enter")


async def reads(console: Page, *texts: str) -> None:
    """See exactly these lines, in this order."""
    words = console.get_by_role("log", name="Berichten van je dienst").locator(".ll-line__text")
    await expect(words).to_have_text(list(texts))


async def see(look: Look, name: str, console: Page) -> None:
    """Look at a console in every size, for axe too."""
    await look.desk(f"room-{name}", console)
    for size in SIZES:
        await console.set_viewport_size({"width": size["width"], "height": size["height"]})
        if found := await faults(console):
            look.wrong[f"{name} at {size['width']}"] = found
    await console.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})


async def three(faces: Faces) -> tuple[Page, Page, Page]:
    """Open the consoles of two volunteers on a shift and of a coach on duty."""
    vera = await walks.ready(faces, "vera")
    bas = await walks.ready(faces, "bas")
    ada = await faces.volunteer(await coach(faces.built))
    for each in (vera, bas, ada):
        await expect(on_now(each)).to_contain_text("Achterwacht: Ada")
        await expect(on_now(each).get_by_role("listitem")).to_have_count(2)
    return vera, bas, ada


async def test_two_volunteers_and_a_coach_talk_and_one_leaves_and_one_comes(faces: Faces) -> None:
    look = Look()
    vera, bas, ada = await three(faces)
    await see(look, "closed", vera)

    await toggle(vera).click()
    await say(vera, "Wie kan om 22 uur even blijven?")
    await reads(vera, "Wie kan om 22 uur even blijven?")
    await expect(toggle(bas)).to_contain_text("1 nieuw bericht")
    await expect(bas.get_by_role("log", name="Berichten van je dienst")).to_be_hidden()
    await toggle(bas).click()
    await say(bas, "Ik blijf.")
    await toggle(ada).click()
    await say(ada, "Dank jullie wel.")
    everything = ("Wie kan om 22 uur even blijven?", "Ik blijf.", "Dank jullie wel.")
    for each in (vera, bas, ada):
        await reads(each, *everything)
    await expect(on_now(vera)).to_contain_text("Ada (achterwacht)")
    await see(look, "open", vera)
    await see(look, "coach", ada)

    await button(bas, "Weg").click()
    await button(bas, "Overslaan").click()
    await expect(on_now(bas)).to_be_hidden()
    await expect(on_now(vera).locator(".ll-on-now__people li")).to_have_count(1)
    await say(vera, "Bas is weg.")
    els = await walks.ready(faces, "els")
    await expect(on_now(vera).locator(".ll-on-now__people li")).to_have_count(2)
    await say(ada, "Welkom.")

    await reads(vera, *everything, "Bas is weg.", "Welkom.")
    await toggle(els).click()
    await reads(els, "Welkom.")
    assert "Ik blijf." not in await bas.content()
    assert look.wrong == {}


async def test_what_was_said_is_gone_from_pages_and_rows_when_the_shift_ends(
    faces: Faces,
) -> None:
    built = faces.built
    vera, _bas, ada = await three(faces)
    await toggle(ada).click()
    await toggle(vera).click()
    await say(vera, "Tot volgende week.")
    await reads(ada, "Tot volgende week.")

    await faces.let_pass(SHIFT_S + 60)
    await button(vera, "Pauze").click()

    await expect(on_now(vera)).to_be_hidden(timeout=ASKED_AGAIN_MS)
    await expect(ada.get_by_text("Tot volgende week.")).to_have_count(0, timeout=ASKED_AGAIN_MS)
    assert "Tot volgende week." not in await vera.content()
    async with built.house.database.transaction(LINE) as tx:
        await built.house.shift_room.forget_old(tx)
    assert await built.owner.fetchval("select count(*) from room_line") == 0


async def test_nobody_in_a_conversation_is_taken_from_it(faces: Faces) -> None:
    _page, console = await walks.talking(faces)
    bas = await walks.ready(faces, "bas")
    await expect(on_now(console).locator(".ll-on-now__people li")).to_have_count(2)
    await console.get_by_label("Je bericht").focus()

    await toggle(bas).click()
    await say(bas, "Fijne avond.")

    await expect(toggle(console)).to_contain_text("1 nieuw bericht")
    await expect(console.get_by_label("Je bericht")).to_be_focused()
    spoken = console.get_by_text("Nieuw bericht in het overleg met je dienst.")
    await expect(spoken).to_have_count(0)
