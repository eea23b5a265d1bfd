"""The public page itself: without JavaScript, without third parties, and when the line closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.edge.pages import SLUGS
from luisterlijn.kernel.ids import ShiftId
from luisterlijn.kernel.scope import LINE
from tests.flows import walks
from tests.flows.walks import button

if TYPE_CHECKING:
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

KNOWN_MS = 5_000
"""Every open page knows within this time that the line closed."""


async def cancel_every_shift(faces: Faces) -> None:
    """Cancel what is planned, as a coordinator does."""
    for row in await faces.built.owner.fetch("select id from shift where state = 'published'"):
        await faces.built.house.roster.cancel(LINE, ShiftId(row["id"]))


async def test_without_javascript_the_page_gives_numbers_and_says_why_there_is_no_chat(
    faces: Faces,
) -> None:
    page = await faces.visitor(java_script_enabled=False)
    await expect(page.get_by_text("De chat is nu dicht.")).to_be_visible()
    await faces.built.volunteer("vera")
    await faces.built.house.line.look()
    await page.reload()

    await expect(page.get_by_text("De chat is open.")).to_be_visible()
    await expect(page.get_by_role("link", name="112", exact=True)).to_have_attribute(
        "href", "tel:112"
    )
    await expect(page.get_by_role("link", name="Bel 085-0000000")).to_be_visible()
    # Not by its text: who looks for that asks the page as if scripts ran.
    needs = page.locator("noscript strong")
    await expect(needs).to_be_visible()
    await expect(needs).to_contain_text("Voor een chat is JavaScript nodig.")
    await expect(button(page, "Begin een chat")).to_be_hidden()
    await page.get_by_role("link", name="Kosten").click()
    await expect(page.get_by_role("heading", name="Kosten", level=1)).to_be_visible()


async def test_no_page_asks_anything_elsewhere_or_leaves_a_cookie_or_a_complaint(
    faces: Faces,
) -> None:
    console = await walks.ready(faces)
    faces.seen.requests.clear()
    faces.seen.network.clear()
    page = await faces.visitor()
    for root in ("", "/en"):
        for path in ("", *SLUGS):
            await page.goto(f"{faces.public}{root}/{path}".removesuffix("/") or faces.public)
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.goto(faces.public)
    await walks.begin(page)
    await walks.accept(console)
    await walks.say(page, "Het is stil in huis.")
    await walks.reads(console, "Het is stil in huis.")
    await walks.end(console)
    await button(page, "Ja").click()
    await expect(page.get_by_text("Dank u wel voor uw antwoord.")).to_be_visible()

    assert faces.seen.foreign(faces.public, faces.desk) == []
    assert await page.context.cookies() == []
    assert await page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    assert faces.seen.complaints == []
    assert faces.seen.network == []


async def test_the_last_shift_cancelled_shows_on_every_open_page_within_five_seconds(
    faces: Faces,
) -> None:
    waits, console = await walks.waiting(faces)
    start, english = await faces.visitor(), await faces.visitor("/en")
    await expect(start.get_by_text("De chat is open.")).to_be_visible()
    await expect(english.get_by_text("The chat is open.")).to_be_visible()

    await cancel_every_shift(faces)

    known = [
        (start, "De chat is nu dicht."),
        (english, "The chat is closed"),
        (waits, "De chat gaat nu dicht. Dat spijt ons."),
    ]
    for page, words in known:
        await expect(page.get_by_text(words)).to_be_visible(timeout=KNOWN_MS)
    await expect(button(start, "Begin een chat")).to_be_hidden()
    await expect(waits.get_by_text("Denkt u aan zelfmoord? Bel 113")).to_be_visible()
    await expect(
        console.get_by_text("Je hebt nu geen dienst. Je krijgt geen oproep.")
    ).to_be_visible()
