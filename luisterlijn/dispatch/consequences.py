"""What follows from a saved change of a contact: seats, counts, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from luisterlijn.dispatch import model, store, store_presence
from luisterlijn.dispatch.events import (
    ContactChanged,
    ContactClosed,
    ContactHandedOver,
    ContactOpened,
    ContactQueuedAgain,
    ConversationEnded,
    OfferOver,
    PresenceChanged,
    VolunteerFreed,
)
from luisterlijn.dispatch.model import Contact, Reason, State
from luisterlijn.kernel.clock import half_hour, to_wire

if TYPE_CHECKING:
    from luisterlijn.dispatch.ports import Archive
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.store.database import Transaction

FOR_GOOD = timedelta(days=1)
"""Longer than any contact lives."""
EXCLUDED_AFTER_DECLINE = timedelta(seconds=60)


async def follow(
    tx: Transaction,
    before: Contact,
    after: Contact,
    archive: Archive,
    counted: dict[str, list[str]],
) -> None:
    """Do what a change brings with it, in its own transaction.

    Args:
        tx: the transaction in which the change was saved.
        before: the contact as it was.
        after: the contact as it is.
        archive: keeps what a closed contact leaves, sealed.
        counted: of a wrap-up, for the counters.
    """
    await _seats(tx, before, after)
    tell(tx, before, after)
    if after.state in model.OVER and before.state not in model.OVER:
        tx.publish_on_commit(
            ConversationEnded(
                contact=after.id,
                channel=after.channel,
                volunteer=after.volunteer,
                reason=(after.reason or Reason.ABANDONED).value,
            )
        )
    if after.state is State.CLOSED:
        await _close(tx, before, after, archive, counted)


async def _seats(tx: Transaction, before: Contact, after: Contact) -> None:
    """Give back the seats that are not needed any more, and what that means for who had them."""
    asked, volunteer = before.handing_to, before.volunteer
    if asked is not None and volunteer is not None:
        await store_presence.lock(tx, (asked, volunteer))
    if asked is not None and after.handing_to is None and after.volunteer != asked:
        await _not_taken_over(tx, before, after, asked)
    if volunteer is None or after.volunteer == volunteer:
        return
    if before.state is State.OFFERED:
        await _not_taken(tx, before, after, volunteer)
    else:
        await store.free_seat(tx, after.id, volunteer, "done")
        overdue = before.deadline is not None and tx.now >= before.deadline
        if before.state is State.VOLUNTEER_AWAY and overdue:
            # Lost on the way, not unfit: who comes back and says "ready" may be asked again.
            await store_presence.set_state(tx, volunteer, "away")
        elif after.state is State.QUEUED and after.prefer != volunteer:
            await store.exclude(tx, after.id, volunteer, tx.now + FOR_GOOD)
    if after.volunteer is not None and before.state in model.TALKING:
        await store.mark_accepted(tx, after.id)
        await store_presence.offer_answered(tx, after.volunteer)
        tx.publish_on_commit(PresenceChanged(person=after.volunteer))
    _freed(tx, volunteer)


async def _not_taken_over(
    tx: Transaction, before: Contact, after: Contact, asked: PersonId
) -> None:
    """The colleague said no, did not answer, or need not any more: the conversation moved on."""
    overdue = before.handing_until is not None and tx.now >= before.handing_until
    goes_on = after.state in model.TALKING
    ending = "withdrawn" if not goes_on else "lapsed" if overdue else "declined"
    await store.free_seat(tx, after.id, asked, ending)
    if ending == "lapsed":
        await store_presence.rest(tx, asked, tx.now + model.DECLINE_REST)
    _offer_over(tx, after, asked, before.epoch + 1)
    _freed(tx, asked)


async def _not_taken(tx: Transaction, before: Contact, after: Contact, volunteer: PersonId) -> None:
    missed = after.missed > before.missed
    lapsed = missed and before.deadline is not None and tx.now >= before.deadline
    ending = "lapsed" if lapsed else "declined" if missed else "withdrawn"
    await store.free_seat(tx, after.id, volunteer, ending)
    if lapsed:
        await store.exclude(tx, after.id, volunteer, tx.now + FOR_GOOD)
        await store_presence.set_state(tx, volunteer, "away")
    elif missed:
        await store.exclude(tx, after.id, volunteer, tx.now + EXCLUDED_AFTER_DECLINE)
        await store_presence.rest(tx, volunteer, tx.now + model.DECLINE_REST)
    _offer_over(tx, after, volunteer, before.epoch)


def _offer_over(tx: Transaction, contact: Contact, to: PersonId, epoch: int) -> None:
    tx.publish_on_commit(OfferOver(contact=contact.id, channel=contact.channel, to=to, epoch=epoch))


def _freed(tx: Transaction, person: PersonId) -> None:
    tx.publish_on_commit(PresenceChanged(person=person))
    tx.publish_on_commit(VolunteerFreed(person=person))


async def _close(
    tx: Transaction,
    before: Contact,
    after: Contact,
    archive: Archive,
    counted: dict[str, list[str]],
) -> None:
    row = await store.delete_contact(tx, after.id)
    if row is None:
        return
    lasted = int((row["ended"] - row["accepted"]).total_seconds()) if row["accepted"] else None
    tx.publish_on_commit(
        ContactClosed(
            channel=row["channel"],
            reason=row["reason"],
            half_hour_at=to_wire(half_hour(row["arrived"])),
            waited_s=row["waited_s"],
            lasted_s=lasted,
            wrap_up=counted,
        )
    )
    facts: dict[str, Any] = {
        "contact": after.id.hex,
        "channel": row["channel"],
        "reason": row["reason"],
        "arrived": to_wire(row["arrived"]),
        "accepted": to_wire(row["accepted"]) if row["accepted"] else None,
        "ended": to_wire(row["ended"]) if row["ended"] else None,
        "volunteer": before.volunteer.hex if before.volunteer else None,
        "missed": after.missed,
    }
    await archive.keep(tx, facts)


def tell(tx: Transaction, before: Contact, after: Contact) -> None:
    """Publish what the two ends show, and what makes another round worthwhile."""
    tx.publish_on_commit(
        ContactChanged(contact=after.id, volunteer=after.volunteer or before.volunteer)
    )
    if before.state is State.ADMITTED and after.state is State.QUEUED:
        tx.publish_on_commit(ContactOpened(contact=after.id, channel=after.channel))
    elif after.state is State.QUEUED and before.state is not State.QUEUED:
        tx.publish_on_commit(
            ContactQueuedAgain(
                contact=after.id,
                channel=after.channel,
                lost=before.volunteer,
                was_talking=before.state in model.TALKING,
            )
        )
    elif before.state in model.TALKING and after.state in model.TALKING:
        _tell_successor(tx, before, after)


def _tell_successor(tx: Transaction, before: Contact, after: Contact) -> None:
    lost, by = before.volunteer, after.volunteer
    if lost is None or by is None or lost == by:
        return
    tx.publish_on_commit(
        ContactHandedOver(
            contact=after.id, channel=after.channel, lost=lost, by=by, epoch=after.epoch
        )
    )
