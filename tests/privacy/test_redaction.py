"""What never reaches a log."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import structlog

from luisterlijn.privacy.redaction import PlainText, Secret, WordlessLibraries, keep_only_listed

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "kanarie-203.0.113.77"
CONTACT = UUID("0f" * 16)


@dataclass
class Holder:
    """Something that holds a secret."""

    secret: Secret[str]


@pytest.mark.parametrize("secret", [Secret(CANARY), PlainText(CANARY)])
@pytest.mark.parametrize(
    "shown",
    [
        repr,
        str,
        "{}".format,
        "{:>40}".format,
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - as the logging module does
        lambda secret: repr([secret]),
        lambda secret: repr(Holder(secret)),
        lambda secret: repr(asdict(Holder(secret))),
        lambda secret: repr(copy.deepcopy(secret)),
        lambda secret: json.dumps(secret, default=str),
        lambda secret: repr(getattr(secret, "__dict__", {})),
    ],
)
def test_a_secret_is_not_shown(secret: Secret[str], shown: Callable[[Any], str]) -> None:
    assert CANARY not in shown(secret)
    assert secret.reveal() == CANARY


def test_a_secret_cannot_be_pickled_or_changed() -> None:
    secret = Secret(CANARY)

    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(AttributeError):
        secret.other = 1
    with pytest.raises(AttributeError):
        secret._value = "other"  # noqa: SLF001
    with pytest.raises(AttributeError):
        del secret._value  # noqa: SLF001


def break_down() -> None:
    raise ValueError(CANARY)


def logged(say: Callable[[Any], None], *fields: str) -> dict[str, Any]:
    out = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(out),
        processors=[
            structlog.processors.add_log_level,
            keep_only_listed(fields),
            structlog.processors.JSONRenderer(),
        ],
    )
    say(logger)
    line: dict[str, Any] = json.loads(out.getvalue())
    return line


def test_only_listed_fields_are_logged() -> None:
    line = logged(
        lambda log: log.info("contact_accepted", contact=CONTACT, waited_s=41, address=CANARY),
        "contact",
        "waited_s",
    )

    assert line == {
        "event": "contact_accepted",
        "level": "info",
        "contact": CONTACT.hex,
        "waited_s": 41,
    }


@pytest.mark.parametrize("event", [f"chat from {CANARY}", CANARY, "Two Words", "", {"x": CANARY}])
def test_an_event_built_from_values_loses_its_name(event: object) -> None:
    assert logged(lambda log: log.info(event))["event"] == "unnamed"


@pytest.mark.parametrize("value", [Secret(CANARY), {"a": CANARY}, [CANARY], CANARY.encode()])
def test_a_listed_field_holds_no_things(value: object) -> None:
    assert logged(lambda log: log.info("x", detail=value), "detail")["detail"] == "***"


def test_an_error_is_logged_by_its_kind_and_place_and_not_by_its_words() -> None:
    def fail(log: Any) -> None:
        try:
            break_down()
        except ValueError:
            log.exception("job_failed")

    line = logged(fail)

    assert line["error"] == "builtins.ValueError"
    assert "test_redaction.py" in line["where"]
    assert line["where"].endswith(":break_down")
    assert CANARY not in json.dumps(line)


@pytest.mark.parametrize("given", ["exception", "tuple"])
def test_an_error_that_is_handed_in_is_told_too(given: str) -> None:
    error = ValueError(CANARY)
    exc_info = error if given == "exception" else (ValueError, error, None)

    line = logged(lambda log: log.error("job_failed", exc_info=exc_info))

    assert line["error"] == "builtins.ValueError"
    assert CANARY not in json.dumps(line)


def written(name: str, say: Callable[[logging.Logger], None]) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    handler.addFilter(WordlessLibraries())
    logger = logging.getLogger(name)
    before = (logger.level, logger.propagate)
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    try:
        say(logger)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "aiohttp.access",
        "engineio.server",
        "socketio.server",
        "asyncpg",
        "asyncpg.pool",
        "twilio.http_client",
        "sqlalchemy.engine.Engine",
    ],
)
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING])
def test_a_library_that_logs_addresses_or_bodies_is_silent(name: str, level: int) -> None:
    assert written(name, lambda log: log.log(level, "%s said hello", CANARY)) == ""


def test_a_failed_request_is_told_without_its_address() -> None:
    def fail(log: logging.Logger) -> None:
        try:
            break_down()
        except ValueError:
            log.exception("Error handling request from %s", CANARY, stack_info=True)

    line = written("aiohttp.server", fail)

    assert line.startswith("aiohttp.server ERROR library_failed builtins.ValueError ")
    assert line.endswith(":break_down\n")
    assert CANARY not in line


def test_every_other_library_loses_its_words_too() -> None:
    line = written("asyncio", lambda log: log.warning("peer %s", CANARY))

    assert line == "asyncio WARNING library_spoke\n"


def test_a_name_that_only_begins_like_ours_is_not_ours() -> None:
    assert CANARY not in written("luisterlijnx", lambda log: log.error(CANARY))


def test_our_own_lines_pass() -> None:
    line = written("luisterlijn.jobs", lambda log: log.info("job_done"))

    assert line == "luisterlijn.jobs INFO job_done\n"
