"""Builds every adapter and wires every listener. Ends with who hears what."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from luisterlijn.accounts.service import Accounts
from luisterlijn.attendance.events import AttendanceChanged, CallUpRinging, CallUpSettled
from luisterlijn.attendance.room import attendance_room
from luisterlijn.audit.service import Audit
from luisterlijn.chat.crowd import Crowd
from luisterlijn.chat.events import KeysStored, MembersChanged
from luisterlijn.chat.service import Chats
from luisterlijn.chat.sockets import ChatRoom
from luisterlijn.coaching.care import Care
from luisterlijn.coaching.emergency import Emergency
from luisterlijn.coaching.events import (
    HelpChanged,
    HelpRinging,
    HelpSettled,
    JoiningChanged,
    JoiningEnded,
    JoiningStarted,
    TalkAsked,
    TalkWanted,
)
from luisterlijn.coaching.joinings import Joinings
from luisterlijn.coaching.rota import Rota
from luisterlijn.coaching.service import Coaching
from luisterlijn.coaching.sockets import CoachConsole
from luisterlijn.dispatch.consoles import Consoles
from luisterlijn.dispatch.events import (
    ConsoleReplaced,
    ContactAccepted,
    ContactChanged,
    ContactClosed,
    ContactGone,
    ContactHandedOver,
    ContactOffered,
    ContactOpened,
    ContactQueuedAgain,
    ContactReleased,
    ConversationEnded,
    CoverageBack,
    CoverageLow,
    OfferOver,
    PresenceChanged,
    ProofAsked,
    VolunteerFreed,
)
from luisterlijn.dispatch.handing import Handing
from luisterlijn.dispatch.line import Line
from luisterlijn.dispatch.lookout import Lookout
from luisterlijn.dispatch.rounds import Rounds
from luisterlijn.dispatch.service import Hall
from luisterlijn.dispatch.sockets import ConsoleRoom
from luisterlijn.edge.metrics import Metrics
from luisterlijn.edge.realtime import Realtime
from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.house import House
from luisterlijn.jobs import Jobs
from luisterlijn.planner.room import planner_room
from luisterlijn.privacy.keyring import Keyring
from luisterlijn.privacy.pseudonyms import PseudonymKeys
from luisterlijn.privacy.vouching import Voucher
from luisterlijn.reporting.service import Reporting
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.feed import CalendarFeed
from luisterlijn.rostering.records import Records
from luisterlijn.rostering.service import Roster
from luisterlijn.shiftroom.events import RoomLineSaid, RoomMemberCame
from luisterlijn.shiftroom.service import ShiftRoom
from luisterlijn.shiftroom.sockets import ShiftRoomConsole
from luisterlijn.simulation.telephone import DemoTelephone
from luisterlijn.store.database import Database, open_database
from luisterlijn.store.outbox import Outbox
from luisterlijn.telephony import prompts as telephony_prompts
from luisterlijn.telephony.alarms import Alarms
from luisterlijn.telephony.events import OrderLeft
from luisterlijn.telephony.room import Neighbours, TelephoneRoom, telephone_room
from luisterlijn.telephony.thirds import from_texts
from luisterlijn.telephony.twilio import TwilioProvider
from luisterlijn.volunteers.events import TrainingChanged
from luisterlijn.volunteers.room import people_room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.events import Event, Hint, Hints, Listener, Listeners
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.settings import Settings


@contextlib.asynccontextmanager
async def house(
    settings: Settings,
    database_url: str,
    *,
    clock: Clock | None = None,
    tokens: TokenSource | None = None,
) -> AsyncIterator[House]:
    """Build a node on a migrated database.

    Args:
        settings: what the operator chose.
        database_url: of the application's own role.
        clock: for session codes and counters; deadlines follow the database.
        tokens: chance.
    """
    clock, tokens = clock or SystemClock(), tokens or SystemTokens()
    outbox = Outbox()
    async with open_database(database_url, outbox) as database, _carrier(settings) as carrier:
        built = _build(settings, database, outbox, clock, tokens, carrier)
        outbox.listen(_work(built), _hints(built))
        yield built


@contextlib.asynccontextmanager
async def _carrier(settings: Settings) -> AsyncIterator[TwilioProvider | None]:
    """Give who carries real calls; None: the demo's own exchange does, or nobody."""
    if settings.demo or settings.twilio is None:
        yield None
        return
    carrier = TwilioProvider(settings.twilio, settings.public_url)
    try:
        yield carrier
    finally:
        await carrier.close()


