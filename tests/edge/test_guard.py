"""What a route does with a request that is wrong: a refusal with a stable code, never a fault."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest
from aiohttp import web

from luisterlijn.edge.guard import ANYONE, LARGEST_BODY, Call, Face, Nothing, Routes, b64, bind
from luisterlijn.edge.headers import Policies, middleware
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import Role, Scope
from tests.support.house import free_port
from tests.support.raw import ask_raw

if TYPE_CHECKING:
    from tests.support.served import Served

SIGN_IN = {"name": "anja", "password": "x", "code": "000000"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"name"',
        b"\xff\xfe",
        b'{"name": "a\xff", "password": "x", "code": "1"}',
        b'{"name": "\\ud800", "password": "x", "code": "1"}',
        b'{"name": 1, "password": "x", "code": "1"}',
        b'{"name": null, "password": "x", "code": "1"}',
        b'{"name": "a", "password": "x"}',
        b'{"name": "a", "password": "x", "code": "1", "admin": true}',
        b'{"name": "a", "password": "x", "code": "1"} {}',
        b'{"name": ' + b"[" * 60_000,
        b'{"x": ' + b'{"y":' * 10_000,
        b"name=a&password=x&code=1",
    ],
)
async def test_a_body_of_another_shape_is_a_bad_request(node: Served, body: bytes) -> None:
    answer = await node.ask("POST", "/session", data=body)

    assert (answer.status, answer.code) == (400, "bad-request")


async def test_a_sign_that_the_database_cannot_hold_is_only_a_wrong_name(node: Served) -> None:
    answer = await node.ask("POST", "/session", json={**SIGN_IN, "name": "an\0ja"})

    assert (answer.status, answer.code) == (401, "sign-in-refused")


async def test_a_body_that_says_it_is_too_big_is_refused_unread(node: Served) -> None:
    answer = await node.ask("POST", "/session", data=b" " * (LARGEST_BODY + 1))

    assert (answer.status, answer.code) == (413, "message-too-long")


async def test_a_chunked_body_that_grows_too_big_is_refused(node: Served) -> None:
    part = b"4000\r\n" + b" " * 0x4000 + b"\r\n"

    answer = await ask_raw(
        node.port,
        b"POST /session HTTP/1.1",
        node.console,
        b"Transfer-Encoding: chunked",
        body=part * 5 + b"0\r\n\r\n",
    )

    assert answer.status == 413
    assert b"message-too-long" in answer.body


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_body_that_is_not_compressed_as_it_says_is_a_bad_request(
    node: Served, encoding: str
) -> None:
    answer = await ask_raw(
        node.port,
        b"POST /session HTTP/1.1",
        node.console,
        b"Content-Encoding: " + encoding.encode(),
        b"Content-Length: 7",
        body=b"notthat",
    )

    assert answer.status == 400


async def test_a_body_at_the_limit_is_read_whole_and_in_pieces(node: Served) -> None:
    body = msgspec.json.encode(SIGN_IN).ljust(LARGEST_BODY)
    pieces = [body[at : at + 1_000] for at in range(0, len(body), 1_000)]
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in pieces) + b"0\r\n\r\n"

    whole = await node.ask("POST", "/session", data=body)
    parts = await ask_raw(
        node.port,
        b"POST /session HTTP/1.1",
        node.console,
        b"Transfer-Encoding: chunked",
        body=chunked,
    )

    assert whole.code == "sign-in-refused"
    assert b"sign-in-refused" in parts.body


@pytest.mark.parametrize(
    ("path", "right"), [("/line", Face.PUBLIC), ("/session", Face.CONSOLE), ("/", Face.BOTH)]
)
async def test_a_route_answers_on_its_own_host_name_only(
    node: Served, path: str, right: Face
) -> None:
    hosts = {node.public: Face.PUBLIC, node.console: Face.CONSOLE}
    strange = [f"example.org:{node.port}", "127.0.0.1", "localhost", f"[::1]:{node.port}", "x"]

    for host, face in hosts.items():
        answer = await node.ask("GET", path, host=host)
        assert (answer.code == "not-found") == (right not in (face, Face.BOTH))
    for host in strange:
        assert (await node.ask("GET", path, host=host)).code == "not-found"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_change_that_another_site_asks_for_is_refused_before_it_is_read(
    node: Served, headers: dict[str, str]
) -> None:
    answer = await node.ask("POST", "/session", data=b"{", headers=headers)

    assert (answer.status, answer.code) == (403, "bad-origin")


async def test_one_face_may_not_change_anything_on_the_other(node: Served) -> None:
    from_console = await node.ask(
        "POST", "/chat", host=node.public, json={}, headers={"Origin": f"http://{node.console}"}
    )
    from_public = await node.ask(
        "POST", "/session", json=SIGN_IN, headers={"Origin": f"http://{node.public}"}
    )
    own = await node.ask(
        "POST", "/session", json=SIGN_IN, headers={"Origin": f"http://{node.console}"}
    )

    assert from_console.code == "bad-origin"
    assert from_public.code == "bad-origin"
    assert own.code == "sign-in-refused"


@pytest.mark.parametrize(
    "cookie",
    ["", "__Host-session=", "__Host-session=zz", f"__Host-session={'0' * 64}", ";;=;\x01", "a"],
)
async def test_a_cookie_that_is_no_session_is_signed_out(node: Served, cookie: str) -> None:
    answer = await ask_raw(
        node.port, b"GET /session HTTP/1.1", node.console, b"Cookie: " + cookie.encode()
    )

    assert answer.status in (400, 401)  # 400: the parser takes no control signs


async def test_ids_that_are_none_are_not_found(node: Served) -> None:
    session = await node.signed_in("ids", Role.PLANNER, None)

    for wrong in ("0" * 32, "0" * 31, "A" * 32, "-1", "%00", "..", "%2e%2e", "x" * 4_000, "'"):
        answer = await node.ask("POST", f"/branch/shifts/{wrong}/cancel", session=session, json={})
        assert (answer.status, answer.code) == (404, "not-found"), wrong


class _Nobody:
    async def acting(self, token: bytes) -> Scope | None:
        raise AssertionError(token)


async def test_a_client_that_never_ends_its_body_is_let_go_while_others_are_served() -> None:
    table, origins = Routes("test"), {Face.PUBLIC: "http://test", Face.CONSOLE: "http://other"}

    @table.add("POST", "/take", may=ANYONE, face=Face.PUBLIC, takes=Nothing, status=204)
    async def take(_call: Call[Nothing]) -> None:
        """Take nothing."""

    [route] = table
    codes: list[Code] = []
    app = web.Application(
        middlewares=[
            middleware(Policies(public="p", console="c", https=False), origins, codes.append)
        ]
    )
    app.router.add_routes([bind(route, _Nobody(), origins, body_s=0.2)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        head = (port, b"POST /take HTTP/1.1", "test")
        async with asyncio.TaskGroup() as group:
            slow = group.create_task(ask_raw(*head, b"Content-Length: 9", body=b"{"))
            quick = group.create_task(ask_raw(*head, b"Content-Length: 2", body=b"{}"))
    finally:
        await runner.cleanup()

    assert quick.result().status == 204
    assert slow.result().status == 400
    assert codes == [Code.BAD_REQUEST]


def test_binary_in_json_is_base64url_without_padding() -> None:
    assert b64(b"\xfb\xff\xfe\x00") == "-__-AA"
