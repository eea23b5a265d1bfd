"""The middleware around every request: refusals become problems, headers are set, nothing leaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from luisterlijn.edge.guard import Face, check_origin
from luisterlijn.edge.problems import PROBLEM, problem
from luisterlijn.kernel.errors import Code, Outage, Refusal

if TYPE_CHECKING:
    from aiohttp.typedefs import Middleware

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Server": "luisterlijn",
}
NOTHING_ELSE = "camera=(), geolocation=(), screen-wake-lock=(self)"
PERMISSIONS = {
    Face.PUBLIC: f"{NOTHING_ELSE}, microphone=()",
    Face.CONSOLE: f"{NOTHING_ELSE}, microphone=(self)",
}
"""Calls are taken in the console; no other page can ask for the microphone."""
ASSETS = "/assets/"
SOCKETS = "/socket.io/"
IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The Content-Security-Policy of each face, and whether https is promised."""

    public: str
    console: str
    https: bool


def public_policy(script_hashes: list[str], style_hashes: list[str]) -> str:
    """Give the public page's policy: own origin only, and the inlined blocks by their hash."""
    scripts = " ".join(f"'{each}'" for each in script_hashes)
    styles = " ".join(f"'{each}'" for each in style_hashes)
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' {styles};"
        " img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


def console_policy(signalling: str | None = None) -> str:
    """Give the console's policy: own origin, and the host that rings this browser.

    Args:
        signalling: where the provider's library signs on; its sounds and its reports about calls
            come from and go to other hosts, which stay closed.
    """
    sockets = f" wss://{signalling}" if signalling else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
        f" connect-src 'self'{sockets}; media-src 'self' blob:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
        " trusted-types svelte-trusted-html"
    )


def middleware(
    policies: Policies, origins: dict[Face, str], refused: Callable[[Code], None]
) -> Middleware:
    """Make the one middleware; `refused` counts each refusal by its code."""
    console_host = origins[Face.CONSOLE].partition("://")[2]

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await _answer(request, handler, origins, refused)
        if response.prepared:
            return response
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        face = Face.CONSOLE if request.host == console_host else Face.PUBLIC
        response.headers.setdefault("Permissions-Policy", PERMISSIONS[face])
        policy = policies.console if face is Face.CONSOLE else policies.public
        response.headers.setdefault("Content-Security-Policy", policy)
        built = request.path.startswith(ASSETS) and response.status == web.HTTPOk.status_code
        response.headers.setdefault("Cache-Control", IMMUTABLE if built else "no-store")
        if policies.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response

    return around


async def _answer(
    request: web.Request,
    handler: Handler,
    origins: dict[Face, str],
    refused: Callable[[Code], None],
) -> web.StreamResponse:
    try:
        if request.path.startswith(SOCKETS):
            check_origin(request, Face.BOTH, origins)
        answer = await handler(request)
    except Refusal as refusal:
        refused(refusal.code)
        return problem(refusal.code)
    except Outage:
        refused(Code.TRY_AGAIN)
        return problem(Code.TRY_AGAIN)
    except web.HTTPException as wrong:
        return _of_server(wrong)
    except Exception as fault:  # noqa: BLE001 - the last wall: told without a word of the request
        refused(Code.TRY_AGAIN)
        log.error("request_failed", route=_route(request), fault=type(fault).__name__)  # noqa: TRY400
        return problem(Code.TRY_AGAIN)
    if answer.status >= web.HTTPBadRequest.status_code and not answer.prepared:
        return _closed(answer)
    return answer


def _of_server(wrong: web.HTTPException) -> web.Response:
    """Answer what aiohttp itself refused."""
    if isinstance(wrong, (web.HTTPNotFound, web.HTTPForbidden)):
        return problem(Code.NOT_FOUND)
    if isinstance(wrong, web.HTTPRequestEntityTooLarge):
        return problem(Code.MESSAGE_TOO_LONG)
    answer = problem(Code.BAD_REQUEST, status=max(wrong.status, web.HTTPBadRequest.status_code))
    if "Allow" in wrong.headers:
        answer.headers["Allow"] = wrong.headers["Allow"]
    return answer


def _closed(answer: web.StreamResponse) -> web.StreamResponse:
    """Give a library's own refusal (Socket.IO's) as a problem, without its words."""
    if answer.content_type == PROBLEM:
        return answer
    return problem(Code.BAD_REQUEST, status=answer.status)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