def _build(
    settings: Settings,
    database: Database,
    outbox: Outbox,
    clock: Clock,
    tokens: TokenSource,
    carrier: TwilioProvider | None,
) -> House:
    keyring = Keyring(settings.keys, tokens)
    pseudonyms = PseudonymKeys(tokens)
    accounts = Accounts(database, keyring, tokens, clock)
    people = people_room(database, accounts, Records(), keyring, tokens)
    volunteers = people.volunteers
    roster = Roster(database, accounts, volunteers, tokens)
    metrics = Metrics(tokens.bytes(4).hex())
    reporting = Reporting(database, keyring, tokens, clock, metrics.contact)
    hall = Hall(database, reporting, settings.most_waiting)
    line = Line(database, roster, hall)
    consoles = Consoles(database, accounts, volunteers, roster, tokens)
    chats = Chats(database, hall, keyring, Voucher(keyring), tokens)
    consoles.channels.append(chats)
    realtime = Realtime([settings.public_url, settings.console_url])
    handing = Handing(database, hall)
    console_room = ConsoleRoom(realtime, database, accounts, hall, consoles, handing)
    chat_room = ChatRoom(realtime, chats, hall, line, tokens, console_room.tell)
    console_room.visitor_beats = chat_room.beats
    console_room.room.heard.update(chat_room.console_orders())
    line.on_change.append(chat_room.places_changed)
    audit = Audit(database, keyring, tokens)
    coaching = Coaching(
        *(database, hall, tokens),
        joinings=Joinings(database, hall, handing, consoles, accounts, audit, tokens),
        care=Care(database, accounts, roster, consoles, tokens),
        rota=Rota(database, accounts, tokens),
        emergency=Emergency(database, hall, audit, is_on=settings.emergency),
    )
    consoles.coaching, hall.care = coaching, coaching.care
    line.lookout = Lookout(coaching)
    chats.periods.joinings = coaching.joinings
    coach_console = CoachConsole(coaching, console_room)
    console_room.room.heard.update(coach_console.orders())
    console_room.also_on_duty = coaching.rota.on_duty_of
    shift_room = ShiftRoom(database, accounts, roster, coaching.rota)
    shift_room_console = ShiftRoomConsole(shift_room, console_room)
    console_room.room.heard.update(shift_room_console.orders())
    attendance = attendance_room(
        *(settings, database, accounts, volunteers, coaching.rota, audit, keyring, tokens),
        tell=console_room.tell,
    )
    consoles.attendance = attendance.views
    neighbours = Neighbours(
        database=database,
        hall=hall,
        line=line,
        accounts=accounts,
        keyring=keyring,
        pseudonyms=pseudonyms,
        tokens=tokens,
        clock=clock,
        count=reporting.count_one,
        newest=console_room.newest,
        desk=coaching,
        call_ups=attendance.attendance,
    )
    telephone, demo_telephone = _telephone(settings, neighbours, console_room, carrier)
    if telephone is not None:
        consoles.channels.append(telephone.calls)
        console_room.room.heard.update(telephone.console.orders())
    realtime.open_room(console_room.room)
    realtime.open_room(chat_room.room)
    jobs = Jobs(
        *(database, keyring, accounts, chats, consoles, reporting, pseudonyms),
        metrics=metrics,
        clock=clock,
    )
    jobs.forget(audit, coaching)
    jobs.attend(attendance)
    jobs.forget_lines(shift_room)
    planner = planner_room(database, volunteers, reporting.arrivals, tokens)
    jobs.keep_roster(roster, planner)
    roster.own_views.needs = planner.boards.needs
    jobs.keep_people(people)
    if carrier is not None:
        jobs.watch(Alarms(carrier, carrier.settings.fallback_url, metrics.alarm))
    return House(
        settings=settings,
        database=database,
        outbox=outbox,
        keyring=keyring,
        accounts=accounts,
        volunteers=volunteers,
        people=people,
        roster=roster,
        reporting=reporting,
        hall=hall,
        rounds=Rounds(database, hall, settings.channel_weights),
        line=line,
        consoles=consoles,
        chats=chats,
        audit=audit,
        coaching=coaching,
        coach_console=coach_console,
        attendance=attendance,
        realtime=realtime,
        console_room=console_room,
        chat_room=chat_room,
        calendar_feed=CalendarFeed(database, tokens),
        shift_room=shift_room,
        shift_room_console=shift_room_console,
        planner=planner,
        jobs=jobs,
        metrics=metrics,
        pseudonyms=pseudonyms,
        crowd=Crowd(),
        telephone=telephone,
        demo_telephone=demo_telephone,
        clock=clock,
        tokens=tokens,
    )


