"""Routes that cannot be silent: each says who may, what it takes, gives and refuses."""

from __future__ import annotations

import asyncio
import enum
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from luisterlijn.edge.queries import id_named
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import Role, Scope

LARGEST_BODY = 64 * 1024
LARGEST_FORM = 16 * 1024
MOST_FIELDS = 100
"""A provider's webhook has some thirty fields and one kilobyte."""
BODY_S = 10.0
"""Longer over 64 kB than the slowest phone; past it a trickling client holds nothing of ours."""
COOKIE = "__Host-session"


class Face(enum.Enum):
    """Which host name a route answers on; both: probes and built files."""

    PUBLIC = "public"
    CONSOLE = "console"
    BOTH = "both"


class Anyone(enum.Enum):
    """The permission of a route that asks for no role."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"
    PROVIDER = "provider"


ANYONE = Anyone.ANYONE
SIGNED_IN = Anyone.SIGNED_IN
PROVIDER = Anyone.PROVIDER
"""A webhook: no cookie, but a signature over address and form; its body is the form."""
May = Anyone | frozenset[Role]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An empty body, or an event without fields."""


Taken = TypeVar("Taken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Taken]):
    """One request after its checks: body read, permission proven."""

    body: Taken
    request: web.Request
    acting: Scope | None
    session: bytes | None

    @property
    def scope(self) -> Scope:
        """Give who acts; only for routes that ask for somebody signed in."""
        if self.acting is None:
            raise Refusal(Code.SIGNED_OUT)
        return self.acting

    def id(self, name: str) -> Any:
        """Give the id in the path; an id that is none is not found."""
        return id_named(self.request.match_info[name])


Handler = Callable[[Call[Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One declared route; the OpenAPI document is made of these."""

    method: str
    path: str
    may: May
    face: Face
    takes: type | None
    gives: type | None
    status: int
    refuses: tuple[Code, ...]
    handler: Handler
    summary: str
    largest: int = LARGEST_BODY


@dataclass(slots=True)
class Routes:
    """The routes of one room."""

    room: str
    all: list[Route] = field(default_factory=list)

    def add(
        self,
        method: str,
        path: str,
        *,
        may: May,
        face: Face,
        takes: type | None = None,
        gives: type | None = None,
        status: int = 200,
        refuses: tuple[Code, ...] = (),
        largest: int = LARGEST_BODY,
    ) -> Callable[[Handler], Handler]:
        """Declare a route; there is no default for who may. `largest`: bytes of its body."""

        def keep(handler: Handler) -> Handler:
            summary = (handler.__doc__ or "").strip().split("\n")[0]
            self.all.append(
                Route(
                    method=method,
                    path=path,
                    may=may,
                    face=face,
                    takes=takes,
                    gives=gives,
                    status=status,
                    refuses=refuses,
                    handler=handler,
                    summary=summary,
                    largest=largest,
                )
            )
            return handler

        return keep

    def __iter__(self) -> Iterator[Route]:
        """Give the routes in the order they were declared."""
        return iter(self.all)


class Signed(Protocol):
    """Tells whether the telephone provider sent a form."""

    def __call__(self, path: str, form: Mapping[str, str], signature: str, /) -> bool:
        """Say so; `path` with its query, as it was asked."""
        ...


class Sessions(Protocol):
    """Tells who a session's cookie belongs to; kept by `accounts`."""

    async def acting(self, token: bytes) -> Scope | None:
        """Give who acts, and count the session as heard; None when it is over."""
        ...


def nobody_signs(_path: str, _form: Mapping[str, str], _signature: str) -> bool:
    """Take nothing for signed: there is no telephone provider."""
    return False


def bind(
    route: Route,
    sessions: Sessions,
    origins: dict[Face, str],
    *,
    signed: Signed = nobody_signs,
    body_s: float = BODY_S,
) -> web.RouteDef:
    """Make the aiohttp handler of a declared route: face, origin, permission, body, answer.

    `signed` tells whether the telephone provider sent a form; without one nobody did.
    """
    decoder: msgspec.json.Decoder[Any] | None = (
        msgspec.json.Decoder(route.takes) if route.takes is not None else None
    )

    async def serve(request: web.Request) -> web.StreamResponse:
        check_face(request, route.face, origins)
        if request.method not in ("GET", "HEAD"):
            check_origin(request, route.face, origins)
        token = cookie_of(request) if route.face is not Face.PUBLIC else None
        body: Any = None
        if route.may is PROVIDER:
            acting = None
            body = await _form(request, signed, body_s)
        else:
            acting = await _permitted(route.may, token, sessions)
            body = await _read(request, decoder, body_s, route.largest) if decoder else None
        answer = await route.handler(Call(body=body, request=request, acting=acting, session=token))
        if isinstance(answer, web.StreamResponse):
            return answer
        if answer is None:
            return web.Response(status=204)
        return web.Response(
            status=route.status,
            body=msgspec.json.encode(answer),
            content_type="application/json",
        )

    return web.route(route.method, route.path, serve)


def b64(raw: bytes) -> str:
    """Give base64url without padding, as every binary field of a JSON body."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_b64(text: str) -> bytes:
    """Read base64url without padding.

    Raises:
        Refusal: `bad-request`.
    """
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        raise Refusal(Code.BAD_REQUEST) from None


def hashed(token: bytes) -> bytes:
    """Give what is stored of a token of at least 128 random bits: nobody guesses back."""
    return hashlib.sha256(token).digest()


def check_face(request: web.Request, face: Face, origins: dict[Face, str]) -> None:
    """Refuse, as not found, a route asked on the other face's host name."""
    if face is not Face.BOTH and request.host != origins[face].partition("://")[2]:
        raise Refusal(Code.NOT_FOUND)


def check_origin(request: web.Request, face: Face, origins: dict[Face, str]) -> None:
    """Refuse what another site asks for, our own other face too.

    A client that is no browser sends no Origin.
    """
    origin = request.headers.get("Origin")
    if origin is None and request.headers.get("Sec-Fetch-Site") in (None, "same-origin"):
        return
    allowed = set(origins.values()) if face is Face.BOTH else {origins[face]}
    if origin not in allowed:
        raise Refusal(Code.BAD_ORIGIN)


def cookie_of(request: web.Request) -> bytes | None:
    """Give the session's token from its cookie; None when there is none or it is no token."""
    try:
        return bytes.fromhex(request.cookies[COOKIE])
    except (KeyError, ValueError):
        return None


async def _permitted(may: May, token: bytes | None, sessions: Sessions) -> Scope | None:
    if may is ANYONE:
        return None
    acting = await sessions.acting(token) if token is not None else None
    if acting is None:
        raise Refusal(Code.SIGNED_OUT)
    if isinstance(may, frozenset) and not acting.roles & may:
        # Missing and forbidden answer alike.
        raise Refusal(Code.NOT_FOUND)
    return acting


async def _form(request: web.Request, signed: Signed, body_s: float) -> dict[str, str]:
    """Read a signed form; who did not sign learns nothing about what is there.

    Raises:
        Refusal: `bad-signature`; also for what is no form, so that nobody can tell them apart.
    """
    if (request.content_length or 0) > LARGEST_FORM:
        raise Refusal(Code.MESSAGE_TOO_LONG)
    try:
        async with asyncio.timeout(body_s):
            raw = await _body(request, LARGEST_FORM)
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (TimeoutError, ConnectionError, web.RequestPayloadError, ValueError) as cut:
        raise Refusal(Code.BAD_SIGNATURE) from cut
    form = dict(pairs)
    signature = request.headers.get("X-Twilio-Signature", "")
    if len(form) != len(pairs) or not signed(request.raw_path, form, signature):
        raise Refusal(Code.BAD_SIGNATURE)
    return form


async def _read(
    request: web.Request, decoder: msgspec.json.Decoder[Any], body_s: float, largest: int
) -> Any:
    if (request.content_length or 0) > largest:
        raise Refusal(Code.MESSAGE_TOO_LONG)
    try:
        async with asyncio.timeout(body_s):
            raw = await _body(request, largest)
    except (TimeoutError, ConnectionError, web.RequestPayloadError) as cut:
        raise Refusal(Code.BAD_REQUEST) from cut
    try:
        return decoder.decode(raw or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Refusal(Code.BAD_REQUEST) from fault


async def _body(request: web.Request, largest: int) -> bytes:
    raw = b""
    while not request.content.at_eof():
        raw += await request.content.read(largest + 1 - len(raw))
        if len(raw) > largest:
            raise Refusal(Code.MESSAGE_TOO_LONG)
    return raw
