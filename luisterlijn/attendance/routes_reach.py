"""How one is reached outside the console, and the page behind a reminder."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from luisterlijn.attendance.model import Quiet
from luisterlijn.attendance.reach import Ways
from luisterlijn.attendance.wire import PhoneNumber, Reach, ReachView
from luisterlijn.edge.guard import ANYONE, SIGNED_IN, Call, Face, Nothing, Routes
from luisterlijn.edge.house import texts
from luisterlijn.edge.pages import LANGUAGES
from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId
from luisterlijn.kernel.scope import Role
from luisterlijn.privacy.redaction import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from luisterlijn.attendance.room import AttendanceRoom
    from luisterlijn.edge.pages import Pages
    from luisterlijn.kernel.clock import Interval

COORDINATORS = frozenset({Role.COORDINATOR})
LARGEST_PRESS = 100
"""A form with one button's name and value."""


def routes(room: AttendanceRoom, pages: Pages) -> Routes:
    """Give the routes of being reached."""
    table = Routes("reach")
    words = {language: texts(f"volunteer.{language}.toml")["dienst"] for language in LANGUAGES}

    @table.add(
        "POST",
        "/people/{person}/phone",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=PhoneNumber,
    )
    async def phone(call: Call[Nothing]) -> PhoneNumber:
        """Give a volunteer's number to the own coordinator; the trail says that it was asked."""
        number = await room.reach.phone_for(call.scope, PersonId(call.id("person")))
        return PhoneNumber(number=number.reveal() if number is not None else None)

    @table.add("GET", "/reach", may=SIGNED_IN, face=Face.CONSOLE, gives=ReachView)
    async def reach(call: Call[None]) -> ReachView:
        """Give how one wants to be reached."""
        ways, has_phone = await room.reach.of(call.scope)
        return ReachView(
            mail=ways.mail.reveal() if ways.mail is not None else None,
            reminders=ways.reminders,
            urgent=ways.urgent,
            quiet_from=ways.quiet.start.isoformat("minutes"),
            quiet_until=ways.quiet.end.isoformat("minutes"),
            mail_works=room.letters.works,
            has_phone=has_phone,
        )

    @table.add("PUT", "/reach", may=SIGNED_IN, face=Face.CONSOLE, takes=Reach, status=204)
    async def choose(call: Call[Reach]) -> None:
        """Keep how one wants to be reached."""
        new = call.body
        try:
            quiet = Quiet(
                start=time.fromisoformat(new.quiet_from), end=time.fromisoformat(new.quiet_until)
            )
        except ValueError:
            raise Refusal(Code.BAD_REQUEST) from None
        await room.reach.choose(
            call.scope,
            Ways(
                mail=Secret(new.mail.strip()) if new.mail is not None else None,
                reminders=new.reminders,
                urgent=new.urgent,
                quiet=quiet,
            ),
        )

    @table.add("GET", "/dienst/{token}", may=ANYONE, face=Face.CONSOLE)
    async def look(call: Call[None]) -> web.Response:
        """Show what a reminder is about, and two buttons; changes nothing."""
        language = _language(call.request)
        try:
            during = await room.letters.behind(call.request.match_info["token"])
        except Refusal:
            return pages.duty(call.request, language, "gone", "")
        return pages.duty(call.request, language, "asked", in_words(during, words[language]))

    @table.add("POST", "/dienst/{token}", may=ANYONE, face=Face.CONSOLE)
    async def pressed(call: Call[None]) -> web.Response:
        """Take the answer, once."""
        language = _language(call.request)
        answer = await _pressed(call.request)
        try:
            await room.letters.answered(call.request.match_info["token"], comes=answer == "yes")
        except Refusal:
            answer = "gone"
        return pages.duty(call.request, language, answer, "")

    return table


def in_words(during: Interval, words: Mapping[str, str]) -> str:
    """Give the hours of a shift in words, by the Dutch wall clock."""
    starts, ends = (each.astimezone(AMSTERDAM) for each in (during.start, during.end))
    values = {
        "day": words["days"].split()[starts.weekday()],
        "date": f"{starts.day}-{starts.month}",
        "from": f"{starts.hour}.{starts.minute:02d}",
        "to": f"{ends.hour}.{ends.minute:02d}",
    }
    return words["when"].format(**values)


def _language(request: web.Request) -> str:
    return "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "nl"


async def _pressed(request: web.Request) -> str:
    """Read which button was pressed.

    Raises:
        Refusal: `bad-request` for anything else.
    """
    raw = await request.content.read(LARGEST_PRESS + 1)
    if len(raw) > LARGEST_PRESS:
        raise Refusal(Code.BAD_REQUEST)
    found = parse_qs(raw.decode("ascii", "replace")).get("answer", [])
    if found not in (["yes"], ["no"]):
        raise Refusal(Code.BAD_REQUEST)
    return found[0]
