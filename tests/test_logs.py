"""What reaches the log of a node: fixed names and listed fields; never a word of anybody."""

from __future__ import annotations

import subprocess
import sys

import msgspec

from luisterlijn.edge.house import HOUSE
from luisterlijn.logs import LISTED

CANARY = "canary-3f9a"
ADDRESS = "203.0.113.77"


def logged(script: str) -> list[dict[str, object]]:
    """Run a script in a process of its own after `configure`; give its log lines."""
    ran = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", f"from luisterlijn import logs\nlogs.configure()\n{script}"],
        capture_output=True,
        cwd=HOUSE,
        timeout=60,
        check=True,
    )
    assert ran.stdout == b""
    assert CANARY.encode() not in ran.stderr
    assert ADDRESS.encode() not in ran.stderr
    return [msgspec.json.decode(line) for line in ran.stderr.splitlines()]


def test_a_line_is_one_object_with_a_fixed_name_and_its_listed_fields() -> None:
    [line] = logged("import structlog\nstructlog.get_logger().warning('job_waits', job='sessions')")

    assert set(line) == {"event", "level", "timestamp", "job"}
    assert (line["event"], line["level"], line["job"]) == ("job_waits", "warning", "sessions")
    assert str(line["timestamp"]).endswith("Z")


def test_an_unlisted_field_and_a_name_built_from_values_are_dropped() -> None:
    [line] = logged(
        "import structlog\n"
        f"structlog.get_logger().info('chat from {ADDRESS}', contact='{CANARY}', job=['{CANARY}'])"
    )

    assert line["event"] == "unnamed"
    assert set(line) <= {"event", "level", "timestamp", "job"}


def test_an_exceptions_text_and_values_never_appear_only_its_kind_and_place() -> None:
    [line] = logged(
        "import structlog\n"
        "try:\n"
        f"    secret = '{CANARY}'\n"
        f"    raise ValueError('could not read {CANARY} of {ADDRESS}')\n"
        "except ValueError:\n"
        "    structlog.get_logger().exception('job_failed', job='x')\n"
    )

    assert line["error"] == "builtins.ValueError"
    assert "<string>:" in str(line["where"])


def test_no_library_says_anything_whatever_its_level() -> None:
    lines = logged(
        "import logging, warnings\n"
        "for name in ('aiohttp.access', 'aiohttp.server', 'aiohttp.web', 'asyncio', 'asyncpg',\n"
        "             'sqlalchemy.engine', 'engineio.server', 'socketio.server', 'apscheduler',\n"
        "             'alembic', 'somebody.else', ''):\n"
        "    for level in (logging.DEBUG, logging.INFO, logging.ERROR, logging.CRITICAL):\n"
        f"        logging.getLogger(name).log(level, 'from %s: {CANARY}', '{ADDRESS}')\n"
        f"logging.getLogger('x').error('%d', '{CANARY}')\n"
    )

    assert lines == []


def test_the_list_of_fields_holds_none_that_could_name_somebody() -> None:
    assert not LISTED & {
        *("contact", "person", "volunteer", "visitor", "name", "sign_in", "ip", "address", "host"),
        *("url", "path", "query", "body", "text", "message", "token", "ticket", "session", "sid"),
    }
