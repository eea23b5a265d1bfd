"""A locked or hidden phone is no goodbye, waiting or talking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.walks import button, status

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

SILENT_S = 12
"""Longer than two heartbeats of five seconds."""
ASKED_S = 121
TOO_LONG_S = 16 * 60
BACK_MS = 15_000
"""A page that is back tries again within five seconds; the machine may be busy."""


async def freeze(page: Page, state: str) -> None:
    """Let the browser freeze the page as a locked phone does, or wake it."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setWebLifecycleState", {"state": state})
    await session.detach()


async def test_the_turn_passes_over_a_locked_phone_and_returns_to_it_first(faces: Faces) -> None:
    locked, console = await walks.waiting(faces, chats=1)
    others = [await faces.visitor(), await faces.visitor()]
    for place, other in zip(("tweede", "derde"), others, strict=True):
        await walks.begin(other)
        await expect(status(other)).to_have_text(f"U bent de {place}.")
    await freeze(locked, "frozen")
    await faces.let_pass(SILENT_S, locked)

    await walks.is_ready(console)
    await walks.accept(console)
    await expect(status(others[0])).to_have_text(walks.TALKING)
    await freeze(locked, "active")
    await locked.reload()
    await expect(status(locked)).to_have_text("U bent de eerste.")
    await button(console, "2").click()
    await button(console, "Aannemen").click()

    await expect(status(locked)).to_have_text(walks.TALKING)
    await expect(status(others[1])).to_have_text("U bent de eerste.")


async def test_a_page_that_wakes_up_has_its_turn(faces: Faces) -> None:
    locked, console = await walks.waiting(faces)
    await freeze(locked, "frozen")
    await faces.let_pass(SILENT_S, locked)
    await walks.is_ready(console)

    await freeze(locked, "active")
    await expect(button(console, "Aannemen")).to_be_visible(timeout=BACK_MS)
    await walks.accept(console)

    await expect(status(locked)).to_have_text(walks.TALKING)


async def test_a_place_is_kept_for_a_quarter_of_an_hour(faces: Faces) -> None:
    locked, _console = await walks.waiting(faces)
    other = await faces.visitor()
    await walks.begin(other)
    await expect(status(other)).to_have_text("U bent de tweede.")
    await locked.context.set_offline(offline=True)
    await faces.let_pass(14 * 60, locked)

    await locked.context.set_offline(offline=False)
    await expect(status(locked)).to_have_text("U bent de eerste.", timeout=BACK_MS)
    await expect(status(other)).to_have_text("U bent de tweede.")


async def test_who_is_away_for_two_minutes_is_kept_by_the_volunteer(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await walks.say(page, "Mijn batterij is bijna leeg.")
    await walks.reads(console, "Mijn batterij is bijna leeg.")
    await page.context.set_offline(offline=True)
    await faces.let_pass(SILENT_S, page)
    await expect(console.get_by_text("Vaak komt iemand zo terug.")).to_be_visible()
    await faces.let_pass(ASKED_S, page)
    await expect(console.get_by_text("De chatter is nu meer dan twee minuten weg.")).to_be_visible()

    await button(console, "Blijven wachten (tot 15 min)").click()
    await expect(console.get_by_text("Je wacht tot")).to_be_visible()
    await page.context.set_offline(offline=False)

    await expect(status(page)).to_have_text(walks.TALKING, timeout=BACK_MS)
    await expect(console.get_by_role("heading", name="Chat 1 · verbonden")).to_be_visible()
    await walks.say(page, "Hier ben ik weer.")
    await walks.reads(console, "Mijn batterij is bijna leeg.", "Hier ben ik weer.")


async def test_who_comes_back_too_late_hears_kind_words_and_has_the_old_place(
    faces: Faces,
) -> None:
    page, console = await walks.talking(faces)
    await page.context.set_offline(offline=True)
    await faces.let_pass(SILENT_S, page)
    await expect(console.get_by_role("heading", name="chatter is weg")).to_be_visible()
    await button(console, "Pauze").click()
    await expect(console.get_by_text("Je hebt pauze.")).to_be_visible()
    await faces.let_pass(ASKED_S, page)
    await expect(button(console, "Afronden")).to_be_visible()
    await faces.let_pass(TOO_LONG_S, page)
    await expect(console.get_by_role("heading", name="Chat 1 afronden")).to_be_visible()
    other = await faces.visitor()
    await walks.begin(other)
    await expect(status(other)).to_have_text("U bent de eerste.")

    await page.context.set_offline(offline=False)
    await expect(page.get_by_text("Uw gesprek kon niet openblijven.")).to_be_visible(
        timeout=BACK_MS
    )
    await button(page, "Opnieuw beginnen op uw oude plek").click()

    await expect(status(page)).to_have_text("U bent de eerste.")
    await expect(status(other)).to_have_text("U bent de tweede.")
