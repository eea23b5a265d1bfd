"""Plays a year of contacts through the line's own rules, in memory, in a minute or two."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from luisterlijn.dispatch import queue
from luisterlijn.dispatch.model import OFFER_LASTS, WAITING, Contact, Reason, State
from luisterlijn.dispatch.queue import Pair, Waiting
from luisterlijn.dispatch.service import CARE_PROPOSED
from luisterlijn.simulation.year_hall import Held, MemoryHall, Seat, packed
from luisterlijn.simulation.year_plan import (
    BACK_AFTER_S,
    BEGIN,
    STAND_BY,
    STAND_BY_AFTER_S,
    WRITES_UP_S,
    Caller,
    Turn,
    Year,
    contact_id,
)

if TYPE_CHECKING:
    from datetime import datetime

    from luisterlijn.kernel.ids import ContactId, PersonId

WITHIN_S = 60.0
CHATS_AT_ONCE = 2
MOMENT_DIGITS = 3
"""Moments lie on whole milliseconds, so that a deadline and the event that meets it are one."""
LEAST_BUSY_S = 600.0
"""A shift with less to do than this says nothing about how it was shared."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a year came to. Attempts, but for `callers` and `served`."""

    attempts: int = 0
    answered: int = 0
    within: int = 0
    lost: int = 0
    callers: int = 0
    served: int = 0
    offers: int = 0
    missed: int = 0
    overtaken: int = 0
    hours: float = 0.0
    waits: list[float] = field(default_factory=list)
    busy: dict[tuple[float, frozenset[str]], list[float]] = field(default_factory=dict)

    def share(self, count: int) -> float:
        """Give a count as a share of all attempts."""
        return count / max(1, self.attempts)

    @property
    def unequal(self) -> float:
        """Give how unequally those of one shift and training were busy: deviation over mean."""
        groups = [each for each in self.busy.values() if len(each) > 1]
        told = [
            float(np.std(each) / np.mean(each)) for each in groups if np.mean(each) > LEAST_BUSY_S
        ]
        return float(np.mean(told)) if told else 0.0


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One call or chat: whose, which try, when it came."""

    caller: Caller
    number: int
    at_s: float


class Player:
    """Moves time from event to event. Nothing is awaited, nothing is random but the plan's seed."""

    def __init__(self, year: Year, hall: MemoryHall | None = None) -> None:
        """Begin the year, in a hall of its own unless one is given."""
        self._year, self._plan = year, year.plan
        self.hall = hall or MemoryHall(packed if year.plan.packed else queue.pairs)
        self.tally = Tally(callers=len(year.callers))
        self._chance = np.random.default_rng([year.plan.seed, 3])
        self._events: list[tuple[float, int, str, tuple[object, ...]]] = []
        self._pushed = 0
        self._made = 0
        self._attempts: dict[ContactId, Attempt] = {}
        self._until: dict[PersonId, Turn] = {}
        self.now_s = 0.0

    def play(self) -> Tally:
        """Play to the end; who still waits or talks then is finished."""
        for turn in self._year.turns:
            self._on_shift(turn)
        callers = iter(self._year.callers)
        following = next(callers, None)
        while self._events or following is not None:
            if following is not None and (not self._events or following.at_s <= self._events[0][0]):
                self.now_s = following.at_s
                self._arrive(following, 0)
                following = next(callers, None)
            else:
                self.now_s, _number, name, facts = heapq.heappop(self._events)
                getattr(self, name)(*facts)
            while self.hall.changed:
                for pair in self.hall.round(self.now):
                    self._offered(pair)
        self.tally.overtaken = self.hall.overtaken
        return self.tally

    @property
    def now(self) -> datetime:
        """Give the moment."""
        return BEGIN + timedelta(seconds=self.now_s)

    def _later(self, after_s: float, name: str, *facts: object) -> None:
        self._pushed += 1
        at_s = round(self.now_s + after_s, MOMENT_DIGITS)
        heapq.heappush(self._events, (at_s, self._pushed, name, facts))

    # Volunteers.

    def _on_shift(self, turn: Turn) -> None:
        """Put a shift into the year, or nobody, or who stands in."""
        starts = turn.starts_s
        if self._plan.no_show and self._chance.random() < self._plan.no_show:
            if not (self._plan.stand_by and self._chance.random() < STAND_BY):
                return
            starts += STAND_BY_AFTER_S
        if starts < turn.ends_s:
            self._later(starts, "_check_in", turn)
            self._later(turn.ends_s, "_shift_over", turn)

    def _check_in(self, turn: Turn) -> None:
        if turn.person in self._until:  # still in a conversation of the shift before
            self._later(60, "_check_in", turn)
            return
        margin = timedelta(minutes=self._plan.margin_min)
        self._until[turn.person] = turn
        self.hall.check_in(
            Seat(
                person=turn.person,
                branch=None,
                channels=turn.channels,
                languages=turn.languages,
                own_limit=CHATS_AT_ONCE,
                capacity=CHATS_AT_ONCE,
                takes_until=BEGIN + timedelta(seconds=turn.ends_s) - margin,
                beside=turn.beside,
                walks_along=turn.walks_along,
            )
        )
        self.hall.ready(turn.person)
        self.tally.hours += (turn.ends_s - self.now_s) / 3600

    def _shift_over(self, turn: Turn) -> None:
        if self._until.get(turn.person) is turn:
            self._go_home(turn.person)

    def _go_home(self, person: PersonId) -> None:
        seat, turn = self.hall.seats[person], self._until[person]
        if seat.load or self.now_s < turn.ends_s:
            return
        self.tally.busy.setdefault((turn.starts_s, turn.channels), []).append(seat.busy_s)
        self.hall.leave(person)
        del self._until[person]

    def _back(self, person: PersonId, turn: Turn) -> None:
        if self._until.get(person) is turn:
            self.hall.ready(person)

    def _rested(self, person: PersonId) -> None:
        self.hall.rested(person)

    # Contacts.

    def _arrive(self, caller: Caller, number: int) -> None:
        self._made += 1
        contact = contact_id(self._made)
        now = self.now
        self._attempts[contact] = Attempt(caller=caller, number=number, at_s=self.now_s)
        self.tally.attempts += 1
        self.hall.arrive(
            Held(
                contact=Contact(
                    id=contact,
                    channel=caller.channel,
                    state=State.ADMITTED,
                    epoch=0,
                    enq=now,
                    heard=now,
                ),
                waiting=Waiting(
                    id=contact,
                    epoch=0,
                    channel=caller.channel,
                    language=caller.language,
                    enq=now,
                    # The page is there, and proves it, until the chatter gives up.
                    heard=now + timedelta(days=1),
                ),
            ),
            now,
        )
        self._later(caller.patience_s[number], "_give_up", contact)

    def _offered(self, pair: Pair) -> None:
        contact, person = pair.contact.id, pair.volunteer.person
        epoch = self.hall.held[contact].contact.epoch
        self.tally.offers += 1
        if not self._plan.offers:
            self._accept(contact, person, epoch)
            return
        luck = self._chance.random()
        if luck < self._plan.absent:
            self._later(OFFER_LASTS.total_seconds(), "_lapse", contact, person, epoch)
        elif luck < self._plan.absent + self._plan.declined:
            self._later(self._chance.uniform(3, 12), "_decline", contact, person, epoch)
        else:
            self._later(self._chance.uniform(2, 8), "_accept", contact, person, epoch)

    def _open(self, contact: ContactId, epoch: int) -> bool:
        held = self.hall.held.get(contact)
        offered = held is not None and held.contact.state is State.OFFERED
        return offered and held is not None and held.contact.epoch == epoch

    def _accept(self, contact: ContactId, person: PersonId, epoch: int) -> None:
        if not self._open(contact, epoch):
            return
        self.hall.accept(contact, person, epoch, self.now)
        attempt = self._attempts[contact]
        waited = self.now_s - attempt.at_s
        self.tally.answered += 1
        self.tally.served += 1
        self.tally.within += waited <= WITHIN_S
        self.tally.waits.append(waited)
        self._later(attempt.caller.talks_s, "_talked", contact, person)

    def _decline(self, contact: ContactId, person: PersonId, epoch: int) -> None:
        if self._open(contact, epoch):
            until = self.hall.decline(contact, person, epoch, self.now)
            self._later((until - self.now).total_seconds(), "_rested", person)

    def _lapse(self, contact: ContactId, person: PersonId, epoch: int) -> None:
        if self._open(contact, epoch):
            self.tally.missed += 1
            self.hall.lapse(contact, self.now)
            turn = self._until[person]
            self._later(self._chance.exponential(BACK_AFTER_S), "_back", person, turn)
            self._go_home(person)

    def _give_up(self, contact: ContactId) -> None:
        held = self.hall.held.get(contact)
        if held is None or held.contact.state not in WAITING:
            return
        asked = held.contact.volunteer
        self.hall.end(contact, Reason.ABANDONED, self.now)
        self.tally.lost += 1
        attempt = self._attempts.pop(contact)
        if attempt.number < len(attempt.caller.redial_s):
            again = attempt.caller.redial_s[attempt.number]
            self._later(again, "_arrive", attempt.caller, attempt.number + 1)
        if asked is not None:
            self._go_home(asked)

    def _talked(self, contact: ContactId, person: PersonId) -> None:
        self.hall.end(contact, Reason.ENDED_BY_CALLER, self.now)
        self._later(0.0 if self._plan.exact else WRITES_UP_S, "_written", contact, person)

    def _written(self, contact: ContactId, person: PersonId) -> None:
        del self._attempts[contact]
        rests = self.hall.wrap_up(contact, person, self.now)
        turn = self._until[person]
        if rests:
            rest_s = 0.0 if self._plan.exact else CARE_PROPOSED.total_seconds()
            self._later(rest_s, "_back", person, turn)
        self._go_home(person)
