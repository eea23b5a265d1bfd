"""Accounts on a real database, with a clock that stands where the test puts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.accounts.service import Accounts, NewPerson
from luisterlijn.kernel.ids import PersonId
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.passwords import totp_code
from luisterlijn.privacy.redaction import Secret
from tests.support.clock import StandingClock
from tests.support.house import PASSWORD, TestHouse

if TYPE_CHECKING:
    from luisterlijn.accounts.model import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where anja signs in."""

    built: TestHouse
    accounts: Accounts
    clock: StandingClock
    anja: PersonId
    secret: Secret[str]

    def code(self, steps: int = 0) -> str:
        """Give the code of now, or of some half minutes from now."""
        return totp_code(self.secret, self.clock.now() + steps * timedelta(seconds=30))

    async def sign_in(
        self, code: str | None = None, *, name: str = "anja", password: str = PASSWORD
    ) -> tuple[bytes, Person]:
        """Sign in; with the right code unless another is told."""
        return await self.accounts.sign_in(
            name, Secret(password), self.code() if code is None else code
        )


@pytest.fixture
async def desk(built: TestHouse) -> Desk:
    """Somebody who can sign in."""
    house, clock = built.house, StandingClock()
    accounts = Accounts(house.database, house.keyring, house.tokens, clock)
    async with house.database.transaction(LINE) as tx:
        [anja] = await accounts.add_people(
            tx,
            [
                NewPerson(
                    sign_in="anja",
                    name="Anja",
                    branch=built.branch,
                    roles=frozenset({Role.VOLUNTEER}),
                )
            ],
            Secret(PASSWORD),
        )
        link = await accounts.totp_link(tx, anja)
    secret = link.reveal().partition("secret=")[2].partition("&")[0]
    return Desk(built=built, accounts=accounts, clock=clock, anja=anja, secret=Secret(secret))
