"""The telephone room, built once: every part, and what the app has to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.accounts.service import Accounts
from luisterlijn.dispatch.line import Line
from luisterlijn.dispatch.service import Hall
from luisterlijn.edge.realtime import Seat
from luisterlijn.kernel.clock import Clock
from luisterlijn.kernel.ids import PersonId, TokenSource
from luisterlijn.privacy.keyring import Keyring
from luisterlijn.privacy.pseudonyms import PseudonymKeys
from luisterlijn.store.database import Database
from luisterlijn.telephony.arrivals import Arrivals
from luisterlijn.telephony.calling_up import CallingUp
from luisterlijn.telephony.calls import Book
from luisterlijn.telephony.helping import Helping
from luisterlijn.telephony.limits import Limits
from luisterlijn.telephony.listening import Listening
from luisterlijn.telephony.orders import Orders
from luisterlijn.telephony.ports import CallUpDesk, HelpDesk, PhoneProvider
from luisterlijn.telephony.prompts import Prompts
from luisterlijn.telephony.service import Calls
from luisterlijn.telephony.sids import Sids
from luisterlijn.telephony.sockets import PhoneOrders
from luisterlijn.telephony.telling import Telling
from luisterlijn.telephony.upkeep import Upkeep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from luisterlijn.settings import Settings
    from luisterlijn.telephony.thirds import Thirds


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What the room needs of the rest of the house."""

    database: Database
    hall: Hall
    line: Line
    accounts: Accounts
    keyring: Keyring
    pseudonyms: PseudonymKeys
    tokens: TokenSource
    clock: Clock
    count: Callable[[str, str, str], None]
    newest: Callable[[Seat], PersonId]
    desk: HelpDesk
    call_ups: CallUpDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephoneRoom:
    """Every part of the room."""

    provider: PhoneProvider
    prompts: Prompts
    book: Book
    calls: Calls
    arrivals: Arrivals
    limits: Limits
    helping: Helping
    listening: Listening
    orders: Orders
    upkeep: Upkeep
    console: PhoneOrders


def telephone_room(
    settings: Settings,
    house: Neighbours,
    provider: PhoneProvider,
    prompts: Prompts,
    *,
    thirds: Thirds | None,
) -> TelephoneRoom:
    """Build the room on a provider; `thirds`: who may be called in, None: nobody."""
    welcomes: Mapping[str, str] = settings.twilio.numbers if settings.twilio is not None else {}
    sids = Sids(house.keyring, house.tokens)
    limits = Limits(settings.calls_a_day)
    book = Book(house.hall, sids, house.desk)
    call_ups = CallingUp(book, house.call_ups, house.tokens)
    helping = Helping(house.hall, book, house.desk, house.tokens, call_ups)
    arrivals = Arrivals(
        *(house.hall, house.line, sids, limits, house.pseudonyms),
        tokens=house.tokens,
        clock=house.clock,
        past_limit=settings.past_limit,
        count=house.count,
    )
    telling = Telling(house.line, book, sids, past_limit=settings.past_limit)
    calls = Calls(
        *(house.database, house.hall, house.line, book, sids, arrivals, telling, helping),
        welcomes=welcomes,
    )
    return TelephoneRoom(
        provider=provider,
        prompts=prompts,
        book=book,
        calls=calls,
        arrivals=arrivals,
        limits=limits,
        helping=helping,
        listening=Listening(house.hall, book, helping, limits, house.clock),
        orders=Orders(
            *(house.database, house.hall, provider, calls, book, sids),
            house.accounts.phone_of,
            thirds.number if thirds is not None else lambda _entry: None,
        ),
        upkeep=Upkeep(
            *(house.database, provider, calls, book, sids, limits, house.keyring),
            clock=house.clock,
        ),
        console=PhoneOrders(
            *(house.database, house.hall, book, provider, limits, house.tokens, house.clock),
            newest=house.newest,
            thirds=thirds,
        ),
    )
