"""The house stays easy to walk through: where files are, how long, and what they load and name."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import msgspec
import pytest

from luisterlijn.edge.house import HOUSE, TEXTS
from luisterlijn.privacy import retention

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = HOUSE / "luisterlijn"
MIGRATIONS = PACKAGE / "store" / "migrations"
MOST_LINES = 400
WRITTEN_BY_US = (".py", ".ts", ".svelte")
MADE = {"node_modules", "dist", ".venv", "var", "__pycache__"}

UNTESTED = {
    # Only names, kinds and promises: nothing in them can go wrong by itself.
    "accounts/ports.py": "hands on a name",
    "accounts/wire.py": "types, held to the pages by test_contract",
    "attendance/events.py": "types",
    "attendance/room.py": "wiring, tried by every test of attendance",
    "attendance/store.py": "statements, tried by test_service",
    "attendance/store_reach.py": "statements, tried by test_letters and test_reach",
    "attendance/store_tonight.py": "statements, tried by test_routes and test_views",
    "attendance/wire.py": "types, held to the pages by test_contract",
    "chat/events.py": "types",
    "chat/wire.py": "types, tried by test_sockets and test_bad_input",
    "coaching/events.py": "types",
    "coaching/wire.py": "types, tried by test_sockets and test_routes",
    "demand/ports.py": "types",
    "dispatch/events.py": "types",
    "dispatch/ports.py": "promises",
    "doors.py": "wiring, tried by every test that asks over HTTP",
    "kernel/errors.py": "types, tried by edge/test_problems",
    "kernel/events.py": "types",
    "kernel/secret.py": "tried by privacy/test_redaction",
    "planner/ports.py": "types",
    "planner/room.py": "wiring, tried by every test of the planner's room",
    "planner/wire.py": "types, held to the pages by test_contract",
    "planning/wire.py": "types, tried by test_main and test_worker",
    "rostering/events.py": "types",
    "rostering/wire_feed.py": "types, tried by test_routes_feed",
    "shiftroom/events.py": "types",
    "shiftroom/wire.py": "types, tried by test_sockets",
    "rostering/ports.py": "types",
    "rostering/store_records.py": "statements, tried by test_records",
    "rostering/store_attending.py": "statements, tried by test_attending",
    "rostering/store_plan.py": "statements, tried by test_templates, test_periods, test_wishes",
    "rostering/store_sheet.py": "statements, tried by test_sheets, test_own, test_assigning",
    "rostering/store_swaps.py": "statements, tried by test_swaps",
    "rostering/wire_own.py": "types, held to the pages by test_contract",
    "rostering/wire_plan.py": "types, held to the pages by test_contract",
    "simulation/exchange_news.py": "what test_exchange is about",
    "simulation/exchange_parts.py": "what test_exchange is about",
    "telephony/events.py": "types",
    "telephony/happenings.py": "types",
    "telephony/legs.py": "types, tried by test_model",
    "telephony/ports.py": "promises, held by contracts/test_phone_provider",
    "telephony/room.py": "wiring, tried by every test of a call",
    "telephony/script.py": "types",
    "telephony/store.py": "statements, tried by test_service, test_calls, test_upkeep",
    "telephony/store_orders.py": "statements, tried by test_orders and test_upkeep",
    "telephony/telling.py": "tried by test_service, test_arrivals and test_routes",
    "telephony/wire.py": "types, held to the pages by test_contract",
    "volunteers/events.py": "types",
    "volunteers/ports.py": "types and promises",
    "volunteers/room.py": "wiring, tried by every test of the room",
    "volunteers/store_gatherings.py": "statements, tried by test_gatherings",
    "volunteers/store_messages.py": "statements, tried by test_messages",
    "volunteers/wire.py": "types, held to the pages by test_contract",
}
"""Modules without a test file of their own. This list only shrinks."""
GENERATED = {"web/src/shared/contract.gen.ts"}

OWN_NUMBERS = {"085-0000000"}
"""The line's own number, made up: whoever runs a line fills in theirs."""
HEAVY = ("asyncio", "aiohttp", "sqlalchemy", "asyncpg", "socketio", "cryptography", "ssl")
LIBRARIES = (
    "aiohttp,asyncpg,sqlalchemy.ext.asyncio,alembic.config,socketio,apscheduler,jinja2,uvloop"
)
CORE = re.compile(
    r"luisterlijn\.(kernel(\.\w+)?|\w+\.(model|events|ports)"
    r"|rostering\.calendar"
    r"|dispatch\.(queue|waiting)|coaching\.escalation"
    r"|demand\.(chain|days|forecast|profile|school|staffing|synthetic)"
    r"|planner\.(boards|bridge|comparing|gaps|grid|holes|who)"
    r"|planning\.(instance|rules|objective|suggest|mending)"
    r"|telephony\.(script|speech|legs|happenings|limits|steps|beside)"
    r"|privacy\.retention)"
)
NUMBER = re.compile(
    r"(?<![\w.,:/#-])(?:11[23]|116\d{3}|14\d{4}|0[89]00[ -]\d{4}|0\d{2,3}[ -]\d{6,7})\b"
)


