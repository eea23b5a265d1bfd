"""The operator's figures: closed labels, steps of five minutes, this machine only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aiohttp
import pytest

from luisterlijn.edge.metrics import LABELS, Metrics
from luisterlijn.kernel.errors import Code
from tests.support.house import free_port

if TYPE_CHECKING:
    from tests.support.served import Served


def shown(metrics: Metrics, name: str) -> dict[str, float]:
    """Give the values of one figure by its labels, as they are written."""
    lines = metrics.text().decode().splitlines()
    found = [re.fullmatch(rf"{name}(\{{.*\}}) (\S+)", line) for line in lines]
    return {each[1]: float(each[2]) for each in found if each}


def test_nothing_shows_before_the_figures_advance_together() -> None:
    metrics = Metrics("n1")
    metrics.contact("chat", "ended_by_caller")
    metrics.contact("chat", "ended_by_caller")
    metrics.refused(Code.LINE_FULL)

    before = shown(metrics, "luisterlijn_contacts_total")
    metrics.advance()
    metrics.advance()

    assert before == {}
    assert shown(metrics, "luisterlijn_contacts_total") == {
        '{channel="chat",node="n1",outcome="ended_by_caller"}': 2.0
    }
    assert shown(metrics, "luisterlijn_refusals_total") == {'{code="line-full",node="n1"}': 1.0}


def test_an_alarm_shows_at_once_for_it_is_no_contacts() -> None:
    metrics = Metrics("n1")
    metrics.alarm("recordings")
    metrics.alarm("recordings")

    assert shown(metrics, "luisterlijn_telephony_alarms_total") == {
        '{code="recordings",node="n1"}': 2.0
    }


def test_thin_cover_shows_at_once_and_goes_when_enough_are_there_again() -> None:
    metrics = Metrics("n1")

    metrics.thin(is_thin=True)
    during = shown(metrics, "luisterlijn_thin_cover")
    metrics.thin(is_thin=False)

    assert during == {'{node="n1"}': 1.0}
    assert shown(metrics, "luisterlijn_thin_cover") == {'{node="n1"}': 0.0}


def test_no_label_is_outside_the_list() -> None:
    metrics = Metrics("n1")
    metrics.contact("chat", "attempts")
    metrics.refused(Code.BAD_REQUEST)
    metrics.alarm("away")
    metrics.advance()

    used = re.findall(r'([a-z_]+)="', metrics.text().decode())

    assert set(used) == LABELS


async def test_figures_are_given_on_their_own_port_and_nothing_else_is() -> None:
    metrics, port = Metrics("n1"), free_port()
    metrics.refused(Code.BAD_REQUEST)
    metrics.advance()

    async with metrics.serving(port), aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        async with client.get("/metrics") as answer:
            kind, body = answer.headers["Content-Type"], await answer.text()
        async with client.get("/") as nothing:
            pass

    assert kind.startswith("text/plain")
    assert "luisterlijn_refusals_total" in body
    assert "process_resident_memory_bytes" in body
    assert nothing.status == 404


async def test_a_taken_port_is_said() -> None:
    port = free_port()

    async with Metrics("n1").serving(port):
        with pytest.raises(OSError, match="address already in use"):
            async with Metrics("n2").serving(port):
                pass


async def test_a_served_node_counts_its_refusals_and_contacts_but_gives_none_on_its_own_port(
    node: Served,
) -> None:
    metrics = node.built.house.metrics
    await node.ask("POST", "/session", data=b"{")
    await node.ask("POST", "/chat", host=node.public, json={})
    metrics.advance()

    on_the_line = await node.ask("GET", "/metrics", host=node.public)

    assert any("bad-request" in each for each in shown(metrics, "luisterlijn_refusals_total"))
    assert any("line-closed" in each for each in shown(metrics, "luisterlijn_refusals_total"))
    assert any('"attempts"' in each for each in shown(metrics, "luisterlijn_contacts_total"))
    assert any('"turned_away"' in each for each in shown(metrics, "luisterlijn_contacts_total"))
    assert on_the_line.code == "not-found"
