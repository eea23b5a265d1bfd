"""`luisterlijn roster plan`, given beside a node."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code
from luisterlijn.planner import command
from tests.support.coaching import refused
from tests.support.planner import MONDAY, at, crowd, listener, shift, wishes

if TYPE_CHECKING:
    import pytest

    from tests.support.house import TestHouse


def given(*arguments: str) -> argparse.Namespace:
    """Read an order as an operator types it."""
    parser = argparse.ArgumentParser()
    command.parsers(parser.add_subparsers())
    return parser.parse_args(["plan", "--period", MONDAY.isoformat(), *arguments])


async def test_an_order_is_worked_on_to_its_end_and_told(
    built: TestHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    await shift(built, at(0, 7), wanted=1)
    await wishes(built, await listener(built, "anja"))

    code = await command.plan(built.house.planner, given("--branch", "utrecht", "--seconds", "1"))

    said = capsys.readouterr().out
    assert code == 0
    assert re.search(r"^done$", said, re.MULTILINE)
    assert re.search(r"^added +1$", said, re.MULTILINE)
    assert await built.owner.fetchval("select days from plan_run") == 28


async def test_enough_writes_the_best_so_far(
    built: TestHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    await shift(built, at(0, 7), wanted=1)
    for person in await crowd(built, 150):
        await wishes(built, person)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        telling = group.create_task(command.plan(built.house.planner, given("--seconds", "600")))
        while not await built.owner.fetchval("select cost from plan_run"):  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)
        assert await telling == 0

    assert re.search(r"^cancelled$", capsys.readouterr().out, re.MULTILINE)
    assert await built.owner.fetchval("select count(*) from place where origin = 'solver'") == 1


async def test_overnight_it_is_only_ordered(
    built: TestHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await command.plan(built.house.planner, given("--overnight"))

    assert (code, capsys.readouterr().out[:9]) == (0, "ordered: ")
    assert await built.owner.fetchval("select state from plan_run") == "queued"


async def test_what_cannot_be_planned_is_refused_or_fails(built: TestHouse) -> None:
    room = built.house.planner

    assert await refused(command.plan(room, given("--branch", "nergens"))) is Code.NOT_FOUND
    assert await refused(command.plan(room, given("--seconds", "0"))) is Code.BAD_REQUEST
    assert await command.plan(room, given("--seconds", "1")) == command.REFUSED
