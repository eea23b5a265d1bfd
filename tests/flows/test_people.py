"""A coordinator keeps a list and trains people; a volunteer reads, signs up and leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.clock import Interval, local_day
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE, Role
from tests.flows.walks import button
from tests.support.browser import faults, overflow

if TYPE_CHECKING:
    from datetime import date

    from playwright.async_api import Page

    from luisterlijn.kernel.ids import PersonId
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (360, 740), (320, 256))
FAULTY = (
    "inlognaam;naam;opleiding;vog\n"
    "anja;Anja de Vries;chat mentor;31-02-2026\n"
    "bert;Bert;fax zelfstandig;\n"
    "carl;Carl Bos;chat meeloopfase;2026-01-15\n"
)
MENDED = FAULTY.replace("31-02-2026", "28-02-2026").replace("fax", "chat")


async def coordinator(faces: Faces) -> Page:
    """Open the volunteers of the branch as its coordinator."""
    page = await faces.volunteer(await faces.person("cora", Role.COORDINATOR))
    await button(page, "Vrijwilligers").click()
    await expect(page.get_by_role("heading", name="Vrijwilligers van Utrecht")).to_be_visible()
    return page


async def bring(page: Page, text: str) -> None:
    """Choose a file and look at what it would change."""
    await page.get_by_label("Bestand").set_input_files(
        {"name": "lijst.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    )
    await button(page, "Bekijk wat er verandert").click()


async def sees(page: Page, words: str) -> None:
    """Wait until these words are on the page."""
    await expect(page.get_by_text(words)).to_be_visible()


async def evening(faces: Faces, title: str) -> date:
    """Plan an evening in three days; gives its day."""
    starts = await faces.built.time.now() + timedelta(days=3)
    await faces.built.house.people.gatherings.add(
        LINE,
        faces.built.branch,
        "training",
        title,
        Interval(starts, starts + timedelta(hours=2)),
        8,
    )
    return local_day(starts)


async def is_good(page: Page) -> None:
    """Fail when a reader of the screen, or a small screen, meets something wrong."""
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await faults(page) == [], f"{width} px"
        assert await overflow(page) <= 0, f"{width} px"
    await page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})


async def test_a_list_with_faults_is_mended_and_taken_over(faces: Faces) -> None:
    for name in ("anja", "bert"):
        await faces.built.volunteer(name, hours=0)
    page = await coordinator(faces)

    await button(page, "Lijst inlezen").click()
    await bring(page, FAULTY)
    await expect(
        page.get_by_text("1 nieuw, 0 gewijzigd, 0 ongewijzigd, 2 geweigerd")
    ).to_be_visible()
    anja = page.get_by_role("row", name="Regel 2")
    await expect(anja).to_contain_text("vog: deze datum bestaat niet of kan niet")
    await expect(page.get_by_role("row", name="Regel 3")).to_contain_text("dit kanaal is er niet")
    await is_good(page)
    assert await faces.built.owner.fetchval("select count(*) from training") == 0

    await bring(page, MENDED)
    await expect(
        page.get_by_text("1 nieuw, 1 gewijzigd, 1 ongewijzigd, 0 geweigerd")
    ).to_be_visible()
    await button(page, "Nu inlezen").click()
    sheet = page.get_by_role("region", name="Inloggegevens van Carl Bos")
    await expect(sheet).to_contain_text("Inlognaam: carl")
    await expect(sheet).to_contain_text("Sleutel voor de code-app")
    await is_good(page)
    await button(page, "Ik heb ze doorgegeven").click()
    await expect(sheet).to_be_hidden()

    await expect(page.get_by_role("row", name="Anja de Vries")).to_contain_text("chat: mentor")
    await bring(page, MENDED)
    await expect(
        page.get_by_text("0 nieuw, 0 gewijzigd, 3 ongewijzigd, 0 geweigerd")
    ).to_be_visible()
    await expect(page.get_by_text("Er is niets om in te lezen.")).to_be_visible()


async def test_a_coordinator_finds_edits_and_trains_somebody_and_gives_a_mentor(
    faces: Faces,
) -> None:
    await faces.built.volunteer("anja", hours=0)
    await faces.built.volunteer("bert", hours=0)
    page = await coordinator(faces)
    await is_good(page)

    await page.get_by_label("Zoek op naam").fill("anj")
    await expect(page.get_by_text("1 van 2 vrijwilligers")).to_be_visible()
    await button(page, "Gegevens van Anja").click()
    await page.get_by_label("Datum op de VOG").fill("2020-03-01")
    await page.get_by_label("Heeft geen computer").check()
    await button(page, "Opslaan").click()
    await expect(page.get_by_text("Opgeslagen: Anja.")).to_be_visible()
    await page.get_by_label("Wordt").select_option("meeloopfase")
    await button(page, "Opleiding bijwerken").click()
    await expect(page.get_by_text("Anja: chat is nu meeloopfase.")).to_be_visible()
    await is_good(page)
    await button(page, "Sluiten").click()

    row = page.get_by_role("row", name="Anja")
    await expect(row).to_contain_text("te oud")
    await expect(row).to_contain_text("zonder computer")
    await expect(button(page, "Gegevens van Anja")).to_be_focused()

    await page.get_by_label("Zoek op naam").fill("")
    await button(page, "Gegevens van Bert").click()
    await page.get_by_label("Wordt").select_option("mentor")
    await button(page, "Opleiding bijwerken").click()
    await expect(page.get_by_text("Bert: chat is nu mentor.")).to_be_visible()
    await button(page, "Opleiding").click()
    await page.get_by_label("Mentor van Anja").select_option("Bert")
    await expect(page.get_by_text("Anja heeft nu Bert als mentor.")).to_be_visible()
    await is_good(page)


async def test_wishes_are_put_in_for_somebody_without_a_computer(faces: Faces) -> None:
    person = await faces.built.volunteer("anja", hours=0)
    monday = local_day(await faces.built.time.now()) + timedelta(days=28)
    await open_period(faces, monday - timedelta(days=monday.weekday()))
    page = await coordinator(faces)

    await button(page, "Gegevens van Anja").click()
    await page.get_by_text("Wensen voor").first.click()
    await page.get_by_label("Hoeveel diensten wil je?").fill("3")
    await is_good(page)
    await button(page, "Wensen bewaren").click()
    await sees(page, "De wensen van Anja zijn bewaard.")

    row = await faces.built.owner.fetchrow("select person, wanted, on_behalf from wish")
    assert row is not None
    assert tuple(row) == (person, 3, True)


async def open_period(faces: Faces, first: date) -> None:
    """Open four weeks of the branch for wishes."""
    await faces.built.owner.execute(
        "insert into roster_period (id, branch, first, state) values ($1, $2, $3, 'open')",
        *(new_id(faces.built.house.tokens), faces.built.branch, first),
    )


async def test_an_evening_is_planned_and_somebody_without_a_computer_comes(faces: Faces) -> None:
    await faces.built.volunteer("anja", hours=0)
    page = await coordinator(faces)

    await button(page, "Bijeenkomsten").click()
    await button(page, "Bijeenkomst toevoegen").click()
    await page.get_by_label("Titel").fill("Luisteren in stilte")
    await button(page, "Toevoegen").click()
    await expect(page.get_by_text("Toegevoegd: Luisteren in stilte.")).to_be_visible()
    await button(page, "Lijst").click()
    await button(page, "Gegevens van Anja").click()
    await button(page, "Aanmelden: Luisteren in stilte").click()
    await expect(page.get_by_text("Anja is aangemeld voor Luisteren in stilte.")).to_be_visible()
    await button(page, "Bijeenkomsten").click()

    await expect(page.get_by_text("Anja (namens)")).to_be_visible()
    await expect(page.get_by_text("1 van 12 plaatsen bezet")).to_be_visible()
    await is_good(page)


async def sent(page: Page, text: str) -> None:
    """Write to the branch."""
    await button(page, "Berichten").click()
    await page.get_by_label("Bericht", exact=True).fill(text)
    await button(page, "Versturen").click()
    await expect(page.get_by_text("Verstuurd aan 1 mens.")).to_be_visible()


async def volunteer_news(faces: Faces, person: PersonId) -> Page:
    """Open a volunteer's messages; something new is told on the tab."""
    page = await faces.volunteer(person)
    await page.get_by_role("button", name="Berichten 1 nieuw").click()
    return page


