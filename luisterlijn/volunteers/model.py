"""How far somebody may go with a channel, how long papers are good, and when a last day ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.volunteers.ports import Agreed, Audience, Facts, Status, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


CHANNELS = ("chat", "phone", "mail")
FIRST_DAY = date(1990, 1, 1)
"""Before any step: since when somebody is so far of whom nothing else was written down."""
FURTHEST = timedelta(days=366)
"""So far ahead a step may be written down."""
FURTHEST_AWAY = 3 * FURTHEST
VOG_LASTS_YEARS = 3
"""A certificate of conduct (VOG) has no end of its own; after three years we ask for a new one."""
VOG_SOON = timedelta(days=90)
"""So long before its end the list says so: asking for a new one takes weeks."""
INTERVISION_EVERY = timedelta(days=92)
"""A quarter: longer ago, and the list says so."""
DAY_ENDS = time(7)
"""The night shift of the last day ends now, on the morning after."""
FORGOTTEN_AFTER = timedelta(days=30)
LEARNS = frozenset({Status.ASPIRANT, Status.IN_TRAINING, Status.WALKING_ALONG})

STEPS: Mapping[Status | None, frozenset[Status]] = {
    # The first thing written down says where somebody is already.
    None: frozenset(Status) - {Status.PAUSED, Status.STOPPED},
    Status.ASPIRANT: frozenset({Status.IN_TRAINING, Status.STOPPED}),
    Status.IN_TRAINING: frozenset({Status.WALKING_ALONG, Status.PAUSED, Status.STOPPED}),
    Status.WALKING_ALONG: frozenset(
        {Status.INDEPENDENT, Status.IN_TRAINING, Status.PAUSED, Status.STOPPED}
    ),
    Status.INDEPENDENT: frozenset(
        {Status.MENTOR, Status.WALKING_ALONG, Status.PAUSED, Status.STOPPED}
    ),
    Status.MENTOR: frozenset({Status.INDEPENDENT, Status.PAUSED, Status.STOPPED}),
    # Back from a pause: at once, or by walking along again. A mentor is first independent again.
    Status.PAUSED: frozenset(
        {Status.IN_TRAINING, Status.WALKING_ALONG, Status.INDEPENDENT, Status.STOPPED}
    ),
    Status.STOPPED: frozenset({Status.ASPIRANT, Status.IN_TRAINING}),
}
"""From where to where somebody can go with one channel; None: nothing was written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that a branch keeps of one volunteer.

    `channels`: what the account answers. `history`: every step, by channel and day.
    """

    person: PersonId
    sign_in: str
    name: str
    branch: BranchId
    branch_name: str
    channels: tuple[str, ...]
    agreed: Agreed
    mentor: PersonId | None
    leaves: date | None
    history: tuple[Step, ...]

    @property
    def implied(self) -> tuple[Step, ...]:
        """Give what the account says of channels that no step is written down for.

        Such a channel is answered alone, as it was before steps were written down.
        """
        written = {each.channel for each in self.history}
        return tuple(
            Step(channel=channel, status=Status.INDEPENDENT, since=FIRST_DAY)
            for channel in CHANNELS
            if channel in self.channels and channel not in written
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give every step, the implied ones too, by channel and day."""
        return (*self.implied, *self.history)

    def facts(self, today: date) -> Facts:
        """Give what the rules of a roster must know."""
        return Facts(
            person=self.person,
            branch=self.branch,
            name=self.name,
            status=standing(self.steps, today),
            most_shifts=self.agreed.most_shifts,
            most_nights=self.agreed.most_nights,
            hours_agreed=self.agreed.hours,
            home=self.agreed.home,
            away_until=self.agreed.away_until,
            leaves=self.leaves,
            mentor=self.mentor,
        )


@unique
class Paper(StrEnum):
    """How a dated paper stands today."""

    MISSING = "missing"
    FINE = "fine"
    SOON = "soon"
    OLD = "old"


def current(steps: Sequence[Step], today: date) -> list[Step]:
    """Give the step that holds today, of each channel that there is one of."""
    found = {
        each.channel: each
        for each in sorted(steps, key=lambda each: each.since)
        if each.since <= today
    }
    return [found[channel] for channel in CHANNELS if channel in found]


def standing(steps: Sequence[Step], today: date) -> dict[str, Status]:
    """Give how far somebody is with each channel today."""
    return {each.channel: each.status for each in current(steps, today)}


def before(history: Sequence[Step], channel: str, day: date) -> Status | None:
    """Give how far somebody was with the channel just before that day; None: nothing is known."""
    found = [each for each in history if each.channel == channel and each.since < day]
    return max(found, key=lambda each: each.since).status if found else None


def check_agreed(agreed: Agreed, today: date) -> None:
    """Refuse days that cannot be meant: a paper of tomorrow, leave that lasts for years.

    Raises:
        Refusal: `bad-request`.
    """
    papers = [each for each in (agreed.vog, agreed.intervision) if each is not None]
    if not all(FIRST_DAY <= each <= today for each in papers):
        raise Refusal(Code.BAD_REQUEST)
    away = agreed.away_until
    if away is not None and not FIRST_DAY <= away <= today + FURTHEST_AWAY:
        raise Refusal(Code.BAD_REQUEST)


