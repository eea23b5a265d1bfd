"""Somebody does not come: the reserve jumps in and gets offers; a link in a mail is used once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.edge.postman import DemoPostman
from luisterlijn.kernel.scope import Role
from tests.flows import walks
from tests.flows.test_every_state import Look
from tests.flows.walks import button
from tests.support.attending import agrees, person, shift, stands, state

if TYPE_CHECKING:
    from uuid import UUID

    from playwright.async_api import Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

SOON_MS = 8_000
"""A sweep, a hint, a question: seconds."""


async def night(faces: Faces) -> tuple[Page, Page]:
    """Let Wim not come; gives the consoles of the coordinator and of the reserve."""
    built = faces.built
    on = await shift(built, wanted=2)
    await stands(built, await person(built, "wim", phone="+31201234567"), on)
    nel = await person(built, "nel")
    await stands(built, nel, on, state="confirmed")
    await built.ready(nel)
    await built.house.consoles.set_state(nel, "paused")
    rita = await person(built, "rita")
    await stands(built, rita, on, role="reserve")
    reserve = await faces.volunteer(rita)
    coordinator = await faces.volunteer(await person(built, "cora", Role.COORDINATOR))
    await expect(reserve.get_by_text("Je krijgt geen oproep.")).to_be_visible()
    await expect(button(coordinator, "Vannacht")).to_be_visible()
    await faces.let_pass(601)
    return coordinator, reserve


async def test_the_reserve_jumps_in_for_who_did_not_come_and_gets_offers(faces: Faces) -> None:
    look = Look()
    coordinator, reserve = await night(faces)

    told = coordinator.get_by_role("region", name="Er is iemand nodig")
    await expect(told).to_contain_text("Eén vrijwilliger is niet gekomen.", timeout=SOON_MS)
    await look.desk("attendance-told", coordinator)
    await button(coordinator, "Bekijken").click()
    card = coordinator.get_by_role("article")
    await expect(card).to_contain_text("Wim: niet gekomen")
    await expect(card).to_contain_text("Rita: gevraagd")
    await button(coordinator, "Toon nummer: Wim").click()
    await expect(coordinator.get_by_text("Wim: +31201234567")).to_be_visible()
    await look.desk("attendance-tonight", coordinator)

    asks = reserve.get_by_text("Er is iets met een dienst:")
    await expect(asks).to_be_visible(timeout=SOON_MS)
    await look.desk("attendance-asked", reserve)
    await reserve.get_by_role("button", name="Ik spring in").click()
    await expect(reserve.get_by_text("Dank je wel. Je staat nu op de dienst")).to_be_visible()
    await expect(asks).to_be_hidden()
    await walks.is_ready(reserve)

    page = await faces.visitor()
    await walks.begin(page)
    await expect(button(reserve, "Aannemen")).to_be_visible(timeout=SOON_MS)
    await expect(card).to_contain_text("Rita: is er", timeout=20_000)
    await expect(card).to_contain_text("Gevonden.")
    await look.desk("attendance-found", coordinator)
    assert look.wrong == {}


async def test_who_comes_late_takes_the_alarm_back(faces: Faces) -> None:
    built = faces.built
    on = await shift(built)
    wim = await person(built, "wim")
    place = await stands(built, wim, on)
    coordinator = await faces.volunteer(await person(built, "cora", Role.COORDINATOR))
    await expect(button(coordinator, "Vannacht")).to_be_visible()
    await faces.let_pass(601)
    told = coordinator.get_by_text("Eén vrijwilliger is niet gekomen.")
    await expect(told).to_be_visible(timeout=SOON_MS)

    late = await faces.volunteer(wim)
    await expect(late.get_by_text("Ben je er?")).to_be_visible()
    await walks.is_ready(late)
    await expect(late.get_by_text("Ben je er?")).to_be_hidden()
    await expect(told).to_be_hidden(timeout=SOON_MS)
    assert await state(built, place) == "checked_in"


async def mailed(faces: Faces) -> tuple[UUID, str]:
    """Let a reminder arrive; gives the place, and the address of its link."""
    built = faces.built
    wim = await person(built, "wim")
    await agrees(built, wim, mail="wim@vrijwilliger.example")
    place = await stands(built, wim, await shift(built, starts_in=60))
    await built.house.attendance.attendance.sweep()
    await built.house.attendance.letters.one()
    postman = built.house.attendance.postman
    assert isinstance(postman, DemoPostman)
    [(_at, _subject, text)] = postman.letters()
    [address] = [word for word in text.split() if word.startswith("http")]
    return place, address


async def test_the_link_in_a_mail_is_used_once(faces: Faces) -> None:
    look = Look()
    place, address = await mailed(faces)
    page = await faces.volunteer(await person(faces.built, "bas"))
    await page.goto(address)
    await expect(page.get_by_text("Je hebt dienst:")).to_be_visible()
    await look.desk("attendance-link", page)
    assert await state(faces.built, place) == "published"

    await button(page, "Ik kan niet").click()
    await expect(page.get_by_role("status")).to_contain_text("Wij zoeken iemand anders.")
    assert await state(faces.built, place) == "cannot"
    await look.desk("attendance-link-said", page)
    await page.goto(address)
    await expect(page.get_by_text("Deze link werkt niet meer")).to_be_visible()
    assert look.wrong == {}


async def test_a_volunteer_chooses_how_to_be_reached(faces: Faces) -> None:
    look = Look()
    page = await faces.volunteer(await person(faces.built, "wim"))
    await button(page, "Mijn rooster").click()
    await button(page, "Agenda en gegevens").click()
    mail = page.get_by_label("Mailadres voor herinneringen")
    await mail.fill("wim")
    await button(page, "Bewaren").click()
    await expect(page.get_by_text("Dit is geen mailadres.")).to_be_visible()
    await look.desk("attendance-reach-wrong", page)
    await mail.fill("wim@vrijwilliger.example")
    await page.get_by_label("Vraag mij als er met spoed iemand nodig is").check()
    await page.get_by_label("Van", exact=True).fill("23:30")
    await button(page, "Bewaren").click()
    await expect(page.get_by_text("Bewaard.", exact=True)).to_be_visible()

    await page.reload()
    await button(page, "Mijn rooster").click()
    await button(page, "Agenda en gegevens").click()
    await expect(mail).to_have_value("wim@vrijwilliger.example")
    await expect(page.get_by_label("Van", exact=True)).to_have_value("23:30")
    await look.desk("attendance-reach", page)
    assert look.wrong == {}
