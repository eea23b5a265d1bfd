"""A volunteer asks for help and gets it: the coach's console, reading along, and after-care."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.scope import Role
from tests.flows import walks
from tests.flows.test_every_state import Look
from tests.flows.test_one_call import calling, in_talk, listening, taken
from tests.flows.walks import button, status
from tests.support.coaching import coach, somebody

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

AT_ONCE_MS = 2_000
"""A request stands before the coach within two seconds."""
TAKE = "Oppakken: hulpvraag van Vera"


async def see(look: Look, name: str, *consoles: Page) -> None:
    """Look at these consoles as they are now."""
    for number, each in enumerate(consoles):
        await look.desk(f"help-{name}-{number}", each)


def banner(console: Page, name: str) -> Locator:
    """Find the words over who reads along with the volunteer."""
    return console.get_by_text(f"— {name} leest mee (de chatter ziet dit) —")


async def ask(console: Page, *, urgent: bool = False) -> None:
    """Ask for help without a mouse."""
    await console.keyboard.press("Alt+h")
    await expect(console.get_by_role("dialog")).to_be_visible()
    if urgent:
        await console.keyboard.press("Tab")
    await console.keyboard.press("Enter")
    await expect(console.get_by_role("dialog")).to_be_hidden()


async def test_a_volunteer_is_helped_in_a_chat_and_cared_for_afterwards(faces: Faces) -> None:
    look = Look()
    page, console = await walks.talking(faces)
    helper = await faces.volunteer(await coach(faces.built))
    await expect(helper.get_by_text("Je hebt nu achterwacht.")).to_be_visible()
    await walks.say(page, "Dit staat er van voor de hulp.")
    await walks.reads(console, "Dit staat er van voor de hulp.")
    await see(look, "idle", helper)

    await console.get_by_label("Je bericht").focus()
    await ask(console, urgent=True)
    request = button(helper, TAKE)
    await expect(request).to_be_visible(timeout=AT_ONCE_MS)
    await expect(helper.get_by_role("listitem").filter(has=request)).to_contain_text("Dringend")
    await expect(console.get_by_text("Dringend: wij vragen de achterwacht.")).to_be_visible()
    await expect(console.get_by_label("Je bericht")).to_be_focused()
    await see(look, "asked", console, helper)

    await request.click()
    await expect(console.get_by_text("Ada helpt je.")).to_be_visible()
    await expect(helper.get_by_role("heading", name="Hulpvraag van Vera")).to_be_focused()
    await expect(button(helper, "Overnemen")).to_have_attribute("aria-disabled", "true")
    await button(helper, "Meelezen").click()
    await expect(banner(console, "Ada")).to_be_visible()
    await expect(button(console, "Stoppen met meelezen: Ada")).to_be_hidden()
    await expect(page.locator("#reading")).to_contain_text("Er leest nu een coach mee")
    await walks.say(page, "Ik weet het niet meer.")
    await walks.reads(helper, "Ik weet het niet meer.")
    await walks.write(console, "Ik blijf bij u.")
    await walks.reads(helper, "Ik weet het niet meer.", "Ik blijf bij u.")
    await expect(helper.get_by_role("textbox")).to_have_count(0)
    await see(look, "reading", console, helper)

    await button(helper, "Klaar").click()
    await expect(page.locator("#reading")).to_have_text("Er leest nu niemand meer mee.")
    await expect(banner(console, "Ada")).to_be_hidden()
    await expect(console.get_by_text("Ada is klaar met helpen.")).to_be_visible()
    await expect(helper.get_by_text("Er is nu geen hulpvraag.")).to_be_visible()

    assert look.wrong == {}


async def test_who_was_helped_is_cared_for_afterwards(faces: Faces) -> None:
    look = Look()
    _page, console = await walks.talking(faces)
    helper = await faces.volunteer(await coach(faces.built))
    await ask(console)
    await button(helper, TAKE).click()
    await expect(console.get_by_text("Ada helpt je.")).to_be_visible()
    await button(helper, "Klaar").click()

    await walks.end(console)
    await console.get_by_label("gesprek", exact=True).check()
    await button(console, "Klaar").click()
    await expect(console.get_by_role("heading", name="Neem even rust")).to_be_focused()
    await button(console, "Na de dienst").click()
    await expect(console.get_by_text("weten dat je na je dienst wilt praten")).to_be_visible()
    talk = helper.get_by_role("listitem").filter(has_text="wil na de dienst praten")
    await expect(talk).to_contain_text("Vera")
    await see(look, "after-care", console, helper)
    await button(helper, "Gesproken: Vera").click()
    await expect(talk).to_be_hidden()

    await button(console, "Weg").click()
    await expect(console.get_by_role("heading", name="Hoe ga je naar huis?")).to_be_visible()
    await see(look, "going-home", console)
    await button(console, "Bel me").click()
    await expect(button(console, "Weg")).to_have_attribute("aria-pressed", "true")
    await expect(helper.get_by_role("listitem").filter(has_text="bel me")).to_contain_text("Vera")
    assert look.wrong == {}


async def test_a_coach_takes_a_chat_over_and_reads_all_of_it(faces: Faces) -> None:
    look = Look()
    page, console = await walks.talking(faces)
    helper = await faces.volunteer(await coach(faces.built))
    await walks.say(page, "Dit staat er van voor de hulp.")
    await walks.reads(console, "Dit staat er van voor de hulp.")
    await ask(console)
    await button(helper, TAKE).click()
    await button(helper, "Meelezen").click()
    await expect(banner(console, "Ada")).to_be_visible()
    await walks.write(console, "Ik geef u door.")
    await walks.reads(helper, "Ik geef u door.")

    await button(helper, "Overnemen").click()
    await see(look, "sure", helper)
    await button(helper, "Ja, overnemen").click()

    await expect(status(page)).to_have_text("U praat nu met een collega van de vrijwilliger.")
    await walks.reads(helper, "Dit staat er van voor de hulp.", "Ik geef u door.")
    await expect(helper.get_by_label("Je bericht")).to_be_focused()
    await expect(console.get_by_text("Ada heeft het gesprek overgenomen.")).to_be_visible()
    await expect(console.get_by_role("heading", name="Neem even rust")).to_be_visible()
    await walks.write(helper, "Goedenavond. Ik ben er nu.")
    await expect(page.locator("#lines > li > p").last).to_have_text("Goedenavond. Ik ben er nu.")
    await see(look, "took-over", console, helper)
    assert look.wrong == {}


async def test_a_coach_listens_whispers_joins_and_takes_over_a_call(faces: Faces) -> None:
    look = Look()
    console = await listening(faces)
    helper = await faces.volunteer(await coach(faces.built))
    page = await calling(faces)
    await taken(console)
    await ask(console)
    await button(helper, TAKE).click()

    told = console.get_by_role("group", name="Wie erbij is")
    for way, words in (
        ("Meeluisteren", "Ada luistert mee."),
        ("Fluisteren", "Ada fluistert: alleen jij hoort dit."),
        ("Meepraten", "Ada praat mee. De beller hoort dit."),
    ):
        await button(helper, way).click()
        await expect(told.get_by_text(words)).to_be_visible()
        await expect(button(helper, way)).to_have_attribute("aria-pressed", "true")
    # Pressed in this console, so the telephone was picked up by itself.
    await expect(helper.get_by_text("Telefoon: in gesprek")).to_be_visible()
    await expect(console.get_by_role("button", name="Stoppen met meelezen")).to_be_hidden()
    await expect(page.get_by_text("Er luistert nu een ervaren collega mee.")).to_be_visible()
    await see(look, "call", console, helper)

    await button(helper, "Overnemen").click()
    await button(helper, "Ja, overnemen").click()
    await in_talk(helper)
    await expect(console.get_by_text("Ada heeft het gesprek overgenomen.")).to_be_visible()
    await expect(console.get_by_role("heading", name="Neem even rust")).to_be_visible()
    await expect(page.get_by_text("Je bent in gesprek.")).to_be_visible()
    assert look.wrong == {}


async def test_who_asks_outside_a_conversation_is_called_and_can_pick_up(faces: Faces) -> None:
    look = Look()
    console = await listening(faces)
    helper = await faces.volunteer(await coach(faces.built))
    await ask(console)
    await button(helper, TAKE).click()
    await expect(console.get_by_text("Ada helpt je.")).to_be_visible()

    await button(helper, "Alleen met de vrijwilliger").click()
    await expect(console.get_by_text("Je telefoon gaat: het is de achterwacht.")).to_be_visible()
    await see(look, "rings", console, helper)
    await button(console, "Opnemen").click()

    for each in (console, helper):
        bar = each.get_by_role("group", name="Jouw telefoon")
        await expect(bar.get_by_text("in gesprek")).to_be_visible()
    assert look.wrong == {}


async def test_a_colleague_reads_along_when_asked_and_stops_when_thanked(faces: Faces) -> None:
    look = Look()
    page, console = await walks.talking(faces)
    other = await walks.ready(faces, "bas")

    await button(console, "Laten meelezen").click()
    people = console.get_by_role("dialog").get_by_role("listitem")
    await expect(people).to_have_count(1)
    await expect(people).to_contain_text("(collega)")
    await see(look, "who", console)
    await people.get_by_role("button").click()
    invitation = other.get_by_role("region", name="Meelezen?")
    await expect(invitation).to_contain_text("vraagt: lees je mee?")
    await expect(console.get_by_text("Je wacht op antwoord.")).to_be_visible()
    await see(look, "invited", console, other)

    await other.keyboard.press("Alt+o")
    await expect(button(other, "Meelezen")).to_be_focused()
    await other.keyboard.press("Enter")
    await expect(other.get_by_text("— Je leest mee. De chatter ziet dit. —")).to_be_visible()
    await expect(page.locator("#reading")).to_have_text("Er leest nu een andere vrijwilliger mee.")
    await walks.say(page, "Leest er iemand mee?")
    await walks.reads(other, "Leest er iemand mee?")
    await see(look, "reads", console, other)

    await console.get_by_role("button", name="Stoppen met meelezen").click()
    await expect(page.locator("#reading")).to_have_text("Er leest nu niemand meer mee.")
    await expect(other.get_by_text("Je bent niet meer bij het gesprek")).to_be_visible()
    await expect(other.get_by_text("Leest er iemand mee?")).to_be_hidden()
    assert look.wrong == {}


async def test_who_asks_outside_a_conversation_and_reaches_nobody_is_told_what_to_do(
    faces: Faces,
) -> None:
    look = Look()
    console = await faces.volunteer(await faces.built.volunteer("vera"))
    await expect(console.get_by_text("Je hebt pauze.")).to_be_visible()

    await console.keyboard.press("Alt+h")
    await see(look, "asking", console)
    await console.keyboard.press("Escape")
    await expect(console.get_by_role("dialog")).to_be_hidden()
    await ask(console)

    told = console.get_by_role("region", name="Hulp van de achterwacht")
    await expect(told).to_contain_text("Niemand bereikt.")
    await expect(told).to_contain_text("112")
    await expect(told).to_contain_text("113 of 0800-0113")
    await see(look, "nobody", console)
    await button(console, "Kaart openen: leven in gevaar").click()
    await expect(console.get_by_role("heading", name="Leven in gevaar")).to_be_visible()
    await button(console, "Hulp intrekken").click()
    await expect(told).not_to_contain_text("Niemand bereikt.")
    assert look.wrong == {}


async def test_a_planner_fills_the_rota_and_takes_a_removal_back(faces: Faces) -> None:
    look = Look()
    await somebody(faces.built, "ada", Role.COACH)
    page = await faces.volunteer(await somebody(faces.built, "pim", Role.PLANNER))
    await button(page, "Achterwacht").click()
    await expect(page.get_by_text("Nu heeft niemand achterwacht.")).to_be_visible()
    await expect(page.get_by_text("Niemand: ")).to_be_visible()

    await button(page, "Iemand toevoegen").click()
    await expect(page.get_by_label("Wie")).to_be_focused()
    await page.get_by_label("Wie").select_option(label="Ada Smit (geen telefoon bekend)")
    await see(look, "duty-add", page)
    await button(page, "Toevoegen").click()
    await expect(page.get_by_text("Toegevoegd: Ada Smit")).to_be_visible()
    await expect(page.get_by_text("Niemand met een telefoon: ")).to_be_visible()
    await see(look, "duty", page)

    remove = page.get_by_role("button", name="Weghalen: Ada Smit")
    await remove.first.click()
    await expect(page.get_by_text("Weggehaald: Ada Smit")).to_be_visible()
    await expect(button(page, "Ongedaan maken")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Teruggezet: Ada Smit")).to_be_visible()
    await expect(remove.first).to_be_visible()
    assert look.wrong == {}
