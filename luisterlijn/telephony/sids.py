"""The provider's names of calls: sealed at rest, found again by a blind index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import new_id
from luisterlijn.privacy import retention, sealing
from luisterlijn.privacy.blindindex import BlindIndex
from luisterlijn.telephony import store, store_orders
from luisterlijn.telephony.ports import CallId

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.store import Stored


class Sids:
    """Seals, opens and finds the provider's ids."""

    def __init__(self, keyring: Keyring, tokens: TokenSource) -> None:
        """Seal under the keys of this keyring."""
        self._keyring = keyring
        self._tokens = tokens
        self._index = BlindIndex(keyring, retention.LEG_SID.retention, "call")

    async def find(self, tx: Transaction, call: CallId) -> Stored | None:
        """Give the leg that the provider calls so; None when we know none."""
        return await store.leg_of_index(tx, self._index.all_of(call))

    async def name(self, tx: Transaction, leg: UUID, call: CallId) -> bool:
        """Note how the provider calls a leg; False when that was known."""
        kek = self._keyring.current(retention.LEG_SID.retention, tx.now)
        key_id, index = self._index.of(call, tx.now)
        sealed = sealing.seal_alone(
            kek, leg, retention.LEG_SID, leg.hex, call.encode(), tokens=self._tokens
        )
        return await store.name_leg(tx, leg, key_id=key_id, index=index, sealed=sealed)

    def open(self, stored: Stored) -> CallId | None:
        """Give the provider's id of a leg; None while it is not known."""
        return None if stored.sid is None else self._opened(stored.leg.id, stored.sid)

    async def over(self, tx: Transaction, leg: UUID) -> None:
        """Strip a leg that is over, and let the provider forget it in a while."""
        sealed = await store.strip_leg(tx, leg)
        if sealed is not None:
            await self.forget(tx, self._opened(leg, sealed))

    async def forget(self, tx: Transaction, call: CallId) -> None:
        """Let the provider forget a call in a while."""
        erasure = new_id(self._tokens)
        kek = self._keyring.current(retention.ERASURE_SID.retention, tx.now)
        sealed = sealing.seal_alone(
            kek, erasure, retention.ERASURE_SID, erasure.hex, call.encode(), tokens=self._tokens
        )
        await store_orders.insert_erasure(tx, erasure, kek.id, sealed)

    def of_erasure(self, erasure: UUID, sealed: bytes) -> CallId:
        """Give the provider's id of what it is to forget."""
        opened = sealing.unseal_alone(
            self._keyring, erasure, retention.ERASURE_SID, erasure.hex, sealed
        )
        return CallId(opened.decode())

    def _opened(self, leg: UUID, sealed: bytes) -> CallId:
        opened = sealing.unseal_alone(self._keyring, leg, retention.LEG_SID, leg.hex, sealed)
        return CallId(opened.decode())
