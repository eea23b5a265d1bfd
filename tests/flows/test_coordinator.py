"""A coordinator plans the branch's shifts, and sees who is present."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.kernel.scope import Role
from tests.flows import walks
from tests.flows.walks import button

if TYPE_CHECKING:
    from datetime import date

    from playwright.async_api import Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser


async def today(faces: Faces) -> date:
    """Give the line's local date."""
    return (await faces.built.time.now()).astimezone(AMSTERDAM).date()


async def add(page: Page, day: date, starts: str, ends: str, channel: str = "chat") -> None:
    """Fill the one form and send it."""
    if not await page.get_by_label("Datum").is_visible():
        await button(page, "Dienst toevoegen").click()
    await page.get_by_label("Datum").fill(day.isoformat())
    await page.get_by_label("Begint").fill(starts)
    await page.get_by_label("Eindigt").fill(ends)
    for each in ("chat", "telefoon", "mail"):
        await page.get_by_label(each, exact=True).set_checked(each == channel)
    await button(page, "Toevoegen").click()


def hours(starts: int, ends: int) -> str:
    """Give what a shift is called."""
    return f"{starts}\N{EN DASH}{ends} uur"


async def put_on(page: Page, shift: str, name: str) -> None:
    """Put somebody on the shift of these hours."""
    card = page.get_by_role("article", name=shift, exact=True)
    if not await card.get_by_label("Wie wil je inroosteren?").is_visible():
        await card.locator("summary").click()
    await card.get_by_label("Wie wil je inroosteren?").select_option(label=name)
    await card.get_by_role("button", name="Inroosteren", exact=True).click()


async def test_a_coordinator_adds_a_shift_fills_it_and_cancels_it(faces: Faces) -> None:
    await faces.person("wim", Role.VOLUNTEER)
    await walks.ready(faces, "vera")
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    present = page.get_by_role("row", name="Vera")
    await expect(present).to_contain_text("beschikbaar")
    next_week = await today(faces) + timedelta(days=7)

    await add(page, next_week, "23:00", "03:00")
    await expect(page.get_by_text("Toegevoegd: dienst op")).to_contain_text(hours(23, 3))
    card = page.get_by_role("article", name=hours(23, 3), exact=True)
    await expect(card).to_contain_text("nog 2 nodig")
    await put_on(page, hours(23, 3), "Wim")
    await expect(page.get_by_text("Wim is ingeroosterd.")).to_be_visible()
    await expect(card).to_contain_text("nog 1 nodig")

    await button(page, "Uitroosteren: Wim").click()
    await button(page, "Ja, uitroosteren").click()
    await expect(page.get_by_text("Wim is uitgeroosterd.")).to_be_visible()
    await card.get_by_role("button", name="Dienst afzeggen").click()
    await button(page, "Ja, afzeggen").click()
    await expect(page.get_by_text("De dienst is afgezegd.")).to_be_visible()
    await expect(card).to_contain_text("afgezegd")


async def test_what_cannot_be_planned_is_refused_in_words(faces: Faces) -> None:
    await faces.person("wim", Role.VOLUNTEER)
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    await expect(page.get_by_text("Er is nu niemand aanwezig.")).to_be_visible()
    next_week, fault = await today(faces) + timedelta(days=7), page.get_by_role("alert")

    await add(page, next_week, "19:00", "19:00")
    await expect(fault.get_by_text("Begin en einde zijn gelijk.")).to_be_visible()
    await add(page, await today(faces) - timedelta(days=2), "19:00", "23:00")
    await expect(page.get_by_text("Deze dienst ligt in het verleden.")).to_be_visible()
    await add(page, next_week, "19:00", "23:00")
    await expect(page.get_by_text("Toegevoegd:")).to_be_visible()
    await add(page, next_week, "21:00", "01:00")
    await put_on(page, hours(19, 23), "Wim")
    await expect(page.get_by_text("Wim is ingeroosterd.")).to_be_visible()
    await put_on(page, hours(21, 1), "Wim")
    await expect(page.get_by_text("heeft dan al een andere dienst.")).to_be_visible()
    await add(page, next_week, "08:00", "12:00", channel="telefoon")
    await put_on(page, hours(8, 12), "Wim")
    await expect(page.get_by_text("nog niet klaar met de opleiding")).to_be_visible()
