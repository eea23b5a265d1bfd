"""The people of a branch for who plans them: list, training, mentors, lists, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from luisterlijn.edge.guard import Call, Face, Routes, read_b64
from luisterlijn.edge.queries import branch_or_all, id_named
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import PersonId
from luisterlijn.kernel.scope import COORDINATORS
from luisterlijn.volunteers import model
from luisterlijn.volunteers.listing import MOST_BYTES
from luisterlijn.volunteers.ports import Agreed, Status, Step
from luisterlijn.volunteers.wire import (
    BoardMentor,
    BringList,
    EditVolunteer,
    GiveMentor,
    LastDay,
    ListChange,
    ListLine,
    ListPreview,
    ListTaken,
    NewAccount,
    NewStep,
    PossibleSteps,
    Released,
    TakeList,
    Trainee,
    TraineeBoard,
    TrainingStep,
    VolunteerDetail,
    VolunteerList,
    VolunteerRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from luisterlijn.volunteers.importing import Line
    from luisterlijn.volunteers.intake import Intake
    from luisterlijn.volunteers.leaving import Leaving
    from luisterlijn.volunteers.model import Record
    from luisterlijn.volunteers.service import Board, Known, Volunteers

LARGEST_LIST = MOST_BYTES * 4 // 3 + 1024
"""A file of the largest size as base64url, and the JSON around it."""


def routes(volunteers: Volunteers, intake: Intake, leaving: Leaving) -> Routes:
    """Give the routes of the room for who plans."""
    table = Routes("volunteers")

    @table.add("GET", "/people", may=COORDINATORS, face=Face.CONSOLE, gives=VolunteerList)
    async def people(call: Call[None]) -> VolunteerList:
        """Give the volunteers, by name; `branch` for who plans the whole line."""
        branch = branch_or_all(call.scope, call.request.query.get("branch"))
        found = await volunteers.people(call.scope, branch)
        return VolunteerList(people=[_row(each) for each in found])

    @table.add("GET", "/people/list.csv", may=COORDINATORS, face=Face.CONSOLE)
    async def export(call: Call[None]) -> web.Response:
        """Give the volunteers as a file."""
        branch = branch_or_all(call.scope, call.request.query.get("branch"))
        return web.Response(
            body=await intake.export(call.scope, branch),
            content_type="text/csv",
            charset="utf-8",
            headers={"Content-Disposition": 'attachment; filename="vrijwilligers.csv"'},
        )

    @table.add(
        "POST",
        "/people/list/preview",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=BringList,
        gives=ListPreview,
        refuses=(Code.NOT_A_LIST,),
        largest=LARGEST_LIST,
    )
    async def preview(call: Call[BringList]) -> ListPreview:
        """Say what each line of a list would do; writes nothing."""
        found = await intake.preview(call.scope, read_b64(call.body.file))
        return ListPreview(
            mark=found.mark,
            lines=[_line(each) for each in found.lines],
            ignored=list(found.ignored),
        )

    @table.add(
        "POST",
        "/people/list",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=TakeList,
        gives=ListTaken,
        refuses=(Code.NOT_A_LIST, Code.PREVIEW_PASSED),
        largest=LARGEST_LIST,
    )
    async def take_list(call: Call[TakeList]) -> ListTaken:
        """Write a list as it was shown; gives new accounts with what they sign in with, once."""
        done = await intake.take_over(call.scope, read_b64(call.body.file), call.body.mark)
        return ListTaken(
            accounts=[
                NewAccount(
                    name=each.name,
                    sign_in=each.sign_in,
                    password=each.password.reveal(),
                    code_app=each.code_app.reveal(),
                )
                for each in done.enrolled
            ],
            changed=done.changed,
        )

    @table.add("GET", "/people/trainees", may=COORDINATORS, face=Face.CONSOLE, gives=TraineeBoard)
    async def trainees(call: Call[None]) -> TraineeBoard:
        """Give who is being trained, and who can go with them."""
        branch = branch_or_all(call.scope, call.request.query.get("branch"))
        return _board(await volunteers.board(call.scope, branch))

    @table.add(
        "GET", "/people/{person}", may=COORDINATORS, face=Face.CONSOLE, gives=VolunteerDetail
    )
    async def person(call: Call[None]) -> VolunteerDetail:
        """Give all that the branch knows of one volunteer."""
        return _detail(await volunteers.person(call.scope, call.id("person")))

    @table.add(
        "PUT",
        "/people/{person}",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=EditVolunteer,
        gives=VolunteerDetail,
    )
    async def edit(call: Call[EditVolunteer]) -> VolunteerDetail:
        """Keep what was agreed with a volunteer."""
        told = call.body
        agreed = Agreed(
            vog=told.vog,
            intervision=told.intervision,
            hours=told.hours_agreed,
            most_shifts=told.most_shifts,
            most_nights=told.most_nights,
            home=told.home,
            no_computer=told.no_computer,
            away_until=told.away_until,
        )
        return _detail(await volunteers.edit(call.scope, call.id("person"), told.name, agreed))

    @table.add(
        "POST",
        "/people/{person}/training",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=NewStep,
        gives=VolunteerDetail,
        refuses=(Code.STEP_NOT_POSSIBLE, Code.STEP_TOO_EARLY),
    )
    async def step(call: Call[NewStep]) -> VolunteerDetail:
        """Write down how far a volunteer is with a channel."""
        told = call.body
        new = Step(channel=told.channel, status=Status(told.status), since=told.since)
        return _detail(await volunteers.step(call.scope, call.id("person"), new))

    @table.add(
        "POST",
        "/people/{person}/mentor",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=GiveMentor,
        gives=VolunteerDetail,
        refuses=(Code.NOT_A_MENTOR,),
    )
    async def mentor(call: Call[GiveMentor]) -> VolunteerDetail:
        """Give a trainee a mentor."""
        given = PersonId(id_named(call.body.mentor)) if call.body.mentor is not None else None
        return _detail(await volunteers.give_mentor(call.scope, call.id("person"), given))

    @table.add(
        "POST",
        "/people/{person}/last-day",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=LastDay,
        gives=Released,
        refuses=(Code.IN_THE_PAST,),
    )
    async def last_day(call: Call[LastDay]) -> Released:
        """Set a volunteer's last day; they are taken off what comes after it."""
        off = await leaving.set_last_day(call.scope, call.id("person"), call.body.last)
        return Released(shifts=off)

    return table


