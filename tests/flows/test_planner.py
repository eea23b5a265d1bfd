"""The planner's screens: a period from base roster to swap, by mouse and by keyboard alone."""

from __future__ import annotations

import os
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.clock import local_day, local_interval
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.rostering.ports import NewShift
from tests.flows.test_every_state import Look
from tests.flows.test_keyboard import go_to, press
from tests.flows.test_my_roster import mine, part, said
from tests.flows.walks import button
from tests.support.browser import PHONE, overflow

if TYPE_CHECKING:
    from datetime import date

    from playwright.async_api import Locator, Page

    from luisterlijn.kernel.ids import PersonId
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

HOURS = ((7, 11), (19, 23), (23, 3))
A4_WIDE = {"width": 1032, "height": 700}
"""What a landscape A4 has within its margins, in pixels of a page."""


async def monday(faces: Faces) -> date:
    """Give the Monday of the week after this one."""
    today = local_day(await faces.built.time.now())
    return today + timedelta(days=7 - today.weekday())


async def week(faces: Faces, *people: PersonId, wanted: int = 2) -> date:
    """Publish next week's shifts; each of these people has one of the mornings."""
    house, first = faces.built.house, await monday(faces)
    shifts = [
        NewShift(
            branch=faces.built.branch,
            during=local_interval(first + timedelta(days=day), time(starts), time(ends)),
            channels=("chat",),
            wanted=wanted,
            people=people[day : day + 1] if starts == HOURS[0][0] else (),
        )
        for day in range(7)
        for starts, ends in HOURS
    ]
    async with house.database.transaction(LINE) as tx:
        await house.roster.plan(tx, shifts)
    return first


async def planner(faces: Faces) -> Page:
    """Open the roster of a coordinator, on next week."""
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    await button(page, "Volgende week").click()
    return page


def hours(starts: int, ends: int) -> str:
    """Give what a shift is called."""
    return f"{starts}\N{EN DASH}{ends} uur"


def cell(page: Page, shift: str, day: int) -> Locator:
    """Find the cell of a shift on a day counted from Monday."""
    return page.get_by_role("row", name=shift).get_by_role("gridcell").nth(day)


async def put_on(page: Page, name: str) -> None:
    """Put somebody on the shift whose panel is open."""
    await page.get_by_role("button", name=f"Inroosteren: {name},").click()
    await expect(page.get_by_text(f"{name} is ingeroosterd.")).to_be_visible()


async def test_a_period_is_laid_out_filled_and_published_and_then_lived_in(faces: Faces) -> None:
    vera, wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    page = await planner(faces)
    await button(page, "Basisrooster").click()
    await button(page, "Dienst aan het basisrooster toevoegen").click()
    await page.get_by_label("Hoeveel mensen").fill("1")
    await button(page, "Bewaren").click()
    await expect(page.get_by_text("Het basisrooster is bewaard.")).to_be_visible()
    await expect(page.get_by_text("ma\N{EN DASH}zo")).to_be_visible()

    await button(page, "Periodes").click()
    await button(page, "Openzetten voor wensen").click()
    await expect(page.get_by_text("De periode staat open.")).to_be_visible()
    await page.get_by_role("button", name="Diensten uitleggen:").click()
    await expect(page.get_by_text("Diensten toegevoegd als concept: 28.")).to_be_visible()
    await page.get_by_role("button", name="Bekijken:").click()
    for day, name in ((0, "Vera"), (2, "Wim")):
        there = cell(page, hours(19, 23), day)
        await expect(there).to_contain_text("concept")
        await there.click()
        await put_on(page, name)
        await expect(there).to_contain_text(f"{name} (voorstel)")

    own = await mine(faces, vera)
    await expect(own.get_by_text("Er staan geen diensten voor je klaar.")).to_be_visible()
    await button(page, "Periodes").click()
    await page.get_by_role("button", name="Publiceren:").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Ingevulde plekken: 2")
    await button(page, "Ja, publiceren").click()
    await expect(page.get_by_text("Gepubliceerd. Diensten: 28, plekken: 2.")).to_be_visible()

    await own.reload()
    await button(own, "Mijn rooster").click()
    await expect(own.get_by_role("button", name="Ik kan niet:")).to_have_count(1)
    await part(own, "Open diensten").click()
    await own.get_by_role("button", name="Aanmelden:").nth(3).click()
    await expect(said(own, "Dank je wel.")).to_be_visible()
    await part(own, "Mijn diensten").click()
    await own.get_by_role("button", name="Ik kan niet:").first.click()
    await own.get_by_role("radio", name="Ruilen").check()
    await own.get_by_role("checkbox").first.check()
    await button(own, "Ruil vragen").click()
    await expect(said(own, "Je ruilvraag staat uit.")).to_be_visible()

    await page.reload()
    await button(page, "Verzoeken (1)").click()
    await expect(page.get_by_text("Wil er een van deze voor terug:")).to_be_visible()
    other = await mine(faces, wim)
    await other.get_by_role("button", name="Ruilen:").click()
    await expect(said(other, "Dank je wel. Je staat nu op")).to_be_visible()
    await page.reload()
    await button(page, "Volgende week").click()
    await expect(cell(page, hours(19, 23), 0)).to_contain_text("Wim")
    await expect(cell(page, hours(19, 23), 2)).to_contain_text("Vera")


