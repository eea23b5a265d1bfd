"""Builds the volunteers' room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.volunteers.gatherings import Gatherings
from luisterlijn.volunteers.intake import Intake
from luisterlijn.volunteers.leaving import Leaving
from luisterlijn.volunteers.messages import Messages
from luisterlijn.volunteers.service import Volunteers

if TYPE_CHECKING:
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.ports import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRoom:
    """Every part of the room."""

    volunteers: Volunteers
    intake: Intake
    gatherings: Gatherings
    messages: Messages
    leaving: Leaving

    async def hourly(self, tx: Transaction) -> None:
        """Timed work: what begins today begins, and what is past its time goes."""
        await self.volunteers.turn_day(tx)
        await self.gatherings.forget_old(tx)
        await self.messages.forget_old(tx)
        await self.leaving.forget_left(tx)


def people_room(
    database: Database, accounts: Accounts, ledger: Ledger, keyring: Keyring, tokens: TokenSource
) -> PeopleRoom:
    """Build it; `ledger` is the roster's."""
    volunteers = Volunteers(database, accounts, ledger)
    messages = Messages(database, volunteers, ledger, keyring, tokens)
    return PeopleRoom(
        volunteers=volunteers,
        intake=Intake(database, accounts, volunteers, tokens),
        gatherings=Gatherings(database, volunteers, tokens),
        messages=messages,
        leaving=Leaving(database, accounts, volunteers, messages, ledger),
    )
