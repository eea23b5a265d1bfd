"""Contacts at the points of their life that playbooks start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from luisterlijn.dispatch import model
from luisterlijn.dispatch.model import Contact, State
from luisterlijn.kernel.ids import ContactId, PersonId
from tests.support.play import Play

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)
ANJA, BAS = PersonId(UUID(int=1)), PersonId(UUID(int=2))


def after(seconds: float) -> datetime:
    """Give the moment so many seconds after the night began."""
    return NIGHT + timedelta(seconds=seconds)


def contact(state: State = State.ADMITTED, **fields: object) -> Contact:
    """Give a contact in this state."""
    made = Contact(
        id=ContactId(UUID(int=9)), channel="chat", state=state, epoch=4, enq=NIGHT, heard=NIGHT
    )
    return replace(made, **fields)  # type: ignore[arg-type] # mixed fields


def waiting() -> Play:
    """Start with somebody who waits."""
    return Play(contact(State.QUEUED))


def asked() -> Play:
    """Start with somebody who is offered to Anja."""
    return waiting().step(model.offered, ANJA, NIGHT, epoch=5, volunteer=ANJA)


def talking() -> Play:
    """Start with somebody who talks with Anja."""
    return asked().step(model.accepted, ANJA, 5, after(3), state=State.ACTIVE)
