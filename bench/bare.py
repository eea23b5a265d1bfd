"""The yardstick: python-socketio alone, with the same settings, relaying the same events."""

from __future__ import annotations

import sys
from typing import Any

import socketio
import uvloop
from aiohttp import web


def main() -> None:
    """Serve on the port of the command line: who says `pair` twice gets each other's lines."""
    server = socketio.AsyncServer(
        async_mode="aiohttp",
        transports=["websocket"],
        cors_allowed_origins=[],
        async_handlers=False,
        http_compression=False,
        ping_interval=5,
        ping_timeout=5,
    )
    waiting: dict[str, str] = {}
    peers: dict[str, str] = {}

    async def pair(sid: str, name: str) -> dict[str, Any]:
        other = waiting.pop(name, None)
        if other is None:
            waiting[name] = sid
        else:
            peers[sid], peers[other] = other, sid
        return {"ok": True}

    async def say(sid: str, line: dict[str, Any]) -> dict[str, Any]:
        await server.emit("line", line, to=peers[sid])
        return {"ok": True, "seq": 1}

    server.on("pair", pair)
    server.on("say", say)
    app = web.Application()
    server.attach(app)
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
