"""A whole chat without a mouse, on both faces: every stop can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.walks import button, status

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

MOST_STOPS = 80
SEEN = """(element) => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return (ring || style.boxShadow !== "none") && box.width > 0 && box.height > 0;
}"""


async def go_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until this has the focus; the focus can be seen on every stop."""
    for _ in range(MOST_STOPS):
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press(key)
        here = page.locator("*:focus")
        if await here.count() == 0:
            continue  # past the last stop: Chromium's own bar, then round again
        assert await here.evaluate(SEEN), await here.evaluate("(element) => element.outerHTML")
    pytest.fail(f"no way to {wanted} by keyboard")


async def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to a button and press it."""
    await go_to(page, wanted)
    await page.keyboard.press(key)


async def test_a_chatter_needs_no_mouse(faces: Faces) -> None:
    console, page = await walks.ready(faces), await faces.visitor()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Ga naar de inhoud")).to_be_focused()
    await page.keyboard.press("Enter")
    await press(page, button(page, "Begin een chat"))
    await expect(page.locator("#heading")).to_be_focused()
    await walks.accept(console)
    await expect(status(page)).to_have_text(walks.TALKING)

    message = page.get_by_label("Uw bericht")
    await go_to(page, message)
    await page.keyboard.type("Goedenavond.")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Bent u daar?")
    await page.keyboard.press("Enter")
    await walks.reads(console, "Goedenavond.\nBent u daar?")
    await press(page, button(page, "Er komt iemand binnen"), "Space")
    await expect(button(page, "Verder")).to_be_focused()
    await expect(page.get_by_text("Goedenavond.")).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(message).to_be_focused()
    await page.keyboard.type("Ik ben er weer.")
    await press(page, button(page, "Versturen"))
    await expect(walks.lines(console)).to_have_count(2)

    await press(page, button(page, "Stop het gesprek"))
    await expect(button(page, "Nee, doorgaan")).to_be_focused()
    await go_to(page, button(page, "Ja, stoppen"), "Shift+Tab")
    await page.keyboard.press("Space")
    await expect(page.locator("#heading")).to_be_focused()
    await press(page, button(page, "Ja"))
    await expect(page.get_by_text("Dank u wel voor uw antwoord.")).to_be_focused()


async def test_a_volunteer_needs_no_mouse_from_ready_to_wrap_up(faces: Faces) -> None:
    console = await faces.volunteer(await faces.built.volunteer("vera"))
    page = await faces.visitor()
    await press(console, button(console, "Beschikbaar"))
    await expect(console.get_by_text("Je bent beschikbaar.")).to_be_visible()
    await walks.begin(page)
    await expect(button(console, "Aannemen")).to_be_visible()
    await press(console, button(console, "Aannemen"))
    message = console.get_by_label("Je bericht")
    await expect(message).to_be_focused()
    await console.keyboard.type("Goedenavond.")
    await console.keyboard.press("Enter")
    await walks.reads(page, "Goedenavond.")

    await console.keyboard.press("Alt+w")
    await expect(console.get_by_role("region", name="Werkwijzer")).to_be_focused()
    await press(console, button(console, "Leven in gevaar"))
    await expect(console.get_by_role("heading", name="Leven in gevaar")).to_be_visible()
    await console.keyboard.press("Alt+w")
    await expect(message).to_be_focused()
    await console.keyboard.press("Alt+Shift+Slash")
    await expect(console.get_by_role("dialog", name="Toetsen")).to_be_visible()
    await console.keyboard.press("Escape")
    await expect(message).to_be_focused()

    await press(console, button(console, "Gesprek afronden"))
    await expect(button(console, "Terug")).to_be_focused()
    await press(console, button(console, "Ja, afronden"))
    await expect(console.get_by_role("heading", name="Chat 1 afronden")).to_be_focused()
    await press(console, console.get_by_label("gesprek", exact=True), "Space")
    await press(console, console.get_by_label("rouw en verlies"), "Space")
    await console.keyboard.press("4")
    await expect(console.get_by_label("4", exact=True)).to_be_checked()
    await press(console, button(console, "Klaar"))
    await expect(console.get_by_text("Geen gesprekken.")).to_be_visible()


async def test_alt_and_a_digit_or_n_goes_from_chat_to_chat(faces: Faces) -> None:
    first, console = await walks.talking(faces)
    second = await faces.visitor()
    await walks.begin(second)
    await button(console, "Aannemen").click()
    await expect(console.get_by_role("heading", name="Chat 2 · verbonden")).to_be_visible()

    await console.keyboard.press("Alt+1")
    await expect(console.get_by_role("heading", name="Chat 1 · verbonden")).to_be_visible()
    await expect(console.get_by_label("Je bericht")).to_be_focused()
    await walks.say(second, "Bent u daar?")
    await expect(console.get_by_role("button", name="Chat 2")).to_contain_text("1 nieuw")
    await console.keyboard.press("Alt+n")
    await walks.reads(console, "Bent u daar?")
    await walks.write(console, "Ja, ik ben er.")
    await walks.reads(second, "Bent u daar?", "Ja, ik ben er.")
    await expect(walks.lines(first)).to_have_count(0)
