"""Refusals as RFC 9457 problems: one place that knows which code is which HTTP status."""

from __future__ import annotations

import msgspec
from aiohttp import web

from luisterlijn.kernel.errors import Code

PROBLEM = "application/problem+json"
STATUS: dict[Code, int] = {
    Code.BAD_REQUEST: 400,
    Code.MESSAGE_TOO_LONG: 413,
    Code.SIGNED_OUT: 401,
    Code.SIGN_IN_REFUSED: 401,
    Code.BAD_ORIGIN: 403,
    Code.BAD_SIGNATURE: 403,
    Code.NOT_FOUND: 404,
    Code.TICKET_GONE: 410,
    Code.CONTACT_GONE: 410,
    Code.SWAP_GONE: 410,
    Code.TOKEN_USED: 410,
    Code.CALL_UP_GONE: 410,
    Code.TOO_FAST: 429,
    Code.TRY_AGAIN: 503,
}
"""Every other code is a conflict with the state of things: 409."""

SENTENCES: dict[Code, str] = {
    Code.BAD_REQUEST: "Dit verzoek is niet goed.",
    Code.BAD_ORIGIN: "Dit verzoek komt van een andere website.",
    Code.NOT_FOUND: "Dit is er niet.",
    Code.TOO_FAST: "Dat ging te snel. Wacht even.",
    Code.MESSAGE_TOO_LONG: "Dit bericht is te lang.",
    Code.TRY_AGAIN: "Het lukt nu even niet. Probeer het zo nog eens.",
    Code.SIGNED_OUT: "Je bent niet aangemeld.",
    Code.SIGN_IN_REFUSED: "Naam, wachtwoord of code klopt niet.",
    Code.TICKET_GONE: "Dit is al gebruikt of verlopen.",
    Code.LINE_CLOSED: "De chat is nu dicht.",
    Code.LINE_FULL: "Het is nu erg druk. Wij kunnen u nu niet helpen. Dat spijt ons.",
    Code.CONTACT_GONE: "Dit gesprek is voorbij.",
    Code.NOT_YOUR_CONTACT: "Dit gesprek is niet bij jou.",
    Code.STALE_EPOCH: "Dit gesprek is intussen veranderd.",
    Code.KEY_PERIOD_PASSED: "De sleutel is intussen veranderd.",
    Code.FROZEN: "Wacht tot de ander weer schrijft. Het is misschien niet veilig.",
    Code.OFFER_GONE: "Deze oproep is er niet meer.",
    Code.NOBODY_FREE: "Deze collega is nu niet vrij.",
    Code.JOINING_GONE: "Dit meelezen of meeluisteren is voorbij.",
    Code.NOT_A_CALL: "Dat kan alleen bij een telefoongesprek.",
    Code.NOT_CALLABLE: "Dit nummer kunnen wij niet bellen. Lees het nummer voor.",
    Code.NO_CONSENT: "Vraag eerst of de beller dit goed vindt.",
    Code.THIRD_PARTIES_OFF: "Iemand erbij bellen staat op deze lijn uit.",
    Code.CALLED_ENOUGH: "Je belde dit uur al zes keer iemand erbij. Lees het nummer voor.",
    Code.CODE_GIVEN: "Voor dit gesprek is al een code gegeven.",
    Code.NO_OWN_PHONE: "Er is geen nummer van je bekend. Vraag je coördinator.",
    Code.BAD_SIGNATURE: "Dit verzoek is niet ondertekend.",
    Code.REQUEST_GONE: "Deze hulpvraag is voorbij, of iemand anders was eerder.",
    Code.NOT_ON_DUTY: "Dat kan alleen wie nu achterwacht heeft.",
    Code.EMERGENCY_OFF: "Dit besluit wordt op deze lijn niet genoteerd.",
    Code.NOT_ON_SHIFT: "Je hebt nu geen dienst.",
    Code.WRAP_UP_FIRST: "Rond eerst het vorige gesprek af.",
    Code.ROOM_CHANGED: "Er kwam of ging net iemand.",
    Code.SHIFT_CANCELLED: "Deze dienst gaat niet door.",
    Code.OVERLAPS: "Deze vrijwilliger heeft dan al een dienst.",
    Code.NOT_TRAINED: "Deze vrijwilliger is nog niet opgeleid voor dit kanaal.",
    Code.ZERO_LENGTH: "Begin en einde zijn gelijk.",
    Code.IN_THE_PAST: "Deze dienst is al voorbij.",
    Code.SHIFT_FULL: "Deze dienst is al bezet.",
    Code.TWO_SHIFTS_A_DAY: "Er is die dag al een andere dienst.",
    Code.TOO_LITTLE_REST: "Er zit dan minder dan elf uur rust tussen twee diensten.",
    Code.TOO_LONG_A_DAY: "Dat zijn samen meer dan acht uur op een dag.",
    Code.TOO_MANY_A_WEEK: "Er zijn die week al twee diensten.",
    Code.TOO_MANY_SHIFTS: "Het hoogste aantal diensten in deze periode is bereikt.",
    Code.TOO_MANY_NIGHTS: "Het hoogste aantal nachten in deze periode is bereikt.",
    Code.TRAINEE_ALONE: "Er is geen mentor om naast te zitten.",
    Code.DESKS_FULL: "Alle bureaus van de vestiging zijn dan bezet.",
    Code.ON_LEAVE: "Er is dan verlof.",
    Code.NOT_AVAILABLE: "Bij de wensen staat: kan dan niet.",
    Code.ACCOUNT_ENDED: "Deze vrijwilliger is gestopt of heeft pauze.",
    Code.NO_COACH: "Er is dan geen achterwacht. Alleen dienst doen kan niet.",
    Code.SWAP_GONE: "Deze ruil is er niet meer.",
    Code.TOO_LATE: "Dat kan nu niet meer.",
    Code.TOKEN_USED: "Deze knop is al gebruikt.",
    Code.CALL_UP_GONE: "Er is al iemand. Dank je wel.",
    Code.STEP_NOT_POSSIBLE: "Deze stap kan niet vanaf waar de vrijwilliger nu is.",
    Code.STEP_TOO_EARLY: "Er staat al een latere stap.",
    Code.NOT_A_MENTOR: "Dit is geen mentor van deze vestiging.",
    Code.GATHERING_OFF: "Deze bijeenkomst gaat niet door.",
    Code.GATHERING_FULL: "Deze bijeenkomst is vol.",
    Code.NOBODY_THERE: "Er is niemand aan wie dit bericht kan.",
    Code.NOT_A_LIST: "Dit bestand is geen lijst die wij kunnen lezen.",
    Code.PREVIEW_PASSED: "Er is intussen iets veranderd. Bekijk de lijst opnieuw.",
}
"""A Dutch sentence per code, for clients that show no words of their own."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every refusal."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str


def problem(code: Code, *, status: int | None = None) -> web.Response:
    """Answer a refusal. Nothing that somebody sent is repeated.

    `status`: of the web server itself, such as 405; None: the code's own.
    """
    status = status or STATUS.get(code, 409)
    body = Problem(title=code.value, status=status, code=code.value, detail=SENTENCES[code])
    response = web.Response(status=status, body=msgspec.json.encode(body), content_type=PROBLEM)
    if code is Code.TOO_FAST:
        response.headers["Retry-After"] = "5"
    return response
