"""The hard moments of a chat that need no coach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.flows import walks
from tests.flows.walks import button, status

if TYPE_CHECKING:
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

WARNING = (
    "Ik luister graag naar u, maar niet op deze manier. Gaat dit door, dan stop ik het gesprek."
)


async def test_abuse_is_warned_once_then_ended_with_rest_until_one_is_there_again(
    faces: Faces,
) -> None:
    page, console = await walks.talking(faces)
    await walks.say(page, "Iets grofs.")
    await walks.reads(console, "Iets grofs.")
    await button(console, "Misbruik: waarschuwing sturen").click()
    await walks.reads(page, "Iets grofs.", WARNING)
    await walks.say(page, "Nog iets grofs.")

    await button(console, "Gesprek stoppen").click()
    await expect(page.get_by_text("Wij hebben het gesprek gestopt.")).to_be_visible()
    await expect(console.get_by_text("Dat was niet prettig. Wil je erover praten?")).to_be_visible()
    await expect(console.get_by_label("misbruik")).to_be_checked()
    await button(console, "Klaar").click()
    rests = console.get_by_text("Er komt geen oproep tot je er weer bent.").first
    await expect(rests).to_be_visible()

    other = await faces.visitor()
    await walks.begin(other)
    await expect(status(other)).to_have_text("U bent de eerste.")
    await faces.let_pass(11 * 60)
    await expect(rests).to_be_visible()
    await button(console, "Ik ben er weer").click()
    await expect(button(console, "Aannemen")).to_be_visible(timeout=15_000)


async def test_who_knows_the_person_hands_over_and_is_not_asked_again(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await walks.say(page, "Ik woon op de hoek bij de molen.")
    await walks.reads(console, "Ik woon op de hoek bij de molen.")
    await button(console, "Ik ken deze persoon").click()
    await expect(console.get_by_text("Niemand vraagt waarom.")).to_be_visible()
    await button(console, "Ja, overdragen").click()

    await expect(console.get_by_text("Geen gesprekken.")).to_be_visible()
    await expect(status(page)).to_contain_text("U bent de eerste.")
    other = await walks.ready(faces, "wim")
    await walks.accept(other)
    await walks.reads(other, "Ik woon op de hoek bij de molen.")
    await expect(status(page)).to_have_text(walks.TALKING)
    await expect(button(console, "Aannemen")).to_be_hidden()


async def test_the_werkwijzer_opens_with_alt_w_when_the_network_is_gone(faces: Faces) -> None:
    console = await faces.volunteer(await faces.built.volunteer("vera"))
    guide = console.get_by_role("region", name="Werkwijzer")
    await expect(guide.get_by_role("button", name="Iemand denkt aan zelfmoord")).to_be_visible()
    await console.keyboard.press("Alt+w")
    await console.keyboard.press("Alt+w")
    await expect(guide).to_be_hidden()
    await console.context.set_offline(offline=True)
    asked = len(faces.seen.requests)

    await console.keyboard.press("Alt+w")
    await expect(guide).to_be_focused()
    await guide.get_by_role("button", name="Iemand denkt aan zelfmoord").click()

    await expect(guide.get_by_text("Vraag het open")).to_be_visible()
    await expect(guide.get_by_text("0800-0113").first).to_be_visible()
    of_cards = [url for url in faces.seen.requests[asked:] if "socket" not in url]
    assert [url for url in of_cards if not url.endswith("/session/ticket")] == []


async def test_one_press_puts_a_number_into_the_message(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await console.get_by_label("Je bericht").fill("Bel gerust:")
    await button(console, "Zet in bericht: 113 Zelfmoordpreventie").click()
    message = console.get_by_label("Je bericht")
    await expect(message).to_be_focused()
    await expect(message).to_have_value("Bel gerust: 113 Zelfmoordpreventie: 113, of 113.nl")
    await console.keyboard.press("Enter")

    await walks.reads(page, "Bel gerust: 113 Zelfmoordpreventie: 113, of 113.nl")


async def test_an_own_number_or_link_is_asked_about_before_it_is_sent(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    asked = console.get_by_role("dialog", name="Weet je het zeker?")

    await walks.write(console, "Bel mij op 06-12345678.")
    await expect(asked).to_contain_text("iets dat op een telefoonnummer lijkt")
    await console.keyboard.press("Escape")
    await expect(asked).to_be_hidden()
    await walks.write(console, "Kijk op www.voorbeeld.nl")
    await expect(asked).to_contain_text("In je bericht staat een link.")
    await expect(walks.lines(page)).to_have_count(0)
    await button(console, "Toch versturen").click()

    await walks.reads(page, "Kijk op www.voorbeeld.nl")


async def test_somebody_comes_in_and_the_volunteer_waits_for_the_next_word(faces: Faces) -> None:
    page, console = await walks.talking(faces)
    await walks.write(console, "Vertel maar.")
    await walks.reads(page, "Vertel maar.")

    await button(page, "Er komt iemand binnen").click()
    await expect(page.get_by_text("Vertel maar.")).to_be_hidden()
    await expect(
        console.get_by_role("heading", name="Chat 1 · weg, misschien niet veilig")
    ).to_be_visible()
    await expect(console.get_by_label("Je bericht")).not_to_be_editable()
    await button(page, "Verder").click()
    await walks.reads(page, "Vertel maar.")
    await expect(console.get_by_label("Je bericht")).not_to_be_editable()
    await walks.say(page, "Ik ben weer alleen.")

    await expect(console.get_by_role("heading", name="Chat 1 · verbonden")).to_be_visible()
    await walks.write(console, "Fijn dat u er weer bent.")
    await walks.reads(page, "Vertel maar.", "Ik ben weer alleen.", "Fijn dat u er weer bent.")


async def test_an_english_chat_goes_only_to_who_speaks_english(faces: Faces) -> None:
    dutch = await walks.ready(faces, "vera", languages=("nl",))
    english = await faces.volunteer(await faces.built.volunteer("wim", languages=("nl", "en")))
    page = await faces.visitor("/en")
    await page.get_by_role("button", name="Start a chat").click()
    await expect(status(page)).to_have_text("You are first in line.")

    await walks.is_ready(english)
    await expect(english.get_by_role("region", name="Nieuwe oproep")).to_contain_text(
        "Chat, Engels"
    )
    await expect(button(dutch, "Aannemen")).to_be_hidden()
    await walks.accept(english)

    await expect(status(page)).to_have_text("You are talking with a volunteer.")
    await button(english, "Misbruik: waarschuwing sturen").click()
    await expect(walks.lines(page)).to_contain_text(["I am glad to listen to you"])
