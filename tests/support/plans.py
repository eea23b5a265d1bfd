"""Orders for an engine, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE
from luisterlijn.planner import wire
from tests.support.planner import MONDAY

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.planner.store_plans import Run
    from tests.support.house import TestHouse


def new(**changed: object) -> wire.NewPlan:
    """Give an order for a second's work on one week."""
    values: dict[str, object] = {"first": MONDAY, "days": 7, "seconds": 1, **changed}
    return wire.NewPlan(**values)  # type: ignore[arg-type] # mixed values


async def worked(built: TestHouse, plan: UUID) -> Run:
    """Let this node work on what is due; gives what became of the plan."""
    assert await built.house.planner.planning.work_one()
    return await built.house.planner.plans.run_of(LINE, plan)


async def proposed(built: TestHouse) -> set[tuple[str, str, bool]]:
    """Give who is proposed where, by name and local start, and whether by an engine."""
    rows = await built.owner.fetch(
        "select p.name, s.starts, l.origin from place l join shift s on s.id = l.shift"
        " join person p on p.id = l.person where l.state = 'proposed'"
    )
    return {(row["name"], f"{row['starts']:%a %H}", row["origin"] == "solver") for row in rows}
