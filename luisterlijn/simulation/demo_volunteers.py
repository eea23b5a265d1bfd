"""What the demo's home branch knows of its volunteers: training, papers, an evening, a message."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from luisterlijn.accounts.service import NewPerson
from luisterlijn.kernel.clock import local_day, local_interval
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.volunteers.ports import Agreed, Audience, Status, Step

if TYPE_CHECKING:
    from datetime import date

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.privacy.redaction import Secret
    from luisterlijn.store.database import Database
    from luisterlijn.volunteers.room import PeopleRoom

COORDINATOR = "coordinator"
MENTORS = ("01", "02")
"""Which of the branch's numbered volunteers go with trainees."""
TRAINEES = (("tess", "Tess Meeloper", Status.WALKING_ALONG), ("tim", "Tim Nieuw", Status.ASPIRANT))
NUMBERED = re.compile(r"[a-z]{4,}-\d{2}")
"""How a volunteer of a branch signs in; those who are played have three digits."""
LEAVE = timedelta(days=45)


async def know(
    database: Database, accounts: Accounts, room: PeopleRoom, password: Secret[str]
) -> None:
    """Write it down once; a later start of the demo changes nothing."""
    async with database.transaction(LINE) as tx:
        today = local_day(tx.now)
        found = await accounts.person_by_sign_in(tx, COORDINATOR)
        coordinator = await accounts.person(tx, found) if found is not None else None
    if coordinator is None or coordinator.branch is None:
        return
    scope = coordinator.scope
    people = {
        each.record.sign_in: each.record
        for each in await room.volunteers.people(scope, scope.branch)
    }
    if any(each.history for each in people.values()):
        return
    numbered = sorted(each for each in people if NUMBERED.fullmatch(each))
    for number, sign_in in enumerate(numbered):
        record = people[sign_in]
        agreed = _agreed(number, record.agreed, today)
        await room.volunteers.edit(scope, record.person, record.name, agreed)
    mentors = [people[each].person for each in numbered if each.endswith(MENTORS)][: len(MENTORS)]
    for mentor in mentors:
        await _step(room, mentor, Status.MENTOR, today - timedelta(days=200))
    await _trainees(database, accounts, room, scope, mentors, password, today)
    await _said(room, scope, today)


def _agreed(number: int, agreed: Agreed, today: date) -> Agreed:
    """Give papers of several ages, so that each word of the list is seen."""
    days = (300, 700, 1_050, 1_200)[number % 4]
    return replace(
        agreed,
        vog=today - timedelta(days=days) if (number + 1) % 7 else None,
        intervision=today - timedelta(days=20 + 35 * (number % 4)),
        hours=(12, 16, 20)[number % 3],
        home=number % 3 == 0,
        no_computer=(number + 1) % 9 == 0,
        away_until=today + LEAVE if number == len(MENTORS) + 1 else None,
    )


async def _trainees(
    database: Database,
    accounts: Accounts,
    room: PeopleRoom,
    scope: Scope,
    mentors: list[PersonId],
    password: Secret[str],
    today: date,
) -> None:
    new = [
        NewPerson(
            sign_in=f"{sign_in}-leert",
            name=name,
            branch=scope.branch,
            roles=frozenset({Role.VOLUNTEER}),
        )
        for sign_in, name, _status in TRAINEES
    ]
    async with database.transaction(LINE) as tx:
        made = await accounts.add_people(tx, new, password)
    for person, (_sign_in, _name, status), mentor in zip(made, TRAINEES, mentors, strict=False):
        await _step(room, person, status, today - timedelta(days=30))
        if status is Status.WALKING_ALONG:
            await room.volunteers.give_mentor(scope, person, mentor)


async def _step(room: PeopleRoom, person: PersonId, status: Status, since: date) -> None:
    await room.volunteers.step(LINE, person, Step(channel="chat", status=status, since=since))


async def _said(room: PeopleRoom, scope: Scope, today: date) -> None:
    during = local_interval(today + timedelta(days=10), time(19, 30), time(21, 30))
    await room.gatherings.add(
        scope, scope.branch, "intervision", "Intervisie: stiltes in een gesprek", during, 8
    )
    await room.messages.send(
        scope,
        Audience.BRANCH,
        "Welkom in de demo. Over tien dagen is er intervisie; aanmelden kan hieronder.",
        branch=scope.branch,
    )
