"""Signing in, sessions, and who somebody is."""

from __future__ import annotations

import asyncio
from base64 import b32encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.accounts import model, store
from luisterlijn.edge.guard import hashed
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.privacy import passwords, retention, sealing
from luisterlijn.privacy.redaction import Secret
from luisterlijn.store.shortlived import Tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from luisterlijn.accounts.model import Person
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Database, Transaction

TOKEN_BYTES = 32
TICKET_S = 30.0
AT_ONCE = 2
"""Password checks at once: each takes a core for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPassword:
    """A password that is shown once, and what is stored of it."""

    shown: Secret[str]
    stored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody to give an account. `channels`: trained for. `phone`: an own number, to be rung.

    `first`: a password of their own; None: the one that is given for all.
    """

    sign_in: str
    name: str
    branch: BranchId | None
    roles: frozenset[Role]
    languages: tuple[str, ...] = ("nl",)
    channels: tuple[str, ...] = ()
    chats: int = 2
    margin_min: int = 10
    phone: Secret[str] | None = None
    first: FirstPassword | None = None
    demo: bool = False


class Accounts:
    """Everything about accounts that other rooms may ask."""

    def __init__(
        self, database: Database, keyring: Keyring, tokens: TokenSource, clock: Clock
    ) -> None:
        """Work on this database, with these keys."""
        self._database = database
        self._keyring = keyring
        self._tokens = tokens
        self._clock = clock
        self._passwords = passwords.Passwords(tokens)
        self._checking = asyncio.Semaphore(AT_ONCE)
        self._tickets: Tickets[bytes] = Tickets(lasts_s=TICKET_S)

    async def sign_in(self, name: str, password: Secret[str], code: str) -> tuple[bytes, Person]:
        """Open a session; gives its token, which only the browser keeps, and who it is.

        Raises:
            Refusal: `sign-in-refused`, the same after the same work whatever was wrong.
        """
        async with self._database.transaction(LINE) as tx:
            row = await store.for_sign_in(tx, name)
        async with self._checking:
            fits = await asyncio.to_thread(
                self._passwords.matches, row["password"] if row else None, password
            )
        if row is None or not fits:
            raise Refusal(Code.SIGN_IN_REFUSED)
        secret = self._totp(row["id"], row["totp"])
        # Codes follow the real clock, as the telephone that shows them does.
        used = passwords.totp_counter(secret, code, self._clock.now(), row["totp_counter"])
        if used is None:
            raise Refusal(Code.SIGN_IN_REFUSED)
        async with self._database.transaction(LINE) as tx:
            if not await store.code_used(tx, row["id"], used):
                raise Refusal(Code.SIGN_IN_REFUSED)
            token = await self._open_session(tx, row["id"])
            person = await store.person(tx, row["id"])
        if person is None:
            raise Refusal(Code.SIGN_IN_REFUSED)
        return token, person

    async def demo_session(self, person_id: PersonId) -> bytes:
        """Sign a simulated volunteer in without a password; only the demo has a way to here."""
        async with self._database.transaction(LINE) as tx:
            return await self._open_session(tx, person_id)

    async def acting(self, token: bytes) -> Scope | None:
        """Give who acts with this session; None when it is over."""
        row = await store.session(self._database, hashed(token))
        if row is None:
            return None
        return Scope(
            person=PersonId(row["person"]),
            branch=row["branch"],
            roles=frozenset(Role(role) for role in row["roles"]),
        )

    async def me(self, scope: Scope) -> Person:
        """Give the acting person."""
        async with self._database.transaction(scope) as tx:
            person = await store.person(tx, scope.person)
        if person is None:
            raise Refusal(Code.SIGNED_OUT)
        return person

    async def wrap_secret(self, token: bytes) -> bytes:
        """Give the 32 bytes that wrap the console's private key: only to the living session."""
        row = await store.session(self._database, hashed(token))
        if row is None:
            raise Refusal(Code.SIGNED_OUT)
        return sealing.unseal_alone(
            self._keyring, row["person"], retention.SESSION_WRAP, hashed(token).hex(), row["wrap"]
        )

    def socket_ticket(self, token: bytes, now_s: float) -> str:
        """Give a ticket for one socket, good once within 30 s."""
        ticket = self._tokens.bytes(16).hex()
        self._tickets.put(ticket, token, now_s)
        return ticket

    async def take_ticket(self, ticket: str, now_s: float) -> tuple[bytes, Scope]:
        """Give the session and person behind a ticket.

        Raises:
            Refusal: `signed-out` when ticket or session is over.
        """
        token = self._tickets.take(ticket, now_s)
        scope = await self.acting(token) if token is not None else None
        if token is None or scope is None:
            raise Refusal(Code.SIGNED_OUT)
        return token, scope

    async def sign_out(self, token: bytes) -> None:
        """End the session."""
        async with self._database.transaction(LINE) as tx:
            await store.delete_session(tx, hashed(token))

    async def on_duty(self, tokens: list[bytes]) -> None:
        """Note that these sessions' volunteers are on duty: that is never idle."""
        if tokens:
            await store.sessions_heard(self._database, [hashed(token) for token in tokens])

    async def person(self, tx: Transaction, person_id: PersonId) -> Person | None:
        """Give a person whom the transaction's scope may see."""
        return await store.person(tx, person_id)

    async def person_by_sign_in(self, tx: Transaction, sign_in: str) -> PersonId | None:
        """Give who signs in under this name; None: nobody."""
        row = await store.for_sign_in(tx, sign_in.strip().lower())
        return PersonId(row["id"]) if row is not None else None

    async def totp_link(self, tx: Transaction, person_id: PersonId) -> Secret[str]:
        """Give what the person's code app reads; shown once, when the account is made."""
        person, sealed = await store.with_totp(tx, person_id)
        secret = self._totp(person_id, sealed)
        return passwords.totp_uri(secret, name=person, issuer="luisterlijn")

    async def set_phone(
        self, tx: Transaction, person_id: PersonId, number: Secret[str] | None
    ) -> None:
        """Keep somebody's own number, sealed: calls and requests for help are rung there.

        Raises:
            Refusal: `bad-request` when it is no number that we may dial.
        """
        sealed = None
        if number is not None:
            if not model.may_ring(number.reveal()):
                raise Refusal(Code.BAD_REQUEST)
            kek = self._keyring.current(retention.RetentionClass.ACCOUNT, tx.now)
            sealed = sealing.seal_alone(
                kek,
                person_id,
                retention.PERSON_PHONE,
                person_id.hex,
                number.reveal().encode(),
                tokens=self._tokens,
            )
        await store.set_phone(tx, person_id, sealed)

    async def has_phone(self, tx: Transaction, person_id: PersonId) -> bool:
        """Say whether an own number is on record."""
        return await store.phone(tx, person_id) is not None

    async def phone_of(self, tx: Transaction, person_id: PersonId) -> Secret[str] | None:
        """Give somebody's own number, to be dialled and shown nowhere; None: none is on record."""
        sealed = await store.phone(tx, person_id)
        if sealed is None:
            return None
        opened = sealing.unseal_alone(
            self._keyring, person_id, retention.PERSON_PHONE, person_id.hex, sealed
        )
        return Secret(opened.decode())

    async def people(self, tx: Transaction, role: Role) -> list[Person]:
        """Give everybody with the role whom the transaction's scope may see, by name."""
        return await store.people(tx, role)

    async def branch_by_slug(self, tx: Transaction, slug: str) -> BranchId | None:
        """Give the branch with this short name."""
        return await store.branch_by_slug(tx, slug)

    async def add_branch(self, tx: Transaction, branch: BranchId, slug: str, name: str) -> None:
        """Add a branch."""
        await store.insert_branch(tx, branch, slug, name)

    async def add_people(
        self, tx: Transaction, people: list[NewPerson], password: Secret[str] | None
    ) -> list[PersonId]:
        """Give accounts to people; gives their ids in order.

        `password`: the first one of all who have none of their own; None: each has.
        """
        stored = None
        if password is not None:
            stored = await asyncio.to_thread(self._passwords.hash, password)
        kek = self._keyring.current(retention.RetentionClass.ACCOUNT, tx.now)
        rows: list[tuple[object, ...]] = []
        for each in people:
            person_id = new_id(self._tokens)
            secret = passwords.new_totp_secret(self._tokens)
            totp = sealing.seal_alone(
                kek,
                person_id,
                retention.PERSON_TOTP,
                person_id.hex,
                secret.reveal().encode(),
                tokens=self._tokens,
            )
            rows.append(
                (
                    person_id,
                    each.sign_in,
                    each.name,
                    each.branch,
                    sorted(role.value for role in each.roles),
                    list(each.languages),
                    list(each.channels),
                    each.chats,
                    each.margin_min,
                    stored if each.first is None else each.first.stored,
                    totp,
                    each.demo,
                )
            )
        await store.insert_people(tx, rows)
        for each, row in zip(people, rows, strict=True):
            if each.phone is not None:
                await self.set_phone(tx, PersonId(row[0]), each.phone)  # type: ignore[arg-type] # as below
        return [PersonId(row[0]) for row in rows]  # type: ignore[arg-type] # the first is the id

    async def first_passwords(self, count: int) -> list[FirstPassword]:
        """Make passwords for people who get an account; before a transaction, as it takes time."""
        shown = [Secret(b32encode(self._tokens.bytes(15)).decode().lower()) for _ in range(count)]
        stored = await asyncio.to_thread(lambda: [self._passwords.hash(each) for each in shown])
        return [FirstPassword(shown=a, stored=b) for a, b in zip(shown, stored, strict=True)]

    async def set_channels(
        self, tx: Transaction, person_id: PersonId, channels: Sequence[str]
    ) -> None:
        """Keep what somebody answers alone: what the line offers them."""
        await store.set_channels(tx, person_id, channels)

    async def rename(self, tx: Transaction, person_id: PersonId, name: str) -> None:
        """Keep somebody's name."""
        await store.rename(tx, person_id, name)

    async def end_at(self, tx: Transaction, person_id: PersonId, moment: datetime | None) -> None:
        """Let nobody sign in as this person from a moment on, and end what is signed in then."""
        await store.set_ends(tx, person_id, moment)

    async def ended_before(self, tx: Transaction, moment: datetime) -> list[PersonId]:
        """Give whose account ended before a moment."""
        return await store.ended_before(tx, moment)

    async def remove(self, tx: Transaction, person_id: PersonId) -> None:
        """Remove an account and all that is about this person only; places stay, of nobody.

        Raises:
            Refusal: `try-again`, while something of this person goes on.
        """
        await store.delete_person(tx, person_id)

    async def demo_people(self) -> list[tuple[str, str, list[str], str]]:
        """Give (sign-in name, name, roles, code of this moment) of the demo's named accounts."""
        async with self._database.transaction(LINE) as tx:
            rows = await store.demo_people(tx)
        now = self._clock.now()
        return [
            (
                row["sign_in"],
                row["name"],
                list(row["roles"]),
                passwords.totp_code(self._totp(row["id"], row["totp"]), now),
            )
            for row in rows
        ]

    async def is_empty(self, tx: Transaction) -> bool:
        """Say whether nobody has an account yet."""
        return await store.is_empty(tx)

    async def made_by_demo(self, tx: Transaction) -> bool:
        """Say whether the demo made this database."""
        return await store.made_by_demo(tx)

    async def keys_in_use(self, tx: Transaction) -> set[bytes]:
        """Give the ids of the keys that people's second factors and numbers need."""
        return {sealing.kek_id_of(sealed) for sealed in await store.sealed_of_people(tx)}

    async def forget_old_sessions(self, tx: Transaction) -> None:
        """Remove sessions that are over."""
        await store.delete_old_sessions(tx)

    async def _open_session(self, tx: Transaction, person_id: PersonId) -> bytes:
        token = self._tokens.bytes(TOKEN_BYTES)
        wrap = sealing.seal_alone(
            self._keyring.current(retention.RetentionClass.DAY_1, tx.now),
            person_id,
            retention.SESSION_WRAP,
            hashed(token).hex(),
            self._tokens.bytes(TOKEN_BYTES),
            tokens=self._tokens,
        )
        await store.insert_session(tx, hashed(token), person_id, wrap)
        return token

    def _totp(self, person_id: PersonId, sealed: bytes) -> Secret[str]:
        opened = sealing.unseal_alone(
            self._keyring, person_id, retention.PERSON_TOTP, person_id.hex, sealed
        )
        return Secret(opened.decode())
