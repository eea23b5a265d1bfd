"""Orders that an operator gives beside a running line: as typed, and as told back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import Role
from luisterlijn.privacy.passwords import totp_code
from luisterlijn.privacy.redaction import Secret
from tests.support.command import run

if TYPE_CHECKING:
    from pathlib import Path

    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse

ADD = ("shift", "add", "--from", "23:00", "--to", "03:00", "--date", "2031-01-01")


def beside(folder: Path, database: Cluster) -> dict[str, str]:
    """Give the settings of the node that the orders are given beside."""
    return {
        "LUISTERLIJN_DEMO": "1",
        "LUISTERLIJN_DATA": str(folder / "data"),
        "LUISTERLIJN_KEYS": str(folder / "keys"),
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
    }


async def test_a_shift_is_added_with_who_stands_on_it_listed_and_cancelled(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings = beside(tmp_path, database)
    await built.volunteer("anja", hours=0)

    added = await run(settings, *ADD, "--branch", "utrecht", "--person", "anja")
    shift = added.out.strip()
    listed = await run(settings, "shift", "list", "--branch", "utrecht", "--date", "2031-01-01")
    cancelled = await run(settings, "shift", "cancel", shift)

    assert (added.code, added.err) == (0, "")
    assert re.fullmatch(r"[0-9a-f]{32}", shift)
    assert listed.out.split() == [
        *(shift, "2031-01-01", "23:00-03:00", "published", "chat", "Anja")
    ]
    assert (cancelled.code, cancelled.out) == (0, "cancelled\n")
    assert await built.owner.fetchval("select state from shift") == "cancelled"


async def test_an_order_that_cannot_be_is_refused_in_a_word_and_changes_nothing(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings = beside(tmp_path, database)

    past = await run(settings, *ADD[:-1], "2001-01-01", "--branch", "utrecht")
    nowhere = await run(settings, *ADD, "--branch", "nowhere")
    nobody = await run(settings, *ADD, "--branch", "utrecht", "--person", "nobody")
    unknown = await run(settings, "shift", "cancel", "0" * 32)
    no_id = await run(settings, "shift", "cancel", "x")
    again = await run(settings, "branch", "add", "utrecht", "Utrecht")

    for found, said in (
        (past, "in-the-past"),
        (nowhere, "not-found"),
        (nobody, "not-found"),
        (unknown, "not-found"),
        (no_id, "not-found"),
        (again, "overlaps"),
    ):
        assert (found.code, found.out, found.err) == (1, "", f"refused: {said}\n")
    assert await built.owner.fetchval("select count(*) from shift") == 0


async def test_a_new_account_can_sign_in_with_what_was_printed_once(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings = beside(tmp_path, database)

    branch = await run(settings, "branch", "add", "den-haag", "Den Haag")
    added = await run(
        *(settings, "accounts", "add", "bert", "Bert"),
        *("--role", "coordinator", "--branch", "den-haag"),
    )
    again = await run(settings, "accounts", "add", "bert", "Bert", "--role", "planner")

    assert (branch.code, added.code, again.code) == (0, 0, 1)
    assert "otpauth://" in added.out
    password = re.search(r"password +(\S+)", added.out)
    secret = re.search(r"secret=([A-Z2-7]+)", added.out)
    assert password is not None
    assert secret is not None
    code = totp_code(Secret(secret[1]), built.house.clock.now())
    _token, person = await built.house.accounts.sign_in("bert", Secret(password[1]), code)
    assert (person.branch_name, person.roles) == ("Den Haag", frozenset({Role.COORDINATOR}))


async def test_an_order_without_a_running_line_says_what_to_do(tmp_path: Path) -> None:
    settings = {"LUISTERLIJN_DATA": str(tmp_path)}

    found = await run(settings, "demo")

    assert found.code == 2
    assert "Start it first: make run" in found.err
    assert "Traceback" not in found.err
