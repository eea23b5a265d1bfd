"""Leaving the line, and what somebody may take along: their own data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.volunteers import model, store, store_gatherings

if TYPE_CHECKING:
    from datetime import date

    from luisterlijn.accounts.ports import Person
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.messages import Messages
    from luisterlijn.volunteers.model import Record
    from luisterlijn.volunteers.ports import Ledger
    from luisterlijn.volunteers.service import Volunteers

log = structlog.get_logger()


class Leaving:
    """The last day of a volunteer, what follows from it, and the own data."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        volunteers: Volunteers,
        messages: Messages,
        ledger: Ledger,
    ) -> None:
        """Work on this database; `ledger` is the roster's."""
        self._database = database
        self._accounts = accounts
        self._volunteers = volunteers
        self._messages = messages
        self._ledger = ledger

    async def set_last_day(self, scope: Scope, person: PersonId, last: date | None) -> int:
        """Keep somebody's last day and take them off what comes after it; gives off how many.

        At its end nobody signs in as them any more; 30 days later the account is removed. None:
        they stay after all; places that were given free are not given back.

        Raises:
            Refusal: `not-found`, `in-the-past`, `bad-request`.
        """
        await self._volunteers.visible(scope, person)
        async with self._database.transaction(LINE) as tx:
            today = local_day(tx.now)
            if last is not None:
                model.check_last_day(last, today)
            # The shifts before the person, as everywhere: `release` locks both in that order.
            off = await self._ledger.release(tx, person, last) if last is not None else 0
            await store.lock(tx, person)
            [record] = await store.records(tx, [person], None)
            await store.save(tx, replace(record, leaves=last))
            ends = model.ends_at(last) if last is not None else None
            await self._accounts.end_at(tx, person, ends)
            return off

    async def last_day(self, scope: Scope) -> date | None:
        """Give the acting person's last day; None: they stay."""
        return (await self._volunteers.visible(scope, scope.person)).leaves

    async def forget_left(self, tx: Transaction) -> None:
        """Timed work: remove the accounts of those who left 30 days ago."""
        for person in await self._accounts.ended_before(tx, tx.now - model.FORGOTTEN_AFTER):
            try:
                await self._accounts.remove(tx, person)
            except Refusal:
                log.warning("account_stays")  # something of theirs goes on; tried again each hour

    async def own_data(self, scope: Scope) -> dict[str, Any]:
        """Give all that is kept of the acting person, and nothing of anybody else."""
        messages = await self._messages.inbox(scope)
        async with self._database.transaction(LINE) as tx:
            account = await self._accounts.person(tx, scope.person)
            if account is None:
                raise Refusal(Code.SIGNED_OUT)
            phone = await self._accounts.phone_of(tx, scope.person)
            records = await store.records(tx, [scope.person], None)
            seats = await store_gatherings.own_seats(tx, scope.person)
            return {
                "made": tx.now,
                "account": _account(account, phone.reveal() if phone is not None else None),
                **(_volunteer(records[0]) if records else {}),
                **await self._ledger.own(tx, scope.person),
                "gatherings": [dict(row) for row in seats],
                "messages": [
                    {"written": each.written, "to": each.audience.value, "text": each.text}
                    for each in messages
                ],
            }


def _account(person: Person, phone: str | None) -> dict[str, Any]:
    return {
        "sign_in": person.sign_in,
        "name": person.name,
        "branch": person.branch_name,
        "roles": sorted(person.roles),
        "languages": person.languages,
        "channels": person.channels,
        "chats_at_once": person.chats,
        "last_call_minutes": person.margin.total_seconds() / 60,
        "phone": phone,
    }


def _volunteer(record: Record) -> dict[str, Any]:
    agreed = record.agreed
    return {
        "agreed": {
            "certificate_of_conduct": agreed.vog,
            "last_intervision": agreed.intervision,
            "hours_in_four_weeks": agreed.hours,
            "most_shifts": agreed.most_shifts,
            "most_nights": agreed.most_nights,
            "works_from_home": agreed.home,
            "without_computer": agreed.no_computer,
            "away_until": agreed.away_until,
            "last_day": record.leaves,
        },
        "training": [
            {"channel": each.channel, "status": each.status.value, "since": each.since}
            for each in record.steps
        ],
    }
