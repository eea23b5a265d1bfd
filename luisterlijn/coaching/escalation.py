"""How a request for help finds somebody: in the consoles, then phone by phone, then a card.

Pure. Who is on call comes in as it is at that moment: a rota may change while a phone rings. No
request ends by time: when nobody was reached it stays in the list, and can still be taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence

CONSOLES_LAST = timedelta(seconds=15)
"""How long a request is only in the consoles of who is on duty; then the first phone rings."""
RINGS = timedelta(seconds=25)
"""How long a phone rings at most."""
GIVES_UP = timedelta(seconds=115)
"""By then all who can be rung were; with the steps of a second it is said within 120 s (P28)."""


@unique
class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    CALLING = "calling"
    NOBODY = "nobody"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Somebody on duty now. `stands_in`: after all coaches. `has_phone`: can be rung."""

    person: PersonId
    stands_in: bool
    has_phone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request for help.

    `contact` None: asked outside a conversation, or the conversation is over. `rung`: who was rung
    already, in order. `deadline` None: time changes nothing.
    """

    id: UUID
    person: PersonId
    contact: ContactId | None
    urgent: bool
    asked: datetime
    state: State = State.OPEN
    rung: tuple[PersonId, ...] = ()
    calling: PersonId | None = None
    taken_by: PersonId | None = None
    deadline: datetime | None = None


def asked(request: Request, on_call: Sequence[OnCall]) -> Request:
    """Begin: with a coach on duty in the consoles first; else who stands in is rung at once."""
    if any(not each.stands_in for each in _others(request, on_call)):
        return replace(request, deadline=request.asked + CONSOLES_LAST)
    return _ring_next(request, on_call, request.asked)


def asked_again(
    request: Request,
    contact: ContactId | None,
    on_call: Sequence[OnCall],
    now: datetime,
    *,
    urgent: bool,
) -> Request:
    """Let who has a request ask once more: it may become urgent; what found nobody begins anew.

    So does a request that was taken when it is now about another conversation.
    """
    elsewhere = contact is not None and contact != request.contact
    fresh = replace(request, contact=contact or request.contact, urgent=request.urgent or urgent)
    if request.state is State.NOBODY or (request.state is State.TAKEN and elsewhere):
        begun = Request(
            id=request.id,
            person=request.person,
            contact=contact,
            urgent=urgent,
            asked=now,
        )
        return asked(begun, on_call)
    return fresh


def time_passed(request: Request, on_call: Sequence[OnCall], now: datetime) -> Request:
    """Ring the first, or the next, when it is time; unchanged when it is not."""
    if request.deadline is None or now < request.deadline:
        return request
    return _ring_next(request, on_call, now)


def not_reached(
    request: Request, person: PersonId, on_call: Sequence[OnCall], now: datetime
) -> Request:
    """Ring the next at once: this phone was busy, was not answered, or somebody said no."""
    if request.state is not State.CALLING or request.calling != person:
        return request
    return _ring_next(request, on_call, now)


def taken(request: Request, by: PersonId) -> Request:
    """Give the request to who says yes first; told twice, it is taken once."""
    if request.state is State.TAKEN and request.taken_by == by:
        return request
    if request.state is State.TAKEN:
        raise Refusal(Code.REQUEST_GONE)
    return replace(request, state=State.TAKEN, taken_by=by, calling=None, deadline=None)


def _others(request: Request, on_call: Sequence[OnCall]) -> list[OnCall]:
    return [each for each in on_call if each.person != request.person]


def _ring_next(request: Request, on_call: Sequence[OnCall], now: datetime) -> Request:
    """Ring whoever is next; what is left of the time is shared by those who are left."""
    left = [
        each.person
        for each in sorted(_others(request, on_call), key=lambda each: each.stands_in)
        if each.has_phone and each.person not in request.rung
    ]
    time = request.asked + GIVES_UP - now
    if not left or time <= timedelta():
        return replace(request, state=State.NOBODY, calling=None, deadline=None)
    return replace(
        request,
        state=State.CALLING,
        calling=left[0],
        rung=(*request.rung, left[0]),
        deadline=now + min(RINGS, time / len(left)),
    )
