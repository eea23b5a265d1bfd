"""A call, from the caller's telephone to the volunteer's wrap-up, as both see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.test_every_state import Look
from tests.flows.test_keyboard import go_to, press
from tests.flows.walks import button
from tests.support.browser import DESK, PHONE, ZOOMED

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

COMES_MS = 20_000
"""The welcome is heard in full before anybody is asked."""


async def listening(faces: Faces, name: str = "vera", *, size: dict[str, int] = DESK) -> Page:
    """Let a volunteer of the telephone open the console and be ready."""
    person = await faces.built.volunteer(name, channels=("phone",))
    console = await faces.volunteer(person, size=size)
    await walks.is_ready(console)
    await expect(console.get_by_text("Telefoon: klaar")).to_be_visible()
    return console


async def calling(faces: Faces) -> Page:
    """Let somebody call the line on the demo's telephone."""
    page = await (await faces.profile(PHONE)).new_page()
    await page.goto(f"{faces.desk}/#bel-de-lijn")
    await button(page, "Bellen").click()
    return page


async def offered(console: Page) -> None:
    """Wait for the call to come in."""
    await expect(button(console, "Aannemen")).to_be_visible(timeout=COMES_MS)


async def taken(console: Page) -> None:
    """Take the call, and be in conversation."""
    await offered(console)
    await button(console, "Aannemen").click()
    await in_talk(console)


async def in_talk(console: Page) -> None:
    """See that caller and volunteer hear each other."""
    bar = console.get_by_role("group", name="Telefoon")
    await expect(bar.get_by_text("in gesprek")).to_be_visible(timeout=COMES_MS)


async def is_in_window(found: Locator) -> bool:
    """Say whether all of it, but for half a pixel, can be seen and pressed without scrolling."""
    seen: bool = await found.evaluate(
        """(element) => {
          const box = element.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return box.top > -1 && box.left > -1 && box.bottom < innerHeight + 1
            && box.right < innerWidth + 1 && element.contains(top);
        }"""
    )
    return seen


async def test_a_call_is_taken_held_muted_and_ended_without_a_mouse(faces: Faces) -> None:
    console = await listening(faces)
    page = await calling(faces)
    await offered(console)

    await console.keyboard.press("Alt+o")
    await expect(button(console, "Aannemen")).to_be_focused()
    await console.keyboard.press("Enter")
    await expect(console.get_by_role("heading", name="Telefoon 1")).to_be_focused()
    await in_talk(console)
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()

    await console.keyboard.press("Alt+m")
    await expect(button(console, "Microfoon aan")).to_be_visible()
    await expect(console.get_by_text("je microfoon staat uit")).to_be_visible()
    await console.keyboard.press("Alt+m")
    await expect(button(console, "Microfoon uit")).to_be_visible()
    await press(console, button(console, "In de wacht"))
    await expect(page.get_by_text("Je staat in de wacht.")).to_be_visible()
    await press(console, button(console, "Uit de wacht"))
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()

    await press(console, button(console, "Kaart: een stil gesprek"))
    await expect(console.get_by_role("heading", name="Een stil gesprek")).to_be_visible()
    await press(console, button(console, "Ophangen"))
    await press(console, button(console, "Ja, ophangen"))
    await expect(console.get_by_role("heading", name="Telefoon 1 afronden")).to_be_focused()
    await expect(page.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=COMES_MS)
    await go_to(console, console.get_by_label("gesprek", exact=True))
    await console.keyboard.press("ArrowRight")
    await expect(console.get_by_label("stil", exact=True)).to_be_checked()
    await press(console, button(console, "Klaar"))
    await expect(console.get_by_text("Geen gesprekken.")).to_be_visible()


@pytest.mark.parametrize("size", [ZOOMED, PHONE], ids=["at 400 %", "on a phone"])
async def test_an_offer_is_in_the_window_wherever_the_page_was_scrolled(
    faces: Faces, size: dict[str, int]
) -> None:
    console = await listening(faces, size=size)
    await calling(faces)
    await offered(console)

    for place in ("0", "document.documentElement.scrollHeight"):
        await console.evaluate(f"window.scrollTo(0, {place})")
        for name in ("Aannemen", "Nu niet"):
            assert await is_in_window(button(console, name)), (name, place)


async def test_the_focus_is_never_hidden_behind_an_offer(faces: Faces) -> None:
    console = await listening(faces, size=ZOOMED)
    await calling(faces)
    await offered(console)

    stops = 0
    for _ in range(18):
        await console.keyboard.press("Tab")
        here = console.locator("*:focus")
        if await here.count():  # else: Chromium's own bar, between the last stop and the first
            stops += 1
            assert await is_in_window(here), await here.evaluate("(one) => one.outerHTML")
    assert stops > 12


async def test_a_colleague_may_refuse_and_may_take_a_call_over(faces: Faces) -> None:
    first = await listening(faces)
    page = await calling(faces)
    await taken(first)
    second = await listening(faces, "willem")

    async def ask() -> None:
        await button(first, "Overdragen").click()
        await first.get_by_role("dialog").get_by_role("button", name="vragen").click()
        await expect(first.get_by_text("Je wacht op antwoord van")).to_be_visible()
        offer = second.get_by_role("region", name="Nieuwe oproep")
        await expect(offer).to_contain_text("wil dit gesprek aan je overdragen.")

    await ask()
    await button(second, "Nu niet").click()
    await expect(first.get_by_text("kon telefoon 1 nu niet overnemen.")).to_be_visible()
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()

    await faces.let_pass(130)
    await ask()
    await button(second, "Aannemen").click()
    await in_talk(second)
    await expect(first.get_by_text("heeft telefoon 1 overgenomen.")).to_be_visible()
    await expect(first.get_by_text("Geen gesprekken.")).to_be_visible()
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()


async def test_the_console_is_right_in_every_state_of_a_call(faces: Faces) -> None:
    look = Look()
    console = await listening(faces)
    await console.get_by_text("Instellingen").click()
    await expect(console.get_by_text("Waar neem je telefoon aan?")).to_be_visible()
    await look.desk("call-settings", console)
    await console.get_by_text("Instellingen").click()
    page = await calling(faces)
    await look.phone("call-caller", page)
    await offered(console)
    await look.desk("call-offer", console)
    await button(console, "Aannemen").click()
    await in_talk(console)
    await look.desk("call-talking", console)
    await button(console, "In de wacht").click()
    await expect(button(console, "Uit de wacht")).to_be_visible()
    await look.desk("call-held", console)
    await button(console, "Code geven").click()
    await expect(console.get_by_text("Lees deze code rustig voor:")).to_be_visible()
    await look.desk("call-code", console)
    await button(console, "Overdragen").click()
    await expect(console.get_by_text("Er is nu niemand anders aanwezig.")).to_be_visible()
    await look.desk("call-hand-over", console)
    await console.keyboard.press("Escape")
    await button(console, "Misbruik: waarschuwing voorlezen").click()
    await expect(console.get_by_text("Zeg dit tegen de beller:")).to_be_visible()
    await look.desk("call-warned", console)
    await button(console, "Gesprek stoppen").click()
    await expect(console.get_by_role("heading", name="Telefoon 1 afronden")).to_be_visible()
    await look.desk("call-wrap-up", console)
    await button(console, "Klaar").click()
    await expect(console.get_by_role("heading", name="Neem even rust")).to_be_visible()
    await look.desk("call-care", console)
    await button(console, "Ik ben er weer").click()
    await expect(button(console, "Beschikbaar")).to_have_attribute("aria-pressed", "true")

    assert look.wrong == {}
