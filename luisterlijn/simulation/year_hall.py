"""The hall in memory: the real rules of contact and queue, on dictionaries instead of rows.

`dispatch.model` decides what becomes of a contact and `dispatch.queue` who is asked, exactly as in
a served line. Only what SQL does around them is written again here: seats, rests, exclusions, who
is free. `tests/laws/test_simulated_hour.py` plays an hour through both: they decide the same.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from luisterlijn.dispatch import model, queue
from luisterlijn.dispatch.consequences import EXCLUDED_AFTER_DECLINE, FOR_GOOD
from luisterlijn.dispatch.mentoring import Side, may_be_asked
from luisterlijn.dispatch.model import Contact, Reason, State
from luisterlijn.dispatch.queue import Free, Pair, Waiting
from luisterlijn.dispatch.service import CARE_AFTER
from luisterlijn.dispatch.store import HEADS
from luisterlijn.kernel.ids import BranchId, ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Callable

    Pairing = Callable[[list[Waiting], list[Free], datetime], list[Pair]]

Line = tuple[str, str]
"""Channel and language: who waits for the same people."""


@dataclass(slots=True, kw_only=True)
class Seat:
    """One volunteer's presence, as in the table of that name."""

    person: PersonId
    branch: BranchId | None
    channels: frozenset[str]
    languages: frozenset[str]
    own_limit: int
    capacity: int
    takes_until: datetime
    state: str = "paused"
    load: int = 0
    offered: bool = False
    rest_until: datetime | None = None
    busy_s: int = 0
    beside: PersonId | None = None
    walks_along: bool = False


@dataclass(slots=True, kw_only=True)
class Held:
    """One contact with what hangs on its row: the offer's weight, who may not be asked."""

    contact: Contact
    waiting: Waiting
    weight: int = 0
    accepted: datetime | None = None
    ended: datetime | None = None
    excluded: dict[PersonId, datetime] = field(default_factory=dict)


