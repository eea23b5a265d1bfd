"""A node that serves on a real socket, and the short way to ask it something."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
from yarl import URL

from luisterlijn.accounts.service import NewPerson
from luisterlijn.doors import serving
from luisterlijn.edge.guard import COOKIE
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.redaction import Secret
from tests.support.house import PASSWORD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...]

    def json(self) -> Any:
        """Read the body."""
        return msgspec.json.decode(self.body)

    @property
    def code(self) -> str:
        """Give the stable code of a problem; empty when the answer is none."""
        if self.headers.get("Content-Type") != "application/problem+json":
            return ""
        return str(self.json()["code"])


class Served:
    """A served node and a client that keeps no cookies."""

    def __init__(self, built: TestHouse, client: aiohttp.ClientSession) -> None:
        """Both live as long as `served`."""
        self.built = built
        self.client = client
        self.port = built.house.settings.port
        self.public = f"127.0.0.1:{self.port}"
        self.console = f"localhost:{self.port}"

    async def ask(
        self,
        method: str,
        path: str,
        *,
        host: str = "",
        session: bytes | None = None,
        json: object = None,
        data: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask and read to the end; the console's host name unless another is named.

        `path` is sent as it is written: nothing is cleaned or encoded.
        """
        sent = {"Host": host or self.console, "Accept-Encoding": "identity", **(headers or {})}
        if session is not None:
            sent["Cookie"] = f"{COOKIE}={session.hex()}"
        if json is not None:
            data = msgspec.json.encode(json)
            sent.setdefault("Content-Type", "application/json")
        async with self.client.request(
            method,
            URL(f"http://127.0.0.1:{self.port}{path}", encoded=True),
            headers=sent,
            data=data,
            allow_redirects=False,
        ) as answer:
            return Answer(
                status=answer.status,
                headers=answer.headers.copy(),
                body=await answer.read(),
                cookies=tuple(answer.headers.getall("Set-Cookie", ())),
            )

    async def branch(self, slug: str) -> BranchId:
        """Add a branch."""
        house = self.built.house
        branch = BranchId(new_id(house.tokens))
        async with house.database.transaction(LINE) as tx:
            await house.accounts.add_branch(tx, branch, slug, slug.title())
        return branch

    async def person(self, name: str, role: Role, branch: BranchId | None) -> PersonId:
        """Give somebody an account."""
        house = self.built.house
        async with house.database.transaction(LINE) as tx:
            [person] = await house.accounts.add_people(
                tx,
                [
                    NewPerson(
                        sign_in=name,
                        name=name.title(),
                        branch=branch,
                        roles=frozenset({role}),
                        channels=("chat",),
                    )
                ],
                Secret(PASSWORD),
            )
        return person

    async def signed_in(self, name: str, role: Role, branch: BranchId | None) -> bytes:
        """Give somebody an account and a session; gives the session's token."""
        person = await self.person(name, role, branch)
        return await self.built.house.accounts.demo_session(person)


@contextlib.asynccontextmanager
async def served(built: TestHouse) -> AsyncIterator[Served]:
    """Serve a node until the block ends."""
    async with (
        built.house.at_work(),
        serving(built.house, goodbye_s=0, cut_s=0.1),
        aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=30),
            auto_decompress=False,
            # A refusal may end the connection: every question gets its own.
            connector=aiohttp.TCPConnector(force_close=True),
        ) as client,
    ):
        yield Served(built, client)
