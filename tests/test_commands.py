"""Orders that an operator gives beside a running line: as typed, and as told back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.commands import telephony_findings
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.passwords import totp_code
from luisterlijn.privacy.redaction import Secret
from luisterlijn.settings import Settings
from luisterlijn.telephony.alarms import NEEDED
from tests.support.command import run
from tests.support.house import free_port
from tests.support.twilio_api import BASE, Account, twilio_api
from tests.support.twilio_api import settings as twilio_settings

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


async def test_the_audit_trail_is_checked_and_what_was_tampered_with_is_named(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings = beside(tmp_path, database)
    empty = await run(settings, "verify-audit")
    async with built.house.database.transaction(LINE) as tx:
        for _each in range(3):
            await built.house.audit.note(tx, what="joined", person=None, facts={})

    whole = await run(settings, "verify-audit")
    noted = whole.out.split()[-1]
    known = await run(settings, "verify-audit", "--noted", noted)
    await built.owner.execute("update audit set what = 'left' where seq = 2")
    changed = await run(settings, "verify-audit")
    await built.owner.execute("delete from audit where seq > 1")
    cut = await run(settings, "verify-audit", "--noted", noted)
    wrong = await run(settings, "verify-audit", "--noted", "x")

    assert (empty.code, empty.out.splitlines()[0]) == (0, "whole: no entries")
    assert (whole.code, whole.out.splitlines()[0]) == (0, "whole: entries 1 to 3")
    assert re.fullmatch(r"3:[0-9a-f]{64}", noted)
    assert known.code == 0
    assert (changed.code, changed.out) == (1, "entry 2: changed\n")
    assert (cut.code, cut.out) == (1, "entries 2 to 3: missing\n")
    assert wrong.code == 2


async def test_an_own_number_is_read_and_kept_and_repeated_nowhere(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings, accounts = beside(tmp_path, database), built.house.accounts
    anja = await built.volunteer("anja", hours=0)
    order = ("accounts", "phone")

    kept = await run(settings, *order, "anja", typed="+31 6 12345678\n")
    async with built.house.database.transaction(LINE) as tx:
        number = await accounts.phone_of(tx, anja)
    nobody = await run(settings, *order, "nobody", typed="+31612345678\n")
    costly = await run(settings, *order, "anja", typed="+31900123456\n")
    nothing = await run(settings, *order, "anja")
    async with built.house.database.transaction(LINE) as tx:
        still = await accounts.has_phone(tx, anja)
    removed = await run(settings, *order, "anja", "--remove")

    assert (kept.code, kept.out, kept.err) == (0, "kept\n", "")
    assert number is not None
    assert number.reveal() == "+31612345678"
    assert (nobody.code, nobody.err) == (1, "refused: not-found\n")
    assert (costly.code, costly.err) == (1, "refused: bad-request\n")
    assert (nothing.code, nothing.err) == (1, "refused: bad-request\n")
    assert still
    assert (removed.code, removed.out) == (0, "removed\n")
    async with built.house.database.transaction(LINE) as tx:
        assert not await accounts.has_phone(tx, anja)


async def test_the_telephone_of_the_demo_is_told_to_be_the_demo_without_a_running_line() -> None:
    found = await run({"LUISTERLIJN_DEMO": "1"}, "telephony", "check")
    dutch = await run({}, "telephony", "check", "--language", "nl")

    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("note   demo ")
    assert "This is the demo" in found.out
    assert "Dit is de demo" in dutch.out


async def test_a_line_without_a_mail_host_says_so_and_one_that_is_away_is_an_alarm() -> None:
    demo = {"LUISTERLIJN_DEMO": "1"}
    none = await run(demo, "mail", "check")
    mail = {"MAIL_SMTP_HOST": "127.0.0.1", "MAIL_SENDER": "rooster@lijn.example"}
    half = await run({**demo, "MAIL_SMTP_HOST": "127.0.0.1"}, "mail", "check")
    away = await run({**demo, **mail, "MAIL_SMTP_PORT": str(free_port())}, "mail", "check")

    assert (none.code, none.out.split()[:2]) == (0, ["note", "no-mail"])
    assert (half.code, half.out.split()[:2]) == (1, ["ALARM", "setting"])
    assert (away.code, away.out.split()[:2]) == (1, ["ALARM", "mail-away"])


async def test_a_telephone_that_is_not_set_up_names_each_setting_and_ends_badly(
    tmp_path: Path,
) -> None:
    line = {
        "LUISTERLIJN_PUBLIC_URL": "https://lijn.example",
        "LUISTERLIJN_CONSOLE_URL": "https://werk.lijn.example",
        "LUISTERLIJN_KEYS": str(tmp_path / "keys"),
        "DATABASE_URL": "postgresql://ll_app@127.0.0.1/x",
        "DATABASE_OWNER_URL": "postgresql://ll_owner@127.0.0.1/x",
    }
    nothing = await run(line, "telephony", "check")
    half = await run(
        {**line, "TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "verysecret"}, "telephony", "check"
    )

    without_database = await run({"TWILIO_API_KEY": "SK1"}, "telephony", "check")

    assert (nothing.code, nothing.err) == (1, "")
    assert nothing.out.startswith("ALARM  not-set-up ")
    assert without_database.code == 1
    assert "This is the demo" not in without_database.out  # a real line is meant
    assert all(name in nothing.out for name in NEEDED.split(", "))
    assert (half.code, half.err) == (1, "")
    named = re.findall(r"^ALARM  setting +(TWILIO_\w+):", half.out, re.MULTILINE)
    assert set(named) == set(NEEDED.split(", ")) - {"TWILIO_API_KEY", "TWILIO_API_SECRET"}
    assert "verysecret" not in half.out


async def test_what_is_wrong_in_the_account_and_at_the_fallback_is_told_worst_first() -> None:
    account = Account()
    account.balance = "10"
    account.lists["recordings"] = [{"sid": "RE" + "1" * 32}]
    async with twilio_api(account) as api:
        unreachable = f"http://127.0.0.1:{free_port()}/fallback.xml"
        chosen = Settings(
            public_url=BASE, twilio=replace(twilio_settings(), fallback_url=unreachable)
        )
        found = await telephony_findings(chosen, api.address)

    assert [(each.code, each.grave) for each in found] == [
        ("fallback-url", True),
        ("recordings", True),
        ("fallback-away", True),
        ("low-balance", False),
    ]
    assert {each.method for each in api.asked} == {"GET"}


async def test_an_order_without_a_running_line_says_what_to_do(tmp_path: Path) -> None:
    settings = {"LUISTERLIJN_DATA": str(tmp_path)}

    found = await run(settings, "demo")

    assert found.code == 2
    assert "Start it first: make run" in found.err
    assert "Traceback" not in found.err


async def test_a_forecast_is_drafted_shown_and_frozen(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings = beside(tmp_path, database)

    empty = await run(settings, "forecast", "show")
    fitted = await run(settings, "forecast", "fit", "--weeks", "1")
    frozen = await run(settings, "forecast", "freeze")
    shown = await run(settings, "forecast", "show", "--frozen")

    assert (empty.code, empty.err) == (1, "refused: not-found\n")
    assert fitted.code == 0
    assert "an EXAMPLE stands for: phone, chat" in fitted.out
    assert (frozen.code, frozen.out) == (0, "frozen\n")
    lines = shown.out.splitlines()
    assert lines[0].startswith("frozen: example: ")
    assert lines[1].split() == ["Amsterdam", "channel", "mean", "P90", "required"]
    assert len(lines) > 2 * 300
    assert await built.owner.fetchval("select state from demand_profile") == "frozen"
