"""How somebody may be reached is their own choice, sealed, and read by nobody unseen."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from luisterlijn.attendance.model import Quiet
from luisterlijn.attendance.reach import Ways, is_mail
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.redaction import Secret
from tests.support.attending import agrees, person, scope_of
from tests.support.coaching import refused, trail

if TYPE_CHECKING:
    from tests.support.house import TestHouse

MAIL, NUMBER = "wim@vrijwilliger.example", "+31201234567"


async def test_who_chose_nothing_is_reminded_nowhere_and_rung_never(built: TestHouse) -> None:
    wim = scope_of(await person(built, "wim"), built.branch, Role.VOLUNTEER)

    ways, has_phone = await built.house.attendance.reach.of(wim)

    assert (ways.mail, ways.urgent, has_phone) == (None, False, False)
    assert ways.quiet == Quiet(start=time(22), end=time(8))


async def test_a_choice_is_kept_and_the_address_is_sealed(built: TestHouse) -> None:
    wim = await person(built, "wim")
    await agrees(built, wim, mail=MAIL)

    scope = scope_of(wim, built.branch, Role.VOLUNTEER)
    ways, _has_phone = await built.house.attendance.reach.of(scope)
    stored = await built.owner.fetchval("select mail from reach where person = $1", wim)
    assert ways.mail is not None
    assert ways.mail.reveal() == MAIL
    assert ways.urgent
    assert MAIL.encode() not in stored
    assert MAIL not in repr(ways)


async def test_mail_is_given_to_nobody_who_turned_reminders_off(built: TestHouse) -> None:
    wim = await person(built, "wim")
    quiet = Quiet(start=time(0), end=time(0))
    ways = Ways(mail=Secret(MAIL), reminders=False, urgent=False, quiet=quiet)
    reach = built.house.attendance.reach
    await reach.choose(scope_of(wim, built.branch, Role.VOLUNTEER), ways)

    async with built.house.database.transaction(LINE) as tx:
        assert await reach.mail_of(tx, wim) is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("wim@vrijwilliger.example", True),
        ("w.de-boer+lijn@mail.een.nl", True),
        ("", False),
        ("wim", False),
        ("wim@", False),
        ("wim@een", False),
        ("wim@een.nl, bas@een.nl", False),
        ("Wim <wim@een.nl>", False),
        ("wim@een.nl\r\nBcc: bas@een.nl", False),
        ("wim@een.nl\n", False),
        ("a" * 250 + "@een.nl", False),
    ],
)
def test_an_address_is_one_address_and_nothing_else(text: str, *, good: bool) -> None:
    assert is_mail(text) is good


async def test_what_is_no_address_is_refused(built: TestHouse) -> None:
    wim = await person(built, "wim")

    assert await refused(agrees(built, wim, mail="wim")) is Code.BAD_REQUEST


async def test_a_number_is_read_by_the_own_coordinator_only_and_the_trail_says_so(
    built: TestHouse,
) -> None:
    wim = await person(built, "wim", phone=NUMBER)
    cora = await person(built, "cora", Role.COORDINATOR)
    other = BranchId(new_id(built.house.tokens))
    reach = built.house.attendance.reach
    number = await reach.phone_for(scope_of(cora, built.branch, Role.COORDINATOR), wim)

    assert number is not None
    assert number.reveal() == NUMBER
    assert await trail(built) == [("phone-read", cora)]
    for scope in (
        scope_of(cora, other, Role.COORDINATOR),
        scope_of(cora, None, Role.PLANNER),
        scope_of(wim, built.branch, Role.VOLUNTEER),
    ):
        if scope.person != wim:
            assert await refused(reach.phone_for(scope, wim)) is Code.NOT_FOUND
    assert await trail(built) == [("phone-read", cora)]


async def test_where_no_number_is_nothing_was_read(built: TestHouse) -> None:
    wim, cora = await person(built, "wim"), await person(built, "cora", Role.COORDINATOR)
    scope = scope_of(cora, built.branch, Role.COORDINATOR)

    assert await built.house.attendance.reach.phone_for(scope, wim) is None
    assert await trail(built) == []


async def test_the_keys_of_addresses_are_in_use(built: TestHouse) -> None:
    await agrees(built, await person(built, "wim"), mail=MAIL)

    async with built.house.database.transaction(LINE) as tx:
        assert len(await built.house.attendance.reach.keys_in_use(tx)) == 1
