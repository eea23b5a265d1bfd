"""What is sent and answered about signing in."""

from __future__ import annotations

import msgspec


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody types to sign in."""

    name: str
    password: str
    code: str


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in. `branch` None: works for the whole line."""

    person: str
    name: str
    branch: str | None
    branch_name: str | None
    roles: list[str]
    languages: list[str]
    capacity: int
    alias: str | None = None


class WrapSecret(msgspec.Struct, frozen=True):
    """The secret that wraps the console's private key, base64url."""

    secret: str


class SocketTicket(msgspec.Struct, frozen=True):
    """Good for one socket, once, for 30 s."""

    ticket: str
