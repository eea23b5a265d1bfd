"""The hard moments of a call that need no coach, as caller and volunteer meet them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.test_one_call import COMES_MS, in_talk, listening, offered, taken
from tests.flows.walks import button
from tests.support.browser import PHONE

if TYPE_CHECKING:
    from playwright.async_api import Page

    from luisterlijn.simulation.exchange import Exchange
    from luisterlijn.simulation.telephone import DemoTelephone
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

WARNING = (
    "Ik luister graag naar u, maar niet op deze manier. Gaat dit door, dan stop ik het gesprek."
)
STRANGER = "+31687654321"
"""Another caller than the demo's page."""
TALKED_S = 130
"""Long enough to count as one of the day's conversations."""


def demo(faces: Faces) -> DemoTelephone:
    found = faces.built.house.demo_telephone
    assert found is not None
    return found


def exchange(faces: Faces) -> Exchange:
    return demo(faces).exchange


def calls_of_the_day(faces: Faces, most: int) -> None:
    """Let a number have so many conversations in 24 hours."""
    telephone = faces.built.house.telephone
    assert telephone is not None
    telephone.limits.a_day = most


async def calling(faces: Faces) -> Page:
    """Let somebody call the line on the demo's telephone."""
    page = await (await faces.profile(PHONE)).new_page()
    await page.goto(f"{faces.desk}/#bel-de-lijn")
    await calls(page)
    return page


async def calls(page: Page, key: str = "1") -> None:
    """Call, and cut the welcome short with a key; 1 asks for nothing."""
    await button(page, "Bellen").click()
    await expect(page.get_by_text("Je hoort een stem.")).to_be_visible()
    await button(page, key).click()


async def waits(page: Page) -> None:
    """See that the caller is in the waiting room."""
    await expect(page.get_by_text("Je wacht en hoort muziek.")).to_be_visible(timeout=COMES_MS)


async def coming(faces: Faces, name: str, *, languages: tuple[str, ...] = ("nl", "en")) -> Page:
    """Let a volunteer of the telephone come while somebody waits, and be ready."""
    person = await faces.built.volunteer(name, channels=("phone",), languages=languages)
    console = await faces.volunteer(person)
    await walks.is_ready(console)
    return console


async def is_not_offered(console: Page) -> None:
    await expect(button(console, "Aannemen")).to_be_hidden()


async def hang_up(console: Page) -> None:
    """End the call in the console."""
    await button(console, "Ophangen").click()
    await button(console, "Ja, ophangen").click()
    await expect(console.get_by_role("heading", name="afronden")).to_be_visible()


async def write_up(console: Page, nature: str) -> None:
    """Write the call up as this."""
    await console.get_by_label(nature, exact=True).check()
    await button(console, "Klaar").click()
    await expect(console.get_by_role("heading", name="afronden")).to_be_hidden()


async def a_stranger_is_offered(faces: Faces, console: Page) -> None:
    """Let another caller come, and see that this volunteer is asked for them."""
    exchange(faces).call_in(STRANGER)
    await offered(console)


async def test_abuse_is_warned_once_and_then_ended_with_rest_until_one_is_there_again(
    faces: Faces,
) -> None:
    console = await listening(faces)
    page = await calling(faces)
    await taken(console)

    await expect(console.get_by_text(WARNING)).to_be_hidden()
    await button(console, "Misbruik: waarschuwing voorlezen").click()
    await expect(console.get_by_text("Zeg dit tegen de beller:")).to_be_visible()
    await expect(console.get_by_text(WARNING)).to_be_visible()
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()
    await button(console, "Gesprek stoppen").click()

    await expect(page.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=COMES_MS)
    await expect(console.get_by_text("Dat was niet prettig. Wil je erover praten?")).to_be_visible()
    await expect(console.get_by_label("misbruik")).to_be_checked()
    await button(console, "Klaar").click()
    rests = console.get_by_text("Er komt geen oproep tot je er weer bent.").first
    await expect(rests).to_be_visible()
    exchange(faces).call_in(STRANGER)
    await faces.let_pass(11 * 60)
    await expect(rests).to_be_visible()
    await is_not_offered(console)
    await button(console, "Ik ben er weer").click()
    await offered(console)


async def test_who_was_abusive_and_calls_again_within_the_hour_gets_another_volunteer(
    faces: Faces,
) -> None:
    console = await listening(faces)
    page = await calling(faces)
    await taken(console)
    await button(console, "Misbruik: waarschuwing voorlezen").click()
    await button(console, "Gesprek stoppen").click()
    await expect(page.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=COMES_MS)
    await button(console, "Klaar").click()
    await button(console, "Ik ben er weer").click()

    await calls(page)
    await waits(page)
    await is_not_offered(console)
    other = await coming(faces, "wim")
    await taken(other)

    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()
    await is_not_offered(console)
    await a_stranger_is_offered(faces, console)


async def test_a_silent_call_has_its_card_and_does_not_count_for_the_day(faces: Faces) -> None:
    calls_of_the_day(faces, 1)
    console = await listening(faces)
    page = await calling(faces)
    await taken(console)
    guide = console.get_by_role("region", name="Werkwijzer")

    await console.keyboard.press("Alt+w")
    if await guide.is_hidden():
        await console.keyboard.press("Alt+w")
    await expect(guide).to_be_focused()
    await guide.get_by_role("button", name="Een stil gesprek").click()
    await expect(guide.get_by_text("U hoeft niets te zeggen. Ik ben er.")).to_be_visible()
    await expect(guide.get_by_text("Tik één keer voor ja, twee keer voor nee.")).to_be_visible()
    await faces.let_pass(TALKED_S)
    await hang_up(console)
    await write_up(console, "stil")
    await expect(page.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=COMES_MS)

    await calls(page)
    await taken(console)
    await faces.let_pass(TALKED_S)
    await hang_up(console)
    await write_up(console, "gesprek")
    await expect(page.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=COMES_MS)
    await button(page, "Bellen").click()

    limit = page.get_by_text("U hebt vandaag al een paar keer met ons gepraat.")
    await expect(limit).to_be_visible(timeout=COMES_MS)
    await is_not_offered(console)