def _steps(steps: Iterable[Step]) -> list[TrainingStep]:
    return [
        TrainingStep(
            channel=each.channel,  # type: ignore[arg-type] # one of the three
            status=each.status.value,
            since=None if each.since == model.FIRST_DAY else each.since,
        )
        for each in steps
    ]


def _row(known: Known) -> VolunteerRow:
    record, agreed = known.record, known.record.agreed
    return VolunteerRow(
        person=record.person.hex,
        name=record.name,
        sign_in=record.sign_in,
        branch=record.branch.hex,
        branch_name=record.branch_name,
        training=_steps(model.current(record.steps, known.today)),
        vog=agreed.vog,
        vog_state=model.vog(agreed.vog, known.today).value,
        intervision=agreed.intervision,
        intervision_state=model.intervision(agreed.intervision, known.today).value,
        hours_agreed=agreed.hours,
        hours_worked=known.worked.hours,
        next_shift_at=to_wire(known.worked.next_shift) if known.worked.next_shift else None,
        away_until=agreed.away_until,
        leaves=record.leaves,
        no_computer=agreed.no_computer,
    )


def _detail(known: Known) -> VolunteerDetail:
    record, agreed = known.record, known.record.agreed
    return VolunteerDetail(
        row=_row(known),
        most_shifts=agreed.most_shifts,
        most_nights=agreed.most_nights,
        home=agreed.home,
        nights=known.worked.nights,
        weekends=known.worked.weekends,
        feasts=known.worked.feasts,
        mentor=record.mentor.hex if record.mentor else None,
        mentor_name=known.mentor_name,
        history=_steps(record.steps),
        possible=[
            PossibleSteps(
                channel=channel,  # type: ignore[arg-type] # one of the three
                steps=[each.value for each in model.possible(record.steps, channel, known.today)],
            )
            for channel in model.CHANNELS
        ],
    )


def _board(board: Board) -> TraineeBoard:
    given: dict[PersonId, int] = {}
    for trainee, _walked in board.trainees:
        if trainee.mentor is not None:
            given[trainee.mentor] = given.get(trainee.mentor, 0) + 1
    return TraineeBoard(
        trainees=[
            Trainee(
                person=record.person.hex,
                name=record.name,
                branch_name=record.branch_name,
                training=_steps(model.current(record.steps, board.today)),
                mentor=record.mentor.hex if record.mentor else None,
                walked=walked,
            )
            for record, walked in board.trainees
        ],
        mentors=[
            BoardMentor(
                person=record.person.hex,
                name=record.name,
                branch_name=record.branch_name,
                channels=_mentors(record, board.today),  # type: ignore[arg-type] # of the three
                trainees=given.get(record.person, 0),
            )
            for record in board.mentors
        ],
    )


def _mentors(record: Record, today: date) -> list[str]:
    now = model.standing(record.steps, today)
    return [channel for channel, status in now.items() if status is Status.MENTOR]


def _line(line: Line) -> ListLine:
    return ListLine(
        line=line.line,
        what=line.what.value,
        sign_in=line.sign_in,
        name=line.name,
        column=line.column.value if line.column else None,
        reason=line.reason.value if line.reason else None,
        changes=[
            ListChange(column=each.column.value, before=each.before, after=each.after)
            for each in line.changes
        ],
    )
