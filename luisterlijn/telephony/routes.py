"""The provider's webhooks. What is unsigned, unknown, late or twice changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from luisterlijn.edge.guard import ANYONE, PROVIDER, Call, Face, Routes
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.telephony.ports import CallId
from luisterlijn.telephony.service import OVER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from luisterlijn.telephony.ports import PhoneProvider
    from luisterlijn.telephony.prompts import Prompts
    from luisterlijn.telephony.script import Script
    from luisterlijn.telephony.service import Calls

Form = dict[str, str]
LONGEST_ID = 64
LONGEST_KEYS = 20
LONGEST_NUMBER = 6
KEYS = frozenset("0123456789*#")


def routes(  # noqa: C901 - one function per route
    calls: Calls, provider: PhoneProvider, prompts: Prompts
) -> Routes:
    """Give the routes of the room.

    Only what is named here is read of a webhook; `From` is named by a dying key in `incoming`, and
    nowhere else looked at.
    """
    table = Routes("telephony")

    def written(script: Script) -> web.Response:
        return web.Response(
            body=provider.written(script), content_type="application/xml", charset="utf-8"
        )

    @table.add("POST", "/phone/incoming", may=PROVIDER, face=Face.PUBLIC)
    async def incoming(call: Call[Form]) -> web.Response:
        """A new call: welcome and wait, or kind words."""
        form = call.body
        return written(await calls.incoming(_call(form), form.get("From", ""), form.get("To", "")))

    @table.add("POST", "/phone/status", may=PROVIDER, face=Face.PUBLIC, status=204)
    async def number_status(call: Call[Form]) -> None:
        """What became of a call to one of our numbers."""
        await _status(calls, call, None)

    @table.add("POST", "/phone/leg/{leg}", may=PROVIDER, face=Face.PUBLIC)
    async def leg(call: Call[Form]) -> web.Response:
        """What a leg is to do now."""
        # Of a call whose conference or waiting room ended because it hung up, nobody hears more.
        over = call.body.get("CallStatus") in OVER
        return written(await calls.script(call.id("leg"), _call(call.body), over=over))

    @table.add("POST", "/phone/leg/{leg}/wait", may=PROVIDER, face=Face.PUBLIC)
    async def wait(call: Call[Form]) -> web.Response:
        """The waiting room."""
        return written(await calls.wait(call.id("leg")))

    @table.add("POST", "/phone/leg/{leg}/keys", may=PROVIDER, face=Face.PUBLIC)
    async def keys(call: Call[Form]) -> web.Response:
        """Keys that were pressed."""
        digits = call.body.get("Digits", "")
        if len(digits) > LONGEST_KEYS or not KEYS.issuperset(digits):
            digits = ""
        return written(await calls.keys(call.id("leg"), _call(call.body), digits))

    @table.add("POST", "/phone/leg/{leg}/status", may=PROVIDER, face=Face.PUBLIC, status=204)
    async def status(call: Call[Form]) -> None:
        """What became of a leg that we placed."""
        await _status(calls, call, call.id("leg"))

    @table.add("POST", "/phone/room/{room}/status", may=PROVIDER, face=Face.PUBLIC, status=204)
    async def room(call: Call[Form]) -> None:
        """News of a conference: who is in it."""
        if call.body.get("StatusCallbackEvent") == "participant-join":
            await calls.met(_call(call.body))

    @table.add("GET", "/phone/prompts/{language}/{name}", may=ANYONE, face=Face.PUBLIC)
    async def prompt(call: Call[None]) -> web.Response:
        """The sound of a prompt."""
        language, name = (call.request.match_info[each] for each in ("language", "name"))
        found = prompts.get(language, name.removesuffix(".wav"))
        if found is None or not name.endswith(".wav"):
            raise Refusal(Code.NOT_FOUND)
        return web.Response(
            body=found.wav, content_type="audio/wav", headers={"Cache-Control": "max-age=3600"}
        )

    return table


async def _status(calls: Calls, call: Call[Form], leg: UUID | None) -> None:
    form = call.body
    number = form.get("SequenceNumber", "")
    numbered = number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
    sequence = int(number) if numbered else None
    await calls.status(leg, _call(form), form.get("CallStatus", ""), sequence)


def _call(form: Mapping[str, str]) -> CallId:
    call = form.get("CallSid", "")
    if not call or len(call) > LONGEST_ID or not call.isascii():
        raise Refusal(Code.BAD_REQUEST)
    return CallId(call)
