"""People of a branch for who plans them: who can take a shift, and how turns are shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import service_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.planner import store, who, wire
from luisterlijn.rostering.rules import WITH_YES

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import BranchId, ShiftId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.planner.service import Planner
    from luisterlijn.planner.who import Candidate
    from luisterlijn.rostering.sheets import Sheets
    from luisterlijn.volunteers.ports import Ledger
    from luisterlijn.volunteers.service import Volunteers


class People:
    """What a planner asks about people; of a coordinator's own branch only."""

    def __init__(
        self, planner: Planner, volunteers: Volunteers, sheets: Sheets, ledger: Ledger
    ) -> None:
        """Judge by the roster's own rules, count what it counts."""
        self._planner = planner
        self._volunteers = volunteers
        self._sheets = sheets
        self._ledger = ledger

    async def who(self, scope: Scope, shift_id: ShiftId) -> wire.Who:
        """Say who can take a shift, and why the others cannot.

        Raises:
            Refusal: `not-found`; `shift-cancelled`.
        """
        async with self._planner.database.transaction(scope) as tx:
            found = await store.whereabouts(tx, shift_id)
            if found is None:
                raise Refusal(Code.NOT_FOUND)
            branch, starts = found
            sheet = await self._sheets.stretch(tx, branch, service_day(starts), 1)
        shift = next((each for each in sheet.shifts if each.shift == shift_id), None)
        if shift is None:
            raise Refusal(Code.NOT_FOUND)
        if shift.state == "cancelled":
            raise Refusal(Code.SHIFT_CANCELLED)
        can, cannot = who.candidates(sheet, shift)
        return wire.Who(
            shift=shift_id.hex,
            can=[_can(each) for each in can],
            cannot=[_cannot(each) for each in cannot],
        )

    async def fairness(self, scope: Scope, asked: BranchId | None) -> wire.Fairness:
        """Give what each of a branch did, beside what was agreed; counts only."""
        branch, _name = await self._planner.branch(scope, asked)
        async with self._planner.database.transaction(scope) as tx:
            people = await self._volunteers.facts(tx, None, branch)
            worked = await self._ledger.worked(tx, list(people))
            allowed = await store.allowed(tx, list(people))
        return wire.Fairness(
            people=[
                wire.FairnessRow(
                    person=person.hex,
                    name=facts.name,
                    hours=round(worked[person].hours, 1),
                    agreed=facts.hours_agreed,
                    nights=worked[person].nights,
                    weekends=worked[person].weekends,
                    feasts=worked[person].feasts,
                    allowed=allowed.get(person, 0),
                )
                for person, facts in people.items()
            ]
        )


def _can(each: Candidate) -> wire.WhoCan:
    return wire.WhoCan(
        person=each.facts.person.hex,
        name=each.facts.name,
        role=each.role,
        hours=each.hours,
        agreed=each.facts.hours_agreed,
        reasons=list(each.reasons),
    )


def _cannot(each: Candidate) -> wire.WhoCannot:
    return wire.WhoCannot(
        person=each.facts.person.hex,
        name=each.facts.name,
        role=each.role,
        rules=[wire.WhyNot(code=rule.value, never=rule not in WITH_YES) for rule in each.rules],
    )
