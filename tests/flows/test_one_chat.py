"""A chatter reaches a volunteer, from the first screen to the one question afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.walks import button, status

if TYPE_CHECKING:
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser


async def test_a_chatter_and_a_volunteer_talk_in_two_browsers(faces: Faces) -> None:
    console, page = await walks.ready(faces), await faces.visitor()
    first = page.locator("main p").first
    await expect(first).to_have_text("Direct gevaar? Bel 112.")
    await expect(page.locator("main p").nth(1)).to_contain_text("Bel 113 of gratis 0800-0113")
    await expect(page.get_by_text("De chat is open.")).to_be_visible()

    await walks.begin(page)
    await expect(status(page)).to_have_text(walks.ASKING)
    offer = console.get_by_role("region", name="Nieuwe oproep")
    await expect(offer).to_contain_text("Chat, Nederlands")
    await walks.accept(console)
    await expect(status(page)).to_have_text(walks.TALKING)

    await walks.write(console, "Goedenavond. Vertel maar.")
    await walks.reads(page, "Goedenavond. Vertel maar.")
    await walks.say(page, "Het is zo stil in huis.")
    await walks.reads(console, "Goedenavond. Vertel maar.", "Het is zo stil in huis.")

    await walks.end(console)
    await expect(page.get_by_text("De vrijwilliger heeft het gesprek afgesloten.")).to_be_visible()
    await console.get_by_label("gesprek", exact=True).check()
    await button(console, "Klaar").click()
    await expect(console.get_by_text("Geen gesprekken.")).to_be_visible()

    await expect(page.get_by_text("Heeft dit gesprek u geholpen?")).to_be_visible()
    await button(page, "Een beetje").click()
    await expect(page.get_by_text("Dank u wel voor uw antwoord.")).to_be_visible()
    await expect(page.get_by_text("Heeft dit gesprek u geholpen?")).to_be_hidden()


async def test_who_waits_is_told_the_place_in_words(faces: Faces) -> None:
    first, console = await walks.waiting(faces)
    second = await faces.visitor()
    await walks.begin(second)
    await expect(status(second)).to_have_text("U bent de tweede.")

    await button(first, "Stop het gesprek").click()
    await button(first, "Ja, stoppen").click()

    await expect(first.get_by_text("U bent niet meer aan het wachten.")).to_be_visible()
    await expect(status(second)).to_have_text("U bent de eerste.")
    await walks.is_ready(console)
    await walks.accept(console)
    await expect(status(second)).to_have_text(walks.TALKING)


async def test_a_volunteer_signs_in_with_a_password_and_a_code(faces: Faces) -> None:
    person = await faces.built.volunteer("vera")
    console = await (await faces.profile({"width": 1280, "height": 800})).new_page()
    await console.goto(faces.desk)
    await console.get_by_label("Naam").fill("vera")
    await console.get_by_label("Wachtwoord").fill("een ander wachtwoord")
    await console.get_by_label("Eenmalige code").fill("000000")
    await button(console, "Inloggen").click()
    await expect(console.get_by_role("alert")).to_contain_text("Inloggen lukt niet.")

    await console.get_by_label("Wachtwoord").fill("een wachtwoord voor tests")
    await console.get_by_label("Eenmalige code").fill(await faces.code(person))
    await console.keyboard.press("Enter")

    await expect(console.get_by_text("Ingelogd als Vera")).to_be_visible()
    await expect(console.get_by_role("heading", level=1, name="Dienst")).to_contain_text("Utrecht")
    await button(console, "Uitloggen").click()
    await expect(console.get_by_text("Je bent uitgelogd.")).to_be_visible()


async def test_a_decline_and_a_lapsed_offer_cost_the_chatter_nothing(faces: Faces) -> None:
    console = await walks.ready(faces)
    page = await faces.visitor()
    await walks.begin(page)

    await button(console, "Nu niet").click()
    await expect(status(page)).to_have_text("U bent de eerste.")
    await expect(console.get_by_text("Even rust tot")).to_be_visible()

    await faces.let_pass(61)
    await expect(button(console, "Aannemen")).to_be_visible()
    await faces.let_pass(21)
    await expect(button(console, "Aannemen")).to_be_hidden()
    await expect(console.get_by_text("Je bent weg.")).to_be_visible()
