"""A contact's life: the states, what may follow what, and how long each may last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, unique

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId, PersonId

OFFER_LASTS = timedelta(seconds=20)
"""How long one volunteer is asked, in the browser."""
OFFER_LASTS_OWN = timedelta(seconds=35)
"""On an own phone: it must ring, be found, be picked up, and hear which key to press."""
PREFERRED_LASTS = timedelta(minutes=5)
"""How long the same volunteer is asked first after a dropped line."""
ADMITTED_LASTS = timedelta(seconds=60)
"""From the answer to the form until the page's first sign of life."""
PROOF_LASTS = timedelta(seconds=3)
"""Before an offer the page proves within this time that it is there."""
VISITOR_SILENT = timedelta(seconds=11)
"""Two heartbeats of 5 s missed: the page is away."""
VOLUNTEER_SILENT = timedelta(seconds=11)
"""Two heartbeats of 5 s missed: the console is away."""
VOLUNTEER_GRACE = timedelta(seconds=30)
"""From the last heartbeat until the contact is offered to somebody else (promise P7)."""
CALLER_GRACE = timedelta(seconds=120)
"""How long a chatter who dropped off is simply waited for (a phone in a lift)."""
KEPT_LASTS = timedelta(minutes=15)
"""How long a waiting place is kept, and how long a volunteer may keep a dropped chatter."""
NOBODY_LASTS = timedelta(hours=12)
"""How long an urgent conversation that has nobody at either end is kept for who comes back."""
WRAP_UP_LASTS = timedelta(hours=2)
"""A wrap-up that is not written by then is closed without one: no row outlives its contact."""
DECLINE_REST = timedelta(seconds=60)
TICKET_LASTS = timedelta(minutes=60)
"""How long an old queue number is honoured after its first wait began."""


@unique
class State(StrEnum):
    """One word per idea, everywhere."""

    ADMITTED = "admitted"
    QUEUED = "queued"
    OFFERED = "offered"
    ACTIVE = "active"
    VOLUNTEER_AWAY = "volunteer_away"
    CALLER_AWAY = "caller_away"
    WRAPUP = "wrapup"
    CLOSED = "closed"


@unique
class Reason(StrEnum):
    """Why a contact closed. There is no "system"."""

    ENDED_BY_CALLER = "ended_by_caller"
    ENDED_BY_VOLUNTEER = "ended_by_volunteer"
    CALLER_GONE = "caller_gone"
    ABANDONED = "abandoned"
    REFUSED_FULL = "refused_full"
    LINE_CLOSED = "line_closed"
    LIMIT = "limit"
    ABUSE_ENDED = "abuse_ended"


