"""The people of a branch over HTTP, as the console asks for them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from luisterlijn.kernel.scope import Role
from luisterlijn.volunteers.listing import MOST_BYTES
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    async with served(built) as made:
        yield made


@pytest.fixture
async def cora(node: Served) -> bytes:
    """A coordinator's session."""
    return await node.signed_in("cora", Role.COORDINATOR, node.built.branch)


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


async def only(node: Served, session: bytes) -> dict[str, Any]:
    """Give the only volunteer of the list."""
    [row] = (await node.ask("GET", "/people", session=session)).json()["people"]
    found: dict[str, Any] = row
    return found


async def test_the_list_says_what_is_known_of_somebody(node: Served, cora: bytes) -> None:
    anja = await node.built.volunteer("anja", hours=0)

    row = await only(node, cora)

    assert row == {
        "person": anja.hex,
        "name": "Anja",
        "sign_in": "anja",
        "branch": node.built.branch.hex,
        "branch_name": "Utrecht",
        "training": [{"channel": "chat", "status": "independent", "since": None}],
        "vog": None,
        "vog_state": "missing",
        "intervision": None,
        "intervision_state": "missing",
        "hours_agreed": 16,
        "hours_worked": 0.0,
        "next_shift_at": None,
        "away_until": None,
        "leaves": None,
        "no_computer": False,
    }


async def test_somebody_is_edited_and_takes_a_step(node: Served, cora: bytes) -> None:
    anja = await node.built.volunteer("anja", hours=0)
    path = f"/people/{anja.hex}"
    edit = {
        "name": "Anja de Vries",
        "vog": "2019-01-01",
        "intervision": None,
        "hours_agreed": 8,
        "most_shifts": 4,
        "most_nights": 0,
        "home": True,
        "no_computer": True,
        "away_until": None,
    }

    edited = await node.ask("PUT", path, session=cora, json=edit)
    step = {"channel": "chat", "status": "mentor", "since": "2026-11-01"}
    stepped = await node.ask("POST", f"{path}/training", session=cora, json=step)
    refused = await node.ask(
        "POST", f"{path}/training", session=cora, json={**step, "since": "2026-10-01"}
    )

    assert edited.json()["row"]["vog_state"] == "old"
    assert (edited.json()["home"], edited.json()["most_nights"]) == (True, 0)
    assert stepped.json()["row"]["training"] == [step]
    chat = next(each for each in stepped.json()["possible"] if each["channel"] == "chat")
    assert chat["steps"] == ["independent", "paused", "stopped"]
    assert (refused.status, refused.code) == (409, "step-too-early")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\0b"},
        {"hours_agreed": 161},
        {"vog": "9999-12-31"},
        {"away_until": "0001-01-01"},
        {"extra": 1},
    ],
)
async def test_an_edit_that_cannot_be_meant_is_refused(
    node: Served, cora: bytes, wrong: dict[str, Any]
) -> None:
    anja = await node.built.volunteer("anja", hours=0)
    edit = {
        "name": "Anja",
        "vog": None,
        "intervision": None,
        "hours_agreed": 8,
        "most_shifts": 4,
        "most_nights": 0,
        "home": True,
        "no_computer": True,
        "away_until": None,
    }

    answer = await node.ask("PUT", f"/people/{anja.hex}", session=cora, json={**edit, **wrong})

    assert answer.code == "bad-request"


async def test_a_list_goes_out_comes_in_and_is_taken_over(node: Served, cora: bytes) -> None:
    await node.built.volunteer("anja", hours=0)
    out = await node.ask("GET", "/people/list.csv", session=cora)
    raw = out.body + b"carl;Carl;;;;;;;;;;\r\n"

    preview = (
        await node.ask("POST", "/people/list/preview", session=cora, json={"file": b64(raw)})
    ).json()
    taken = await node.ask(
        "POST", "/people/list", session=cora, json={"file": b64(raw), "mark": preview["mark"]}
    )
    late = await node.ask(
        "POST", "/people/list", session=cora, json={"file": b64(raw), "mark": preview["mark"]}
    )

    assert out.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in out.headers["Content-Disposition"]
    assert [each["what"] for each in preview["lines"]] == ["unchanged", "new"]
    [account] = taken.json()["accounts"]
    assert (account["sign_in"], len(account["password"])) == ("carl", 24)
    assert late.code == "preview-passed"


async def test_a_list_of_a_megabyte_is_read_and_a_larger_one_is_not(
    node: Served, cora: bytes
) -> None:
    head = b"inlognaam;naam\n"
    fits = head + b"\n" * (MOST_BYTES - len(head))

    answers = [
        await node.ask(
            "POST",
            "/people/list/preview",
            session=cora,
            data=BytesIO(msgspec.json.encode({"file": b64(raw)})),
            headers={"Content-Type": "application/json"},
        )
        for raw in (fits, fits + b"\n")
    ]

    assert [(each.status, each.code) for each in answers] == [
        (200, ""),
        (413, "message-too-long"),
    ]


async def test_the_board_shows_who_is_trained_and_who_can_go_with_them(
    node: Served, cora: bytes
) -> None:
    anja = await node.built.volunteer("anja", channels=(), hours=0)
    bert = await node.built.volunteer("bert", hours=0)
    for person, status in ((anja, "walking_along"), (bert, "mentor")):
        step = {"channel": "chat", "status": status, "since": "2026-11-01"}
        await node.ask("POST", f"/people/{person.hex}/training", session=cora, json=step)

    given = await node.ask(
        "POST", f"/people/{anja.hex}/mentor", session=cora, json={"mentor": bert.hex}
    )
    wrong = await node.ask(
        "POST", f"/people/{bert.hex}/mentor", session=cora, json={"mentor": anja.hex}
    )
    board = (await node.ask("GET", "/people/trainees", session=cora)).json()

    assert given.json()["mentor_name"] == "Bert"
    assert wrong.code == "not-a-mentor"
    assert [(each["name"], each["mentor"], each["walked"]) for each in board["trainees"]] == [
        ("Anja", bert.hex, 0)
    ]
    assert [(each["name"], each["channels"], each["trainees"]) for each in board["mentors"]] == [
        ("Bert", ["chat"], 1)
    ]


async def test_a_last_day_is_set_and_shown(node: Served, cora: bytes) -> None:
    anja = await node.built.volunteer("anja", hours=0)

    done = await node.ask(
        "POST", f"/people/{anja.hex}/last-day", session=cora, json={"last": "2027-01-31"}
    )
    past = await node.ask(
        "POST", f"/people/{anja.hex}/last-day", session=cora, json={"last": "2020-01-31"}
    )

    assert done.json() == {"shifts": 0}
    assert past.code == "in-the-past"
    assert (await only(node, cora))["leaves"] == "2027-01-31"
