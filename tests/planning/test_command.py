"""`luisterlijn roster solve` as an operator types it."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import re
import signal
from typing import TYPE_CHECKING

import pytest

from luisterlijn.planning import command
from luisterlijn.planning.instance import read_roster, write_instance
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import broken
from tests.support.command import ended, run, start
from tests.support.rosters import made

if TYPE_CHECKING:
    from pathlib import Path

CROWD = made(2, people=300)
SOLVE = ("roster", "solve")


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    path = tmp_path / "instance.json.gz"
    path.write_bytes(write_instance(CROWD))
    return path


async def test_a_roster_is_made_told_and_written(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "roster.json"

    found = await run({}, *SOLVE, str(file), "-o", str(out), "--seconds", "1.5", "--seed", "3")

    rows = read_roster(out.read_bytes(), CROWD)
    total = cost(CROWD, rows).total
    assert (found.code, found.err) == (0, "")
    assert re.match(r" +0\.0 s  cost \d+\n", found.out)
    assert re.search(
        rf"^cost +{total} = missing \d+ \+ surplus \d+ \+ not", found.out, re.MULTILINE
    )
    assert re.search(r"^broken rules +0$", found.out, re.MULTILINE)
    assert re.search(r"^seconds +[\d.]+$", found.out, re.MULTILINE)
    assert re.search(r"^peak memory +\d+ MB$", found.out, re.MULTILINE)
    assert broken(CROWD, rows) == ()


async def test_ctrl_c_says_enough_and_the_best_is_written(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "roster.json"
    process = await start({}, *SOLVE, str(file), "-o", str(out), "--seconds", "600")
    assert process.stdout is not None
    async with asyncio.timeout(30):
        await process.stdout.readline()

    process.send_signal(signal.SIGINT)
    found = await ended(process)

    assert found.code == 0
    assert "stopped" in found.out
    assert read_roster(out.read_bytes(), CROWD)


def typed(*arguments: str) -> int:
    """Give the exit code of an order, carried out in this process."""
    parser = argparse.ArgumentParser()
    command.parsers(parser.add_subparsers())
    given = parser.parse_args([*SOLVE, *arguments])
    code: int = given.do(given)
    return code


def test_what_cannot_be_is_refused_before_any_planning(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, out = tmp_path / "bad.json", tmp_path / "roster.json"
    bad.write_text('{"days": "28"}')

    for arguments, said in (
        ((str(bad), "-o", str(out)), "refused: bad-file\n  file: Expected `int`, got `str`"),
        ((str(tmp_path / "none"), "-o", str(out)), "refused: [Errno 2] No such file"),
        ((str(file), "-o", str(tmp_path / "no" / "roster.json")), "refused: output\n"),
        ((str(file), "-o", str(tmp_path)), "refused: output\n"),
        ((str(file), "-o", str(out), "--seconds", "0"), "refused: seconds\n"),
        ((str(file), "-o", str(out), "--seconds", "nan"), "refused: seconds\n"),
    ):
        assert typed(*arguments) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith(said)
    assert not out.exists()


@pytest.mark.skipif(importlib.util.find_spec("ortools") is not None, reason="the extra is there")
def test_an_engine_whose_library_is_not_installed_is_refused_by_code(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "roster.json"

    assert typed(str(file), "-o", str(out), "--engine", "cpsat") == 1

    assert capsys.readouterr().err == "refused: engine-missing\n"
    assert not out.exists()
