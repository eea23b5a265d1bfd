"""Somebody may die: nothing but the two of them ends the conversation, and a coach decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.test_away import BACK_MS, SILENT_S
from tests.flows.test_help import TAKE, ask
from tests.flows.walks import button, status
from tests.support.coaching import coach, trail

if TYPE_CHECKING:
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

NIGHT_S = 6 * 3600
"""Longer than any term of a conversation, and than the volunteer's shift."""


async def test_an_urgent_chat_waits_past_the_shift_for_who_was_away_for_hours(
    faces: Faces,
) -> None:
    page, console = await walks.talking(faces)
    await walks.say(page, "Ik weet het niet meer.")
    await walks.reads(console, "Ik weet het niet meer.")
    await ask(console, urgent=True)
    await expect(console.get_by_text("Niemand bereikt.").first).to_be_visible()

    await page.context.set_offline(offline=True)
    await faces.let_pass(SILENT_S, page)
    await expect(console.get_by_text("Vaak komt iemand zo terug.")).to_be_visible()
    await faces.let_pass(NIGHT_S, page)
    await expect(console.get_by_role("heading", name="chatter is weg")).to_be_visible()
    await expect(button(console, "Blijven wachten (tot 15 min)")).to_be_hidden()
    await page.context.set_offline(offline=False)

    await expect(status(page)).to_have_text(walks.TALKING, timeout=BACK_MS)
    await expect(console.get_by_role("heading", name="Chat 1 · verbonden")).to_be_visible()
    await walks.say(page, "Ik ben er nog.")
    await walks.reads(console, "Ik weet het niet meer.", "Ik ben er nog.")
    await walks.write(console, "Fijn. Ik ook.")
    await walks.reads(page, "Ik weet het niet meer.", "Ik ben er nog.", "Fijn. Ik ook.")


async def test_the_coach_decides_about_112_and_only_that_is_kept(faces: Faces) -> None:
    faces.built.house.coaching.emergency.is_on = True
    _page, console = await walks.talking(faces)
    person = await coach(faces.built)
    helper = await faces.volunteer(person)
    await ask(console, urgent=True)
    await button(helper, TAKE).click()
    await expect(helper.get_by_text("Jij besluit of 112 wordt gebeld")).to_be_visible()

    await button(helper, "Ik besluit: 112 bellen").click()
    await expect(helper.get_by_text("Genoteerd: 112 bellen.")).to_be_visible()
    await button(helper, "Ik besluit: 112 bellen").click()
    await expect(console.get_by_text("Ada helpt je.")).to_be_visible()
    await expect(console.get_by_role("button", name="112")).to_have_count(0)

    assert await trail(faces.built) == [("emergency-called", person)]


async def test_by_default_the_line_notes_no_such_decision(faces: Faces) -> None:
    _page, console = await walks.talking(faces)
    helper = await faces.volunteer(await coach(faces.built))
    await ask(console, urgent=True)
    await button(helper, TAKE).click()
    await expect(button(helper, "Meelezen")).to_be_visible()

    await expect(helper.get_by_role("button", name="112")).to_have_count(0)
