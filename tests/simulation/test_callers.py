"""What simulated people on telephones do, and that what went wrong is counted as such."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

import pytest

from luisterlijn.simulation import callers
from luisterlijn.simulation.callers import Caller, CallStage, caller, end_of
from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import FAULT
from luisterlijn.simulation.exchange_desk import drive
from tests.support.switchboard import (
    ANNA,
    BASE,
    JO,
    Line,
    enqueue,
    exchange_to,
    gather,
    meet,
    placed,
    play,
)

if TYPE_CHECKING:
    from luisterlijn.simulation.exchange import Exchange
    from luisterlijn.simulation.exchange_parts import Leg

SPEED = 100.0
WITHIN_S = 20.0


def stage_on(line: Line, seed: int = 1) -> CallStage:
    """Give a stage whose people act a hundred times as fast."""
    return CallStage(exchange_to(line), speed=SPEED, seed=seed)


async def played(stage: CallStage, number: int = 0) -> Caller:
    """Let one caller play until the call is over."""
    async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
        driver = group.create_task(drive(stage.exchange, SPEED))
        await caller(stage, number)
        driver.cancel()
    [me] = stage.callers
    return me


def seed_of(*, withheld: bool = False, impatient: bool = False, presses: bool = False) -> int:
    """Give a seed whose first caller is such a person."""
    wanted = [withheld, impatient, presses]
    shares = (callers.WITHHELD, callers.IMPATIENT, callers.PRESSES)
    for seed in range(1000):
        chance = Chance(seed, "b0")
        withholds, loses = (chance.happens(share) for share in shares[:2])
        if loses:
            chance.between(1, 60)
        if [withholds, loses, chance.happens(shares[2])] == wanted:
            return seed
    raise AssertionError


def ended(*heard: str, answered: bool) -> str:
    """Say how a call counts that ended after these words."""
    leg = exchange_to(Line()).call_in(JO)
    leg.heard += [each if each == FAULT else f"{BASE}/nl/{each}.wav" for each in heard]
    return end_of(Caller(leg, 0.0, answered=answered))


# How a call ended.


@pytest.mark.parametrize(
    ("heard", "answered", "counts"),
    [
        (("welcome", "connecting", "goodbye"), True, "answered"),
        (("welcome", "connecting", "third-conversation"), True, "answered"),
        (("welcome", "connecting"), True, "lost"),
        (("welcome", "connecting", "volunteer-away", "music"), True, "lost"),
        (("welcome", "limit", "danger", "goodbye"), False, "limited"),
        (("full",), False, "limited"),
        (("closed", "opens-07", "danger"), False, "limited"),
        (("welcome", "music", "goodbye"), False, "lost"),
        (("welcome", "music", "closed"), False, "lost"),
        (("welcome", "music", FAULT), False, "lost"),
        (("welcome", "connecting", FAULT), True, "lost"),
        ((), False, "lost"),
    ],
)
def test_a_call_that_the_line_ends_without_last_words_is_lost(
    heard: tuple[str, ...], *, answered: bool, counts: str
) -> None:
    assert ended(*heard, answered=answered) == counts


async def test_who_loses_patience_hangs_up_and_lost_nothing() -> None:
    stage = stage_on(
        Line({"/incoming": enqueue(), "/wait": play("music")}), seed_of(impatient=True)
    )
    me = await played(stage)

    assert (me.ended, me.answered, me.leg.status) == ("abandoned", False, "completed")
    assert stage.report()["lost"] == 0


async def test_who_reaches_a_person_counts_as_answered() -> None:
    line = Line({"/incoming": meet(), "/placed": meet(), "/left": play("nl/goodbye.wav")})
    stage = stage_on(line, seed_of())
    placed(stage.exchange)
    stage.exchange.rings = stage.exchange.answer
    me = await played(stage)

    assert (me.ended, me.answered) == ("answered", True)


async def test_a_number_may_be_withheld() -> None:
    line = Line({"/incoming": play("nl/full.wav")})
    hidden = await played(stage_on(line, seed_of(withheld=True)))
    shown = await played(stage_on(line, seed_of()))

    assert hidden.leg.sender == "anonymous"
    assert shown.leg.sender.startswith("+316")


# What is counted.


async def answered(exchange: Exchange, *legs: Leg) -> None:
    """Let legs be picked up."""
    await exchange.run_until(exchange.now + 1)
    for leg in legs:
        exchange.answer(leg)
    await exchange.run_until(exchange.now + 1)


async def test_two_volunteers_with_one_caller_are_doubled() -> None:
    stage = stage_on(Line({"/incoming": meet(), "/placed": meet()}))
    exchange = stage.exchange
    exchange.rings = lambda _leg: None
    exchange.call_in(JO)
    await answered(exchange, placed(exchange, ANNA))
    before = stage.doubled
    await answered(exchange, placed(exchange, "+3197010000002"))

    assert (before, stage.doubled) == (0, 1)


async def test_one_volunteer_in_two_calls_is_doubled() -> None:
    line = Line({"/placed": meet("one")})
    stage = stage_on(line)
    exchange = stage.exchange
    exchange.rings = lambda _leg: None
    await answered(exchange, placed(exchange))
    line.scripts["/placed"] = meet("two")
    before = stage.doubled
    await answered(exchange, placed(exchange))

    assert (before, stage.doubled) == (0, 1)


async def test_webhooks_are_timed_and_those_refused_are_counted() -> None:
    stage = stage_on(Line())
    answers = iter([(200, b""), (403, b""), (503, b"")])

    async def deliver(_url: str, _form: dict[str, str]) -> tuple[int, bytes]:
        await asyncio.sleep(0.01)
        return next(answers)

    send = stage.measured(deliver)
    for _each in range(3):
        await send("", {})
    report = stage.report()

    assert (report["webhooks"], report["webhooks_refused"]) == (3, 1)
    assert report["webhook_p50_ms"] >= 10


async def test_the_wait_of_an_offer_begins_when_somebody_waits_and_somebody_is_free() -> None:
    stage = stage_on(Line())
    now = asyncio.get_running_loop().time()

    class Somebody:
        """A volunteer who is free for a second; the caller waits longer."""

        number = ANNA
        identity = ""
        free_since = now - 1
        rang_by: list[Leg] = []  # noqa: RUF012 - of this one

        @property
        def listener(self) -> Somebody:
            return self

        def rang(self, leg: Leg) -> None:
            self.rang_by.append(leg)

    person = Somebody()
    stage.people.append(person)  # type: ignore[arg-type] # as much of one as is looked at
    for _each in range(1 + len(stage.people)):
        stage.callers.append(Caller(stage.exchange.call_in(JO), now - 5))
    leg = placed(stage.exchange)
    await stage.exchange.run_until(1)
    first = list(stage.offer_ms)
    took = asyncio.get_running_loop().time() - now
    person.free_since = math.inf
    placed(stage.exchange)
    await stage.exchange.run_until(2)

    assert person.rang_by[0] is leg
    assert len(stage.offer_ms) == 1
    assert 1000 <= first[0] <= 1000 * (1 + took)


async def test_records_that_the_provider_still_has_are_counted_at_the_end() -> None:
    stage = stage_on(Line())
    stage.exchange.call_in(JO)
    await stage.until_erased(0.01)
    before = stage.report()["left_over_records"]
    stage.exchange.legs.clear()
    await stage.until_erased(0.01)

    assert (before, stage.report()["left_over_records"]) == (1, 0)


async def test_a_key_may_be_pressed_while_waiting() -> None:
    line = Line({"/incoming": enqueue(), "/wait": gather(play("music")), "/keys": "<Hangup/>"})
    await played(stage_on(line, seed_of(presses=True)))

    [key] = line.told("/keys", "Digits")
    assert key in "589"
