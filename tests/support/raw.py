"""Requests written byte by byte, as no honest client would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

WAITS_S = 20.0


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """The answer as it came."""

    status: int
    head: bytes
    body: bytes


async def ask_raw(
    port: int, line: bytes, host: str, *headers: bytes, body: bytes = b""
) -> RawAnswer:
    """Send a request line, a host, headers and a body as they are; read the first answer.

    Raises:
        TimeoutError: no answer came.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [line, *([b"Host: " + host.encode()] if host else []), *headers]
    try:
        async with asyncio.timeout(WAITS_S):
            writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            head = await reader.readuntil(b"\r\n\r\n")
            found = [
                int(each.partition(b":")[2])
                for each in head.lower().split(b"\r\n")
                if each.startswith(b"content-length:")
            ]
            said = await reader.readexactly(found[0]) if found else b""
    finally:
        writer.close()
    return RawAnswer(int(head.split(b" ")[1]), head, said)
