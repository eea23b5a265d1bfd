"""Signing in tells a stranger nothing, and a session ends when it should."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.accounts.model import IDLE, LONGEST
from luisterlijn.accounts.service import TICKET_S
from luisterlijn.edge.guard import hashed
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.redaction import Secret
from luisterlijn.privacy.sealing import SealBroken

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tests.accounts.conftest import Desk

MINUTE = 60


async def refused(attempt: Awaitable[object]) -> Refusal:
    """Give the refusal that an attempt ends in."""
    with pytest.raises(Refusal) as found:
        await attempt
    return found.value


async def cpu_s(attempt: Awaitable[object]) -> float:
    """Give the work that a refused attempt cost this process."""
    before = time.process_time()
    await refused(attempt)
    return time.process_time() - before


async def test_name_password_and_code_together_open_a_session(desk: Desk) -> None:
    token, person = await desk.sign_in()

    scope = await desk.accounts.acting(token)

    assert person.id == desk.anja
    assert scope is not None
    assert (scope.person, scope.branch) == (desk.anja, desk.built.branch)
    assert scope.roles == {Role.VOLUNTEER}
    assert len(token) == 32


async def test_whatever_is_wrong_the_refusal_is_the_same(desk: Desk) -> None:
    await desk.sign_in()
    wrong = [
        desk.sign_in(name="nobody"),
        desk.sign_in(name=""),
        desk.sign_in(password="wrong"),
        desk.sign_in(password=""),
        desk.sign_in("000000"),
        desk.sign_in(""),
        desk.sign_in("١٢٣٤٥٦"),
        desk.sign_in(desk.code()),  # used
        desk.sign_in(desk.code(-1)),  # older than the used one
        desk.sign_in(name="nobody", password="wrong", code="000000"),
    ]

    found = [await refused(attempt) for attempt in wrong]

    assert {(each.code, each.detail, str(each)) for each in found} == {
        (Code.SIGN_IN_REFUSED, "", "sign-in-refused")
    }


async def test_an_unknown_name_costs_as_much_work_as_a_wrong_password_or_code(desk: Desk) -> None:
    await refused(desk.sign_in(name="warm-up"))

    unknown = [await cpu_s(desk.sign_in(name=f"nobody-{n}")) for n in range(7)]
    password = [await cpu_s(desk.sign_in(password=f"wrong-{n}")) for n in range(7)]
    code = [await cpu_s(desk.sign_in("000000")) for n in range(7)]

    # One password check takes some 20 ms; left out, the ratio would be above 5.
    fastest = [min(each) for each in (unknown, password, code)]
    assert max(fastest) / min(fastest) < 2, fastest


async def test_a_code_is_good_once_also_for_two_at_the_same_moment(desk: Desk) -> None:
    await desk.sign_in()

    assert (await refused(desk.sign_in())).code is Code.SIGN_IN_REFUSED
    desk.clock.moment += timedelta(seconds=30)
    await desk.sign_in()


async def test_a_wrong_password_does_not_use_up_the_code(desk: Desk) -> None:
    await refused(desk.sign_in(password="wrong"))

    await desk.sign_in()


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
async def test_a_telephones_clock_may_be_half_a_minute_off(
    desk: Desk, steps: int, *, good: bool
) -> None:
    if good:
        await desk.sign_in(desk.code(steps))
    else:
        await refused(desk.sign_in(desk.code(steps)))


async def test_a_code_with_a_space_is_the_code(desk: Desk) -> None:
    code = desk.code()

    await desk.sign_in(f" {code[:3]} {code[3:]} ")


async def test_a_session_unused_for_half_an_hour_is_over(desk: Desk) -> None:
    token, _ = await desk.sign_in()

    await desk.built.time.advance(IDLE.total_seconds() - 1)
    heard = await desk.accounts.acting(token)
    await desk.built.time.advance(IDLE.total_seconds() - 1)
    still = await desk.accounts.acting(token)
    await desk.built.time.advance(IDLE.total_seconds() + 1)
    over = await desk.accounts.acting(token)

    assert heard is not None
    assert still is not None
    assert over is None


async def test_no_session_outlives_twelve_hours_however_busy(desk: Desk) -> None:
    token, _ = await desk.sign_in()
    alive = 0

    while await desk.accounts.acting(token) is not None and alive < 100:
        alive += 1
        await desk.built.time.advance(20 * MINUTE)

    assert alive == LONGEST / timedelta(minutes=20)


async def test_being_on_duty_is_never_idle(desk: Desk) -> None:
    token, _ = await desk.sign_in()

    for _ in range(3):
        await desk.built.time.advance(20 * MINUTE)
        await desk.accounts.on_duty([token])

    assert await desk.accounts.acting(token) is not None


async def test_on_duty_does_not_wake_a_session_that_is_over(desk: Desk) -> None:
    token, _ = await desk.sign_in()
    await desk.built.time.advance(IDLE.total_seconds() + 1)

    await desk.accounts.on_duty([token])

    assert await desk.accounts.acting(token) is None


async def test_signing_out_destroys_the_secret_that_wraps_the_consoles_key(desk: Desk) -> None:
    token, _ = await desk.sign_in()
    secret = await desk.accounts.wrap_secret(token)
    again = await desk.accounts.wrap_secret(token)

    await desk.accounts.sign_out(token)

    assert secret == again
    assert len(secret) == 32
    assert (await refused(desk.accounts.wrap_secret(token))).code is Code.SIGNED_OUT
    assert await desk.accounts.acting(token) is None
    assert await desk.built.owner.fetchval("select count(*) from session") == 0


async def test_two_sessions_of_one_person_have_their_own_secrets(desk: Desk) -> None:
    first, _ = await desk.sign_in()
    desk.clock.moment += timedelta(seconds=30)
    second, _ = await desk.sign_in()

    secrets = {await desk.accounts.wrap_secret(each) for each in (first, second)}
    await desk.accounts.sign_out(first)

    assert len(secrets) == 2
    assert await desk.accounts.acting(second) is not None


async def test_neither_token_nor_secret_stands_in_the_database(desk: Desk) -> None:
    token, _ = await desk.sign_in()
    secret = await desk.accounts.wrap_secret(token)

    row = await desk.built.owner.fetchrow("select * from session")

    assert row is not None
    assert row["token"] == hashed(token)
    assert secret not in row["wrap"]
    stored = await desk.built.owner.fetchrow("select password, totp from person")
    assert stored is not None
    assert stored["password"].startswith("$argon2id$")
    assert desk.secret.reveal().encode() not in stored["totp"]


async def test_a_ticket_opens_one_socket_within_half_a_minute(desk: Desk) -> None:
    token, _ = await desk.sign_in()
    ticket, late = (desk.accounts.socket_ticket(token, 100.0) for _ in range(2))

    taken, scope = await desk.accounts.take_ticket(ticket, 100.0 + TICKET_S - 0.1)

    assert (taken, scope.person) == (token, desk.anja)
    for attempt in (
        desk.accounts.take_ticket(ticket, 100.0),
        desk.accounts.take_ticket(late, 100.0 + TICKET_S),
        desk.accounts.take_ticket("", 100.0),
    ):
        assert (await refused(attempt)).code is Code.SIGNED_OUT


async def test_a_ticket_dies_with_its_session(desk: Desk) -> None:
    token, _ = await desk.sign_in()
    ticket = desk.accounts.socket_ticket(token, 100.0)

    await desk.accounts.sign_out(token)

    assert (await refused(desk.accounts.take_ticket(ticket, 100.0))).code is Code.SIGNED_OUT


async def test_sessions_that_are_over_are_forgotten_and_others_kept(desk: Desk) -> None:
    await desk.sign_in()
    await desk.built.time.advance(IDLE.total_seconds() + 1)
    desk.clock.moment += timedelta(seconds=30)
    token, _ = await desk.sign_in()

    async with desk.built.house.database.transaction(LINE) as tx:
        await desk.accounts.forget_old_sessions(tx)

    assert await desk.built.owner.fetchval("select array_agg(token) from session") == [
        hashed(token)
    ]


async def test_the_key_that_seals_a_second_factor_counts_as_in_use(desk: Desk) -> None:
    async with desk.built.house.database.transaction(LINE) as tx:
        used = await desk.accounts.keys_in_use(tx)

    assert {desk.built.house.keyring.find(key).id for key in used} == used
    assert len(used) == 1


async def test_an_own_number_is_kept_sealed_read_back_and_removed(desk: Desk) -> None:
    number = Secret("+3197010000001")
    database = desk.built.house.database
    async with database.transaction(LINE) as tx:
        assert not await desk.accounts.has_phone(tx, desk.anja)
        await desk.accounts.set_phone(tx, desk.anja, number)
    row = await desk.built.owner.fetchrow("select phone from person where id = $1", desk.anja)
    async with database.transaction(LINE) as tx:
        assert await desk.accounts.has_phone(tx, desk.anja)
        found = await desk.accounts.phone_of(tx, desk.anja)
        await desk.accounts.set_phone(tx, desk.anja, None)
        assert await desk.accounts.phone_of(tx, desk.anja) is None

    assert row is not None
    assert number.reveal().encode() not in row["phone"]
    assert found is not None
    assert found.reveal() == number.reveal()


async def test_another_persons_sealed_number_opens_for_nobody_else(desk: Desk) -> None:
    other = await desk.built.volunteer("bea")
    async with desk.built.house.database.transaction(LINE) as tx:
        await desk.accounts.set_phone(tx, desk.anja, Secret("+3197010000001"))
    await desk.built.owner.execute(
        "update person set phone = (select phone from person where id = $1) where id = $2",
        desk.anja,
        other,
    )

    async with desk.built.house.database.transaction(LINE) as tx:
        with pytest.raises(SealBroken):
            await desk.accounts.phone_of(tx, other)


async def test_a_number_that_may_not_be_rung_is_not_kept(desk: Desk) -> None:
    async with desk.built.house.database.transaction(LINE) as tx:
        refusal = await refused(desk.accounts.set_phone(tx, desk.anja, Secret("112")))
        assert not await desk.accounts.has_phone(tx, desk.anja)

    assert refusal.code is Code.BAD_REQUEST