def written() -> Iterator[Path]:
    """Give every source file that people write."""
    for folder in ("luisterlijn", "tests", "bench", "web"):
        for path in sorted((HOUSE / folder).rglob("*")):
            if path.suffix in WRITTEN_BY_US and not MADE & set(path.parts):
                yield path


def modules() -> list[str]:
    """Give every module of the package by its dotted name."""
    names = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if MIGRATIONS in path.parents:
            continue
        parts = path.relative_to(HOUSE).with_suffix("").parts
        names.append(".".join(part for part in parts if part != "__init__"))
    return names


def alone(names: list[str], *, beside: str = "") -> dict[str, list[str]]:
    """Import each module in a process that has loaded nothing of ours.

    Args:
        names: the modules.
        beside: libraries that are there already, to save their time for each module.

    Returns:
        Per module the heavy libraries it brought in, or what went wrong.
    """
    script = """
import os, sys
heavy, names = sys.argv[1].split(","), sys.argv[2].split(",")
for each in filter(None, sys.argv[3].split(",")):
    __import__(each)
for name in names:
    inside, outside = os.pipe()
    if os.fork() == 0:
        try:
            __import__(name)
            told = " ".join(each for each in heavy if each in sys.modules)
        except BaseException as fault:
            told = "failed:" + type(fault).__name__ + ":" + str(fault).replace(" ", "_")
        os.write(outside, told.encode())
        os._exit(0)
    os.close(outside)
    with open(inside) as told:
        print(name, told.read(), flush=True)
    os.wait()
"""
    ran = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, ",".join(HEAVY), ",".join(names), beside],
        capture_output=True,
        text=True,
        cwd=HOUSE,
        timeout=300,
        check=True,
    )
    return {name: told for name, *told in (line.split() for line in ran.stdout.splitlines())}


def test_every_module_has_a_test_file_of_its_own_or_a_reason() -> None:
    missing = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name == "__init__.py" or MIGRATIONS in path.parents:
            continue
        inside = path.relative_to(PACKAGE)
        test = HOUSE / "tests" / inside.parent / f"test_{inside.stem.strip('_')}.py"
        if not test.exists():
            missing.add(inside.as_posix())

    assert missing - set(UNTESTED) == set(), "write a test file"
    assert set(UNTESTED) - missing == set(), "has a test file, or is gone: take it off the list"


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    long = {
        path.relative_to(HOUSE).as_posix(): lines
        for path in written()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }

    assert {name: lines for name, lines in long.items() if name not in GENERATED} == {}


def test_the_package_is_two_floors_deep() -> None:
    deep = [
        path
        for path in PACKAGE.rglob("*.py")
        if len(path.relative_to(PACKAGE).parts) > 2 and MIGRATIONS not in path.parents
    ]

    assert deep == []


