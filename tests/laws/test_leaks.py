"""No address, browser, word, key or token of a visitor reaches a disk or a log (promise P1).

A node with a PostgreSQL of its own is led through all that can go wrong with a request, by people
whose every mark is unique. Then it is stopped, and every file it wrote is searched.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from uuid import UUID

import aiohttp
import asyncpg
import pytest

from luisterlijn.edge.guard import COOKIE, read_b64
from luisterlijn.store.embedded import running
from tests.support.canaries import Hit, files, readable_forms, search
from tests.support.ends import Console, Page, close
from tests.support.lone_node import Marks, Remote, node

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PLANTED = "geplant" + secrets.token_hex(8)
"""Written to the database on purpose, and dropped again: the search has to find it."""
WAITING = "select count(distinct pid) from pg_locks where not granted"


async def sign_in(remote: Remote, http: aiohttp.ClientSession) -> Console:
    """Sign a volunteer of the demo in, ready to open a console."""
    url = f"http://{remote.console}"
    async with http.get(f"{url}/demo/people") as answer:
        people = (await answer.json())["people"]
    [found] = [each for each in people if each["name"] == "vrijwilliger"]
    body = {name: found[name] for name in ("name", "password", "code")}
    async with http.post(f"{url}/session", json=body) as answer:
        assert answer.status == 200
        cookie = answer.cookies[COOKIE].value

    async def ticket() -> str:
        async with http.post(
            f"{url}/session/ticket", json={}, headers={"Cookie": f"{COOKIE}={cookie}"}
        ) as given:
            return str((await given.json())["ticket"])

    return Console(remote, ticket)


async def begin(remote: Remote, http: aiohttp.ClientSession) -> Page:
    """Press "Begin"."""
    async with http.post(f"http://{remote.public}/chat", json={"language": "nl"}) as answer:
        assert answer.status == 201, await answer.text()
        begun: dict[str, Any] = await answer.json()
    page = Page(remote, begun, http)
    remote.marks.secret[f"token of {page.contact[:4]}"] = read_b64(begun["token"])
    remote.marks.secret[f"token text of {page.contact[:4]}"] = begun["token"].encode()
    return page


async def conversation(remote: Remote) -> None:
    """Let two talk, with everything that people do to each other, up to the wrap-up."""
    marks = remote.marks
    async with aiohttp.ClientSession() as desk, remote.visitor() as http:
        listener = await (await sign_in(remote, desk)).connect()
        page = await begin(remote, http)
        await page.open()
        await listener.take()
        await page.give_keys()
        await listener.fetch_keys()
        marks.secret["end-to-end secret"] = page.secrets[page.period].reveal()
        marks.secret["half"] = page.snapshot["half"]
        await page.say(marks.mark("line"))
        await listener.say(marks.mark("answer"))
        await same_line_twice(remote, page, listener)
        await page.wire.ask("say", {marks.mark("field"): marks.mark("value")})
        await page.wire.ask("say", marks.mark("text"))
        await page.wire.ask(marks.mark("event"), {})
        await page.wire.ask("connect", {"token": marks.mark("token")})
        await page.wire.close()
        await page.open()
        await page.wire.ask("end")
        opinion = (await page.wire.hears("ended"))["opinion"]
        url = f"http://{remote.public}"
        for body in (
            {"ticket": opinion, "answer": "yes"},
            {"ticket": marks.mark("ticket"), "answer": "no"},
            {"ticket": opinion, "answer": marks.mark("opinion")},
        ):
            async with http.post(f"{url}/chat/opinion", json=body):
                pass
        form = {
            "nature": "talk",
            "topics": ["alone"],
            "loneliness": "social",
            "age": "65-79",
            "referred": [],
            "heaviness": 3,
        }
        wrong = {"contact": page.contact, "form": {**form, "nature": marks.mark("nature")}}
        await listener.wire.ask("wrapup", {**wrong, "then": "ready"})
        answer = await listener.wire.ask(
            "wrapup", {"contact": page.contact, "form": form, "then": "paused"}
        )
        assert answer["ok"], answer
        await close(page, listener)


async def same_line_twice(remote: Remote, page: Page, listener: Console) -> None:
    """Let both ends use one client id at one instant: the database's refusal names its values."""
    line = page.write(remote.marks.mark("twin"))
    twin = {**listener.speech(remote.marks.mark("twin")), "client_id": line["client_id"]}
    remote.marks.secret["client id"] = str(UUID(hex=line["client_id"])).encode()
    async with root(remote) as database:
        held = database.transaction()
        await held.start()
        await database.fetch("select 1 from chat for update")
        async with asyncio.TaskGroup() as group:
            said = [
                group.create_task(page.wire.ask("say", line)),
                group.create_task(listener.wire.ask("say", twin)),
            ]
            async with asyncio.timeout(2):
                while await database.fetchval(WAITING) < len(said):  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.01)
            await held.rollback()
    numbers = [each.result()["seq"] for each in said]
    assert numbers[0] == numbers[1]


