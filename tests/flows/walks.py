"""What people do on the two faces, in the words they see there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import Page, expect

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.support.browser import Faces

TALKING = "U praat met een vrijwilliger."
ASKING = "U bent aan de beurt. Wij vragen het nu aan een vrijwilliger."


def button(page: Page, name: str) -> Locator:
    """Find a button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def status(page: Page) -> Locator:
    """Find the sentence that tells a chatter where the conversation stands."""
    return page.locator("#status")


def lines(page: Page) -> Locator:
    """Find the lines of the conversation, oldest first."""
    return page.get_by_role("log").get_by_role("listitem")


async def ready(
    faces: Faces, name: str = "vera", *, languages: tuple[str, ...] = ("nl", "en"), chats: int = 2
) -> Page:
    """Let a volunteer with a shift open the console and press "Beschikbaar"."""
    person = await faces.built.volunteer(name, languages=languages, chats=chats)
    console = await faces.volunteer(person)
    await is_ready(console)
    return console


async def is_ready(console: Page) -> None:
    """Press "Beschikbaar"."""
    await button(console, "Beschikbaar").click()
    await expect(button(console, "Beschikbaar")).to_have_attribute("aria-pressed", "true")


async def begin(page: Page) -> None:
    """Press "Begin een chat" on the first screen."""
    await button(page, "Begin een chat").click()
    await expect(page.get_by_label("Uw bericht")).to_be_visible()


async def waiting(faces: Faces, *, chats: int = 2) -> tuple[Page, Page]:
    """Let a chatter wait on a line whose volunteer takes a break; gives page and console."""
    console = await faces.volunteer(await faces.built.volunteer("vera", chats=chats))
    await expect(console.get_by_text("Je hebt pauze.")).to_be_visible()
    page = await faces.visitor()
    await begin(page)
    await expect(status(page)).to_have_text("U bent de eerste.")
    return page, console


async def accept(console: Page) -> None:
    """Take the offer."""
    await button(console, "Aannemen").click()
    await expect(console.get_by_role("heading", name="Chat 1 · verbonden")).to_be_visible()


async def talking(faces: Faces, name: str = "vera") -> tuple[Page, Page]:
    """Let a chatter and a volunteer find each other; gives page and console."""
    console = await ready(faces, name)
    page = await faces.visitor()
    await begin(page)
    await accept(console)
    await expect(status(page)).to_have_text(TALKING)
    return page, console


async def end(console: Page) -> None:
    """Let the volunteer end the conversation on the screen."""
    await button(console, "Gesprek afronden").click()
    await button(console, "Ja, afronden").click()
    await expect(console.get_by_role("heading", name="afronden")).to_be_visible()


async def say(page: Page, text: str) -> None:
    """Let the chatter send a line."""
    await page.get_by_label("Uw bericht").fill(text)
    await page.keyboard.press("Enter")


async def write(console: Page, text: str) -> None:
    """Let the volunteer send a line."""
    await console.get_by_label("Je bericht").fill(text)
    await console.keyboard.press("Enter")


async def reads(page: Page, *texts: str) -> None:
    """See exactly these lines, in this order, each sent and readable."""
    words = page.locator("#lines > li > p, .ll-line__text")
    await expect(words).to_have_text(list(texts))
