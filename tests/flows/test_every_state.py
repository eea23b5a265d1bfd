"""Every page and state of both faces: nothing wrong for axe, and nothing beside the screen.

With SHOTS=<folder> a picture of each state is left there, for who wants to look.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.async_api import expect

from luisterlijn.edge.pages import SLUGS
from luisterlijn.kernel.scope import Role
from tests.flows import walks
from tests.flows.walks import button, status
from tests.support.browser import DESK, PHONE, ZOOMED, faults, overflow

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
SHOTS = os.environ.get("SHOTS")
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3


class Look:
    """Looks at a page as it is now, and remembers what is wrong."""

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self.wrong: dict[str, list[str]] = {}

    async def __call__(self, name: str, page: Page, size: dict[str, int]) -> None:
        """Look in light and dark, at the usual size, on a phone, and at 400 % zoom."""
        found: list[str] = []
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            found += [f"{scheme}: {each}" for each in await faults(page)]
        for small in (PHONE, ZOOMED):
            await page.set_viewport_size({"width": small["width"], "height": small["height"]})
            if wide := await overflow(page):
                found.append(f"{wide} px too wide at {small['width']} px")
            await self._shoot(f"{name}-{small['width']}", page)
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        if size != PHONE:
            await self._shoot(f"{name}-{size['width']}", page)
        if found:
            self.wrong[name] = found

    async def phone(self, name: str, page: Page) -> None:
        """Look at a chatter's page."""
        await self(name, page, PHONE)

    async def desk(self, name: str, page: Page) -> None:
        """Look at a console."""
        await self(name, page, DESK)

    async def _shoot(self, name: str, page: Page) -> None:
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def test_the_plain_pages_are_right_in_both_languages(faces: Faces) -> None:
    look, page = Look(), await faces.visitor()

    await expect(page.get_by_text("De chat is nu dicht.")).to_be_visible()
    await look.phone("closed", page)
    for root in ("", "/en"):
        for slug in SLUGS:
            await page.goto(f"{faces.public}{root}/{slug}")
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await look.phone(f"page{root.replace('/', '-')}-{slug}", page)
    await faces.built.volunteer("vera")
    for path, words in (("/", "De chat is open."), ("/en", "The chat is open.")):
        await page.goto(faces.public + path)
        await expect(page.get_by_text(words)).to_be_visible()
        for summary in await page.locator("summary").all():
            await summary.click()
        await look.phone(f"start{path.replace('/', '-')}", page)

    assert look.wrong == {}


async def test_the_chatters_page_is_right_in_every_state(faces: Faces) -> None:
    look = Look()
    page, console = await walks.waiting(faces)
    await look.phone("waiting", page)
    await walks.is_ready(console)
    await expect(status(page)).to_have_text(walks.ASKING)
    await look.phone("asking", page)
    await walks.accept(console)
    for text in ("Goedenavond.", LONG, "Ik luister."):
        await walks.write(console, text)
    await walks.say(page, "Het is zo stil in huis. " * 20)
    await expect(walks.lines(page)).to_have_count(4)
    await look.phone("talking", page)
    await page.get_by_label("Uw bericht").fill("x" * 4001)
    await button(page, "Versturen").click()
    await expect(page.get_by_text("Dit bericht is te lang.")).to_be_visible()
    await look.phone("too-long", page)
    await button(page, "Stop het gesprek").click()
    await look.phone("sure", page)
    await button(page, "Nee, doorgaan").click()
    await button(page, "Er komt iemand binnen").click()
    await expect(button(page, "Verder")).to_be_visible()
    await look.phone("somebody", page)
    await button(page, "Verder").click()
    await expect(page.get_by_text("stuurt niets tot u weer schrijft")).to_be_visible()
    await look.phone("frozen", page)
    await page.context.set_offline(offline=True)
    await expect(status(page)).to_contain_text("De verbinding is weg.", timeout=15_000)
    await look.phone("down", page)
    await page.context.set_offline(offline=False)
    await expect(status(page)).not_to_contain_text("De verbinding is weg.", timeout=15_000)
    await walks.end(console)
    await expect(page.get_by_text("Heeft dit gesprek u geholpen?")).to_be_visible()
    await look.phone("ended", page)
    await button(page, "Ja").click()
    await expect(page.get_by_text("Dank u wel voor uw antwoord.")).to_be_visible()
    await look.phone("thanked", page)

    assert look.wrong == {}


