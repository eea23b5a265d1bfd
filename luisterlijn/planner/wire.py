"""What is sent and answered on a planner's screens. Every `..._at` is in milliseconds, UTC."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Expectation = Literal["frozen", "draft", "none"]
Busy = Literal["low", "middle", "high"]
Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]


class BoardPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on a shift; `person` null: somebody who left."""

    place: str
    person: str | None
    name: str
    role: str
    state: str
    origin: str
    pinned: bool
    on_behalf: bool
    allowed: str | None


class BoardShift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift on the board.

    `date` is the day that it belongs to: a day begins at 06:00. `here` counts who answers, so no
    trainee and no reserve; `missing` to what is wanted, `short` to the least. `gap`: contacts that
    would not be lost if its open places were taken; null: nothing is expected of those hours, count
    `missing` instead.
    """

    shift: str
    branch: str
    template: str | None
    day: date = msgspec.field(name="date")
    starts: str
    ends: str
    starts_at: int
    ends_at: int
    channels: list[str]
    night: bool
    state: str
    least: int
    wanted: int
    here: int
    missing: int
    short: int
    gap: float | None
    busy: Busy | None
    places: list[BoardPlace]


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: shifts of the same local hours, whatever the day."""

    starts: str
    ends: str
    night: bool


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A branch's shifts of some days; rows from 06:00 on, shifts by start."""

    branch: str
    branch_name: str
    first: date = msgspec.field(name="from")
    days: int
    expectation: Expectation
    rows: list[BoardRow]
    shifts: list[BoardShift]
    missing: int
    gap: float | None


class BranchToPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A branch that may be planned."""

    branch: str
    name: str


class BranchesToPlan(msgspec.Struct, frozen=True):
    """Branches by name: the own one, or all."""

    branches: list[BranchToPlan]


class NationCell(msgspec.Struct, frozen=True, kw_only=True):
    """One branch on one day; `gap` as on the board, all open places of the day together."""

    branch: str
    day: date = msgspec.field(name="date")
    wanted: int
    here: int
    missing: int
    gap: float | None


class NationSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A half hour of the whole line; null: nothing is expected of it."""

    starts_at: int
    here: int
    required: int | None
    expected: float | None
    lost: float | None
    answered: float | None


class NationDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the whole line; hours of people, contacts, and the share that is answered."""

    day: date = msgspec.field(name="date")
    here_hours: float
    required_hours: float | None
    expected: float | None
    lost: float | None
    answered: float | None


class Nation(msgspec.Struct, frozen=True, kw_only=True):
    """The whole line: branches by name, days and half hours in order."""

    first: date = msgspec.field(name="from")
    days: int
    expectation: Expectation
    branches: list[BranchToPlan]
    cells: list[NationCell]
    totals: list[NationDay]
    slots: list[NationSlot]


class WhoCan(msgspec.Struct, frozen=True, kw_only=True):
    """One who may stand on the shift. `reasons`: what speaks for or against asking them first.

    `hours` of theirs in the period that the shift lies in, and those `agreed` for four weeks.
    """

    person: str
    name: str
    role: str
    hours: float
    agreed: int
    reasons: list[str]


class WhyNot(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in the way. `never`: nobody can set it aside; else a coordinator, with their yes."""

    code: str
    never: bool


class WhoCannot(msgspec.Struct, frozen=True, kw_only=True):
    """One who may not stand on the shift."""

    person: str
    name: str
    role: str
    rules: list[WhyNot]


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who can take a shift, the best first; and why the others cannot, nearest to a yes first."""

    shift: str
    can: list[WhoCan]
    cannot: list[WhoCannot]


class NewPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an engine is to plan. `branch` null: the whole line; `overnight`: at 01:00, not now."""

    first: date = msgspec.field(name="from")
    branch: Id | None = None
    days: Annotated[int, Meta(ge=1, le=56)] = 28
    engine: Literal["builtin", "cpsat"] = "builtin"
    seconds: Annotated[int, Meta(ge=1, le=36_000)] = 60
    overnight: bool = False


class EnginePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One plan of an engine.

    `state`: queued, running, done, cancelled or failed. `spent`: seconds so far. `cost`: the best
    so far, in points. `fault`: why it failed: engine-missing, nothing-to-plan, worker-lost, and
    others. `unplanned`: drafts of hours that no engine plans. `added`, `removed`: people's shifts.
    """

    plan: str
    branch: str | None
    first: date = msgspec.field(name="from")
    days: int
    engine: str
    seconds: int
    state: str
    due_at: int
    stopping: bool
    spent: float
    cost: int | None
    fault: str | None
    unplanned: int
    added: int
    removed: int


class EnginePlans(msgspec.Struct, frozen=True):
    """Plans, the newest first."""

    plans: list[EnginePlan]


class StopPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a plan ends before its time; `keep`: its best so far is written."""

    keep: bool = True


class PlanShift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift by its hours."""

    shift: str
    starts_at: int
    ends_at: int


class PlanMove(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody goes from one shift to another."""

    old: PlanShift
    new: PlanShift


class PlanPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan changed for one person."""

    person: str
    name: str
    branch: str
    added: list[PlanShift]
    removed: list[PlanShift]
    moved: list[PlanMove]


class PlanDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A plan beside what stood before; people by name."""

    plan: str
    people: list[PlanPerson]


class OutlookShare(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of those who come: shares of 1, and contacts lost."""

    answered: float
    within: float
    lost: float


class OutlookDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day as published, and with the concept; null: nothing is expected of it."""

    day: date = msgspec.field(name="date")
    now: OutlookShare | None
    draft: OutlookShare | None


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing would bring the whole line; `within`: answered within a minute."""

    expectation: Expectation
    now: OutlookShare | None
    draft: OutlookShare | None
    totals: list[OutlookDay]


class FairnessRow(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one person; `hours` of four weeks beside what was agreed, the rest of a year."""

    person: str
    name: str
    hours: float
    agreed: int
    nights: int
    weekends: int
    feasts: int
    allowed: int


class Fairness(msgspec.Struct, frozen=True):
    """A branch's people by name."""

    people: list[FairnessRow]


class ForecastDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day of one channel: what was expected, and what came.

    `low` and `high`: between these eight in ten days came, judged by how far the days before were
    off; null: fewer than two weeks can be compared. `came` null: not over yet. `above`: half hours
    in which more came than the forecast's own P90, of `halves`.
    """

    day: date = msgspec.field(name="date")
    channel: str
    expected: float | None
    low: float | None
    high: float | None
    came: int | None
    above: int
    halves: int


class ForecastActual(msgspec.Struct, frozen=True, kw_only=True):
    """Expected beside actual, by day and channel; and whether a draft waits to be frozen."""

    expectation: Expectation
    source: str
    draft: bool
    totals: list[ForecastDay]


class NewDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many weeks to draft, and the share to be answered within a minute."""

    weeks: Annotated[int, Meta(ge=1, le=26)] = 8
    share: Annotated[float, Meta(gt=0, lt=1)] | None = None


class DemandEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A feast or campaign: `factor` times as many contacts. `channel` null: on every channel."""

    event: str
    name: str
    kind: str
    first: date
    last: date
    channel: str | None
    factor: float


class DemandEvents(msgspec.Struct, frozen=True):
    """Events by first day."""

    events: list[DemandEvent]


class NewDemandEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A feast or campaign to reckon with; both days included."""

    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")]
    kind: Literal["holiday", "campaign"]
    first: date
    last: date
    channel: Literal["chat", "phone", "mail"] | None = None
    factor: Annotated[float, Meta(ge=0.1, le=10)]


class MendChange(msgspec.Struct, frozen=True, kw_only=True):
    """What one other person is asked: from a shift (null: free then) to another (null: home)."""

    person: str
    name: str
    old: PlanShift | None
    new: PlanShift | None


class Mend(msgspec.Struct, frozen=True, kw_only=True):
    """How the hole that somebody leaves can be filled; no changes: it stays open."""

    place: str
    changes: list[MendChange]


class WantedChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A change as it was proposed; shifts by id."""

    person: Id
    old: Id | None = None
    new: Id | None = None


class AcceptMend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The changes of a proposal, all at once or none."""

    changes: Annotated[list[WantedChange], Meta(max_length=8)]
