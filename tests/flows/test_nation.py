"""Who plans the whole line: branches, forecast, special days, a plan by night."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.scope import Role
from tests.flows.test_every_state import Look
from tests.flows.test_planner import cell, hours, put_on, week
from tests.flows.walks import button
from tests.support import planner as planned

if TYPE_CHECKING:
    from tests.support.browser import Faces

pytestmark = pytest.mark.browser


async def test_who_plans_the_nation_sees_every_branch_and_opens_one(faces: Faces) -> None:
    look = Look()
    vera = await faces.person("vera", Role.VOLUNTEER)
    first = await week(faces, vera)
    await planned.expect(faces.built, first=first)
    await planned.another_branch(faces.built)
    page = await faces.volunteer(await faces.person("piet", Role.PLANNER))
    await button(page, "Volgende week").click()

    row = page.get_by_role("row", name="Utrecht")
    await expect(row.get_by_text("nog 5 nodig")).to_be_visible()
    await expect(page.get_by_text("komt naar verwachting")).to_be_visible()
    await look.desk("nation-board", page)
    await button(page, "Bijzondere dagen").click()
    await page.get_by_label("Naam").fill("Week van de eenzaamheid")
    await page.get_by_label("Soort").select_option(label="campagne")
    await page.get_by_label("Eerste dag").fill(first.isoformat())
    await page.get_by_label("Laatste dag").fill((first + timedelta(days=6)).isoformat())
    await button(page, "Toevoegen").click()
    await expect(page.get_by_text("20 procent meer")).to_be_visible()
    await look.desk("nation-events", page)
    await button(page, "Land invullen").click()
    await expect(page.get_by_label("Vannacht, vanaf 1 uur")).to_be_checked()
    await button(page, "Invullen").click()
    await expect(page.get_by_text("Staat klaar. Begint")).to_be_visible()
    await look.desk("nation-plan", page)
    await button(page, "Stoppen en niets veranderen").click()
    await expect(page.get_by_text("Gestopt.")).to_be_visible()

    await button(page, "Vestigingen").click()
    await button(page, "Utrecht").click()
    await expect(page.get_by_role("heading", name="Vestiging Utrecht")).to_be_visible()
    await button(page, "Volgende week").click()
    await cell(page, hours(19, 23), 3).click()
    await put_on(page, "Vera")
    await look.desk("nation-branch", page)
    await button(
        page, "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} Terug naar de hele lijn"
    ).click()
    await button(page, "Volgende week").click()
    await expect(row.get_by_text("nog 6 nodig").first).to_be_visible()

    assert look.wrong == {}


async def test_the_forecast_is_drawn_told_and_frozen(faces: Faces) -> None:
    look = Look()
    today = local_day(await faces.built.time.now())
    await planned.expect(faces.built, first=today - timedelta(days=20), days=21)
    page = await faces.volunteer(await faces.person("piet", Role.PLANNER))
    await button(page, "Verwachting").click()

    await expect(page.get_by_text("Roosters rekenen met een vastgezette")).to_be_visible()
    await page.get_by_text("Dezelfde cijfers als tabel").click()
    await expect(page.get_by_role("table").get_by_role("row")).not_to_have_count(0)
    await expect(page.get_by_role("cell", name="960").first).to_be_visible()
    await look.desk("nation-forecast", page)
    async with page.expect_download() as waiting:
        await button(page, "Opslaan als CSV").click()
    file = await (await waiting.value).path()
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0] == "Dag;Verwacht;Laag;Hoog;Gekomen"
    assert any(line.split(";")[1] == "960" for line in lines[1:])

    await button(page, "Nieuwe verwachting maken").click()
    await expect(page.get_by_text("De nieuwe verwachting is klaar.")).to_be_visible(timeout=30_000)
    await page.get_by_role("button", name="Verwachting vastzetten").click()
    await button(page, "Ja, vastzetten").click()
    await expect(page.get_by_text("De verwachting is vastgezet.")).to_be_visible()
    states = await faces.built.owner.fetch("select state from demand_profile")

    assert [row["state"] for row in states] == ["frozen", "frozen"]
    assert look.wrong == {}
