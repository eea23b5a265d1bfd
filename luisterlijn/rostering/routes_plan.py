"""A branch's roster for who plans it: templates, periods, and what people wish."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import check_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import COORDINATORS
from luisterlijn.rostering import wire_plan as wire
from luisterlijn.rostering.model import Template, is_night
from luisterlijn.rostering.routes import branch_asked
from luisterlijn.rostering.routes_own import wish_of
from luisterlijn.rostering.wire_own import NewWishes

if TYPE_CHECKING:
    from datetime import date

    from luisterlijn.rostering.ports import PeriodRow
    from luisterlijn.rostering.service import Roster
    from luisterlijn.rostering.wire_own import PeriodState

NOTHING_YET = UUID(int=0)
WEEKEND = 32 + 64
"""Saturday and Sunday, as a template adds weekdays up."""


def routes(roster: Roster) -> Routes:
    """Give the routes of templates and periods."""
    table = Routes("planning a branch")
    _templates(table, roster)
    _periods(table, roster)
    return table


def _templates(table: Routes, roster: Roster) -> None:
    @table.add(
        "GET",
        "/planner/templates",
        may=COORDINATORS,
        face=Face.CONSOLE,
        gives=wire.ShiftTemplates,
    )
    async def templates(call: Call[None]) -> wire.ShiftTemplates:
        """Give the templates of a branch, by start."""
        branch = branch_asked(call.scope, call.request.query.get("branch"))
        found = await roster.templates.all(call.scope, branch)
        return wire.ShiftTemplates(templates=[_template_view(each) for each in found])

    @table.add(
        "POST",
        "/planner/templates",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.NewTemplate,
        gives=wire.ShiftTemplate,
        status=201,
        refuses=(Code.ZERO_LENGTH,),
    )
    async def add(call: Call[wire.NewTemplate]) -> wire.ShiftTemplate:
        """Add a template."""
        branch = branch_asked(call.scope, call.body.branch)
        new = _template(NOTHING_YET, branch, call.body)
        return _template_view(await roster.templates.add(call.scope, new))

    @table.add(
        "PUT",
        "/planner/templates/{template}",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.NewTemplate,
        gives=wire.ShiftTemplate,
        refuses=(Code.ZERO_LENGTH,),
    )
    async def change(call: Call[wire.NewTemplate]) -> wire.ShiftTemplate:
        """Let a template be another from now on."""
        # It stays of the branch that it is of.
        new = _template(call.id("template"), BranchId(NOTHING_YET), call.body)
        return _template_view(await roster.templates.change(call.scope, new))

    @table.add(
        "POST",
        "/planner/templates/{template}/remove",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
    )
    async def remove(call: Call[Nothing]) -> None:
        """Lay nothing more out by a template."""
        await roster.templates.remove(call.scope, call.id("template"))


def _periods(table: Routes, roster: Roster) -> None:
    @table.add(
        "GET", "/planner/periods", may=COORDINATORS, face=Face.CONSOLE, gives=wire.RosterPeriods
    )
    async def periods(call: Call[None]) -> wire.RosterPeriods:
        """Give the periods of a branch, the last first."""
        branch = branch_asked(call.scope, call.request.query.get("branch"))
        found, today = await roster.periods.all(call.scope, branch)
        return wire.RosterPeriods(periods=[_period_view(each, sent, today) for each, sent in found])

    @table.add(
        "POST",
        "/planner/periods",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.NewPeriod,
        gives=wire.RosterPeriod,
        status=201,
        refuses=(Code.OVERLAPS, Code.IN_THE_PAST),
    )
    async def begin(call: Call[wire.NewPeriod]) -> wire.RosterPeriod:
        """Open a period for wishes."""
        branch = branch_asked(call.scope, call.body.branch)
        first = check_day(call.body.first)
        period = await roster.periods.open(call.scope, branch, first, call.body.days)
        return _period_view(period, 0, first - timedelta(days=1))

    @table.add(
        "POST",
        "/planner/periods/{period}/lay-out",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=wire.LaidOut,
    )
    async def lay_out(call: Call[Nothing]) -> wire.LaidOut:
        """Make draft shifts of the templates; wishes are closed then."""
        return wire.LaidOut(shifts=await roster.periods.lay_out(call.scope, call.id("period")))

    @table.add(
        "POST",
        "/planner/periods/{period}/publish",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=wire.PublishedRoster,
    )
    async def publish(call: Call[Nothing]) -> wire.PublishedRoster:
        """Let everybody see the period's shifts and proposals, all at once."""
        done = await roster.periods.publish(call.scope, call.id("period"))
        return wire.PublishedRoster(
            shifts=done.shifts,
            places=done.places,
            left=await roster.plan_views.places(call.scope, done.left),
        )

    @table.add(
        "POST",
        "/planner/copy-week",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.CopyWeek,
        gives=wire.CopiedWeek,
    )
    async def copy_week(call: Call[wire.CopyWeek]) -> wire.CopiedWeek:
        """Copy seven days as drafts."""
        body = call.body
        done = await roster.periods.copy_week(
            call.scope,
            branch_asked(call.scope, body.branch),
            check_day(body.source),
            check_day(body.target),
            people=body.people,
        )
        return wire.CopiedWeek(shifts=done.shifts, places=done.places, left=done.left)

    @table.add(
        "GET",
        "/planner/periods/{period}/wishes",
        may=COORDINATORS,
        face=Face.CONSOLE,
        gives=wire.PeriodWishes,
    )
    async def wishes(call: Call[None]) -> wire.PeriodWishes:
        """Give who wishes what for a period."""
        return await roster.plan_views.wishes(call.scope, call.id("period"))

    @table.add(
        "PUT",
        "/planner/periods/{period}/wishes/{person}",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=NewWishes,
        status=204,
        refuses=(Code.TOO_LATE,),
    )
    async def wish_for(call: Call[NewWishes]) -> None:
        """Write wishes for somebody without a computer."""
        await roster.wishes.write_for(
            call.scope, call.id("period"), PersonId(call.id("person")), wish_of(call.body)
        )


def _template(template: UUID, branch: BranchId, body: wire.NewTemplate) -> Template:
    try:
        starts, ends = time.fromisoformat(body.starts), time.fromisoformat(body.ends)
    except ValueError:  # other scripts' digits pass for digits, too
        raise Refusal(Code.BAD_REQUEST) from None
    return Template(
        template=template,
        branch=branch,
        weekdays=body.weekdays,
        starts=starts,
        ends=ends,
        channels=tuple(dict.fromkeys(body.channels)),
        least=body.least,
        wanted=body.wanted,
        night=is_night(starts) if body.night is None else body.night,
    )


def _template_view(each: Template) -> wire.ShiftTemplate:
    return wire.ShiftTemplate(
        template=each.template.hex,
        branch=each.branch.hex,
        weekdays=each.weekdays,
        starts=each.starts.isoformat("minutes"),
        ends=each.ends.isoformat("minutes"),
        channels=list(each.channels),
        least=each.least,
        wanted=each.wanted,
        night=each.night,
        weekend=not each.weekdays & ~WEEKEND,
    )


def _period_view(period: PeriodRow, wishes: int, today: date) -> wire.RosterPeriod:
    return wire.RosterPeriod(
        period=period.period.hex,
        branch=period.branch.hex,
        first=period.first.isoformat(),
        days=period.days,
        state=cast("PeriodState", period.state),
        running=period.state == "published" and period.first <= today <= period.last,
        closed=period.last < today,
        wishes=wishes,
    )
