"""Somebody cannot come: proposed and accepted, out of real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import PlaceId, new_id
from luisterlijn.kernel.scope import Role, Scope
from luisterlijn.planner import wire
from tests.support.coaching import refused
from tests.support.planner import another_branch, at, listener, place, scope, shift, wishes

if TYPE_CHECKING:
    from tests.support.house import TestHouse


def cora(built: TestHouse) -> Scope:
    return scope(built, Role.COORDINATOR, branch=built.branch)


def asked(found: wire.Mend) -> list[wire.WantedChange]:
    """Give the changes of a proposal as they are sent back."""
    return [
        wire.WantedChange(
            person=each.person,
            old=each.old.shift if each.old else None,
            new=each.new.shift if each.new else None,
        )
        for each in found.changes
    ]


async def test_a_proposal_is_accepted_with_one_press(built: TestHouse) -> None:
    mends = built.house.planner.mends
    anja, bert = await listener(built, "anja"), await listener(built, "bert")
    await wishes(built, bert)
    on = await shift(built, at(0, 7), wanted=1, state="published")
    hers = await place(built, on, anja, state="published")

    found = await mends.propose(cora(built), hers)
    untouched = await built.owner.fetchval("select state from place where id = $1", hers)
    done = await mends.accept(cora(built), hers, asked(found))

    assert [(each.name, each.old) for each in found.changes] == [("Bert", None)]
    assert untouched == "published", "a proposal changes nothing"
    rows = await built.owner.fetch("select person, state from place order by state")
    assert [tuple(row) for row in rows] == [(anja, "cannot"), (bert, "published")]
    assert done == found


async def test_a_place_that_was_given_up_is_filled_too(built: TestHouse) -> None:
    mends = built.house.planner.mends
    anja, bert = await listener(built, "anja"), await listener(built, "bert")
    on = await shift(built, at(0, 7), wanted=1, state="published")
    hers = await place(built, on, anja, state="cannot")

    found = await mends.propose(cora(built), hers)
    await mends.accept(cora(built), hers, asked(found))

    assert [each.person for each in found.changes] == [bert.hex]
    there = await built.owner.fetch("select person from place where state = 'published'")
    assert [row["person"] for row in there] == [bert]


async def test_what_changed_meanwhile_is_refused_and_nothing_of_it_is_done(
    built: TestHouse,
) -> None:
    mends = built.house.planner.mends
    anja, bert = await listener(built, "anja"), await listener(built, "bert")
    on = await shift(built, at(0, 7), wanted=1, state="published")
    other = await shift(built, at(0, 11), state="published")
    hers = await place(built, on, anja, state="published")
    found = await mends.propose(cora(built), hers)
    await place(built, other, bert, state="published")

    late = await refused(mends.accept(cora(built), hers, asked(found)))
    gone = [wire.WantedChange(person=bert.hex, old=on.hex, new=other.hex)]
    elsewhere = await refused(mends.accept(cora(built), hers, gone))
    nowhere = [wire.WantedChange(person=bert.hex)]

    assert (late, elsewhere) == (Code.TWO_SHIFTS_A_DAY, Code.NOT_FOUND)
    assert await refused(mends.accept(cora(built), hers, nowhere)) is Code.BAD_REQUEST
    assert await built.owner.fetchval("select state from place where id = $1", hers) == "published"


async def test_another_branchs_place_one_that_is_over_and_none_are_refused(
    built: TestHouse,
) -> None:
    mends = built.house.planner.mends
    other = await another_branch(built)
    theirs = await place(
        built,
        await shift(built, at(0, 7), branch=other),
        await listener(built, "dirk", branch=other),
    )
    anja = await listener(built, "anja")
    past = await shift(built, at(-10_000, 7), state="published")
    over = await place(built, past, anja, state="published")
    off = await place(built, await shift(built, at(0, 7), state="cancelled"), anja)

    codes = [
        await refused(mends.propose(cora(built), each))
        for each in (theirs, over, off, PlaceId(new_id(built.house.tokens)))
    ]

    assert codes == [Code.NOT_FOUND, Code.IN_THE_PAST, Code.SHIFT_CANCELLED, Code.NOT_FOUND]