async def test_a_week_is_filled_by_keyboard_alone(faces: Faces) -> None:
    await faces.person("vera", Role.VOLUNTEER)
    await week(faces)
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    await press(page, button(page, "Volgende week"))
    await expect(page.get_by_role("grid")).to_be_visible()
    await go_to(page, cell(page, hours(7, 11), 0))
    for key in ("ArrowDown", "ArrowRight", "End", "Home", "ArrowRight"):
        await page.keyboard.press(key)
    there = cell(page, hours(19, 23), 1)
    await expect(there).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=hours(19, 23))).to_be_focused()
    await press(page, page.get_by_role("button", name="Inroosteren: Vera,"))
    await expect(there).to_contain_text("Vera")
    await page.keyboard.press("Escape")
    await expect(there).to_be_focused()
    await page.keyboard.press("Control+z")
    await expect(page.get_by_text("Vera is weer uitgeroosterd.")).to_be_visible()
    await expect(there).not_to_contain_text("Vera")

    await page.keyboard.press("n")
    await expect(cell(page, hours(23, 3), 1)).to_be_focused()
    await page.keyboard.press("Alt+n")
    await expect(cell(page, hours(7, 11), 2)).to_be_focused()
    await page.keyboard.press("PageDown")
    await expect(page.get_by_text("Er staan geen diensten in deze week.")).to_be_visible()


async def test_somebody_who_cannot_come_is_replaced_in_two_presses(faces: Faces) -> None:
    vera, _wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    await week(faces, vera, wanted=1)
    page = await planner(faces)
    there = cell(page, hours(7, 11), 0)
    await there.click()

    await button(page, "Kan niet komen: Vera").click()
    await expect(page.get_by_text("Wim komt op")).to_be_visible()
    await button(page, "Zo doen").click()

    await expect(there).to_contain_text("Wim")
    await expect(there).not_to_contain_text("Vera")
    states = await faces.built.owner.fetch("select state from place order by state")
    assert [row["state"] for row in states] == ["cannot", "published"]


async def test_a_swap_is_filled_in_for_somebody_without_a_computer(faces: Faces) -> None:
    vera, _wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    await week(faces, vera, wanted=1)
    own = await mine(faces, vera)
    await own.get_by_role("button", name="Ik kan niet:").click()
    await own.get_by_role("radio", name="Weggeven").check()
    await own.get_by_label("Aan wie vraag je het?").select_option(label="Wim")
    await button(own, "Dienst weggeven").click()
    await expect(said(own, "Je vraag staat uit.")).to_be_visible()

    page = await planner(faces)
    await button(page, "Verzoeken (1)").click()
    await expect(page.get_by_text("Gevraagd aan Wim.")).to_be_visible()
    await page.get_by_text("Wie kan deze dienst overnemen?").click()
    await page.get_by_label("Wie neemt de dienst over?").select_option(label="Wim")
    await button(page, "Overnemen invullen").click()

    await expect(page.get_by_text("Wim neemt de dienst over van Vera.")).to_be_visible()
    await button(page, "Rooster").nth(-1).click()
    await expect(cell(page, hours(7, 11), 0)).to_contain_text("Wim")