def test_a_rooms_door_holds_one_sentence_and_loads_nothing() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        assert re.fullmatch(r'"""[^"]+\."""\n', path.read_text(encoding="utf-8")), path


def test_every_module_can_be_imported_alone() -> None:
    names = modules()

    told = alone(names, beside=LIBRARIES)

    assert set(told) == set(names)
    assert {name: words for name, words in told.items() if "failed" in " ".join(words)} == {}


def test_the_core_loads_nothing_heavy() -> None:
    core = [name for name in modules() if CORE.fullmatch(name)]

    brought = alone(core)

    assert len(core) > 15
    assert brought == {name: [] for name in core}


def test_the_probe_for_heavy_libraries_finds_one() -> None:
    assert "asyncpg" in alone(["luisterlijn.store.database"])["luisterlijn.store.database"]


def texts() -> list[Path]:
    """Give every text that a caller or volunteer reads."""
    return [
        *(path for path in TEXTS.glob("*.toml") if path.name != "noodnummers.toml"),
        *(TEXTS / "werkwijzer").glob("*.md"),
        *(HOUSE / "web" / "pages").glob("*.html"),
    ]


def words_of(path: Path) -> str:
    """Give the words of a text: not its comments, keys or dates."""
    raw = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return " ".join(_strings(tomllib.loads(raw)))
    return re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", raw, flags=re.DOTALL)


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)


def test_every_number_that_a_text_names_stands_in_the_list_of_numbers() -> None:
    listed = tomllib.loads((TEXTS / "noodnummers.toml").read_text(encoding="utf-8"))["numbers"]
    known = {found for each in listed for found in NUMBER.findall(each["number"])}

    named = {(path.name, number) for path in texts() for number in NUMBER.findall(words_of(path))}

    assert {each for each in named if each[1] not in known | OWN_NUMBERS} == set()
    assert {"112", "113", "0800-0113"} <= {number for _name, number in named}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bel 112.", ["112"]),
        ("of gratis 0800-0113, of", ["0800-0113"]),
        ("020-1234567 en 0229 123456", ["020-1234567", "0229 123456"]),
        ("bel 116123 of 140201", ["116123", "140201"]),
        ("112.nl? 1123 2026-11-24 #0800", ["112"]),
    ],
)
def test_the_probe_for_numbers_finds_them(text: str, found: list[str]) -> None:
    assert NUMBER.findall(text) == found


def made_tables() -> set[str]:
    """Give every table that the migrations make."""
    scripts = [path.read_text(encoding="utf-8") for path in MIGRATIONS.rglob("*.py")]
    made = {name for text in scripts for name in re.findall(r"create table (\w+)", text)}
    gone = {name for text in scripts for name in re.findall(r"drop table (\w+)", text)}
    return made - gone


def test_the_register_of_data_names_every_table_and_no_other() -> None:
    page = (HOUSE / "docs" / "privacy.md").read_text(encoding="utf-8")
    section = page.partition("## Tables")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]

    assert len(named) == len(set(named))
    assert set(named) == made_tables()


def test_the_table_of_retention_names_only_tables_that_there_are() -> None:
    named = {row.table for row in retention.ROWS} | {column.table for column in retention.SEALED}

    assert named <= made_tables()


def test_dependencies_that_the_package_loads_are_declared() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[\[<>=~ ]", each)[0].lower() for each in project["dependencies"]}
    names = {"apscheduler": "apscheduler", "argon2": "argon2-cffi", "socketio": "python-socketio"}
    loaded = set()
    for path in PACKAGE.rglob("*.py"):
        for name in re.findall(
            r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            if name not in sys.stdlib_module_names and name != "luisterlijn":
                loaded.add(names.get(name, name.replace("_", "-")))

    assert loaded - {"yarl"} <= declared, msgspec.json.encode(sorted(loaded - declared)).decode()