def _telephone(
    settings: Settings, house: Neighbours, console: ConsoleRoom, carrier: TwilioProvider | None
) -> tuple[TelephoneRoom | None, DemoTelephone | None]:
    """Build the telephone room: on Twilio, on the demo's own exchange, or not at all."""
    numbers = settings.twilio.numbers if settings.twilio is not None else {}
    prompts = telephony_prompts.load(welcomes=frozenset(numbers.values()))
    thirds = from_texts() if settings.third_parties else None
    if settings.demo:
        demo_telephone = DemoTelephone(settings, house.tokens, prompts, console.tell)
        console.room.heard.update(demo_telephone.orders())
        room = telephone_room(settings, house, demo_telephone.provider, prompts, thirds=thirds)
        return room, demo_telephone
    if carrier is None:
        return None, None
    return telephone_room(settings, house, carrier, prompts, thirds=thirds), None


# Who hears what. Work: in a transaction, at least once. Hints: after the commit, may be lost.


def _work(built: House) -> Listeners:
    phone = built.telephone.listening if built.telephone is not None else None
    helping = built.telephone.helping if built.telephone is not None else None
    beside = built.coaching.joinings
    table: dict[type[Event], list[Listener]] = {
        ContactOffered: [],
        ContactAccepted: [built.chats.periods.connect],
        ContactHandedOver: [built.chats.periods.hand_over, beside.handed_over],
        ContactQueuedAgain: [built.chats.periods.let_out, beside.queued_again],
        OfferOver: [],
        ConsoleReplaced: [built.chats.periods.rekey],
        ConversationEnded: [built.chats.forget, beside.conversation_ended],
        ContactClosed: [built.reporting.count],
        TrainingChanged: [built.consoles.roster_changed],
        RosterChanged: [built.consoles.roster_changed],
        HelpRinging: [],
        HelpSettled: [],
        CallUpRinging: [],
        CallUpSettled: [],
        JoiningStarted: [built.chats.periods.reader_in],
        JoiningChanged: [],
        JoiningEnded: [built.chats.periods.reader_out],
        TalkAsked: [],
    }
    if phone is not None and helping is not None:
        table[ContactOffered].append(phone.offered)
        table[ContactAccepted].append(phone.accepted)
        table[ContactHandedOver].append(phone.handed_over)
        table[ContactQueuedAgain].append(phone.queued_again)
        table[OfferOver].append(phone.offer_over)
        table[ConversationEnded].append(phone.ended)
        table[HelpRinging].append(helping.ringing)
        table[HelpSettled].append(helping.settled)
        table[CallUpRinging].append(helping.call_ups.ringing)
        table[CallUpSettled].append(helping.call_ups.settled)
        table[JoiningStarted].append(phone.joined)
        table[JoiningChanged].append(phone.changed)
        table[JoiningEnded].append(phone.left)
        table[TalkAsked].append(phone.talk_asked)
    return table


def _hints(built: House) -> Hints:
    console, page = built.console_room, built.chat_room
    shift_room = built.shift_room_console
    table: dict[type[Event], list[Hint]] = {
        ContactOpened: [built.rounds.wake],
        ContactOffered: [console.show_offer],
        ContactAccepted: [built.line.accepted, built.crowd.went, built.rounds.wake],
        ContactHandedOver: [console.show_lost, built.rounds.wake],
        ContactQueuedAgain: [built.rounds.wake, console.show_lost],
        ContactChanged: [console.show_contact, page.show, built.rounds.wake],
        ConversationEnded: [built.crowd.went, console.show_contact, page.ended],
        OfferOver: [console.show_offer],
        PresenceChanged: [console.show_presence, shift_room.stir],
        RoomLineSaid: [shift_room.show_said],
        RoomMemberCame: [shift_room.stir],
        VolunteerFreed: [built.rounds.wake],
        ProofAsked: [page.ask_proof],
        MembersChanged: [page.show],
        KeysStored: [page.connected],
        HelpChanged: [built.coach_console.show_help],
        TalkWanted: [built.coach_console.show_talks],
        AttendanceChanged: [built.attendance.show],
        CoverageLow: [lambda _event: built.metrics.thin(is_thin=True)],
        CoverageBack: [lambda _event: built.metrics.thin(is_thin=False)],
    }
    if built.telephone is not None:
        table[OrderLeft] = [built.telephone.orders.wake]
        table[ContactGone] = [built.telephone.listening.gone]
        table[ContactReleased] = [built.telephone.arrivals.released]
    return table
