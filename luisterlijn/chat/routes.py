"""Beginning a chat, leaving it at once, and saying whether it helped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from luisterlijn.chat.sockets import old_number
from luisterlijn.chat.wire import BeginChat, ChatBegun, Leave, Opinion
from luisterlijn.dispatch.waiting import Opening
from luisterlijn.edge.guard import ANYONE, Call, Face, Routes, b64, read_b64
from luisterlijn.kernel.errors import Code, Outage, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.chat.crowd import Crowd
    from luisterlijn.chat.service import Chats
    from luisterlijn.chat.sockets import ChatRoom
    from luisterlijn.dispatch.line import Line

log = structlog.get_logger()


def routes(
    chats: Chats,
    room: ChatRoom,
    line: Line,
    crowd: Crowd,
    network_of: Callable[[web.Request], bytes],
    count: Callable[[str, str, str], None],
) -> Routes:
    """Give the routes of the room.

    Args:
        chats: the use cases.
        room: holds tickets of old numbers and opinions.
        line: says whether the chat is open.
        crowd: puts a flood from one network behind others.
        network_of: a dying pseudonym of the visitor's network; for the crowd only.
        count: adds one to a counter: channel, kind, value.
    """
    table = Routes("chat")

    @table.add(
        "POST",
        "/chat",
        may=ANYONE,
        face=Face.PUBLIC,
        takes=BeginChat,
        gives=ChatBegun,
        status=201,
        refuses=(Code.LINE_CLOSED, Code.LINE_FULL),
    )
    async def begin(call: Call[BeginChat]) -> ChatBegun:
        """Begin a chat."""
        count("chat", "attempts", "all")
        number = old_number(room, call.body.ticket)
        if number is None and line.opening_of("chat", call.body.language) is Opening.CLOSED:
            count("chat", "turned_away", "closed")
            raise Refusal(Code.LINE_CLOSED)
        try:
            network = network_of(call.request)
            contact, token = await chats.begin(
                call.body.language, number, behind=crowd.delay(network)
            )
        except Refusal as refusal:
            if refusal.code is Code.LINE_FULL:
                count("chat", "turned_away", "full")
            room.give_back(call.body.ticket, number)
            raise
        crowd.came(contact, network)
        return ChatBegun(contact=contact.hex, token=b64(token), signer=b64(chats.signer))

    @table.add("POST", "/chat/leave", may=ANYONE, face=Face.PUBLIC, takes=Leave, status=204)
    async def leave(call: Call[Leave]) -> web.Response:
        """Leave at once; always the same answer."""
        try:
            contact = await chats.of_token(read_b64(call.body.token))
            room.left(contact)
            await chats.leave(contact)
        except Refusal:
            pass  # over already: nothing to leave
        except Outage:
            log.warning("leave_waits")  # the missing heartbeat freezes it within seconds
        return web.Response(status=204, headers={"Clear-Site-Data": '"cache", "storage"'})

    @table.add(
        "POST",
        "/chat/opinion",
        may=ANYONE,
        face=Face.PUBLIC,
        takes=Opinion,
        status=204,
        refuses=(Code.TICKET_GONE,),
    )
    async def opinion(call: Call[Opinion]) -> None:
        """Say whether it helped; once."""
        channel = room.opinions.take(call.body.ticket, asyncio.get_running_loop().time())
        if channel is None:
            raise Refusal(Code.TICKET_GONE)
        count(channel, "opinion", call.body.answer)

    return table
