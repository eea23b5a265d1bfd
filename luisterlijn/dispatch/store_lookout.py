"""The only SQL about the line being covered too thinly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.coverage import Noticed, Thin
from luisterlijn.dispatch.model import VOLUNTEER_GRACE
from luisterlijn.kernel.ids import PersonId

if TYPE_CHECKING:
    from luisterlijn.store.database import Transaction


async def there(tx: Transaction) -> list[PersonId]:
    """Give who on a shift has a console that is heard, trainees left out, by person."""
    rows = await tx.rows(
        "select person from presence where state <> 'away' and not walks_along"
        " and channels <> '{}' and shift_ends > line_now() and heard > line_now() - $1::interval"
        " order by person",
        VOLUNTEER_GRACE,
    )
    return [PersonId(row["person"]) for row in rows]


async def noticed(tx: Transaction) -> Noticed | None:
    """Give what was noticed last; None: all is well."""
    row = await tx.row("select kind, since, told from thin_cover")
    if row is None:
        return None
    return Noticed(kind=Thin(row["kind"]), since=row["since"], told=row["told"])


async def notice(tx: Transaction, now: Noticed | None) -> None:
    """Write what is noticed; None: all is well again."""
    if now is None:
        await tx.run("delete from thin_cover")
        return
    await tx.run(
        "insert into thin_cover (kind, since, told) values ($1, $2, $3) on conflict (one)"
        " do update set kind = excluded.kind, since = excluded.since, told = excluded.told",
        now.kind.value,
        now.since,
        now.told,
    )
