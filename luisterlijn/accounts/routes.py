"""Signing in and out, and what a console needs before its socket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from luisterlijn.accounts.wire import Me, SignIn, SocketTicket, WrapSecret
from luisterlijn.edge.guard import ANYONE, COOKIE, SIGNED_IN, Call, Face, Nothing, Routes, b64
from luisterlijn.edge.ratelimits import Buckets
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.privacy.redaction import Secret

if TYPE_CHECKING:
    from luisterlijn.accounts.model import Person
    from luisterlijn.accounts.service import Accounts

TRIES_PER_S = 1 / 10
TRIES_AT_ONCE = 5


def routes(accounts: Accounts) -> Routes:
    """Give the routes of the room."""
    table = Routes("accounts")
    tries = Buckets(per_s=TRIES_PER_S, burst=TRIES_AT_ONCE)

    @table.add(
        "POST",
        "/session",
        may=ANYONE,
        face=Face.CONSOLE,
        takes=SignIn,
        gives=Me,
        refuses=(Code.SIGN_IN_REFUSED, Code.TOO_FAST),
    )
    async def sign_in(call: Call[SignIn]) -> web.Response:
        """Sign in with name, password and one-time code; sets the session's cookie."""
        # A NUL is in no name, and PostgreSQL takes none.
        name = call.body.name.replace("\0", "").strip().lower()[:100]
        if not tries.take(name, asyncio.get_running_loop().time()):
            raise Refusal(Code.TOO_FAST)
        token, person = await accounts.sign_in(name, Secret(call.body.password), call.body.code)
        tries.forget(name)
        answer = web.Response(
            body=msgspec.json.encode(_me(person)), content_type="application/json"
        )
        answer.set_cookie(
            COOKIE, token.hex(), path="/", secure=True, httponly=True, samesite="Strict"
        )
        return answer

    @table.add("GET", "/session", may=SIGNED_IN, face=Face.CONSOLE, gives=Me)
    async def me(call: Call[None]) -> Me:
        """Say who is signed in."""
        return _me(await accounts.me(call.scope))

    @table.add("DELETE", "/session", may=SIGNED_IN, face=Face.CONSOLE, status=204)
    async def sign_out(call: Call[None]) -> web.Response:
        """Sign out; the secret that wraps the console's key is destroyed."""
        await accounts.sign_out(call.session or b"")
        answer = web.Response(status=204, headers={"Clear-Site-Data": '"cache", "storage"'})
        answer.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
        return answer

    @table.add("GET", "/session/wrap", may=SIGNED_IN, face=Face.CONSOLE, gives=WrapSecret)
    async def wrap(call: Call[None]) -> WrapSecret:
        """Give the secret that wraps this console's private key."""
        return WrapSecret(secret=b64(await accounts.wrap_secret(call.session or b"")))

    @table.add(
        "POST",
        "/session/ticket",
        may=SIGNED_IN,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=SocketTicket,
    )
    async def ticket(call: Call[Nothing]) -> SocketTicket:
        """Give a ticket for one socket."""
        now_s = asyncio.get_running_loop().time()
        return SocketTicket(ticket=accounts.socket_ticket(call.session or b"", now_s))

    return table


def _me(person: Person) -> Me:
    return Me(
        person=person.id.hex,
        name=person.name,
        branch=person.branch.hex if person.branch else None,
        branch_name=person.branch_name,
        roles=sorted(role.value for role in person.roles),
        languages=list(person.languages),
        capacity=person.chats,
    )
