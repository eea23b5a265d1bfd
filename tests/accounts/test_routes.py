"""Signing in over a real socket: cookie, pace, and nothing kept by the browser."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest

from luisterlijn.edge.guard import COOKIE
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.passwords import totp_code
from luisterlijn.privacy.redaction import Secret
from tests.support.house import PASSWORD
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A served node with one volunteer, anja."""
    async with served(built) as made:
        await made.person("anja", Role.VOLUNTEER, built.branch)
        yield made


async def code_of(node: Served, name: str) -> str:
    """Give the code that the telephone shows."""
    house = node.built.house
    async with house.database.transaction(LINE) as tx:
        person = await house.accounts.person_by_sign_in(tx, name)
        assert person is not None
        link = await house.accounts.totp_link(tx, person)
    secret = link.reveal().partition("secret=")[2].partition("&")[0]
    return totp_code(Secret(secret), house.clock.now())


async def sign_in(node: Served, name: str, password: str, code: str) -> Answer:
    """Send what somebody typed."""
    return await node.ask(
        "POST", "/session", json={"name": name, "password": password, "code": code}
    )


async def test_the_cookie_is_the_sessions_only_trace_and_no_script_reads_it(node: Served) -> None:
    answer = await sign_in(node, " Anja ", PASSWORD, await code_of(node, "anja"))

    [line] = answer.cookies
    [cookie] = SimpleCookie(line).values()
    assert cookie.key == COOKIE
    assert cookie.key.startswith("__Host-")
    assert len(bytes.fromhex(cookie.value)) == 32
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        *(True, True),
        *("Strict", "/"),
    )
    assert (cookie["domain"], cookie["max-age"], cookie["expires"]) == ("", "", "")
    assert cookie.value.encode() not in answer.body
    assert set(answer.json()) == {
        *("person", "name", "branch", "branch_name"),
        *("roles", "languages", "capacity", "alias"),
    }


async def test_the_same_person_is_told_at_every_load_until_the_end(node: Served) -> None:
    answer = await sign_in(node, "anja", PASSWORD, await code_of(node, "anja"))
    token = bytes.fromhex(next(iter(SimpleCookie(answer.cookies[0]).values())).value)

    me = await node.ask("GET", "/session", session=token)
    wrap = await node.ask("GET", "/session/wrap", session=token)
    ticket = await node.ask("POST", "/session/ticket", session=token, json={})
    out = await node.ask("DELETE", "/session", session=token)
    after = [
        await node.ask("GET", "/session", session=token),
        await node.ask("GET", "/session/wrap", session=token),
        await node.ask("POST", "/session/ticket", session=token, json={}),
    ]

    assert me.json() == answer.json()
    assert len(wrap.json()["secret"]) == 43
    assert len(ticket.json()["ticket"]) == 32
    assert out.status == 204
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    [gone] = SimpleCookie(out.cookies[0]).values()
    assert (gone.value, gone["max-age"]) == ("", "0")
    assert [each.code for each in after] == ["signed-out"] * 3


async def test_a_refused_sign_in_sets_no_cookie_and_reads_the_same(node: Served) -> None:
    code = await code_of(node, "anja")

    answers = [
        await sign_in(node, "nobody", PASSWORD, code),
        await sign_in(node, "anja", "wrong", code),
        await sign_in(node, "anja", PASSWORD, "000000"),
    ]

    assert {(each.status, each.body, each.cookies) for each in answers} == {
        (401, answers[0].body, ())
    }


async def test_after_five_tries_one_name_waits_and_another_does_not(node: Served) -> None:
    tries = [(await sign_in(node, "anja", "wrong", "000000")).code for _ in range(6)]
    spelled = await sign_in(node, " ANJA", PASSWORD, await code_of(node, "anja"))
    other = await sign_in(node, "bert", "wrong", "000000")

    assert tries == ["sign-in-refused"] * 5 + ["too-fast"]
    assert (spelled.status, spelled.code) == (429, "too-fast")
    assert spelled.headers["Retry-After"] == "5"
    assert other.code == "sign-in-refused"


async def test_signing_in_gives_a_new_session_whatever_cookie_came_along(node: Served) -> None:
    planted = b"\1" * 32
    body = {"name": "anja", "password": PASSWORD, "code": await code_of(node, "anja")}

    answer = await node.ask("POST", "/session", session=planted, json=body)

    assert answer.status == 200
    assert planted.hex() not in answer.cookies[0]
