"""The roster of the demo's own branch, as people see it: gaps, wishes, questions of colleagues.

The other branches stand around the clock by turns; here volunteers come once a week, so that a
coordinator has something to plan and a volunteer something to choose. Exists in demo mode only.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval, local_day, local_interval
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.rostering.model import Template, Wish, is_night
from luisterlijn.rostering.ports import NewShift

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time
    from uuid import UUID

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.rostering.ports import PlaceRow
    from luisterlijn.rostering.service import Roster
    from luisterlijn.store.database import Database

VOLUNTEER = "vrijwilliger"
"""The volunteer whose roster is laid out: on shift now, and once a week."""
ALWAYS = "vrijwilliger2"
"""On every shift, so that somebody can always be tried."""
A_DAY = 6
DAY = timedelta(days=1)
WEEK = 7 * DAY
NEXT_BEGINS = timedelta(hours=4)
"""Within so long the shift after the one that runs begins."""
EACH, FROM = 4, 3
"""One shift in four of a week has somebody of its own; the first is the fourth."""
ALSO_OPEN = 7
"""One in seven wants somebody more than there is."""
HER_DAY, HER_PART = 3, 3
"""Thursdays, from 19:00."""
HER_WEEKEND = 5 * A_DAY + 1
"""Of the year before also one Saturday in four weeks, from 11:00."""
PERIOD_DAYS = 28
PAST_WEEKS = 51
FILLED_DAYS = 2
"""Yesterday and today, should today be a Monday, are filled already."""
EVENINGS = "112200"
"""Wishes of who works by day: evenings gladly, at night not."""
SENIORS = "221r00"


def at_home(
    branch: BranchId,
    people: Sequence[PersonId],
    during: Interval,
    slot: tuple[date, int],
    now: datetime,
    named: dict[str, PersonId],
) -> NewShift:
    """Give a shift of the demo's own branch with who stands on it.

    Args:
        branch: which.
        people: its volunteers, in a steady order; each has one shift a week.
        during: its hours.
        slot: its day of service, and which it is on that day, from 07:00 on.
        now: the named volunteer is on what runs now and on the next.
        named: who has the sign-in names of the demo's volunteers.
    """
    day, number = slot
    of_week = day.weekday() * A_DAY + number
    on = {named[ALWAYS]}
    if of_week % EACH == FROM:
        on.add(_turn(people, day, of_week))
    if during.end > now and during.start <= now + NEXT_BEGINS:
        on.add(named[VOLUNTEER])
    # Not in the days of the shift that she is given to try.
    if (day.weekday(), number) == (HER_DAY, HER_PART) and during.start > now + 2 * DAY:
        on.add(named[VOLUNTEER])
    return NewShift(
        branch=branch,
        during=during,
        channels=("chat", "phone"),
        wanted=len(on) + (of_week % ALSO_OPEN == FROM),
        people=tuple(sorted(on)),
    )


def _turn(people: Sequence[PersonId], day: date, of_week: int) -> PersonId:
    """Give whose shift it is: each week another one's, so that nights go round."""
    return people[(of_week // EACH + _week(day)) % len(people)]


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


async def put_on_now(
    database: Database, accounts: Accounts, roster: Roster, branch: BranchId
) -> None:
    """Put the named volunteer on the shift that runs and on the next, at each start of the demo."""
    async with database.transaction(LINE) as tx:
        person = await accounts.person_by_sign_in(tx, VOLUNTEER)
        now = tx.now
    found, _taken = await roster.shifts(LINE, branch, now - DAY, 3)
    for shift in found:
        near = shift.during.end > now and shift.during.start <= now + NEXT_BEGINS
        if person is not None and near:
            # She stands there already, or it does not go on.
            with contextlib.suppress(Refusal):
                await roster.put_on(LINE, shift.id, person)


async def lay_out(
    database: Database,
    accounts: Accounts,
    roster: Roster,
    tokens: TokenSource,
    starts: Sequence[tuple[time, time]],
    home: str,
) -> None:
    """Lay out three periods of the branch: one that runs, one in draft, one open for wishes.

    Happens once; at a later start only the shift of now is seen to.

    Args:
        database: the demo's.
        accounts: of its people.
        roster: of its branches.
        tokens: chance for new ids.
        starts: hours on the wall clock of each shift of a day.
        home: the branch, by its short name.
    """
    async with database.transaction(LINE) as tx:
        branch = await accounts.branch_by_slug(tx, home)
        today = local_day(tx.now)
        everybody = await accounts.people(tx, Role.VOLUNTEER)
    if branch is None:
        return
    await put_on_now(database, accounts, roster, branch)
    if (await roster.periods.all(LINE, branch))[0]:
        return
    people = {each.sign_in: each.id for each in everybody if each.branch == branch}
    for begins, ends in starts:
        await roster.templates.add(
            LINE,
            Template(
                template=new_id(tokens),
                branch=branch,
                weekdays=127,
                starts=begins,
                ends=ends,
                channels=("chat", "phone"),
                least=1,
                wanted=2,
                night=is_night(begins),
            ),
        )
    monday = today - today.weekday() * DAY
    async with database.transaction(LINE) as tx:
        await roster.plan(tx, _past(branch, people, home, starts, monday))
    runs, draft, _open = [
        await roster.periods.open(LINE, branch, monday + number * PERIOD_DAYS * DAY, PERIOD_DAYS)
        for number in range(3)
    ]
    await roster.periods.publish(LINE, runs.period)
    await _wish(roster, branch, people, draft.period)
    await roster.periods.lay_out(LINE, draft.period)
    await _ask(database, roster, branch, people, monday + WEEK)


def _past(
    branch: BranchId,
    people: dict[str, PersonId],
    home: str,
    starts: Sequence[tuple[time, time]],
    monday: date,
) -> list[NewShift]:
    """Give the shifts of the year before: what hours, nights and feast days are counted of."""
    turns = [people[each] for each in sorted(people) if each.startswith(f"{home}-")]
    found = []
    for number in range(FILLED_DAYS, PAST_WEEKS * 7):
        day = monday - number * DAY
        for part, (begins, ends) in enumerate(starts):
            of_week = day.weekday() * A_DAY + part
            on = {_turn(turns, day, of_week)} if of_week % EACH == FROM else set()
            if (day.weekday(), part) == (HER_DAY, HER_PART) or (
                of_week == HER_WEEKEND and _week(day) % 4 == 0
            ):
                on |= {people[VOLUNTEER]}
            if on:
                after = begins < starts[0][0]
                during = local_interval(day + after * DAY, begins, ends)
                new = NewShift(
                    branch=branch,
                    during=during,
                    channels=("chat", "phone"),
                    wanted=len(on),
                    people=tuple(sorted(on)),
                )
                found.append(new)
    return found


def _scope(person: PersonId, branch: BranchId) -> Scope:
    return Scope(person=person, branch=branch, roles=frozenset({Role.VOLUNTEER}))


async def _wish(
    roster: Roster, branch: BranchId, people: dict[str, PersonId], period: UUID
) -> None:
    """Let everybody wish something; every other one cannot in the weekend."""
    for number, person in enumerate(sorted(people.values())):
        usual = EVENINGS if number % 2 else SENIORS
        week = [usual] * 5 + [usual if number % 3 else "000000"] * 2
        wish = Wish(levels=tuple(week * 4), wanted=3 + number % 2, most=6, nights=number % 3)
        await roster.wishes.write(_scope(person, branch), period, wish)


async def _ask(
    database: Database,
    roster: Roster,
    branch: BranchId,
    people: dict[str, PersonId],
    monday: date,
) -> None:
    """Let one colleague give a shift to the named volunteer, one swap with her, one ask leave."""
    her = people[VOLUNTEER]
    async with database.transaction(LINE) as tx:
        sheet = await roster.sheet(tx, branch, monday, 7)
        here = {each.shift for each in sheet.shifts}
        places = [each for each in sheet.places if each.shift in here]
    hers = next((each for each in places if each.person == her), None)
    others: list[tuple[PersonId, PlaceRow]] = [
        (each.person, each)
        for each in places
        if each.person is not None
        and each.person not in {her, people[ALWAYS]}
        and hers is not None
        and abs(each.during.start - hers.during.start) > DAY
    ]
    if hers is None or len(others) < 3:  # noqa: PLR2004 - one for each question
        return
    (giver, given), (swapper, swapped), (away, _place) = others[0], others[1], others[2]
    await roster.swaps.offer(_scope(giver, branch), given.place, asked=her)
    await roster.swaps.offer(_scope(swapper, branch), swapped.place, wants=[hers.shift])
    await roster.leaves.ask(_scope(away, branch), monday + 3 * WEEK, monday + 3 * WEEK + 4 * DAY)
