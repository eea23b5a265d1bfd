"""A chatter sees who reads along, for as long as they do, and that somebody else took over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.dispatch.handing import Handing
from luisterlijn.kernel.ids import ContactId
from tests.flows import walks
from tests.flows.walks import status
from tests.support.browser import contact_of, faults

if TYPE_CHECKING:
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser


async def test_the_page_says_who_reads_along_as_long_as_they_do(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    reading = page.locator("#reading")
    await expect(reading).to_have_text("")
    contact = ContactId(await contact_of(page))
    bas = await faces.built.volunteer("bas")
    await expect((await faces.volunteer(bas)).get_by_text("Je hebt pauze.")).to_be_visible()
    vera = await faces.built.owner.fetchval("select volunteer from contact where id = $1", contact)
    joinings = faces.built.house.coaching.joinings

    await joinings.invite(vera, contact, bas)
    joining = await faces.built.owner.fetchval("select id from joining")
    await joinings.answer(bas, joining, yes=True)
    await expect(reading).to_have_text("Er leest nu een andere vrijwilliger mee.")
    await expect(status(page)).to_have_text(walks.TALKING)
    assert await faults(page) == []
    await walks.say(page, "Leest er iemand mee?")
    await walks.reads(console, "Leest er iemand mee?")
    await page.reload()
    await expect(reading).to_have_text("Er leest nu een andere vrijwilliger mee.")

    await joinings.stop(vera, joining)
    await expect(reading).to_have_text("Er leest nu niemand meer mee.")
    await walks.write(console, "Nu zijn we weer met z'n tweeën.")
    await walks.reads(page, "Leest er iemand mee?", "Nu zijn we weer met z'n tweeën.")


async def test_after_a_hand_over_the_page_says_so_and_the_next_one_reads_all(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await walks.say(page, "Het is zo stil in huis.")
    await walks.write(console, "Ik geef u door aan een collega.")
    contact = ContactId(await contact_of(page))
    house = faces.built.house
    bas = await faces.built.volunteer("bas")
    other = await faces.volunteer(bas)
    await walks.is_ready(other)
    vera = await faces.built.owner.fetchval("select volunteer from contact where id = $1", contact)

    await Handing(house.database, house.hall).hand_over(vera, contact, bas)
    await walks.accept(other)

    await expect(status(page)).to_have_text("U praat nu met een collega van de vrijwilliger.")
    await walks.reads(other, "Het is zo stil in huis.", "Ik geef u door aan een collega.")
    await walks.write(other, "Hier ben ik. Vertel maar verder.")
    await expect(page.locator("#lines > li > p").last).to_have_text(
        "Hier ben ik. Vertel maar verder."
    )
