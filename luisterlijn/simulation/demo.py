"""The demo country: 30 branches, 300 made-up volunteers, shifts around the clock.

Exists in demo mode only.
"""

from __future__ import annotations

import contextlib
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from luisterlijn.accounts.service import NewPerson
from luisterlijn.edge.guard import ANYONE, Call, Face, Routes
from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_interval, midnight
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.redaction import Secret
from luisterlijn.rostering.ports import NewShift
from luisterlijn.simulation import demo_roster

if TYPE_CHECKING:
    from datetime import datetime

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.coaching.rota import Rota
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.rostering.service import Roster
    from luisterlijn.store.database import Database, Transaction

PASSWORD = "luisteren in de demo"  # noqa: S105 - printed on the demo\'s own sign-in page
CITIES = (
    "Alkmaar Almelo Almere Amersfoort Amsterdam Apeldoorn Arnhem Assen Breda Delft Den-Haag"
    " Deventer Dordrecht Eindhoven Emmen Enschede Goes Groningen Haarlem Heerlen Leeuwarden"
    " Leiden Lelystad Maastricht Middelburg Nijmegen Rotterdam Tilburg Utrecht Zwolle"
).split()
FIRST = (
    "Aad Bea Cor Dirk Eva Fenna Gijs Hilda Ineke Joop Kees Lies Marco Nel Otto Petra Quirine"
    " Rob Saskia Theo Ursula Vera Willem Xandra Yvonne Zeger"
).split()
LAST = (
    "Bakker Bos Dekker Dijkstra Hendriks Jansen Kok Kuiper Meijer Mulder Peters Prins Schouten"
    " Smit Visser Vos"
).split()
PER_BRANCH = 10
TEMPLATES = tuple(
    (time(start), time(end))
    for start, end in ((7, 11), (11, 15), (15, 19), (19, 23), (23, 3), (3, 7))
)
"""No boundary between two and three at night: there the clock jumps."""
AHEAD = timedelta(days=14)
HOME = "utrecht"
SIMULATED_AT = "zwolle"
"""The simulated ones are in no list in which a visitor of the demo plans people."""
SIMULATED = 60
MOST_WANTED = 50
"""A shift wants no more people; more may stand on it."""
OWN_PHONE = "+31970100{:05d}"
"""Numbers that belong to nobody in the demo: they ring in its own exchange only."""
VOLUNTEERS = (("vrijwilliger", "Vera Demo"), ("vrijwilliger2", "Victor Demo"))


BOTH = ("nl", "en")
PLAYED = {"chat": "sim-", "phone": "bel-"}
"""Channel → how the sign-in names of its simulated volunteers begin."""
ON_DUTY = ("achterwacht", "coordinator")
"""A coach, and who stands in for her."""


class DemoPerson(msgspec.Struct, frozen=True):
    """Somebody to sign in as."""

    name: str
    role: str
    password: str
    code: str


