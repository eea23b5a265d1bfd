"""A volunteer's own roster: wishes, signing up, "ik kan niet", and a colleague who takes over."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.clock import local_day, local_interval
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.rostering.ports import NewShift
from tests.flows.test_every_state import Look
from tests.flows.test_keyboard import go_to, press
from tests.flows.walks import button
from tests.support.browser import PHONE

if TYPE_CHECKING:
    from datetime import date

    from playwright.async_api import Locator, Page

    from luisterlijn.kernel.ids import PersonId
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

A4_POINTS = (595, 842)
EVENING = (time(19), time(23))
MORNING = (time(7), time(11))


async def ahead(faces: Faces, days: int) -> date:
    """Give the line's local date so many days from today."""
    return local_day(await faces.built.time.now()) + timedelta(days=days)


async def shift(
    faces: Faces,
    day: date,
    *people: PersonId,
    hours: tuple[time, time] = EVENING,
    wanted: int = 1,
) -> None:
    """Publish a shift of the branch with these people on it."""
    house = faces.built.house
    async with house.database.transaction(LINE) as tx:
        new = NewShift(
            branch=faces.built.branch,
            during=local_interval(day, *hours),
            channels=("chat",),
            wanted=wanted,
            people=people,
        )
        await house.roster.plan(tx, [new])


async def period(faces: Faces) -> date:
    """Open four weeks for wishes; gives the first day, a Monday."""
    day = await ahead(faces, 28)
    first = day - timedelta(days=day.weekday())
    await faces.built.owner.execute(
        "insert into roster_period (id, branch, first, state) values ($1, $2, $3, 'open')",
        new_id(faces.built.house.tokens),
        faces.built.branch,
        first,
    )
    return first


async def mine(faces: Faces, person: PersonId, **options: dict[str, int]) -> Page:
    """Open somebody's own roster."""
    page = await faces.volunteer(person, **options)
    await button(page, "Mijn rooster").click()
    await expect(page.get_by_role("heading", name="Mijn balans")).to_be_visible()
    return page


def part(page: Page, name: str) -> Locator:
    """Find the button of a part, whatever waits there."""
    return page.get_by_role("navigation", name="Delen").get_by_role("button", name=name)


def said(page: Page, words: str) -> Locator:
    """Find what the page says was done."""
    return page.locator(".ll-mine__message").get_by_text(words)


def square(page: Page, day: str, part_of_day: str) -> Locator:
    """Find a square of the usual week."""
    return page.get_by_role("grid").get_by_role("button", name=f"{day} {part_of_day}:")


