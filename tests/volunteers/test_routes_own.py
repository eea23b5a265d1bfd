"""What a volunteer takes along of their own, and how they leave, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import Role
from tests.support.served import served

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_own_data_comes_as_a_file(built: TestHouse) -> None:
    async with served(built) as node:
        anja = await node.signed_in("anja", Role.VOLUNTEER, built.branch)

        answer = await node.ask("GET", "/my/data.json", session=anja)

    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["account"]["sign_in"] == "anja"


async def test_a_coordinator_has_own_data_too(built: TestHouse) -> None:
    async with served(built) as node:
        cora = await node.signed_in("cora", Role.COORDINATOR, None)

        answer = await node.ask("GET", "/my/data.json", session=cora)

    assert answer.json()["account"]["roles"] == ["coordinator"]


async def test_a_volunteer_leaves_and_stays_after_all(built: TestHouse) -> None:
    async with served(built) as node:
        anja = await node.signed_in("anja", Role.VOLUNTEER, built.branch)

        left = await node.ask("POST", "/my/last-day", session=anja, json={"last": "2027-01-31"})
        shown = await node.ask("GET", "/my/last-day", session=anja)
        stays = await node.ask("POST", "/my/last-day", session=anja, json={"last": None})
        after = await node.ask("GET", "/my/last-day", session=anja)

    assert (left.json(), stays.json()) == ({"shifts": 0}, {"shifts": 0})
    assert (shown.json(), after.json()) == ({"last": "2027-01-31"}, {"last": None})
