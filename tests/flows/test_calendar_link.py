"""A volunteer makes a link, their calendar app reads it, and a revoked link opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest
from icalendar import Calendar
from playwright.async_api import expect

from tests.flows.test_every_state import Look
from tests.flows.walks import button
from tests.support.browser import DESK, PHONE, ZOOMED, faults

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser


async def see(look: Look, name: str, console: Page) -> None:
    """Look at the page in every size, for axe too."""
    await look.desk(f"calendar-{name}", console)
    for size in (PHONE, ZOOMED, DESK):
        await console.set_viewport_size({"width": size["width"], "height": size["height"]})
        if found := await faults(console):
            look.wrong[f"{name} at {size['width']}"] = found


async def subscribed(address: str) -> tuple[int, int]:
    """Read as a calendar app does: without a cookie; gives the status, and how many events."""
    async with aiohttp.ClientSession() as app, app.get(address) as answer:
        body = await answer.read()
    found = Calendar.from_ical(body).walk("VEVENT") if answer.ok else []
    return answer.status, len(found)


async def test_a_link_is_made_copied_read_and_revoked(faces: Faces) -> None:
    look = Look()
    person = await faces.built.volunteer("vera")
    console = await faces.volunteer(person, permissions=["clipboard-read", "clipboard-write"])
    await button(console, "Mijn rooster").click()
    await button(console, "Agenda en gegevens").click()
    await expect(console.get_by_text("Je hebt nog geen agendalink.")).to_be_visible()
    await console.get_by_text("Hoe zet ik hem in mijn agenda?").click()
    await see(look, "none", console)

    await button(console, "Agendalink maken").click()
    field = console.get_by_label("Je agendalink", exact=True)
    await expect(field).to_be_focused()
    address = await field.input_value()
    await see(look, "made", console)
    await button(console, "Kopiëren").click()
    await expect(console.get_by_text("Gekopieerd.")).to_be_visible()

    assert await console.evaluate("navigator.clipboard.readText()") == address
    assert address.startswith(f"{faces.desk}/calendar/")
    assert await subscribed(address) == (200, 1)

    await console.reload()
    await button(console, "Mijn rooster").click()
    await button(console, "Agenda en gegevens").click()
    await expect(console.get_by_text("laten we hem niet nog eens zien")).to_be_visible()
    assert address not in await console.content()
    await button(console, "Link intrekken").click()
    await button(console, "Ja, intrekken").click()
    await expect(button(console, "Agendalink maken")).to_be_focused()

    assert await subscribed(address) == (404, 0)
    assert look.wrong == {}
