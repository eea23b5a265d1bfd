"""A coordinator works on the branch's week by hand, and sees who is present."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.scope import Role
from tests.flows import walks
from tests.flows.walks import button

if TYPE_CHECKING:
    from datetime import date

    from playwright.async_api import Locator, Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser


async def next_week(faces: Faces) -> date:
    """Give the line's local date a week from now."""
    return local_day(await faces.built.time.now()) + timedelta(days=7)


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


def cell(page: Page, shift: str, day: date) -> Locator:
    """Find the cell of a shift on a day."""
    return page.get_by_role("row", name=shift).get_by_role("gridcell").nth(day.weekday())


async def put_on(page: Page, name: str) -> None:
    """Put somebody on the shift whose panel is open."""
    await page.get_by_role("button", name=f"Inroosteren: {name},").click()


async def test_a_coordinator_adds_a_shift_fills_it_and_cancels_it(faces: Faces) -> None:
    await faces.person("wim", Role.VOLUNTEER)
    await walks.ready(faces, "vera")
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    await expect(page.get_by_role("row", name="Vera").first).to_contain_text("beschikbaar")
    day = await next_week(faces)

    await add(page, day, "23:00", "03:00")
    await expect(page.get_by_text("Toegevoegd: dienst op")).to_contain_text(hours(23, 3))
    there = cell(page, hours(23, 3), day)
    await expect(there).to_contain_text("nog 2 nodig")
    await there.click()
    await put_on(page, "Wim")
    await expect(page.get_by_text("Wim is ingeroosterd.")).to_be_visible()
    await expect(there).to_contain_text("nog 1 nodig")
    await expect(there).to_contain_text("Wim")

    await button(page, "Uitroosteren: Wim").click()
    await expect(page.get_by_text("Wim is uitgeroosterd.")).to_be_visible()
    await button(page, "Ongedaan maken").click()
    await expect(page.get_by_text("Wim staat weer op de dienst.")).to_be_visible()
    await expect(there).to_contain_text("Wim")
    await button(page, "Ongedaan maken").click()
    await expect(page.get_by_text("Wim is weer uitgeroosterd.")).to_be_visible()
    await expect(there).to_contain_text("nog 2 nodig")
    await button(page, "Dienst afzeggen").click()
    await button(page, "Ja, afzeggen").click()
    await expect(page.get_by_text("De dienst is afgezegd.")).to_be_visible()
    await expect(there).to_contain_text("afgezegd")


async def test_what_cannot_be_planned_is_refused_in_words(faces: Faces) -> None:
    await faces.person("wim", Role.VOLUNTEER)
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    await expect(page.get_by_text("Er is nu niemand aanwezig.")).to_be_visible()
    day, fault = await next_week(faces), page.get_by_role("alert")

    await add(page, day, "19:00", "19:00")
    await expect(fault.get_by_text("Begin en einde zijn gelijk.")).to_be_visible()
    await add(page, day - timedelta(days=9), "19:00", "23:00")
    await expect(page.get_by_text("Deze dienst ligt in het verleden.")).to_be_visible()
    await add(page, day, "19:00", "23:00")
    await expect(page.get_by_text("Toegevoegd:")).to_be_visible()
    await cell(page, hours(19, 23), day).click()
    await put_on(page, "Wim")
    await expect(page.get_by_text("Wim is ingeroosterd.")).to_be_visible()

    await add(page, day, "21:00", "01:00")
    await cell(page, hours(21, 1), day).click()
    await page.get_by_text("Wie kan niet, en waarom").click()
    why = page.get_by_role("listitem").filter(has_text="Wim").last
    await expect(why).to_contain_text("heeft dan al een dienst")
    await expect(why).to_contain_text("dit kan niemand toestaan")

    await add(page, day + timedelta(days=1), "07:00", "11:00")
    await cell(page, hours(7, 11), day + timedelta(days=1)).click()
    await page.get_by_text("Wie kan niet, en waarom").click()
    await page.get_by_role("button", name="Toch inroosteren: Wim,").click()
    asked = page.get_by_role("dialog", name="Wim toch inroosteren")
    await expect(asked).to_contain_text("heeft dan geen 11 uur rust")
    await button(page, "Toch inroosteren").click()
    await expect(asked.get_by_role("alert")).to_have_text(
        "Vraag het eerst aan Wim. Zonder ja gaat het niet door."
    )
    await asked.get_by_label("Wim weet dit en heeft ja gezegd").check()
    await asked.get_by_label("er is niemand anders").check()
    await button(page, "Toch inroosteren").click()
    await expect(page.get_by_text("in overleg, reden: er is niemand anders")).to_be_visible()