PHONE = "phone"
"""The channel without heartbeats: a caller lives as long as the leg does."""
WAITING = frozenset({State.ADMITTED, State.QUEUED, State.OFFERED})
TALKING = frozenset({State.ACTIVE, State.VOLUNTEER_AWAY, State.CALLER_AWAY})
OVER = frozenset({State.WRAPUP, State.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact as the rows say it.

    `deadline` is the moment at which the state, left alone, changes; None: it does not.
    `heard` is the visitor's last sign of life. `volunteer` is set from the offer to the end.
    `prefer`: who is asked first until `prefer_until`. `handing_to`: the colleague who is asked to
    take the conversation over, until `handing_until`; it goes on meanwhile. `urgent`: somebody may
    die; no time ends the conversation.
    """

    id: ContactId
    channel: str
    state: State
    epoch: int
    enq: datetime
    heard: datetime
    caller_up: bool = True
    probe_until: datetime | None = None
    deadline: datetime | None = None
    volunteer: PersonId | None = None
    asked: bool = False
    kept: bool = False
    frozen: bool = False
    missed: int = 0
    reason: Reason | None = None
    prefer: PersonId | None = None
    prefer_until: datetime | None = None
    handing_to: PersonId | None = None
    handing_until: datetime | None = None
    urgent: bool = False


def opened(contact: Contact, now: datetime) -> Contact:
    """Put an admitted contact into the queue. `enq` was fixed when it was admitted."""
    if contact.state is not State.ADMITTED:
        raise Refusal(Code.CONTACT_GONE)
    return replace(contact, state=State.QUEUED, heard=now, caller_up=True, deadline=None)


def offered(
    contact: Contact, volunteer: PersonId, now: datetime, lasts: timedelta = OFFER_LASTS
) -> Contact:
    """Put a waiting contact before one volunteer."""
    if contact.state is not State.QUEUED or not contact.caller_up:
        raise Refusal(Code.OFFER_GONE)
    return replace(
        contact,
        state=State.OFFERED,
        epoch=contact.epoch + 1,
        volunteer=volunteer,
        probe_until=None,
        deadline=now + lasts,
    )


def accepted(contact: Contact, by: PersonId, epoch: int, now: datetime) -> Contact:
    """Give the contact to the volunteer it was offered to."""
    _holds_offer(contact, by, epoch)
    if contact.deadline is not None and now >= contact.deadline:
        raise Refusal(Code.OFFER_GONE)
    taken = replace(contact, state=State.ACTIVE, deadline=None, prefer=None, prefer_until=None)
    return taken if taken.caller_up else visitor_silent(taken, now)


def declined(contact: Contact, by: PersonId, epoch: int) -> Contact:
    """Take the offer back: the volunteer said "nu niet". Same queue number."""
    _holds_offer(contact, by, epoch)
    return _queued_again(replace(contact, missed=contact.missed + 1))


def lapsed(contact: Contact, now: datetime) -> Contact:
    """Take the offer back: its time is over, or the volunteer is lost. Same queue number."""
    if contact.state is not State.OFFERED:
        raise Refusal(Code.OFFER_GONE)
    del now
    return _queued_again(replace(contact, missed=contact.missed + 1))


def withdrawn(contact: Contact) -> Contact:
    """Take the offer back from who is not fit for it any more: nobody missed anything."""
    if contact.state is not State.OFFERED:
        raise Refusal(Code.OFFER_GONE)
    return _queued_again(contact)


def heard_visitor(contact: Contact, now: datetime) -> Contact:
    """Note a sign of life of the page; who was away is back, with everything as it was."""
    if contact.state in OVER:
        raise Refusal(Code.CONTACT_GONE)
    back = replace(
        contact,
        heard=max(contact.heard, now),
        caller_up=True,
        probe_until=None,
        asked=False,
        kept=False,
    )
    if contact.state is State.CALLER_AWAY:
        return replace(back, state=State.ACTIVE, deadline=None)
    if contact.state is State.QUEUED:
        return replace(back, deadline=None)
    return back


def wrote(contact: Contact, now: datetime) -> Contact:
    """Note that the visitor wrote: who was frozen is not any more."""
    return replace(heard_visitor(contact, now), frozen=False)


def visitor_silent(contact: Contact, now: datetime) -> Contact:
    """Note that the page gave no sign of life; nothing is lost by it yet."""
    del now
    if contact.channel == PHONE:
        return contact
    if contact.state is State.QUEUED:
        lasts = NOBODY_LASTS if contact.urgent else KEPT_LASTS
        return replace(contact, caller_up=False, probe_until=None, deadline=contact.heard + lasts)
    if contact.state is State.ACTIVE:
        # Who was asked before the console fell silent too is not asked again.
        lasts = KEPT_LASTS if contact.asked else CALLER_GRACE
        return replace(
            contact,
            state=State.CALLER_AWAY,
            caller_up=False,
            deadline=None if contact.urgent else contact.heard + lasts,
        )
    return replace(contact, caller_up=False)


def urgent(contact: Contact) -> Contact:
    """Let no time end a conversation any more: only one of the two does, however long one is away.

    It stays so, with whoever has it next; a question whether to keep waiting is not asked any more.
    """
    if contact.state not in TALKING:
        return contact
    waits = contact.state is State.CALLER_AWAY
    deadline = None if waits else contact.deadline
    return replace(contact, urgent=True, asked=False, kept=False, deadline=deadline)


def line_closed(contact: Contact) -> Contact:
    """Send who waits away, because nobody comes any more; who was in danger may wait on."""
    if contact.state is not State.QUEUED or contact.urgent:
        return contact
    return ended(contact, Reason.LINE_CLOSED)


def volunteer_silent(contact: Contact, volunteer_heard: datetime) -> Contact:
    """Note that the console gave no sign of life: the chatter is told, nobody is replaced yet."""
    if contact.state not in (State.ACTIVE, State.CALLER_AWAY) or contact.channel == PHONE:
        return contact  # a call goes on without the console: the leg is what counts
    return replace(contact, state=State.VOLUNTEER_AWAY, deadline=volunteer_heard + VOLUNTEER_GRACE)


def volunteer_back(contact: Contact) -> Contact:
    """Note that the console is back in time: the same conversation goes on."""
    if contact.state is not State.VOLUNTEER_AWAY:
        return contact
    if contact.caller_up:
        return replace(contact, state=State.ACTIVE, deadline=None)
    return visitor_silent(replace(contact, state=State.ACTIVE), contact.heard)


def deadline_passed(contact: Contact, now: datetime) -> Contact:
    """Do what the state says happens when its time is over; unchanged when it is not over yet."""
    if contact.deadline is None or now < contact.deadline:
        return contact
    match contact.state:
        case State.OFFERED:
            return lapsed(contact, now)
        case State.VOLUNTEER_AWAY:
            return _queued_again(contact)
        case State.CALLER_AWAY if not contact.asked:
            return replace(contact, asked=True, deadline=contact.heard + KEPT_LASTS)
        case State.CALLER_AWAY:
            return ended(contact, Reason.CALLER_GONE)
        case State.QUEUED | State.ADMITTED:
            return ended(contact, Reason.ABANDONED)
        case _:
            return contact


def kept(contact: Contact, by: PersonId) -> Contact:
    """Keep the place of a chatter who dropped off: the volunteer waits on."""
    mine(contact, by)
    if contact.state is not State.CALLER_AWAY or not contact.asked:
        raise Refusal(Code.CONTACT_GONE)
    return replace(contact, kept=True)


def frozen(contact: Contact) -> Contact:
    """Stop the volunteer's writing: perhaps somebody came in. The other's next line thaws it."""
    if contact.state in OVER:
        raise Refusal(Code.CONTACT_GONE)
    return replace(contact, frozen=contact.state in TALKING)


def line_dropped(contact: Contact, volunteer: PersonId, now: datetime) -> Contact:
    """Put a caller back whose volunteer's line dropped: old place, the same is asked first."""
    if contact.volunteer != volunteer or contact.state not in TALKING:
        raise Refusal(Code.CONTACT_GONE)
    return replace(_queued_again(contact), prefer=volunteer, prefer_until=now + PREFERRED_LASTS)


def handing(contact: Contact, by: PersonId, to: PersonId, until: datetime) -> Contact:
    """Ask a colleague to take the conversation over; it goes on meanwhile."""
    return replace(can_hand_over(contact, by, to), handing_to=to, handing_until=until)


def can_hand_over(contact: Contact, by: PersonId, to: PersonId) -> Contact:
    """Give the contact as it is; refuse when this colleague cannot be asked for it now."""
    mine(contact, by)
    if contact.state is not State.ACTIVE or contact.handing_to is not None or to == by:
        raise Refusal(Code.NOBODY_FREE)
    return contact


def handed_over(contact: Contact, by: PersonId, epoch: int, now: datetime) -> Contact:
    """Give the conversation to the colleague who was asked and said yes."""
    in_time = contact.handing_until is not None and now < contact.handing_until
    if contact.handing_to != by or epoch != contact.epoch + 1 or not in_time:
        raise Refusal(Code.OFFER_GONE)
    return taken_over(contact, by)


def taken_over(contact: Contact, by: PersonId) -> Contact:
    """Give the conversation to somebody else, without going back to the queue."""
    if contact.state not in TALKING:
        raise Refusal(Code.CONTACT_GONE)
    taken = replace(
        _not_handing(contact),
        state=State.ACTIVE,
        epoch=contact.epoch + 1,
        volunteer=by,
        deadline=None,
        asked=False,
        kept=False,
    )
    return taken if taken.caller_up else visitor_silent(taken, taken.heard)


def not_handed_over(contact: Contact, by: PersonId, epoch: int) -> Contact:
    """Let the conversation go on with who has it: the colleague said no, or not in time."""
    if contact.handing_to != by or epoch != contact.epoch + 1:
        raise Refusal(Code.OFFER_GONE)
    return _not_handing(contact)


def released(contact: Contact, by: PersonId) -> Contact:
    """Give the contact back with its old number, because the volunteer knows the person."""
    mine(contact, by)
    if contact.state not in TALKING:
        raise Refusal(Code.CONTACT_GONE)
    return _queued_again(contact)


def without_key(contact: Contact, person: PersonId) -> Contact:
    """Give the contact to somebody else, because this volunteer got no key to read it."""
    if contact.state not in TALKING or contact.volunteer != person:
        return contact
    return _queued_again(contact)


def ended(contact: Contact, reason: Reason) -> Contact:
    """End the conversation: who has a volunteer goes on to the wrap-up, who has none is closed."""
    if contact.state in OVER:
        raise Refusal(Code.CONTACT_GONE)
    after = State.WRAPUP if contact.state in TALKING else State.CLOSED
    return replace(
        _not_handing(contact),
        state=after,
        reason=reason,
        deadline=None,
        probe_until=None,
        volunteer=contact.volunteer if after is State.WRAPUP else None,
    )


def wrapped_up(contact: Contact, by: PersonId) -> Contact:
    """Close the contact: the volunteer has written up."""
    if contact.state is not State.WRAPUP or contact.volunteer != by:
        raise Refusal(Code.NOT_YOUR_CONTACT)
    return replace(contact, state=State.CLOSED, volunteer=None)


def unwritten(contact: Contact) -> Contact:
    """Close a contact whose wrap-up nobody wrote; it is counted without one."""
    if contact.state is not State.WRAPUP:
        return contact
    return replace(contact, state=State.CLOSED, volunteer=None)


def mine(contact: Contact, by: PersonId) -> None:
    """Refuse who does not have this contact."""
    if contact.volunteer != by or contact.state not in TALKING:
        raise Refusal(Code.NOT_YOUR_CONTACT)


def _holds_offer(contact: Contact, by: PersonId, epoch: int) -> None:
    if contact.state is not State.OFFERED or contact.volunteer != by or contact.epoch != epoch:
        raise Refusal(Code.OFFER_GONE)


def _not_handing(contact: Contact) -> Contact:
    return replace(contact, handing_to=None, handing_until=None)


def _queued_again(contact: Contact) -> Contact:
    """Back to the queue: a new epoch fences off whoever had it, `enq` stays."""
    queued = replace(
        _not_handing(contact),
        state=State.QUEUED,
        epoch=contact.epoch + 1,
        volunteer=None,
        deadline=None,
        asked=False,
        kept=False,
        frozen=False,
    )
    return queued if queued.caller_up else visitor_silent(queued, queued.heard)
