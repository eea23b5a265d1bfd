"""Snel weg: at once, without a way back, and without a readable word on the device."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import async_playwright, expect

from tests.flows import walks
from tests.flows.walks import button, status
from tests.support.browser import ARGUMENTS, CHROMIUM, PHONE, Seen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

MOST_MS = 300
WRITTEN_S = 20
LOOK_MS = 200
PRESS = """() => {
  const at = Date.now();
  document.getElementById("leave").click();
  return at;
}"""
PAINTED = "() => performance.getEntriesByType('paint').length > 0"
THERE = "() => performance.timeOrigin + performance.getEntriesByType('paint')[0].startTime"
TYPED = "Zuurkoolwagen achter het schuurtje"
RECEIVED = "Kanariepietje op de vensterbank"


async def left(faces: Faces, page: Page) -> None:
    """See that the page is another site's."""
    await expect(page).to_have_url(f"{faces.neutral}/weer")
    await expect(page.get_by_role("heading", name="Regen")).to_be_visible()


async def back_shows_nothing(faces: Faces, page: Page) -> None:
    """Press Back: it is the page from before the line."""
    await page.go_back()
    await expect(page).to_have_url(f"{faces.neutral}/ervoor")


async def test_one_press_leaves_at_once_and_back_does_not_return(faces: Faces) -> None:
    console = await walks.ready(faces)
    page = await (await faces.profile(PHONE)).new_page()
    await page.goto(f"{faces.neutral}/ervoor")
    await page.goto(faces.public)
    await walks.begin(page)
    await walks.accept(console)
    await walks.say(page, TYPED)
    await walks.reads(console, TYPED)

    pressed = await page.evaluate(PRESS)
    await left(faces, page)
    # What is in the page can be asked for before the browser has noted that it was drawn.
    await page.wait_for_function(PAINTED)
    assert await page.evaluate(THERE) - pressed < MOST_MS
    await expect(
        console.get_by_role("heading", name="Chat 1 · weg, misschien niet veilig")
    ).to_be_visible()
    await expect(
        console.get_by_text("Stuur niets tot de chatter zelf weer schrijft")
    ).to_be_visible()
    await console.get_by_label("Je bericht").press("x")
    await expect(console.get_by_label("Je bericht")).to_have_value("")
    await back_shows_nothing(faces, page)
    await page.goto(faces.public)
    await expect(button(page, "Begin een chat")).to_be_visible()
    await expect(page.get_by_text(TYPED)).to_have_count(0)


async def test_shift_three_times_leaves_too(faces: Faces) -> None:
    page, _console = await walks.waiting(faces)
    await page.get_by_label("Uw bericht").press("Shift")
    await page.keyboard.press("Shift")
    await page.keyboard.press("Shift")
    await left(faces, page)

    other = await faces.visitor()
    await walks.begin(other)
    await expect(status(other)).to_have_text("U bent de eerste.")


async def test_the_button_works_on_every_page(faces: Faces) -> None:
    page = await faces.visitor("/en/veilig")
    await page.get_by_role("button", name="Leave").click()
    await left(faces, page)


def found(profile: Path, words: str) -> list[str]:
    """Name the files of a profile in which these words stand, as bytes of any encoding used."""
    needles = (words.encode(), words.encode("utf-16le"))
    files = [each for each in profile.rglob("*") if each.is_file() and not each.is_symlink()]
    return [
        str(file.relative_to(profile))
        for file in files
        if any(needle in file.read_bytes() for needle in needles)
    ]


def remnants(profile: Path) -> list[str]:
    """Give what a profile still holds of the page's own store, with keys and token in it."""
    stored = re.compile(rb'\{"contact":"[^{}]+"box":"[^{}]+"ticket":[^{}]+\}')
    folder = profile / "Default" / "Session Storage"
    # Chromium keeps it in UTF-16.
    texts = [file.read_bytes().replace(b"\x00", b"") for file in folder.iterdir()]
    return [each.decode() for text in texts for each in stored.findall(text)]


async def kept_on_disk(page: Page, profile: Path) -> None:
    """Wait until the browser has written the page's store to its disk, as it does now and then."""
    async with asyncio.timeout(WRITTEN_S):
        while not remnants(profile):
            await page.wait_for_timeout(LOOK_MS)


async def test_the_profile_holds_no_word_and_keys_that_open_nothing(
    faces: Faces, browser: Browser, tmp_path: Path
) -> None:
    assert browser.is_connected()
    console, profile, seen = await walks.ready(faces), tmp_path / "profile", Seen()
    async with async_playwright() as tool:
        context = await tool.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=ARGUMENTS, viewport=None
        )
        seen.watch(context)
        page = context.pages[0]
        await page.goto(faces.public)
        await walks.begin(page)
        await walks.accept(console)
        await walks.say(page, TYPED)
        await walks.write(console, RECEIVED)
        await walks.reads(page, TYPED, RECEIVED)
        await page.reload()
        await walks.reads(page, TYPED, RECEIVED)
        await kept_on_disk(page, profile)
        await page.get_by_label("Uw bericht").fill(f"{TYPED} en verder")
        await button(page, "Snel weg ✕").click()
        await left(faces, page)
        await context.close()
    assert seen.complaints == []

    assert found(profile, "127.0.0.1"), "the sweep sees what is there"
    assert found(profile, TYPED) == []
    assert found(profile, RECEIVED) == []
    kept = remnants(profile)
    assert kept, "what a page clears, the browser itself lets go of only later"
    halves = await faces.built.owner.fetch("select half from chat")
    assert [row["half"] for row in halves] == [None]
    thief = await faces.visitor()
    await thief.evaluate("(kept) => sessionStorage.setItem('ll', kept)", kept[-1])
    await thief.reload()
    await expect(thief.get_by_text("Uw gesprek kon niet openblijven.")).to_be_visible()
    await expect(thief.get_by_text(TYPED)).to_have_count(0)
    await expect(console.get_by_role("heading", name="misschien niet veilig")).to_be_visible()
