"""The orders `luisterlijn roster import` and `roster export`: the roster as a table."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM

if TYPE_CHECKING:
    import argparse

    from luisterlijn.rostering.service import Roster
    from luisterlijn.rostering.tabular import Judged, Row

REFUSED = 1
LARGEST = 8 * 1024 * 1024
MOST_DAYS = 400


def parsers(
    orders: argparse._SubParsersAction[argparse.ArgumentParser],
) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Add the orders to those about rosters; gives the parsers of import and export."""
    taken = orders.add_parser("import", help="reads a table of places; takes nobody off")
    taken.add_argument("file", type=Path, metavar="FILE.csv")
    taken.add_argument("--dry-run", action="store_true", help="only say what would be written")
    taken.add_argument(
        "--partial", action="store_true", help="write what can be, although lines are refused"
    )
    given = orders.add_parser("export", help="writes a table of places to standard output")
    given.add_argument(
        "--from", dest="first", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD"
    )
    given.add_argument("--days", type=int, default=28, metavar="N")
    given.add_argument("--branch", metavar="NAME", help="short name; without it all branches")
    return taken, given


async def take(roster: Roster, arguments: argparse.Namespace) -> int:
    """Read a table into the roster, and say what became of each line."""
    try:
        raw = await asyncio.to_thread(arguments.file.read_bytes)
        if len(raw) > LARGEST:
            return _refused(f"over {LARGEST // 1024 // 1024} MB")
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("not UTF-8")
    except OSError as fault:
        return _refused(fault.strerror or "cannot be read")
    judged = await roster.transfer.take(text, dry_run=arguments.dry_run, partial=arguments.partial)
    _tell(judged)
    if judged.refused and not arguments.partial:
        _say("nothing was written", to_people=True)
    elif arguments.dry_run:
        _say("nothing was written: a dry run", to_people=True)
    return REFUSED if judged.refused else 0


async def give(roster: Roster, arguments: argparse.Namespace) -> int:
    """Write the roster of some days as a table."""
    if not 1 <= arguments.days <= MOST_DAYS:
        return _refused(f"days: 1 to {MOST_DAYS}")
    table = await roster.transfer.table(arguments.first, arguments.days, arguments.branch)
    _say(table.removesuffix("\n"))
    return 0


def _tell(judged: Judged) -> None:
    for word, rows in (("new", judged.new), ("changed", judged.changed)):
        for row in rows:
            _say(f"{word:9} line {row.line}: {_told(row)}")
    for each in judged.refused:
        _say(f"refused   line {each.line}: {each.reason}")
    _say(
        f"{len(judged.new)} new, {len(judged.changed)} changed,"
        f" {len(judged.unchanged)} unchanged, {len(judged.refused)} refused"
    )


def _told(row: Row) -> str:
    starts, ends = (each.astimezone(AMSTERDAM) for each in (row.during.start, row.during.end))
    who = f"{row.sign_in} {row.role}" if row.sign_in else "nobody"
    when = f"{starts:%Y-%m-%d %H:%M}-{ends:%H:%M}"
    return f"{row.branch} {when} {'+'.join(row.channels)} {who} {row.state}"


def _refused(why: str) -> int:
    _say(f"refused: {why}", to_people=True)
    return REFUSED


def _say(line: str, *, to_people: bool = False) -> None:
    print(line, file=sys.stderr if to_people else sys.stdout)
