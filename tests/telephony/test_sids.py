"""The provider's name of a call: sealed, found again, forgotten by us when the provider has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony.ports import CallId
from luisterlijn.telephony.sids import Sids

if TYPE_CHECKING:
    from tests.support.telephones import Telephones


async def test_a_call_is_found_by_its_name_and_the_name_is_nowhere_readable(
    phones: Telephones,
) -> None:
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    caller = await phones.caller()
    house = phones.built.house
    sids = Sids(house.keyring, house.tokens)
    async with house.database.transaction(LINE) as tx:
        found = await sids.find(tx, CallId(caller.sid))
        other = await sids.find(tx, CallId("CA" + "f" * 32))
        assert found is not None
        again = await sids.name(tx, found.leg.id, CallId("CA" + "e" * 32))

    assert sids.open(found) == caller.sid
    assert other is None
    assert not again  # a leg is named once
    rows = await phones.built.owner.fetch("select to_jsonb(leg)::text as said from leg")
    sid = caller.sid
    assert not any(sid in row["said"] or sid.encode().hex() in row["said"] for row in rows)
