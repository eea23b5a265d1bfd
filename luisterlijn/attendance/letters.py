"""Reminders by mail, and the link in them: one page, two buttons, used once.

A mail says that there is a shift, and no more: no name, no place, nothing of the line's work.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.attendance import store_reach
from luisterlijn.edge.guard import b64, hashed, read_b64
from luisterlijn.edge.house import texts
from luisterlijn.edge.postman import Letter, Returned
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from luisterlijn.attendance.reach import Reach
    from luisterlijn.attendance.store_reach import Due
    from luisterlijn.edge.postman import Postman
    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import PlaceId, TokenSource
    from luisterlijn.rostering.attending import Attending
    from luisterlijn.store.database import Database, Transaction

log = structlog.get_logger()

POLL_S = 5.0
LEASE = timedelta(minutes=2)
"""Longer than the mail host may take: a mail is tried by one node at a time."""
MOST_TRIES = 6
TOKEN_BYTES = 32


class Letters:
    """Mail that is due, and what comes back by its link."""

    def __init__(
        self,
        database: Database,
        attending: Attending,
        reach: Reach,
        postman: Postman | None,
        console_url: str,
        tokens: TokenSource,
    ) -> None:
        """Let this postman bring it; None: nobody does, and no mail is written."""
        self._database = database
        self._attending = attending
        self._reach = reach
        self._postman = postman
        self._console_url = console_url
        self._tokens = tokens
        self._words = texts("volunteer.nl.toml")["mail"]

    @property
    def works(self) -> bool:
        """Say whether mail is sent at all."""
        return self._postman is not None

    async def run(self) -> None:
        """Send what is due until cancelled."""
        while True:
            try:
                while await self.one():
                    pass
            except Outage:
                log.warning("mail_waits")
            except Exception:
                log.exception("mail_failed")  # its lease ends, it is tried again
            await asyncio.sleep(POLL_S)

    async def one(self) -> bool:
        """Send the next mail that is due; False when there is none."""
        token = self._tokens.bytes(TOKEN_BYTES)
        async with self._database.transaction(LINE) as tx:
            due = await store_reach.take_due(tx, LEASE, hashed(token))
            mail = await self._reach.mail_of(tx, due.person) if due is not None else None
            now = tx.now
        if due is None:
            return False
        if mail is None or self._postman is None:
            await self._later(due, None)
            return True
        words = self._words[due.kind.value]
        letter = Letter(
            to=mail,
            subject=self._words["subject"],
            text=self._words["text"].format(what=words, link=self.link(token)),
        )
        try:
            await self._postman.bring(letter, now)
        except Returned:
            log.warning("mail_returned")
            await self._later(due, None)
        except Outage:
            log.warning("mail_again", tries=due.tries)
            await self._later(due, back_off(due.tries))
        else:
            await self._later(due, None)
        return True

    def link(self, token: bytes) -> str:
        """Give the address of the page behind a mail."""
        return f"{self._console_url}/dienst/{b64(token)}"

    async def behind(self, token: str) -> Interval:
        """Give the hours that a link is about. Looking changes nothing.

        Raises:
            Refusal: `token-used` for a link that was used, is over, or never was.
        """
        async with self._database.transaction(LINE) as tx:
            _hash, place = await self._place(tx, token)
            during = await self._attending.during(tx, place)
        if during is None:
            raise Refusal(Code.TOKEN_USED)
        return during

    async def answered(self, token: str, *, comes: bool) -> None:
        """Take the answer behind a link, once.

        Raises:
            Refusal: `token-used` for a link that was used, is over, or never was.
        """
        async with self._database.transaction(LINE) as tx:
            _hash, place = await self._place(tx, token)
            shift = await self._attending.shift_of(tx, place)
            locked = await self._attending.lock(tx, shift) if shift is not None else None
            known, place = await self._place(tx, token)
            if locked is None or not await store_reach.use_token(tx, known):
                raise Refusal(Code.TOKEN_USED)
            done = self._attending.confirm if comes else self._attending.give_up
            if not await done(tx, place):
                raise Refusal(Code.TOKEN_USED)

    async def forget_old(self, tx: Transaction) -> None:
        """Timed work: links die with their shift."""
        await store_reach.forget(tx)

    async def _place(self, tx: Transaction, token: str) -> tuple[bytes, PlaceId]:
        try:
            known = hashed(read_b64(token))
        except Refusal:
            raise Refusal(Code.TOKEN_USED) from None
        place = await store_reach.behind_token(tx, known)
        if place is None:
            raise Refusal(Code.TOKEN_USED)
        return known, place

    async def _later(self, due: Due, after: timedelta | None) -> None:
        async with self._database.transaction(LINE) as tx:
            await store_reach.later(tx, due, after)


def back_off(tries: int) -> timedelta | None:
    """Give how long to wait before a mail is tried again; None: it is given up."""
    return timedelta(minutes=2 ** (tries - 1)) if tries < MOST_TRIES else None