async def test_the_console_is_right_in_every_state(faces: Faces) -> None:
    look = Look()
    console = await faces.volunteer(await faces.built.volunteer("vera"))
    await expect(console.get_by_text("Je hebt pauze.")).to_be_visible()
    await console.get_by_text("Instellingen").click()
    await look.desk("idle", console)
    await console.get_by_text("Instellingen").click()
    await walks.is_ready(console)
    page = await faces.visitor()
    await walks.begin(page)
    await expect(button(console, "Aannemen")).to_be_visible()
    await look.desk("offer", console)
    await walks.accept(console)
    await walks.say(page, "Het is zo stil in huis. " * 20)
    await walks.write(console, LONG)
    await expect(walks.lines(console)).to_have_count(2)
    await look.desk("console-talking", console)
    await console.keyboard.press("Alt+Shift+Slash")
    await look.desk("keys", console)
    await console.keyboard.press("Escape")
    await button(console, "Leven in gevaar").click()
    await look.desk("card", console)
    await walks.write(console, "Bel mij op 06-12345678")
    await expect(console.get_by_role("heading", name="Weet je het zeker?")).to_be_visible()
    await look.desk("warned", console)
    await button(console, "Terug").click()
    await button(page, "Er komt iemand binnen").click()
    await expect(console.get_by_role("heading", name="misschien niet veilig")).to_be_visible()
    await look.desk("console-frozen", console)
    await button(console, "Gesprek afronden").click()
    await look.desk("console-sure", console)
    await button(console, "Ja, afronden").click()
    await expect(console.get_by_role("heading", name="Chat 1 afronden")).to_be_visible()
    await button(console, "Klaar").click()
    await expect(console.get_by_text("Kies eerst de aard")).to_be_visible()
    await look.desk("wrap-up", console)
    await button(console, "Uitloggen").click()
    await expect(console.get_by_text("Je bent uitgelogd.")).to_be_visible()
    await look.desk("sign-in", console)

    assert look.wrong == {}


async def test_the_coordinators_page_is_right_in_every_state(faces: Faces) -> None:
    look = Look()
    await walks.ready(faces)
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    await expect(page.get_by_role("heading", name="Nu aanwezig")).to_be_visible()
    present = page.get_by_role("table").get_by_role("row", name="Vera")
    await expect(present).to_contain_text("beschikbaar")
    await expect(page.get_by_role("gridcell").filter(has_text="Vera")).to_be_visible()
    await look.desk("branch", page)
    await button(page, "Dienst toevoegen").click()
    await look.desk("branch-add", page)
    await page.get_by_label("Eindigt").fill("19:00")
    await button(page, "Toevoegen").click()
    await expect(page.get_by_text("Begin en einde zijn gelijk.")).to_be_visible()
    await look.desk("branch-refused", page)
    await button(page, "Sluiten").click()
    await page.get_by_role("gridcell").filter(has_text="Vera").click()
    await expect(page.get_by_role("heading", name="Wie kan?")).to_be_visible()
    await look.desk("planner-shift", page)
    await button(page, "Dienst afzeggen").click()
    await look.desk("branch-sure", page)
    await page.keyboard.press("Escape")
    await button(page, "Maand").click()
    await expect(page.get_by_role("grid", name="Rooster")).to_contain_text("1 dienst")
    await look.desk("planner-month", page)
    for part in ("Periodes", "Verzoeken", "Basisrooster", "Verdeling"):
        await button(page, part).click()
        await expect(page.get_by_role("heading", name=part, level=2)).to_be_visible()
        await look.desk(f"planner-{part}", page)
    await button(page, "Werkwijzer").click()
    await look.desk("branch-cards", page)
    await button(page, "English").click()
    await look.desk("branch-english", page)

    assert look.wrong == {}