async def test_wishes_for_four_weeks_are_given_by_keyboard_alone(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    first = await period(faces)
    page = await faces.volunteer(vera)
    await press(page, button(page, "Mijn rooster"))
    await press(page, button(page, "Wensen doorgeven"))
    await expect(page.get_by_role("heading", name="Mijn wensen")).to_be_focused()

    monday = square(page, "maandag", "7\N{EN DASH}11 uur")
    await go_to(page, monday)
    await page.keyboard.press("Space")
    await expect(monday).to_have_text("liever niet")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        await page.keyboard.press(key)
    tuesday = square(page, "dinsdag", "19\N{EN DASH}23 uur")
    await expect(tuesday).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Enter")
    await expect(tuesday).to_have_text("graag")
    await press(page, button(page, "Toevoegen"))
    await go_to(page, page.get_by_label("Hoeveel diensten wil je?"))
    await page.keyboard.press("Control+A")
    await page.keyboard.type("3")
    await press(page, button(page, "Wensen bewaren"))

    await expect(said(page, "Dank je wel. Je wensen voor")).to_be_visible()
    row = await faces.built.owner.fetchrow("select * from wish where person = $1", vera)
    assert row is not None
    assert row["levels"][:8] == ["000000", "111211", *["111111"] * 5, "r11111"]
    assert (len(row["levels"]), row["wanted"]) == (28, 3)
    await page.reload()
    await button(page, "Mijn rooster").click()
    await part(page, "Wensen").click()
    await expect(square(page, "dinsdag", "19\N{EN DASH}23 uur")).to_have_text("graag")
    await expect(page.get_by_text("hele dag kan niet")).to_be_visible()
    assert first.weekday() == 0


async def test_an_open_shift_is_taken_and_undone_and_taken_again(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    await shift(faces, await ahead(faces, 3))
    page = await mine(faces, vera, size=PHONE)
    await part(page, "Open diensten").click()

    sign_up = page.get_by_role("button", name="Aanmelden:")
    await sign_up.click()
    await expect(said(page, "Dank je wel.")).to_be_visible()
    await expect(sign_up).to_have_count(0)
    await button(page, "Ongedaan maken").click()
    await expect(said(page, "is weg.")).to_be_visible()
    await sign_up.click()
    await part(page, "Mijn diensten").click()
    await page.get_by_role("button", name="Ik kom:").click()

    await expect(said(page, "Fijn, je komt")).to_be_visible()
    await expect(page.get_by_text("Bevestigd: je hebt gezegd dat je komt.")).to_be_visible()
    states = await faces.built.owner.fetch("select state from place where person = $1", vera)
    assert sorted(row["state"] for row in states) == ["confirmed", "taken_off"]


async def test_who_comes_a_moment_too_late_is_told_kindly(faces: Faces) -> None:
    vera, wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    await shift(faces, await ahead(faces, 3))
    pages = [await mine(faces, person) for person in (vera, wim)]
    for page in pages:
        await part(page, "Open diensten").click()
        await expect(page.get_by_role("button", name="Aanmelden:")).to_be_visible()

    await pages[0].get_by_role("button", name="Aanmelden:").click()
    await expect(said(pages[0], "Dank je wel.")).to_be_visible()
    await pages[1].get_by_role("button", name="Aanmelden:").click()

    await expect(said(pages[1], "Een collega was je net voor.")).to_be_visible()
    await expect(pages[1].get_by_text("Er is nu geen open dienst")).to_be_visible()


async def test_a_shift_is_given_away_to_a_colleague_who_takes_it(faces: Faces) -> None:
    vera, wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    await shift(faces, await ahead(faces, 3), vera)
    page = await mine(faces, vera)

    await page.get_by_role("button", name="Ik kan niet:").click()
    await expect(page.get_by_text("Je hoeft niet te zeggen waarom.")).to_be_visible()
    await page.get_by_role("radio", name="Weggeven").check()
    await page.get_by_label("Aan wie vraag je het?").select_option(label="Wim")
    await button(page, "Dienst weggeven").click()
    await expect(page.get_by_text("Je vraagt Wim deze dienst over te nemen.")).to_be_visible()
    other = await mine(faces, wim)
    await expect(part(other, "Mijn diensten (1 vraag)")).to_be_visible()
    await other.get_by_role("button", name="Overnemen:").click()

    await expect(said(other, "Dank je wel. Je staat nu op")).to_be_visible()
    await expect(other.get_by_role("button", name="Ik kan niet:")).to_have_count(1)
    await page.reload()
    await button(page, "Mijn rooster").click()
    await expect(page.get_by_text("Er staan geen diensten voor je klaar.")).to_be_visible()


async def test_two_shifts_are_swapped(faces: Faces) -> None:
    vera, wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    day, other_day = await ahead(faces, 3), await ahead(faces, 5)
    await shift(faces, day, vera)
    await shift(faces, other_day, wim, hours=MORNING)
    page = await mine(faces, vera)

    await page.get_by_role("button", name="Ik kan niet:").click()
    await page.get_by_role("radio", name="Ruilen").check()
    await page.get_by_role("checkbox", name=str(other_day.day)).check()
    await button(page, "Ruil vragen").click()
    await expect(said(page, "Je ruilvraag staat uit.")).to_be_visible()
    other = await mine(faces, wim)
    await expect(other.get_by_text("Jouw dienst daarvoor:")).to_contain_text("7\N{EN DASH}11 uur")
    await other.get_by_role("button", name="Ruilen:").click()
    await expect(said(other, "Dank je wel. Je staat nu op")).to_be_visible()

    rows = await faces.built.owner.fetch(
        "select p.person, s.starts from place p join shift s on s.id = p.shift"
        " where p.state = 'published'"
    )
    assert {row["person"]: local_day(row["starts"]) for row in rows} == {vera: other_day, wim: day}


async def test_a_question_is_withdrawn_and_a_question_is_declined(faces: Faces) -> None:
    vera, wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    await shift(faces, await ahead(faces, 3), vera)
    page = await mine(faces, vera)

    async def ask() -> None:
        await page.get_by_role("button", name="Ik kan niet:").click()
        await page.get_by_role("radio", name="Weggeven").check()
        await page.get_by_label("Aan wie vraag je het?").select_option(label="Wim")
        await button(page, "Dienst weggeven").click()

    await ask()
    await page.get_by_role("button", name="Vraag intrekken:").click()
    await expect(said(page, "Je vraag is ingetrokken.")).to_be_visible()
    await ask()
    await expect(said(page, "Je vraag staat uit.")).to_be_visible()
    other = await mine(faces, wim)
    await other.get_by_role("button", name="Nee zeggen:").click()
    await expect(other.get_by_text("Een reden hoeft niet.")).to_be_visible()
    await button(other, "Ja, nee zeggen").click()
    await expect(said(other, "Je hebt nee gezegd.")).to_be_visible()

    states = await faces.built.owner.fetch("select state from swap")
    assert sorted(row["state"] for row in states) == ["declined", "withdrawn"]


async def test_leaving_a_shift_open_is_undone_by_keyboard_alone(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    await shift(faces, await ahead(faces, 3), vera)
    page = await faces.volunteer(vera)
    await press(page, button(page, "Mijn rooster"))
    await expect(page.get_by_role("button", name="Ik kan niet:")).to_be_visible()

    await press(page, page.get_by_role("button", name="Ik kan niet:"))
    await go_to(page, page.get_by_role("radio", name="Openzetten"))
    await page.keyboard.press("Space")
    await press(page, button(page, "Dienst openzetten"))
    await expect(said(page, "staat open.")).to_be_visible()
    await expect(page.get_by_text("Er staan geen diensten voor je klaar.")).to_be_visible()
    await press(page, button(page, "Ongedaan maken"))

    await expect(said(page, "Je staat weer op")).to_be_visible()
    await expect(page.get_by_role("button", name="Ik kan niet:")).to_be_visible()


async def test_leave_is_asked_and_withdrawn_without_a_reason(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    page = await mine(faces, vera)
    await part(page, "Verlof").click()

    await page.get_by_label("Eerste dag").fill((await ahead(faces, 10)).isoformat())
    await page.get_by_label("Laatste dag").fill((await ahead(faces, 14)).isoformat())
    await button(page, "Verlof vragen").click()
    await expect(said(page, "Je vroeg verlof voor")).to_be_visible()
    await expect(page.get_by_text("Gevraagd. Je coördinator kijkt ernaar.")).to_be_visible()
    await page.get_by_role("button", name="Verlof intrekken:").click()
    await button(page, "Ja, intrekken").click()

    await expect(said(page, "is ingetrokken.")).to_be_visible()
    await expect(page.get_by_text("Je hebt geen verlof doorgegeven.")).to_be_visible()


async def test_the_own_shifts_are_printed_on_one_upright_page(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    for day in (2, 9, 16):
        await shift(faces, await ahead(faces, day), vera)
    page = await mine(faces, vera)
    await page.emulate_media(media="print")

    await expect(page.get_by_text("Diensten van Vera, afgedrukt op")).to_be_visible()
    await expect(page.locator(".ll-mine__shift").get_by_role("heading")).to_have_count(3)
    await expect(page.get_by_role("button")).to_have_count(0)
    printed = await page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1
    [(width, height)] = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert (round(float(width)), round(float(height))) == A4_POINTS


async def test_what_is_kept_of_me_is_fetched_as_a_file(faces: Faces) -> None:
    vera = await faces.person("vera", Role.VOLUNTEER)
    await shift(faces, await ahead(faces, 3), vera)
    page = await mine(faces, vera)
    await part(page, "Agenda en gegevens").click()
    await expect(page.get_by_role("heading", name="Mijn gegevens")).to_be_visible()

    async with page.expect_download() as began:
        await page.get_by_role("link", name="Mijn gegevens ophalen").click()
    file = Path(await (await began.value).path())
    found = json.loads(await asyncio.to_thread(file.read_text))

    assert found["account"]["sign_in"] == "vera"


async def test_the_own_roster_is_right_in_every_state(faces: Faces) -> None:
    look = Look()
    vera, wim = [await faces.person(name, Role.VOLUNTEER) for name in ("vera", "wim")]
    page = await mine(faces, vera)
    await look.desk("mine-empty", page)
    for name, slug in (
        ("Open diensten", "open"),
        ("Wensen", "wishes"),
        ("Verlof", "leave"),
        ("Agenda en gegevens", "more"),
    ):
        await part(page, name).click()
        await look.desk(f"mine-{slug}-empty", page)
    await shift(faces, await ahead(faces, 2), vera)
    await shift(faces, await ahead(faces, 4), vera, hours=MORNING)
    await shift(faces, await ahead(faces, 6), wim)
    await shift(faces, await ahead(faces, 8), wanted=2)
    await period(faces)
    await page.reload()
    await button(page, "Mijn rooster").click()
    await page.get_by_role("button", name="Ik kom:").first.click()
    await expect(said(page, "Fijn, je komt")).to_be_visible()
    await look.desk("mine-shifts", page)
    await page.get_by_role("button", name="Ik kan niet:").first.click()
    await page.get_by_role("radio", name="Ruilen").check()
    await expect(page.get_by_role("checkbox")).not_to_have_count(0)
    await look.desk("mine-cannot", page)
    await page.get_by_role("radio", name="Weggeven").check()
    await look.desk("mine-give", page)
    await page.get_by_label("Aan wie vraag je het?").select_option(label="Wim")
    await button(page, "Dienst weggeven").click()
    await expect(page.get_by_text("Je vraagt Wim deze dienst over te nemen.")).to_be_visible()
    await look.desk("mine-asking", page)
    await part(page, "Open diensten").click()
    await page.get_by_role("button", name="Aanmelden:").first.click()
    await expect(button(page, "Ongedaan maken")).to_be_visible()
    await look.desk("mine-signed-up", page)
    await part(page, "Wensen").click()
    await button(page, "Toevoegen").click()
    await look.desk("mine-wishes", page)
    await page.get_by_label("Hoeveel hoogstens?").fill("0")
    await button(page, "Wensen bewaren").click()
    await expect(page.get_by_text("Hoogstens kan niet minder zijn")).to_be_visible()
    await look.desk("mine-wishes-refused", page)
    await button(page, "English").click()
    await look.desk("mine-english", page)
    other = await mine(faces, wim)
    await expect(other.get_by_role("button", name="Overnemen:")).to_be_visible()
    await look.desk("mine-asked", other)

    assert look.wrong == {}
