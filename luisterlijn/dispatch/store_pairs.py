"""The only SQL about pairs: a trainee and the mentor beside them are one server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.model import VOLUNTEER_SILENT
from luisterlijn.kernel.ids import ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from luisterlijn.store.database import Transaction

MENTOR_READY = (
    "o.state = 'ready' and o.shift_ends > line_now()"
    f" and o.heard > line_now() - interval '{VOLUNTEER_SILENT.total_seconds():.0f} s'"
)
OTHERWISE_BUSY = (
    # What the one gives to the other of the pair is no second contact.
    "exists (select from offer f where f.volunteer = p.beside"
    " and f.state in ('open', 'accepted') and f.contact <> c.id)"
)
PAIR_ALLOWS = (
    f"not {OTHERWISE_BUSY} and (not p.walks_along or exists (select from presence o"
    f" where o.person = p.beside and o.beside = p.person and {MENTOR_READY}))"
)
"""`mentoring.may_be_asked`, of presence `p` for contact `c`."""


async def lock(tx: Transaction, person: PersonId) -> None:
    """Lock both of a pair, in one order: what the next statement sees of them is so."""
    await tx.rows(
        "select 1 from presence where person = $1 or beside = $1 order by person for update",
        person,
    )


async def of(tx: Transaction, person: PersonId) -> list[PersonId]:
    """Give the other of somebody's pair; nobody, when there is none."""
    rows = await tx.rows("select person from presence where beside = $1", person)
    return [PersonId(row["person"]) for row in rows]


async def is_alone(tx: Transaction, person: PersonId) -> bool:
    """Say whether this is a trainee beside whom no mentor is ready."""
    return bool(
        await tx.value(
            "select exists (select from presence p where p.person = $1 and p.walks_along"  # noqa: S608
            " and not exists (select from presence o where o.person = p.beside"
            f" and o.beside = p.person and {MENTOR_READY}))",
            person,
        )
    )


async def bind(
    tx: Transaction, people: Collection[PersonId], pairs: Mapping[PersonId, PersonId | None]
) -> list[PersonId]:
    """Write who is beside whom among these, and that nobody else is; gives whose row changed.

    Args:
        tx: where.
        people: everybody whose pair is decided here.
        pairs: trainee → mentor, None: nobody; all among the people.
    """
    if not await _wrong(tx, people, pairs, ""):
        return []
    wrong = await _wrong(tx, people, pairs, " for update")
    # Two steps, since no two rows ever name the same person, not even within a statement.
    await tx.run("update presence set beside = null where person = any($1::uuid[])", list(wrong))
    await tx.run(
        "update presence p set beside = n.beside, walks_along = n.walks_along,"
        " version = version + 1"
        " from unnest($1::uuid[], $2::uuid[], $3::boolean[]) as n (person, beside, walks_along)"
        " where p.person = n.person",
        list(wrong),
        [beside for beside, _walks_along in wrong.values()],
        [walks_along for _beside, walks_along in wrong.values()],
    )
    return list(wrong)


async def _wrong(
    tx: Transaction,
    people: Collection[PersonId],
    pairs: Mapping[PersonId, PersonId | None],
    locking: str,
) -> dict[PersonId, tuple[PersonId | None, bool]]:
    """Give the rows that say something else, and what they should say."""
    beside: dict[PersonId, PersonId | None] = dict(pairs)
    beside.update({mentor: trainee for trainee, mentor in pairs.items() if mentor is not None})
    rows = await tx.rows(
        "select person, beside, walks_along from presence where person = any($1::uuid[])"  # noqa: S608
        f" or beside = any($1::uuid[]) order by person{locking}",
        list(people),
    )
    found = dict[PersonId, tuple[PersonId | None, bool]]()
    for row in rows:
        person = PersonId(row["person"])
        wanted: tuple[PersonId | None, bool] = (None, row["walks_along"])
        if person in people:
            wanted = (beside.get(person), person in pairs)
        if wanted != (row["beside"], row["walks_along"]):
            found[person] = wanted
    return found


async def unaccompanied(tx: Transaction) -> list[ContactId]:
    """Give the contacts that are offered to a trainee whose mentor is not ready any more."""
    rows = await tx.rows(
        "select c.id from contact c join presence p on p.person = c.volunteer"  # noqa: S608
        " where c.state = 'offered' and p.walks_along"
        " and not exists (select from presence o where o.person = p.beside"
        f" and o.beside = p.person and {MENTOR_READY}) order by c.id",
    )
    return [ContactId(row["id"]) for row in rows]
