"""Every answer closes the same doors, refusals and parser's edge cases too."""

from __future__ import annotations

import dataclasses
import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from luisterlijn.doors import serving, signalling
from luisterlijn.edge.guard import Face
from luisterlijn.edge.headers import ALWAYS, IMMUTABLE, PERMISSIONS, console_policy
from tests.support.house import free_port
from tests.support.raw import ask_raw
from tests.support.twilio_api import settings as twilio_settings

if TYPE_CHECKING:
    from tests.support.served import Served

QUESTIONS = (
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/session"),
    ("POST", "/session"),
    ("PATCH", "/session"),
    ("OPTIONS", "/session"),
    ("GET", "/line"),
    ("GET", "/kosten"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/openapi.json"),
    ("GET", "/nowhere"),
    ("GET", "/assets/nothing.js"),
    ("GET", "/assets/"),
    ("GET", "/socket.io/?EIO=4&transport=polling"),
    ("GET", "/socket.io/?EIO=4&transport=websocket"),
)


@pytest.mark.parametrize(("method", "path"), QUESTIONS)
async def test_every_answer_on_both_faces_has_every_header_and_is_never_stored(
    node: Served, method: str, path: str
) -> None:
    for host in (node.public, node.console):
        answer = await node.ask(method, path, host=host)

        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert (answer.headers["Content-Security-Policy"] == console_policy()) == (
            host == node.console
        )
        face = Face.CONSOLE if host == node.console else Face.PUBLIC
        assert answer.headers["Permissions-Policy"] == PERMISSIONS[face]
        assert answer.status < 500


def test_only_the_console_may_ask_for_the_microphone() -> None:
    assert "microphone=(self)" in PERMISSIONS[Face.CONSOLE]
    assert "microphone=()" in PERMISSIONS[Face.PUBLIC]
    assert all("camera=(), geolocation=()" in each for each in PERMISSIONS.values())


async def test_the_console_opens_one_host_elsewhere_and_only_when_calls_go_by_it(
    node: Served,
) -> None:
    demo = node.built.house.settings
    real = dataclasses.replace(demo, demo=False, twilio=twilio_settings(edge="frankfurt"))

    assert signalling(demo) is None
    assert signalling(dataclasses.replace(demo, demo=False)) is None
    assert signalling(dataclasses.replace(real, demo=True)) is None
    without, opened = console_policy().split("; "), console_policy(signalling(real)).split("; ")
    assert "connect-src 'self'" in without
    assert set(opened) - set(without) == {"connect-src 'self' wss://voice-js.frankfurt.twilio.com"}


async def test_a_line_on_twilio_serves_its_console_with_that_host_and_its_page_without(
    node: Served,
) -> None:
    house = node.built.house
    port = free_port()
    # The doors look at the settings only; the calls of this node stay where they are.
    real = dataclasses.replace(
        house.settings,
        port=port,
        demo=False,
        twilio=twilio_settings(),
        public_url=f"http://127.0.0.1:{port}",
        console_url=f"http://localhost:{port}",
    )
    async with serving(dataclasses.replace(house, settings=real), goodbye_s=0):
        console = await ask_raw(port, b"GET /healthz HTTP/1.1", f"localhost:{port}")
        page = await ask_raw(port, b"GET /healthz HTTP/1.1", f"127.0.0.1:{port}")

    assert b"connect-src 'self' wss://voice-js.dublin.twilio.com;" in console.head
    assert b"connect-src 'self';" in page.head
    assert b"twilio" not in page.head


async def test_the_public_face_sets_no_cookie_whatever_is_asked(node: Served) -> None:
    for method, path in (*QUESTIONS, ("POST", "/chat"), ("POST", "/chat/leave")):
        answer = await node.ask(method, path, host=node.public, data=b'{"token":""}')
        assert answer.cookies == (), path


async def test_the_public_policy_allows_exactly_the_blocks_that_the_page_holds(
    node: Served,
) -> None:
    answer = await node.ask("GET", "/", host=node.public)
    html, policy = answer.body.decode(), answer.headers["Content-Security-Policy"]

    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        blocks = re.findall(rf"<{tag}>(.+?)</{tag}>", html, re.DOTALL)
        wanted = {f"sha256-{b64encode(sha256(each.encode()).digest()).decode()}" for each in blocks}
        [listed] = [each for each in policy.split(";") if each.strip().startswith(rule)]
        assert set(re.findall(r"'(sha256-[^']+)'", listed)) == wanted
        assert wanted, tag
    others = set(re.findall(r"<script (.*?)>", html))
    assert all('type="application/json"' in each or "src=" in each for each in others)
    assert not re.search(r"<[^>]*\son[a-z]+=", html)
    assert " style=" not in html


async def test_only_a_built_file_that_is_there_may_be_kept_by_the_browser(node: Served) -> None:
    there = await node.ask("GET", "/assets/icon.svg")
    missing = await node.ask("GET", "/assets/icon.png")

    assert (there.status, there.headers["Cache-Control"]) == (200, IMMUTABLE)
    assert (missing.status, missing.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../pyproject.toml",
        "/assets/../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/..%5c..%5cetc",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/icon.svg%00.js",
        "/assets/" + "a" * 3_000,
        "/assets/" + "a/" * 1_000,
        "/assets",
    ],
)
async def test_no_path_below_assets_leads_out_of_it(node: Served, path: str) -> None:
    answer = await ask_raw(node.port, f"GET {path} HTTP/1.1".encode(), node.console)

    assert answer.status == 404
    assert b"not-found" in answer.body


