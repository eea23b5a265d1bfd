"""Rounds and timers: who waits is paired with who is free; what is overdue is done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from luisterlijn.dispatch import (
    model,
    queue,
    store,
    store_claim,
    store_pairs,
    store_presence,
)
from luisterlijn.dispatch.events import ContactChanged, ContactOffered, PresenceChanged, ProofAsked
from luisterlijn.dispatch.model import PROOF_LASTS, VISITOR_SILENT, Contact, State
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Outage, Refusal
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.events import Event
    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.store.database import Database

log = structlog.get_logger()

TICK_S = 1.0
"""Each second at the latest: no timer is more than 1 s in the past, no offer later than that."""


AWAY_S = 5.0
"""Without the database for longer than a heartbeat, silence says nothing about people."""


class Rounds:
    """One per node. Several at once do no harm: the claim takes both or nothing."""

    def __init__(self, database: Database, hall: Hall, weights: Mapping[str, int]) -> None:
        """Work on this database; `weights`: what a second of waiting counts, by channel."""
        self._weights = weights
        self._database = database
        self._hall = hall
        self._wake = asyncio.Event()

    def wake(self, _event: Event) -> None:
        """Run a round soon: somebody waits, or somebody is free."""
        self._wake.set()

    async def run(self) -> None:
        """Run rounds and timers until cancelled."""
        clock = asyncio.get_running_loop()
        well = clock.time()
        while True:
            self._wake.clear()
            try:
                if clock.time() - well > AWAY_S:
                    await self.give_everyone_time()
                await self.sweep()
                await self.round()
                well = clock.time()
            except Outage:
                log.warning("round_waits")
            except Exception:
                log.exception("round_failed")
            try:
                async with asyncio.timeout(TICK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def round(self) -> int:
        """Pair once; gives how many offers were made."""
        async with self._database.transaction(LINE) as tx:
            heads = await store.heads(tx)
            free = await store_claim.free(tx) if heads else []
            plan = queue.pairs(heads, free, tx.now, self._weights)
        made = 0
        for pair in plan:
            if pair.proven:
                made += await self.claim(pair.contact, pair.volunteer.person, pair.volunteer.beside)
            else:
                await self._ask_proof(pair.contact.id)
        return made

    async def claim(
        self, waiting: queue.Waiting, volunteer: PersonId, beside: PersonId | None = None
    ) -> bool:
        """Offer the contact to the volunteer, unless somebody was quicker.

        `beside`: the other of their pair, as the round saw it.
        """
        async with self._database.transaction(LINE) as tx:
            claimed = await store_claim.claim(tx, waiting, volunteer, beside)
            if claimed is None:
                return False
            epoch, until = claimed
            tx.publish_on_commit(
                ContactOffered(
                    contact=waiting.id,
                    channel=waiting.channel,
                    to=volunteer,
                    epoch=epoch,
                    kind="queue",
                    until_at=to_wire(until),
                )
            )
            tx.publish_on_commit(ContactChanged(contact=waiting.id, volunteer=volunteer))
            return True

    async def _ask_proof(self, contact: ContactId) -> None:
        async with self._database.transaction(LINE) as tx:
            if await store.ask_proof(tx, contact, tx.now + PROOF_LASTS):
                tx.publish_on_commit(ProofAsked(contact=contact))

    async def give_everyone_time(self) -> None:
        """Let nobody pay for time in which signs of life could not be written."""
        async with self._database.transaction(LINE) as tx:
            await store.give_everyone_time(tx)

    async def sweep(self) -> None:
        """Do all that is overdue: deadlines, silent pages, silent consoles."""
        async with self._database.transaction(LINE) as tx:
            due = await store.due(tx)
            silent = await store.of_silent_volunteers(tx)
            unwritten = await store.unwritten(tx)
            unaccompanied = await store_pairs.unaccompanied(tx)
            for person in await store_presence.long_silent(tx):
                tx.publish_on_commit(PresenceChanged(person=person))
        for contact in due:
            await self._try(contact, _overdue)
        for contact in unwritten:
            await self._try(contact, lambda each, _now: model.unwritten(each))
        for contact in unaccompanied:
            await self._try(contact, lambda each, _now: model.withdrawn(each))
        for row in silent:
            await self._try(row["id"], _console_silent(row["volunteer"], row["heard"]))

    async def _try(
        self, contact: ContactId, decide: Callable[[Contact, datetime], Contact]
    ) -> None:
        try:
            await self._hall.change(contact, decide)
        except Refusal:
            return  # it changed meanwhile; the next round looks again
        except Outage:
            raise
        except Exception:
            log.exception("timer_failed")  # one contact's fault stops no other's time


def _overdue(contact: Contact, now: datetime) -> Contact:
    """Decide what time alone brings: a deadline, a proof that did not come, a silent page."""
    asked, until = contact.handing_to, contact.handing_until
    if asked is not None and until is not None and now >= until:
        return model.not_handed_over(contact, asked, contact.epoch + 1)
    after = model.deadline_passed(contact, now)
    if after != contact or not contact.caller_up or contact.state in model.OVER:
        return after
    unproven = contact.probe_until is not None and contact.probe_until <= now
    if contact.state is State.QUEUED and unproven:
        return model.visitor_silent(contact, now)
    if contact.channel == model.PHONE:
        return contact
    if now - contact.heard >= VISITOR_SILENT and contact.state is not State.ADMITTED:
        return model.visitor_silent(contact, now)
    return contact


def _console_silent(volunteer: PersonId, heard: datetime) -> Callable[[Contact, datetime], Contact]:
    """Decide for who had the contact when the silence was seen: by now it may be another."""

    def decide(contact: Contact, _now: datetime) -> Contact:
        return model.volunteer_silent(contact, heard) if contact.volunteer == volunteer else contact

    return decide