async def test_leave_is_granted_and_says_what_it_opens(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    first = await week(faces, vera, wanted=1)
    page = await planner(faces)
    await button(page, "Verzoeken").click()
    await page.get_by_text("Verlof invullen voor een vrijwilliger").click()
    await page.get_by_label("Wie", exact=True).select_option(label="Vera")
    await page.get_by_label("Eerste dag").fill(first.isoformat())
    await page.get_by_label("Laatste dag").fill((first + timedelta(days=2)).isoformat())
    await button(page, "Verlof invullen").click()

    await expect(page.get_by_text("ingevuld door coördinator")).to_be_visible()
    await expect(page.get_by_text("Bij goedkeuren komt 1 plek open.")).to_be_visible()
    await button(page, "Verlof goedkeuren: Vera").click()

    await expect(page.get_by_text("Plekken die nu open staan: 1.")).to_be_visible()
    await button(page, "Rooster").nth(-1).click()
    await expect(cell(page, hours(7, 11), 0)).to_contain_text("nog 1 nodig")


async def test_the_week_is_read_on_paper_without_colour(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    await week(faces, vera)
    page = await planner(faces)
    there = cell(page, hours(7, 11), 0)
    await expect(there).to_contain_text("Vera")

    await page.set_viewport_size({"width": A4_WIDE["width"], "height": A4_WIDE["height"]})
    await page.emulate_media(media="print")

    assert await overflow(page) == 0
    # The whole name stands there, not its first letter; what is open is said in words.
    whole = there.locator(".ll-cell__name")
    box = await whole.bounding_box()
    assert box is not None
    assert box["width"] > 1
    await expect(there.locator(".ll-cell__short")).to_be_hidden()
    await expect(there.get_by_text("nog 1 nodig")).to_be_visible()
    for hidden in (
        button(page, "Dienst toevoegen"),
        page.get_by_role("heading", name="Nu aanwezig"),
    ):
        await expect(hidden).to_be_hidden()
    if shots := os.environ.get("SHOTS"):
        await page.screenshot(path=Path(shots) / "planner-print.png")


async def test_a_phone_shows_the_week_as_a_list(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    await week(faces, vera)
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR), size=PHONE)
    await button(page, "Volgende week").click()
    await expect(page.get_by_role("grid")).to_have_count(0)

    await page.get_by_role("button", name=hours(7, 11)).first.click()
    await expect(button(page, "Uitroosteren: Vera")).to_be_visible()
    await button(page, "Sluiten").click()
    await expect(page.get_by_role("button", name=hours(7, 11)).first).to_be_focused()


async def test_the_planners_pages_are_right_in_every_state(faces: Faces) -> None:
    look = Look()
    people = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim", "anja")]
    await week(faces, *people)
    page = await planner(faces)
    await expect(cell(page, hours(7, 11), 0)).to_contain_text("Vera")
    await look.desk("planner-week", page)
    await cell(page, hours(19, 23), 0).click()
    await page.get_by_text("Wie kan niet, en waarom").click()
    await look.desk("planner-panel", page)
    await page.get_by_role("button", name="Toch inroosteren: Vera,").click()
    await button(page, "Toch inroosteren").click()
    await look.desk("planner-allow", page)
    await page.keyboard.press("Escape")
    await button(page, "Basisrooster").click()
    await button(page, "Dienst aan het basisrooster toevoegen").click()
    await look.desk("planner-template", page)
    await button(page, "Bewaren").click()
    await expect(page.get_by_text("Het basisrooster is bewaard.")).to_be_visible()
    await button(page, "Periodes").click()
    await page.get_by_label("Nieuwe periode").fill("2031-05-05")
    await button(page, "Openzetten voor wensen").click()
    await page.get_by_role("button", name="Diensten uitleggen:").click()
    await expect(page.get_by_text("Diensten toegevoegd als concept")).to_be_visible()
    await look.desk("planner-periods", page)
    await page.get_by_role("button", name="Publiceren:").click()
    await expect(page.get_by_text("Open plekken:")).to_be_visible()
    await look.desk("planner-publish", page)
    await page.keyboard.press("Escape")

    assert look.wrong == {}


async def test_a_draft_is_filled_by_the_engine_and_the_difference_is_told(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    page = await planner(faces)
    await button(page, "Basisrooster").click()
    await button(page, "Dienst aan het basisrooster toevoegen").click()
    await page.get_by_label("Hoeveel mensen").fill("1")
    await button(page, "Bewaren").click()
    await button(page, "Periodes").click()
    await button(page, "Openzetten voor wensen").click()
    await expect(page.get_by_text("De periode staat open.")).to_be_visible()
    await faces.built.owner.execute(
        "insert into wish (period, person, branch, levels, wanted, most, nights)"
        " select id, $1, branch, $2, 4, 4, 1 from roster_period",
        vera,
        ["222222"] * 28,
    )
    await page.get_by_role("button", name="Diensten uitleggen:").click()
    await expect(page.get_by_text("Diensten toegevoegd als concept: 28.")).to_be_visible()
    await page.get_by_text("1 persoon stuurde wensen in").click()
    await expect(page.get_by_text("Vera: 4 diensten, hoogstens 4, nachten: 1")).to_be_visible()

    await button(page, "Invullen").click()
    await expect(page.get_by_text("Klaar. Erbij: 4, eraf: 0.")).to_be_visible(timeout=60_000)
    await expect(page.get_by_text("Vera krijgt 4 diensten meer")).to_be_visible()
    await expect(page.locator(".ll-diff li li")).to_have_count(4)
    await page.get_by_role("button", name="Bekijken:").click()
    await expect(page.get_by_text("Vera (voorstel)")).not_to_have_count(0)
    await page.get_by_role("gridcell").filter(has_text="Vera").first.click()
    await expect(page.get_by_text("automatisch ingevuld")).to_be_visible()
    await button(page, "Vastzetten: Vera").click()
    await expect(page.get_by_text("Vera staat vast.")).to_be_visible()