async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(node: Served) -> None:
    answer = await node.ask("PUT", "/session", json={})

    assert (answer.status, answer.code) == (405, "bad-request")
    assert answer.json()["status"] == 405
    assert set(answer.headers["Allow"].split(",")) == {"DELETE", "GET", "HEAD", "POST"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost"])
async def test_a_socket_that_another_site_opens_is_refused_with_a_code(
    node: Served, origin: str
) -> None:
    answer = await node.ask(
        "GET", "/socket.io/?EIO=4&transport=websocket", headers={"Origin": origin}
    )

    assert (answer.status, answer.code) == (403, "bad-origin")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?EIO=4&transport=polling",
        "?EIO=3&transport=websocket",
        "?EIO=x&transport=websocket",
        "?EIO=4&transport=websocket&sid=unknown",
        "?EIO=4&transport=websocket&j=a",
        "?EIO=4&transport=%00",
    ],
)
async def test_a_wrong_handshake_is_a_problem_without_the_librarys_words(
    node: Served, query: str
) -> None:
    answer = await node.ask("GET", f"/socket.io/{query}")

    assert (answer.status, answer.code) == (400, "bad-request")


@pytest.mark.parametrize(
    ("line", "headers", "body"),
    [
        (b"GET / HTTP/1.1", (b"X: " + b"a" * 20_000,), b""),
        (b"GET / HTTP/1.1", (b"X: a",) * 5_000, b""),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1", (), b""),
        (b"FOO / HTTP/1.1", (), b""),
        (b"GET / HTTP/9.9", (), b""),
        (b"\x16\x03\x01", (), b""),
        (b"POST /session HTTP/1.1", (b"Content-Length: -4",), b""),
        (b"POST /session HTTP/1.1", (b"Content-Length: 1", b"Content-Length: 2"), b"{}"),
        (
            b"POST /session HTTP/1.1",
            (b"Content-Length: 4", b"Transfer-Encoding: chunked"),
            b"0\r\n\r\n",
        ),
        (b"POST /session HTTP/1.1", (b"Transfer-Encoding: chunked",), b"zz\r\n"),
        (b"GET / HTTP/1.1", (b"X\x00: a",), b""),
    ],
)
async def test_what_is_no_http_ends_at_the_parser(
    node: Served, line: bytes, headers: tuple[bytes, ...], body: bytes
) -> None:
    answer = await ask_raw(node.port, line, node.console, *headers, body=body)

    assert 400 <= answer.status < 500
    assert (await node.ask("GET", "/healthz")).status == 200


async def test_an_unknown_expectation_or_a_missing_host_is_refused(node: Served) -> None:
    expects = await ask_raw(
        node.port,
        b"POST /session HTTP/1.1",
        node.console,
        b"Expect: tea",
        b"Content-Length: 2",
        body=b"{}",
    )
    hostless = await ask_raw(node.port, b"GET /session HTTP/1.1", "")

    assert 400 <= expects.status < 500
    assert hostless.status == 400


async def test_only_a_line_on_https_promises_to_stay_there(node: Served) -> None:
    house = node.built.house
    port = free_port()
    safe = dataclasses.replace(house.settings, port=port, public_url="https://lijn.example")

    async with serving(dataclasses.replace(house, settings=safe), goodbye_s=0):
        promised = await ask_raw(port, b"GET /healthz HTTP/1.1", "lijn.example")

    assert b"strict-transport-security: max-age=31536000; includesub" in promised.head.lower()
    assert "Strict-Transport-Security" not in (await node.ask("GET", "/healthz")).headers
