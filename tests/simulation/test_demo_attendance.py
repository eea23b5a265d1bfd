"""In the demo people come to their shifts, one does not, and its mail can be looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from luisterlijn.edge.postman import DemoPostman, Letter
from luisterlijn.kernel.scope import Role
from luisterlijn.kernel.secret import Secret
from luisterlijn.simulation import demo_attendance
from tests.support.attending import person, scope_of, shift, stands, state

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


async def test_made_up_people_come_but_one_and_nobody_else_is_touched(built: TestHouse) -> None:
    on, later = await shift(built), await shift(built, starts_in=60)
    places = {
        name: await stands(built, await person(built, name), on)
        for name in ("utrecht-02", demo_attendance.ABSENT, "vrijwilliger", "wim")
    }
    ahead = await stands(built, await person(built, "utrecht-03"), later)

    await demo_attendance.come(built.house.database)

    assert {name: await state(built, place) for name, place in places.items()} == {
        "utrecht-02": "checked_in",
        demo_attendance.ABSENT: "published",
        "vrijwilliger": "published",
        "wim": "published",
    }
    assert await state(built, ahead) == "published"


async def test_one_of_the_demos_volunteers_can_be_reached(built: TestHouse) -> None:
    house = built.house
    who = await person(built, demo_attendance.REACHED)
    for _start in range(2):
        await demo_attendance.agree(house.database, house.accounts, house.attendance)

    ways, _phone = await house.attendance.reach.of(scope_of(who, built.branch, Role.VOLUNTEER))
    assert ways.mail is not None
    assert ways.urgent


async def test_the_demos_mail_is_shown_without_its_address() -> None:
    postman = DemoPostman()
    empty = demo_attendance.page(postman).decode()
    text = "Kom je?\nhttp://localhost:8080/dienst/abc\n<b>"
    await postman.bring(Letter(to=Secret("a@b.example"), subject="Over je rooster", text=text), NOW)

    page = demo_attendance.page(postman).decode()
    assert "Er is nog geen mail." in empty
    assert '<a href="http://localhost:8080/dienst/abc">' in page
    assert "19.00 Over je rooster" in page
    assert "&lt;b&gt;" in page
    assert "b.example" not in page