def check_step(history: Sequence[Step], step: Step, today: date) -> None:
    """Refuse a step that cannot be taken.

    A second step on one day takes the place of the first: somebody pressed the wrong one. So one
    may also go back on that day to where the person was.

    Raises:
        Refusal: `step-not-possible` from where the person is; `step-too-early` when a later step
            is written down already; `bad-request` for an unknown channel or a far day.
    """
    if step.channel not in CHANNELS or not FIRST_DAY < step.since <= today + FURTHEST:
        raise Refusal(Code.BAD_REQUEST)
    if any(each.channel == step.channel and each.since > step.since for each in history):
        raise Refusal(Code.STEP_TOO_EARLY)
    if step.status not in _open(history, step.channel, step.since):
        raise Refusal(Code.STEP_NOT_POSSIBLE)


def possible(history: Sequence[Step], channel: str, day: date) -> tuple[Status, ...]:
    """Give the steps that can be taken with a channel on that day, in the order of a career."""
    if any(each.channel == channel and each.since > day for each in history):
        return ()
    found = _open(history, channel, day)
    return tuple(status for status in Status if status in found)


def _open(history: Sequence[Step], channel: str, day: date) -> frozenset[Status]:
    """Give the steps of a day; what was pressed on that day already can be taken back."""
    was = before(history, channel, day)
    pressed = any(each.channel == channel and each.since == day for each in history)
    return STEPS[was] | {was} if pressed and was is not None else STEPS[was]


def vog(given: date | None, today: date) -> Paper:
    """Say how somebody's certificate of conduct stands."""
    if given is None:
        return Paper.MISSING
    ends = _years_later(given, VOG_LASTS_YEARS)
    if today >= ends:
        return Paper.OLD
    return Paper.SOON if today >= ends - VOG_SOON else Paper.FINE


def intervision(last: date | None, today: date) -> Paper:
    """Say whether somebody's last intervision is long ago."""
    if last is None:
        return Paper.MISSING
    return Paper.OLD if today - last > INTERVISION_EVERY else Paper.FINE


def learns(who: Facts) -> bool:
    """Say whether the person is being trained for something."""
    return bool(LEARNS & set(who.status.values()))


def check_mentor(trainee: Facts, mentor: Facts | None) -> None:
    """Refuse a mentor who is none, who is of another branch, or who is the trainee.

    Raises:
        Refusal: `not-a-mentor`.
    """
    if mentor is None or not mentor.is_mentor or mentor.person == trainee.person:
        raise Refusal(Code.NOT_A_MENTOR)
    if mentor.branch != trainee.branch or mentor.leaves is not None:
        raise Refusal(Code.NOT_A_MENTOR)


def ends_at(last_day: date) -> datetime:
    """Give when the last day is over, its night shift included."""
    return datetime.combine(last_day + timedelta(days=1), DAY_ENDS, AMSTERDAM).astimezone(UTC)


def check_last_day(last_day: date, today: date) -> None:
    """Refuse a last day that is over, or so far ahead that nobody can mean it.

    Raises:
        Refusal: `in-the-past`, `bad-request`.
    """
    if last_day < today:
        raise Refusal(Code.IN_THE_PAST)
    if last_day > today + FURTHEST:
        raise Refusal(Code.BAD_REQUEST)


def belongs(who: Facts, audience: Audience) -> bool:
    """Say whether a message to this group of the branch is for this person."""
    if audience is Audience.MENTORS:
        return who.is_mentor
    return audience is Audience.BRANCH or (audience is Audience.TRAINEES and learns(who))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """An evening to come to. `branch` None: for the whole line. `taken`: seats."""

    branch: BranchId | None
    starts: datetime
    ends: datetime
    seats: int
    taken: int
    cancelled: bool


LONGEST_GATHERING = timedelta(hours=16)


def check_gathering(starts: datetime, ends: datetime, now: datetime) -> None:
    """Refuse a gathering that is over, ends before it starts, or lasts longer than a day.

    Raises:
        Refusal: `zero-length`, `in-the-past`, `bad-request`.
    """
    if ends <= starts:
        raise Refusal(Code.ZERO_LENGTH)
    if starts <= now:
        raise Refusal(Code.IN_THE_PAST)
    if ends - starts > LONGEST_GATHERING or starts > now + FURTHEST:
        raise Refusal(Code.BAD_REQUEST)


def check_seat(gathering: Gathering, branch: BranchId | None, now: datetime) -> None:
    """Refuse a seat at a gathering that is of another branch, off, begun, or full.

    Raises:
        Refusal: `not-found`, `gathering-off`, `in-the-past`, `gathering-full`.
    """
    if gathering.branch is not None and gathering.branch != branch:
        raise Refusal(Code.NOT_FOUND)
    if gathering.cancelled:
        raise Refusal(Code.GATHERING_OFF)
    if gathering.starts <= now:
        raise Refusal(Code.IN_THE_PAST)
    if gathering.taken >= gathering.seats:
        raise Refusal(Code.GATHERING_FULL)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return date(day.year + years, 3, 1)
