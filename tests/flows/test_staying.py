"""What happens to a page while somebody talks costs no line and no conversation."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.walks import button, status

if TYPE_CHECKING:
    from playwright.async_api import Dialog

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

OFFLINE_S = 90
"""The one wait in real time: longer than any library of ours waits before it tries again."""


async def test_a_reload_on_either_side_loses_no_line(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await walks.write(console, "Goedenavond.")
    await walks.reads(page, "Goedenavond.")
    await walks.say(page, "Het is stil in huis.")
    await walks.reads(console, "Goedenavond.", "Het is stil in huis.")

    await page.reload()
    await expect(status(page)).to_have_text(walks.TALKING)
    await walks.reads(page, "Goedenavond.", "Het is stil in huis.")
    await console.reload()
    await walks.reads(console, "Goedenavond.", "Het is stil in huis.")
    await walks.write(console, "Vertel maar.")
    # Of lines that cross, each side shows its own first.
    await walks.reads(page, "Goedenavond.", "Het is stil in huis.", "Vertel maar.")
    await walks.say(page, "Ik mis mijn man.")

    said = ("Goedenavond.", "Het is stil in huis.", "Vertel maar.", "Ik mis mijn man.")
    await walks.reads(page, *said)
    await walks.reads(console, *said)


async def test_what_was_written_while_waiting_arrives_after_a_reload_too(faces: Faces) -> None:
    page, console = await walks.waiting(faces)
    await walks.say(page, "Ik wacht al een tijdje.")
    await expect(page.get_by_text("wordt bewaard tot er iemand is")).to_be_visible()

    await page.reload()
    await expect(page.get_by_text("wordt bewaard tot er iemand is")).to_be_visible()
    await walks.say(page, "En ik wacht nog.")
    await walks.is_ready(console)
    await walks.accept(console)

    await walks.reads(console, "Ik wacht al een tijdje.", "En ik wacht nog.")
    await expect(page.get_by_text("wordt bewaard")).to_have_count(0)


async def test_twenty_quick_reloads_keep_the_conversation(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await walks.say(page, "Het is stil in huis.")
    await walks.reads(console, "Het is stil in huis.")

    for _ in range(20):
        await page.reload(wait_until="domcontentloaded")

    await expect(status(page)).to_have_text(walks.TALKING, timeout=15_000)
    await walks.write(console, "Vertel maar.")
    await walks.reads(page, "Het is stil in huis.", "Vertel maar.")
    await walks.say(page, "Dank u.")
    await walks.reads(console, "Het is stil in huis.", "Vertel maar.", "Dank u.")


async def test_the_older_of_two_tabs_says_so_and_can_take_it_back(faces: Faces) -> None:
    older, console = await walks.talking(faces)
    await walks.say(older, "Het is stil in huis.")
    async with older.expect_popup() as opened:
        await older.evaluate("() => void window.open(location.href)")
    newer = await opened.value

    await expect(older.get_by_text("Uw gesprek gaat verder in een ander tabblad")).to_be_visible()
    await expect(status(newer)).to_have_text(walks.TALKING)
    await walks.reads(newer, "Het is stil in huis.")
    await walks.say(newer, "Ik heb twee tabbladen.")
    await walks.reads(console, "Het is stil in huis.", "Ik heb twee tabbladen.")

    await button(older, "Hier verdergaan").click()
    await expect(newer.get_by_text("Uw gesprek gaat verder in een ander tabblad")).to_be_visible()
    await expect(status(older)).to_have_text(walks.TALKING)
    await walks.reads(older, "Het is stil in huis.", "Ik heb twee tabbladen.")
    await walks.say(older, "Hier ben ik weer.")
    await expect(walks.lines(console)).to_have_count(3)


async def test_ninety_seconds_without_a_network_lose_nothing(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await walks.say(page, "Ik zit in de trein.")
    await walks.reads(console, "Ik zit in de trein.")

    await page.context.set_offline(offline=True)
    await walks.say(page, "Nu een tunnel.")
    await walks.write(console, "Ik wacht op u.")
    await asyncio.sleep(OFFLINE_S)
    await expect(status(page)).to_contain_text("De verbinding is weg.")
    await expect(console.get_by_role("heading", name="chatter is weg")).to_be_visible()
    await page.context.set_offline(offline=False)

    await expect(status(page)).to_have_text(walks.TALKING, timeout=15_000)
    said = ("Ik zit in de trein.", "Ik wacht op u.", "Nu een tunnel.")
    await walks.reads(console, *said)
    await expect(walks.lines(page)).to_have_count(3)
    await expect(page.get_by_text("wordt verstuurd")).to_have_count(0)
    await expect(console.get_by_role("heading", name="verbonden")).to_be_visible()


async def test_on_a_shared_device_nothing_is_kept_and_a_reload_ends_it(faces: Faces) -> None:
    console, page = await walks.ready(faces), await faces.visitor()
    await page.get_by_label("Gebruikt iemand anders dit toestel?").check()
    await walks.begin(page)
    await walks.accept(console)
    await walks.say(page, "Niemand mag dit lezen.")
    await walks.reads(console, "Niemand mag dit lezen.")
    kept = "() => [sessionStorage.length, localStorage.length, document.cookie]"
    assert await page.evaluate(kept) == [0, 0, ""]
    asked: list[str] = []

    async def leave_it(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", leave_it)
    await page.reload()

    assert asked == ["beforeunload"]
    await expect(button(page, "Begin een chat")).to_be_visible()
    await expect(page.get_by_text("Niemand mag dit lezen.")).to_have_count(0)
    await expect(console.get_by_role("heading", name="misschien niet veilig")).to_be_visible()
