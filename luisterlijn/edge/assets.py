"""The built files of the faces, read once: no request ever touches the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs, web

from luisterlijn.kernel.errors import Code, Refusal

if TYPE_CHECKING:
    from pathlib import Path

KINDS: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
"""Any other file is not given."""
PACKED: Final = {"br": ".br", "gzip": ".gz"}
"""What the build lays beside a file, the best first."""


@dataclass(frozen=True, slots=True)
class _File:
    kind: str
    body: bytes
    packed: dict[str, bytes]


class Assets:
    """Every built file by its name below the folder."""

    def __init__(self, folder: Path) -> None:
        """Read them all."""
        self._files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in KINDS
        }

    async def give(self, request: web.Request) -> web.Response:
        """Give a file; its name holds a hash of what is in it, so it never changes."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise Refusal(Code.NOT_FOUND)
        headers = {hdrs.CONTENT_TYPE: file.kind, hdrs.VARY: hdrs.ACCEPT_ENCODING}
        takes = request.headers.get(hdrs.ACCEPT_ENCODING, "")
        for encoding, body in file.packed.items():
            if encoding in takes:
                headers[hdrs.CONTENT_ENCODING] = encoding
                return web.Response(body=body, headers=headers)
        return web.Response(body=file.body, headers=headers)


def _read(path: Path) -> _File:
    beside = {encoding: path.with_name(path.name + end) for encoding, end in PACKED.items()}
    return _File(
        KINDS[path.suffix],
        path.read_bytes(),
        {encoding: packed.read_bytes() for encoding, packed in beside.items() if packed.exists()},
    )