class DemoPeople(msgspec.Struct, frozen=True):
    """The demo's named accounts."""

    people: list[DemoPerson]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many simulated volunteers, for chats or for calls."""

    count: Annotated[int, Meta(ge=1, le=SIMULATED)]
    channel: Literal["chat", "phone"] = "chat"


class Simulated(msgspec.Struct, frozen=True):
    """Simulated volunteers who have a shift now.

    `numbers`: of each one's own phone, as in `sessions`; empty: calls are taken in the browser.
    """

    sessions: list[str]
    numbers: list[str]


async def fill(database: Database, accounts: Accounts, roster: Roster, tokens: TokenSource) -> None:
    """Load the country once; at every start, fill the shifts to a fortnight ahead.

    Raises:
        RuntimeError: the database has people whom the demo did not make.
    """
    async with database.transaction(LINE) as tx:
        fresh = await accounts.is_empty(tx)
        if not fresh and not await accounts.made_by_demo(tx):
            raise RuntimeError("this database was not made by the demo")
        if fresh:
            await _people(tx, accounts, tokens)
    async with database.transaction(LINE) as tx:
        await _shifts(tx, accounts, roster)


async def _people(tx: Transaction, accounts: Accounts, tokens: TokenSource) -> None:
    people: list[NewPerson] = []
    for number, city in enumerate(CITIES):
        branch = BranchId(new_id(tokens))
        await accounts.add_branch(tx, branch, city.lower(), city.replace("-", " "))
        people += [_volunteer(number, place, city, branch) for place in range(PER_BRANCH)]
        people.append(
            NewPerson(
                sign_in=f"coordinator-{city.lower()}",
                name=f"Coördinator {city.replace('-', ' ')}",
                branch=branch,
                roles=frozenset({Role.COORDINATOR}),
            )
        )
        if city.lower() == HOME:
            people += _named(branch)
        if city.lower() == SIMULATED_AT:
            people += _simulated(branch)
    await accounts.add_people(tx, people, Secret(PASSWORD))


def _volunteer(number: int, place: int, city: str, branch: BranchId) -> NewPerson:
    running = number * PER_BRANCH + place
    name = f"{FIRST[running % len(FIRST)]} {LAST[running * 7 % len(LAST)]}"
    return NewPerson(
        sign_in=f"{city.lower()}-{place + 1:02d}",
        name=name,
        branch=branch,
        roles=frozenset({Role.VOLUNTEER}),
        languages=("nl", "en") if place % 3 == 0 else ("nl",),
        channels=("chat", "phone") if place % 2 == 0 else ("chat", "mail", "phone"),
        chats=1 + place % 3,
    )


def _named(branch: BranchId) -> list[NewPerson]:
    """Give those whom a visitor of the demo signs in as."""
    named = [
        NewPerson(
            sign_in=sign_in,
            name=name,
            branch=branch,
            roles=frozenset({Role.VOLUNTEER}),
            languages=BOTH,
            channels=("chat", "phone"),
            chats=3,
            phone=Secret(OWN_PHONE.format(number)),
            demo=True,
        )
        for number, (sign_in, name) in enumerate(VOLUNTEERS)
    ]
    named += [
        NewPerson(
            sign_in=sign_in,
            name=name,
            branch=where,
            roles=frozenset({role}),
            phone=Secret(OWN_PHONE.format(90 + ON_DUTY.index(sign_in)))
            if sign_in in ON_DUTY
            else None,
            demo=True,
        )
        for sign_in, name, where, role in (
            ("coordinator", "Cora Demo", branch, Role.COORDINATOR),
            ("planner", "Pieter Demo", None, Role.PLANNER),
            ("achterwacht", "Ada Demo", None, Role.COACH),
        )
    ]
    return named


def _simulated(branch: BranchId) -> list[NewPerson]:
    for_chats = [
        NewPerson(
            sign_in=f"sim-{number:03d}",
            name=f"Simulatie {number}",
            branch=branch,
            roles=frozenset({Role.VOLUNTEER}),
            languages=BOTH,
            channels=("chat",),
            chats=1 + number % 3,
        )
        for number in range(1, SIMULATED + 1)
    ]
    for_calls = [
        NewPerson(
            sign_in=f"bel-{number:03d}",
            name=f"Simulatie bellen {number}",
            branch=branch,
            roles=frozenset({Role.VOLUNTEER}),
            languages=BOTH,
            channels=("phone",),
            # Each other takes calls on an own phone.
            phone=Secret(OWN_PHONE.format(100 + number)) if number % 2 else None,
        )
        for number in range(1, SIMULATED + 1)
    ]
    return for_chats + for_calls


async def _shifts(tx: Transaction, accounts: Accounts, roster: Roster) -> None:
    today = tx.now.astimezone(AMSTERDAM).date()
    first = today - timedelta(days=1)
    there = await roster.starts_from(tx, tx.now - timedelta(days=3))
    by_branch: dict[BranchId, list[PersonId]] = {}
    named: dict[str, PersonId] = {}
    home = await accounts.branch_by_slug(tx, HOME)
    for person in await accounts.people(tx, Role.VOLUNTEER):
        played = person.sign_in.startswith(tuple(PLAYED.values()))
        if person.branch is None or played or not person.channels:
            continue
        if person.sign_in in dict(VOLUNTEERS):
            named[person.sign_in] = person.id
        else:
            by_branch.setdefault(person.branch, []).append(person.id)
    days = [first + timedelta(days=n) for n in range(AHEAD.days + 2)]
    planned = [
        shift
        for day in days
        for shift in _day(day, by_branch, home, tx.now, named)
        if (shift.branch, shift.during.start) not in there
    ]
    try:
        async with tx.savepoint():
            await roster.plan(tx, planned)
    except Refusal:
        # A coordinator put one of these people elsewhere meanwhile: that shift stays as it is.
        for shift in planned:
            with contextlib.suppress(Refusal):
                async with tx.savepoint():
                    await roster.plan(tx, [shift])


def _day(
    day: date,
    by_branch: dict[BranchId, list[PersonId]],
    home: BranchId | None,
    now: datetime,
    named: dict[str, PersonId],
) -> list[NewShift]:
    shifts = []
    for number, (starts, ends) in enumerate(TEMPLATES):
        night = starts < TEMPLATES[0][0]
        during = local_interval(day + timedelta(days=night), starts, ends)
        for branch, people in by_branch.items():
            turn = (day.toordinal() * len(TEMPLATES) + number) % len(people)
            shifts.append(
                demo_roster.at_home(branch, people, during, (day, number), now, named)
                if branch == home
                else NewShift(
                    branch=branch,
                    during=during,
                    channels=("chat", "phone"),
                    wanted=1,
                    people=(people[turn],),
                )
            )
    return shifts


async def put_on_duty(database: Database, accounts: Accounts, rota: Rota) -> None:
    """Put the demo's coach on duty around the clock, a fortnight ahead, and who stands in."""
    async with database.transaction(LINE) as tx:
        people = [await accounts.person_by_sign_in(tx, name) for name in ON_DUTY]
        today = tx.now.astimezone(AMSTERDAM).date()
        monday = today - timedelta(days=today.weekday())
    for week in range(3):
        first = midnight(monday) + timedelta(weeks=week)
        for person in people:
            # At a later start of the demo most of it is there already.
            with contextlib.suppress(Refusal):
                if person is not None:
                    await rota.add(
                        LINE,
                        person,
                        first,
                        first + timedelta(weeks=1),
                        phone_order=1,
                        stands_in=person != people[0],
                    )


