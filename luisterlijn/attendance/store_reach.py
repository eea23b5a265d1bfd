"""The only SQL about how somebody may be reached, and about mail that is still to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from luisterlijn.attendance.model import Kind, Quiet
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import PersonId, PlaceId

if TYPE_CHECKING:
    from datetime import timedelta

    from luisterlijn.store.database import Transaction

USUAL = Quiet(start=time(22), end=time(8))
"""Of who chose nothing."""
STANDS = "l.state in ('published', 'confirmed') and s.state = 'published' and s.ends > line_now()"
"""A place about which a button may still be pressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the row says; `mail` is sealed."""

    mail: bytes | None
    reminders: bool
    urgent: bool
    quiet: Quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A mail that is to be sent now. `tries`: how often it was tried, this time too."""

    place: PlaceId
    kind: Kind
    person: PersonId
    during: Interval
    tries: int


async def row(tx: Transaction, person: PersonId) -> Row:
    """Give what somebody chose, or what holds for everybody."""
    found = await tx.row(
        "select mail, reminders, urgent, quiet_from, quiet_until from reach where person = $1",
        person,
    )
    if found is None:
        return Row(mail=None, reminders=True, urgent=False, quiet=USUAL)
    return Row(
        mail=found["mail"],
        reminders=found["reminders"],
        urgent=found["urgent"],
        quiet=Quiet(start=found["quiet_from"], end=found["quiet_until"]),
    )


async def save(
    tx: Transaction,
    person: PersonId,
    mail: bytes | None,
    *,
    reminders: bool,
    urgent: bool,
    quiet: Quiet,
) -> None:
    """Write what somebody chose."""
    await tx.run(
        "insert into reach (person, mail, reminders, urgent, quiet_from, quiet_until)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (person) do update set"
        " mail = excluded.mail, reminders = excluded.reminders, urgent = excluded.urgent,"
        " quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until",
        person,
        mail,
        reminders,
        urgent,
        quiet.start,
        quiet.end,
    )


async def sealed(tx: Transaction) -> list[bytes]:
    """Give every sealed mail address."""
    rows = await tx.rows("select mail from reach where mail is not null order by person")
    return [found["mail"] for found in rows]


# Mail that is to be sent.


async def take_due(tx: Transaction, lease: timedelta, token: bytes) -> Due | None:
    """Take the next mail that is due, for as long as the lease; `token`: the hash of its link.

    None: none is due. What is about a place that stands no more is sent no more.
    """
    await tx.run(
        "update notice n set due = null where n.due <= line_now() and not exists"  # noqa: S608
        " (select from place l join shift s on s.id = l.shift"
        f"  where l.id = n.place and l.person is not null and {STANDS})"
    )
    found = await tx.row(
        "update notice n set due = line_now() + $1::interval, tries = n.tries + 1, token = $2"
        " from place l where l.id = n.place and (n.place, n.kind) = (select place, kind"
        "  from notice where due <= line_now() order by due, place, kind limit 1"
        "  for update skip locked)"
        " returning n.place, n.kind, n.tries, l.person, lower(l.during) as starts,"
        " upper(l.during) as ends",
        lease,
        token,
    )
    if found is None:
        return None
    return Due(
        place=PlaceId(found["place"]),
        kind=Kind(found["kind"]),
        person=PersonId(found["person"]),
        during=Interval(found["starts"], found["ends"]),
        tries=found["tries"],
    )


async def later(tx: Transaction, due: Due, after: timedelta | None) -> None:
    """Try a mail again after a while; None: never again."""
    await tx.run(
        "update notice set due = line_now() + $3::interval where place = $1 and kind = $2",
        due.place,
        due.kind.value,
        after,
    )


async def behind_token(tx: Transaction, token: bytes) -> PlaceId | None:
    """Give the place behind a link that works: not used, of a shift that is not over."""
    found = await tx.value(
        "select n.place from notice n join place l on l.id = n.place"  # noqa: S608 - a constant
        f" join shift s on s.id = l.shift where n.token = $1 and not n.used and {STANDS}",
        token,
    )
    return PlaceId(found) if found is not None else None


async def use_token(tx: Transaction, token: bytes) -> bool:
    """Use a link up; False when it was."""
    return bool(await tx.run("update notice set used = true where token = $1 and not used", token))


async def forget(tx: Transaction) -> None:
    """Remove what is about shifts that are over: links die with the shift, call-ups a day later."""
    await tx.run(
        "delete from notice n using place l where l.id = n.place and upper(l.during) <= line_now()"
    )
    await tx.run(
        "delete from call_up c using shift s where s.id = c.shift"
        " and s.ends <= line_now() - interval '1 day'"
    )
