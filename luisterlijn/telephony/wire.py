"""What a console may send about calls, and what the demo's caller page shows."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from luisterlijn.dispatch.wire import Hex


class PhoneSignOn(msgspec.Struct, frozen=True, kw_only=True):
    """With what the console's phone signs on. `kind`: which `Phone` the page loads.

    `edge`: at which of the provider's doors; the console's policy opens that one only.
    """

    kind: Literal["twilio", "loopback"]
    identity: str
    token: str
    edge: str


class HoldCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Put the caller on hold, or take them back."""

    contact: Hex
    on: bool


class ThirdPartyRing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Call a third party in. `number`: the id of a callable entry, never a number.

    `consent`: the caller said yes.
    """

    contact: Hex
    number: Annotated[str, Meta(pattern="^[a-z0-9-]{1,40}$")]
    consent: bool


class CoachCode(msgspec.Struct, frozen=True):
    """A code that lets this caller in past the limit, once, within 24 hours: 8 digits."""

    code: str


class DemoKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One key pressed on the demo's caller page."""

    key: Annotated[str, Meta(pattern="^[0-9*#]$")]


DemoState = Literal["ringing", "hearing", "waiting", "talking", "held", "over"]


class DemoCall(msgspec.Struct, frozen=True, kw_only=True):
    """The demo caller's phone. `prompts`: what was played so far, newest last, as its written text.

    `state`: ringing, hearing a prompt, waiting with music, talking, or over.
    """

    call: str
    state: DemoState
    prompts: list[str]