async def test_who_knows_the_caller_hands_over_and_is_not_asked_again_this_shift(
    faces: Faces,
) -> None:
    console = await listening(faces)
    page = await calling(faces)
    await taken(console)
    await button(console, "Ik ken deze persoon").click()
    await expect(console.get_by_text("Niemand vraagt waarom.")).to_be_visible()
    await expect(console.get_by_role("dialog").get_by_role("textbox")).to_have_count(0)
    await button(console, "Ja, overdragen").click()

    await expect(console.get_by_text("Geen gesprekken.")).to_be_visible()
    await waits(page)
    await is_not_offered(console)
    await button(page, "Ophangen").click()
    await expect(page.get_by_text("Het gesprek is voorbij.")).to_be_visible()
    await faces.let_pass(2 * 3600)
    await calls(page)
    await waits(page)
    await is_not_offered(console)
    other = await coming(faces, "wim")
    await taken(other)

    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()
    await a_stranger_is_offered(faces, console)


async def test_key_8_leads_to_who_speaks_english_and_the_offer_says_so(faces: Faces) -> None:
    dutch = await coming(faces, "vera", languages=("nl",))
    english = await faces.volunteer(await faces.built.volunteer("wim", channels=("phone",)))
    await expect(english.get_by_text("Je hebt pauze.")).to_be_visible()
    page = await (await faces.profile(PHONE)).new_page()
    await page.goto(f"{faces.desk}/#bel-de-lijn")
    await calls(page, "8")
    await expect(page.get_by_text("This is the").first).to_be_visible()
    await is_not_offered(dutch)

    await walks.is_ready(english)
    offer = english.get_by_role("region", name="Nieuwe oproep")
    await expect(offer).to_contain_text("Telefoon, Engels", timeout=COMES_MS)
    await is_not_offered(dutch)
    await taken(english)

    await expect(english.get_by_text("De beller spreekt Engels.")).to_be_visible()
    await button(english, "Misbruik: waarschuwing voorlezen").click()
    await expect(english.get_by_text("I am glad to listen to you")).to_be_visible()


async def test_after_a_dropped_line_the_same_volunteer_is_asked_first(faces: Faces) -> None:
    console = await listening(faces)
    page = await calling(faces)
    await taken(console)
    other = await listening(faces, "wim")

    await drop_line(faces)
    await offered(console)
    await is_not_offered(other)
    await button(console, "Aannemen").click()
    await in_talk(console)
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()
    await is_not_offered(other)

    await drop_line(faces)
    await offered(console)
    await button(console, "Nu niet").click()
    await taken(other)
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()


async def drop_line(faces: Faces) -> None:
    """Cut the line of the only volunteer who talks, as a network does."""
    [leg] = [
        each
        for each in exchange(faces).legs.values()
        if each.to.startswith("client:") and each.status == "in-progress"
    ]
    exchange(faces).hang_up(leg)


async def test_the_cards_open_in_a_call_when_the_network_is_gone(faces: Faces) -> None:
    console = await listening(faces)
    await calling(faces)
    await taken(console)
    await console.context.set_offline(offline=True)
    guide = console.get_by_role("region", name="Werkwijzer")
    cards = {
        "Iemand is doof of slechthorend": "Belt iemand met KPN Teletolk",
        "Iemand spreekt een andere taal": "I am sorry, I only speak Dutch.",
        "Een kind, of zorg om een kind": "Goed dat je dit vertelt.",
        "Leven in gevaar": "Wij zien geen nummer en geen adres",
        "Iemand denkt aan zelfmoord": "Vraag het open",
    }

    for title, says in cards.items():
        await console.keyboard.press("Alt+w")
        if await guide.is_hidden():
            await console.keyboard.press("Alt+w")
        await guide.get_by_role("button", name=title).click()
        await expect(guide.get_by_text(says).first).to_be_visible()
        await guide.get_by_role("button", name="Alle kaarten").click()


async def test_nobody_can_be_rung_back(faces: Faces) -> None:
    console = await listening(faces)
    await calling(faces)
    await offered(console)
    await nothing_to_ring(console)
    await button(console, "Aannemen").click()
    await in_talk(console)
    await nothing_to_ring(console)
    await hang_up(console)
    await nothing_to_ring(console)
    await write_up(console, "gesprek")
    await nothing_to_ring(console)

    placed = [each.to for each in exchange(faces).legs.values() if each.direction != "inbound"]
    assert [each for each in placed if not each.startswith("client:")] == []


async def nothing_to_ring(console: Page) -> None:
    """See that no number can be typed or followed, and that the caller's is nowhere on the page."""
    fields = console.locator(
        "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])"
    )
    await expect(fields).to_have_count(0)
    await expect(console.locator("a[href^='tel:'], a[href^='sip:']")).to_have_count(0)
    for name in ("Bellen", "Terugbellen"):
        await expect(button(console, name)).to_have_count(0)
    assert "612345678" not in "".join(c for c in await console.content() if c.isdigit())
