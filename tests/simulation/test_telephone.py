"""The demo's caller page: a person plays a caller, and reads what that one hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A node that serves."""
    async with served(built) as made:
        yield made


async def ask(node: Served, method: str, path: str, body: object = None) -> Any:
    answer = await node.ask(method, path, json=body)
    assert answer.status < 300, answer.body
    return answer.json()


async def until(node: Served, call: str, state: str) -> Any:
    shown: Any = None
    for _look in range(100):
        shown = await ask(node, "GET", f"/demo/call/{call}")
        if shown["state"] == state:
            return shown
    raise AssertionError(shown)


async def test_a_caller_hears_that_the_line_is_closed(node: Served) -> None:
    begun = shown = await ask(node, "POST", "/demo/call", {})
    for _look in range(200):
        shown = await ask(node, "GET", f"/demo/call/{begun['call']}")
        if shown["prompts"]:
            break

    assert "niet open" in shown["prompts"][0]


async def test_a_caller_hangs_up_and_that_is_the_end(node: Served) -> None:
    begun = await ask(node, "POST", "/demo/call", {})
    ended = await ask(node, "POST", f"/demo/call/{begun['call']}/end", {})

    assert ended["state"] == "over"
    answer = await node.ask("GET", "/demo/call/" + "0" * 32)
    assert answer.status == 404


async def test_an_exchange_outside_must_be_on_this_machine(node: Served) -> None:
    for url in ("http://example.nl:80", "http://127.0.0.1:1/x", "https://127.0.0.1:1", ""):
        answer = await node.ask("POST", "/demo/phone", json={"url": url})
        assert answer.code == "bad-request"