async def quick_exit(remote: Remote) -> None:
    """Leave while waiting."""
    async with remote.visitor() as http:
        page = await begin(remote, http)
        await page.open()
        url = f"http://{remote.public}/chat/leave"
        async with http.post(url, json={"token": page.begun["token"]}) as answer:
            assert answer.status == 204
        async with http.post(url, data=remote.marks.mark("leave")):
            pass
        await page.wire.close()


async def bad_requests(remote: Remote) -> None:
    """Ask what is not there, what is too big, what is broken, and on whose behalf one may not."""
    marks = remote.marks
    url = f"http://{remote.public}"
    async with remote.visitor() as http:
        for method, path, data in (
            ("GET", f"/{marks.mark('path')}?q={marks.mark('query')}", None),
            ("GET", f"/assets/{marks.mark('asset')}.js", None),
            ("GET", f"/socket.io/?EIO=4&transport=polling&sid={marks.mark('sid')}", None),
            ("GET", f"/socket.io/?EIO={marks.mark('eio')}&transport={marks.mark('way')}", None),
            ("PUT", "/chat", marks.mark("method")),
            ("POST", "/chat", marks.mark("nojson")),
            ("POST", "/chat", '{"language":"' + marks.mark("language") + '"}'),
            ("POST", "/chat", '{"ticket":"' + marks.mark("ticket") + '"}'),
            ("POST", "/chat", '{"' + marks.mark("name") + '":1}'),
            ("POST", "/chat", marks.mark("big") + "x" * 200_000),
            ("POST", "/chat", b"\xff\xfe" + marks.mark("bytes").encode()),
        ):
            with contextlib.suppress(aiohttp.ClientError):
                async with http.request(method, f"{url}{path}", data=data) as answer:
                    assert answer.status < 500 or answer.status == 503
        for name in ("Origin", "Host", "Content-Type", "Expect", "Upgrade", "Sec-Fetch-Site"):
            headers = {name: marks.mark(name.lower())}
            with contextlib.suppress(aiohttp.ClientError):
                async with http.post(f"{url}/chat", json={}, headers=headers):
                    pass
        name, password = marks.mark("person"), marks.mark("password")
        console = {"Host": remote.console, "Origin": f"http://{remote.console}"}
        for _ in range(7):  # more than may be tried at once
            body = {"name": name, "password": password, "code": "123456"}
            async with http.post(f"http://{remote.public}/session", json=body):
                pass
            async with http.post(f"{url}/session", json=body, headers=console) as answer:
                assert answer.status in (401, 429)
        body = {"name": name + "\0\u20ac", "password": password, "code": marks.mark("code")}
        async with http.post(f"{url}/session", json=body, headers=console):
            pass