async def put_on_shift(
    database: Database, accounts: Accounts, roster: Roster, count: int, channel: str = "chat"
) -> list[tuple[bytes, str]]:
    """Put simulated volunteers on a shift that runs now; gives a session and number of each."""
    async with database.transaction(LINE) as tx:
        everybody = await accounts.people(tx, Role.VOLUNTEER)
        people = [each for each in everybody if each.sign_in.startswith(PLAYED[channel])][:count]
        phones = [await accounts.phone_of(tx, each.id) for each in people]
        idle = [each for each in people if await roster.current(tx, each.id) is None]
        if idle and idle[0].branch is not None:
            start = tx.now.replace(second=0, microsecond=0)
            await roster.plan(
                tx,
                [
                    NewShift(
                        branch=idle[0].branch,
                        during=Interval(start, start + timedelta(hours=4)),
                        channels=(channel,),
                        wanted=min(len(idle), MOST_WANTED),
                        people=tuple(each.id for each in idle),
                    )
                ],
            )
    return [
        (await accounts.demo_session(each.id), "" if phone is None else phone.reveal())
        for each, phone in zip(people, phones, strict=True)
    ]


def routes(database: Database, accounts: Accounts, roster: Roster) -> Routes:
    """Give the routes that exist in the demo only."""
    table = Routes("demo")

    @table.add("GET", "/demo/people", may=ANYONE, face=Face.CONSOLE, gives=DemoPeople)
    async def people(_call: Call[None]) -> DemoPeople:
        """Give the demo's named accounts with the code of this moment."""
        return DemoPeople(
            people=[
                DemoPerson(name=sign_in, role=", ".join(roles), password=PASSWORD, code=code)
                for sign_in, _name, roles, code in await accounts.demo_people()
            ]
        )

    @table.add(
        "POST",
        "/demo/volunteers",
        may=ANYONE,
        face=Face.CONSOLE,
        takes=Wanted,
        gives=Simulated,
    )
    async def volunteers(call: Call[Wanted]) -> Simulated:
        """Put simulated volunteers on a shift that runs now, and sign them in."""
        wanted = call.body
        found = await put_on_shift(database, accounts, roster, wanted.count, wanted.channel)
        return Simulated(
            sessions=[token.hex() for token, _number in found],
            numbers=[number for _token, number in found],
        )

    return table