async def test_a_volunteer_reads_a_message_signs_up_for_an_evening_and_sets_a_last_day(
    faces: Faces,
) -> None:
    person = await faces.built.volunteer("anja", hours=0)
    await evening(faces, "Luisteren in stilte")
    cora = await coordinator(faces)
    await sent(cora, "Neem donderdag de sleutel mee")
    await is_good(cora)

    page = await volunteer_news(faces, person)
    await expect(page.get_by_text("Neem donderdag de sleutel mee")).to_be_visible()
    await is_good(page)
    await page.get_by_role("button", name="Gelezen: bericht van Cora").click()
    await expect(button(page, "Berichten")).to_be_visible()
    await button(page, "Aanmelden: Luisteren in stilte").click()
    await expect(page.get_by_text("Je bent aangemeld.", exact=True)).to_be_visible()
    await page.get_by_label("Mijn laatste dag").fill(
        (local_day(await faces.built.time.now()) + timedelta(days=30)).isoformat()
    )
    await button(page, "Laatste dag vastleggen").click()
    await button(page, "Ja, vastleggen").click()
    await expect(page.get_by_text("Je laatste dag is")).to_be_visible()
    await button(page, "Ik blijf toch").click()
    await expect(page.get_by_text("Fijn dat je blijft.")).to_be_visible()

    await button(cora, "Lijst").click()
    await button(cora, "Berichten").click()
    await expect(cora.get_by_text("gelezen door 1 van 1")).to_be_visible()