class MemoryHall:
    """Every change of a contact goes through here."""

    def __init__(self, pair: Pairing = queue.pairs) -> None:
        """Begin with nobody there; `pair` says who is asked for whom."""
        self.held: dict[ContactId, Held] = {}
        self.seats: dict[PersonId, Seat] = {}
        self.overtaken = 0
        self.changed = False
        self._pair = pair
        self._lines: dict[Line, list[tuple[datetime, ContactId]]] = {}
        self._free: dict[PersonId, Free] = {}

    # Volunteers.

    def check_in(self, seat: Seat) -> None:
        """Somebody's console opens on a shift; who was there before begins anew."""
        self.seats[seat.person] = seat
        self._look(seat)

    def leave(self, person: PersonId) -> None:
        """Somebody goes home."""
        del self.seats[person]
        self._free.pop(person, None)

    def ready(self, person: PersonId) -> None:
        """Somebody says "beschikbaar", which ends a rest."""
        seat = self.seats[person]
        seat.state, seat.rest_until = "ready", None
        self._look(seat)

    def rested(self, person: PersonId) -> None:
        """A rest is over, or may be."""
        if person in self.seats:
            self._look(self.seats[person])

    # Contacts.

    def arrive(self, held: Held, now: datetime) -> None:
        """Somebody who was admitted is there, and waits."""
        held.contact = model.opened(held.contact, now)
        self.held[held.contact.id] = held
        self._queue(held)

    def round(self, now: datetime) -> list[Pair]:
        """Pair once; gives the offers that were made."""
        self.changed = False
        if not self._free or not any(self._lines.values()):
            return []
        free = [each for each in self._free.values() if self._takes(each.person, now)]
        if not free:
            return []
        made = self._pair(self._heads(now), free, now)
        for pair in made:
            self._claim(pair, now)
        for pair in made:
            self.overtaken += self._passed_over(pair, now)
        return made

    def accept(self, contact_id: ContactId, by: PersonId, epoch: int, now: datetime) -> None:
        """Give the volunteer what was offered."""
        held, seat = self.held[contact_id], self.seats[by]
        held.contact = model.accepted(held.contact, by, epoch, now)
        held.accepted = now
        seat.offered = False
        self._look(seat)

    def decline(self, contact_id: ContactId, by: PersonId, epoch: int, now: datetime) -> datetime:
        """Take the offer back; gives until when the volunteer rests."""
        held, seat = self.held[contact_id], self.seats[by]
        held.contact = model.declined(held.contact, by, epoch)
        self._give_back(held, seat, now)
        held.excluded[by] = now + EXCLUDED_AFTER_DECLINE
        seat.rest_until = max(seat.rest_until or now, now + model.DECLINE_REST)
        self._queue(held)
        self._look(seat)
        return seat.rest_until

    def lapse(self, contact_id: ContactId, now: datetime) -> None:
        """Take an offer back whose time is over: who let it lapse is away until back."""
        held = self.held[contact_id]
        by = held.contact.volunteer
        held.contact = model.deadline_passed(held.contact, now)
        if by is None or held.contact.state is not State.QUEUED:
            return
        seat = self.seats[by]
        self._give_back(held, seat, now)
        held.excluded[by] = now + FOR_GOOD
        seat.state = "away"
        self._queue(held)
        self._look(seat)

    def end(self, contact_id: ContactId, reason: Reason, now: datetime) -> None:
        """End a conversation, or the waiting for one."""
        held = self.held[contact_id]
        before, held.contact = held.contact, model.ended(held.contact, reason)
        held.ended = now
        if held.contact.state is State.WRAPUP:
            return
        if before.state is State.QUEUED:
            self._unqueue(held)
        elif before.volunteer is not None:
            seat = self.seats[before.volunteer]
            self._give_back(held, seat, now)
            self._look(seat)
        del self.held[contact_id]

    def wrap_up(self, contact_id: ContactId, by: PersonId, now: datetime) -> bool:
        """Close the contact; True: a rest follows, until the volunteer says to be there again."""
        held, seat = self.held.pop(contact_id), self.seats[by]
        held.contact = model.wrapped_up(held.contact, by)
        self._give_back(held, seat, now)
        talked = (held.ended or now) - (held.accepted or now)
        if talked >= CARE_AFTER:
            seat.state = "after_care"
        elif seat.state != "after_care":
            seat.state = "ready"
        self._look(seat)
        return talked >= CARE_AFTER

    # What the statements of `dispatch.store` and `consequences` do.

    def _claim(self, pair: Pair, now: datetime) -> None:
        held, seat = self.held[pair.contact.id], self.seats[pair.volunteer.person]
        self._unqueue(held)
        # A line in memory has browsers only: nobody is rung on an own phone.
        held.contact = model.offered(held.contact, seat.person, now)
        held.weight = seat.capacity if held.contact.channel == model.PHONE else 1
        seat.load += held.weight
        seat.offered = True
        self._look(seat)

    def _give_back(self, held: Held, seat: Seat, now: datetime) -> None:
        """Give back the seat, and count the time it was in use."""
        busy = ((now - held.accepted) if held.accepted else timedelta()).total_seconds()
        seat.load, seat.capacity = (
            seat.load - held.weight,
            max(seat.own_limit, seat.load - held.weight),
        )
        seat.busy_s += int(busy + 0.5)
        if held.accepted is None:
            seat.offered = False
        held.weight = 0

    def _queue(self, held: Held) -> None:
        if held.waiting.epoch != held.contact.epoch:
            held.waiting = replace(held.waiting, epoch=held.contact.epoch)
        line = self._lines.setdefault((held.waiting.channel, held.waiting.language), [])
        insort(line, (held.waiting.enq, held.waiting.id))
        self.changed = True

    def _unqueue(self, held: Held) -> None:
        line = self._lines[held.waiting.channel, held.waiting.language]
        del line[bisect_left(line, (held.waiting.enq, held.waiting.id))]

    def _heads(self, now: datetime) -> list[Waiting]:
        heads = []
        for line in self._lines.values():
            for _enq, contact in islice(line, HEADS):
                held = self.held[contact]
                waiting = held.waiting
                if held.excluded:
                    now_not = frozenset(who for who, until in held.excluded.items() if until > now)
                    waiting = replace(waiting, excluded=now_not)
                heads.append(waiting)
        return heads

    def _takes(self, person: PersonId, now: datetime) -> bool:
        seat = self.seats[person]
        rested = seat.rest_until is None or seat.rest_until <= now
        return seat.takes_until > now and rested and self._pair_allows(seat)

    def _pair_allows(self, seat: Seat) -> bool:
        other = self.seats.get(seat.beside) if seat.beside is not None else None
        return may_be_asked(
            walks_along=seat.walks_along,
            other=Side(busy=other.offered or other.load > 0, ready=other.state == "ready")
            if other is not None
            else None,
        )

    def _look(self, seat: Seat) -> None:
        """Note whether somebody may be asked; moments are looked at in the round."""
        if seat.state == "ready" and not seat.offered and seat.load < seat.capacity:
            self._free[seat.person] = Free(
                person=seat.person,
                branch=seat.branch,
                channels=seat.channels,
                languages=seat.languages,
                load=seat.load,
                busy_s=seat.busy_s,
                beside=seat.beside,
            )
            self.changed = True
        else:
            self._free.pop(seat.person, None)

    def _passed_over(self, pair: Pair, now: datetime) -> bool:
        """Say whether somebody who waits longer for the same people could have had this one."""
        for enq, contact in self._lines[pair.contact.channel, pair.contact.language]:
            if (enq, contact) > (pair.contact.enq, pair.contact.id):
                return False
            if self.held[contact].excluded.get(pair.volunteer.person, now) <= now:
                return True
        return False


def packed(heads: list[Waiting], free: list[Free], _now: datetime) -> list[Pair]:
    """Pair so that many are answered soon, whatever it asks of people: a measure for our own rules.

    As `queue.pairs`, but a second chat goes to who has one already: the others stay free for calls.
    """
    left = sorted(free, key=lambda each: (len(each.channels), -each.load, each.busy_s, each.person))
    found = []
    for head in sorted(heads, key=lambda each: (each.enq, each.id)):
        for chosen in left:
            fits = head.channel in chosen.channels and head.language in chosen.languages
            taken = head.channel == model.PHONE and chosen.load
            if not fits or taken or chosen.person in head.excluded:
                continue
            left.remove(chosen)
            found.append(Pair(contact=head, volunteer=chosen, proven=True))
            break
    return found