async def broken_wires(remote: Remote) -> None:
    """Speak half a sentence, rubbish, and the socket's language with an accent."""
    marks = remote.marks
    host = f"Host: {remote.public}\r\n".encode()
    mark = marks.mark("raw").encode()
    await remote.raw(mark + b"\r\n\r\n")
    await remote.raw(b"GET /" + mark + b" HTTP/9.9\r\n\r\n")
    await remote.raw(b"GET / HTTP/1.1\r\n" + host + mark + b"\r\n\r\n")
    await remote.raw(b"GET / HTTP/1.1\r\n" + host + b"X: " + mark * 2_000 + b"\r\n\r\n")
    await remote.raw(b"POST /chat HTTP/1.1\r\nContent-Length: " + mark + b"\r\n\r\n")
    await remote.raw(
        b"POST /chat HTTP/1.1\r\n" + host + b"Content-Length: 900\r\n\r\n", mark, reads=False
    )
    await remote.raw(
        b"POST /chat HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n", mark + b"\r\n"
    )
    await remote.raw(b"GET /" + mark, reads=False)
    async with remote.visitor() as http:
        page = await begin(remote, http)
        address = f"http://{remote.public}/socket.io/?EIO=4&transport=websocket"
        knock = '40/visitor,{"token":"' + page.begun["token"] + '"}'
        for said in (
            marks.mark("frame"),
            f"9{marks.mark('frame')}",
            f"4{marks.mark('frame')}",
            f"40/{marks.mark('space')},",
            '40/visitor,{"token":"' + marks.mark("token") + '"}',
            "40/visitor,{" + marks.mark("json"),
            f'42/visitor,["{marks.mark("json")}"',
            f'42/visitor,0["{marks.mark("event")}",{{}},{{}}]',
            f'451-/visitor,["say",{{"{marks.mark("binary")}":{{"_placeholder":true,"num":0}}}}]',
            f'45x-/visitor,["{marks.mark("binary")}"]',
            f'43/visitor,7["{marks.mark("ack")}"]',
            f'44/visitor,"{marks.mark("error")}"',
            marks.mark("bytes").encode(),
            marks.mark("large") + "x" * 100_000,
        ):
            for first in ((), (knock,)):
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    await _say(http, address, *first, said)
        await remote.raw(b"", reads=False)


async def _say(http: aiohttp.ClientSession, address: str, *said: str | bytes) -> None:
    async with (
        asyncio.timeout(1),
        http.ws_connect(address, timeout=aiohttp.ClientWSTimeout(ws_close=0.05)) as ws,
    ):
        await ws.receive()
        for each in said:
            if isinstance(each, bytes):
                await ws.send_bytes(each)
            else:
                await ws.send_str(each)
        async with asyncio.timeout(0.15):
            await ws.receive()


async def plant(remote: Remote) -> None:
    """Write a word to a table and drop the table: what a leak would leave behind."""
    async with root(remote) as database:
        await database.execute("create table planted (word text)")
        for _each in range(3):  # one of them may lie across two pages of the log
            await database.execute("insert into planted values ($1)", PLANTED)
        await database.execute("drop table planted")


@contextlib.asynccontextmanager
async def root(remote: Remote) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection of the database's superuser."""
    ours = running(remote.folder / "data" / "postgres")
    assert ours is not None
    connection = await asyncpg.connect(ours.root_url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="module")
async def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Marks]:
    """Give the folder of a node that was led through everything and stopped, and the marks."""
    folder, marks = tmp_path_factory.mktemp("leaks"), Marks()
    folder.chmod(0o755)
    async with node(folder, marks) as remote:
        await conversation(remote)
        await quick_exit(remote)
        await bad_requests(remote)
        await broken_wires(remote)
        await plant(remote)
        await quick_exit(remote)  # it still works after all that
    return folder, marks


async def test_no_mark_of_a_visitor_is_in_any_file_that_a_node_leaves(
    swept: tuple[Path, Marks],
) -> None:
    folder, marks = swept
    assert len(marks.used) > 80
    assert {"end-to-end secret", "half"} < set(marks.secret)

    assert search(marks.forms(), files(folder)) == []


async def test_the_search_reads_tables_write_ahead_log_and_both_logs(
    swept: tuple[Path, Marks],
) -> None:
    folder, _marks = swept
    names = [name for name, _content in files(folder)]
    planted = {("planted", name): form for name, form in readable_forms(PLANTED.encode()).items()}

    hits = search(planted, files(folder))

    assert any("/pg_wal/" in hit.where for hit in hits), "a word that was dropped is still found"
    assert {"errors.log", "output.log"} < set(names)
    assert any("/base/" in name for name in names)
    assert any(name.endswith("postgres.log") for name in names)
    assert b"luisterlijn is open" in (folder / "output.log").read_bytes()


def test_the_search_finds_every_form_wherever_it_stands() -> None:
    marks = Marks()
    text = marks.mark("planted")
    marks.secret["half"] = secrets.token_bytes(32)
    forms = marks.forms()

    for (canary, form), sought in forms.items():
        place = secrets.token_bytes(5_000) + sought + secrets.token_bytes(5_000)
        assert Hit(canary, form, "here") in search(forms, [("here", place)])
    for offset in range(3):
        told = b64encode(b"x" * offset + text.encode() + b"and more")
        assert search(forms, [("here", told)])
    assert search(forms, [("here", secrets.token_bytes(100_000))]) == []
