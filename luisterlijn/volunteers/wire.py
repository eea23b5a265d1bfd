"""What is sent and answered about volunteers, gatherings and messages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Hex = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
# No NUL: PostgreSQL takes none.
Name = Annotated[str, Meta(pattern=r"^[^\x00-\x1f]+$", max_length=80)]
Title = Annotated[str, Meta(pattern=r"^[^\x00-\x1f]+$", max_length=120)]
Text = Annotated[str, Meta(pattern=r"^[^\x00]+$", max_length=2_000)]
TrainingChannel = Literal["chat", "phone", "mail"]
TrainingStatus = Literal[
    "aspirant", "in_training", "walking_along", "independent", "mentor", "paused", "stopped"
]
PaperState = Literal["missing", "fine", "soon", "old"]
GatheringKind = Literal["training", "intervision", "meeting"]
MessageAudience = Literal["shift", "branch", "mentors", "trainees"]
ListWhat = Literal["new", "changed", "unchanged", "refused"]


class TrainingStep(msgspec.Struct, frozen=True, kw_only=True):
    """How far somebody is with a channel since a local day; null: as long as we know."""

    channel: TrainingChannel
    status: TrainingStatus
    since: date | None


class VolunteerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One volunteer in the list; hours in four weeks, the past ones for `hours_worked`.

    `training` is what holds today. `away_until`: on long leave, this day included. `leaves`: the
    last day.
    """

    person: str
    name: str
    sign_in: str
    branch: str
    branch_name: str
    training: list[TrainingStep]
    vog: date | None
    vog_state: PaperState
    intervision: date | None
    intervision_state: PaperState
    hours_agreed: int
    hours_worked: float
    next_shift_at: int | None
    away_until: date | None
    leaves: date | None
    no_computer: bool


class VolunteerList(msgspec.Struct, frozen=True):
    """Volunteers by name."""

    people: list[VolunteerRow]


class PossibleSteps(msgspec.Struct, frozen=True, kw_only=True):
    """The steps that can be taken with a channel today."""

    channel: TrainingChannel
    steps: list[TrainingStatus]


class VolunteerDetail(msgspec.Struct, frozen=True, kw_only=True):
    """All that a branch knows of one volunteer. `history`: by channel and day.

    `nights`, `weekends`, `feasts`: of the past twelve months.
    """

    row: VolunteerRow
    most_shifts: int
    most_nights: int
    home: bool
    nights: int
    weekends: int
    feasts: int
    mentor: str | None
    mentor_name: str | None
    history: list[TrainingStep]
    possible: list[PossibleSteps]


class EditVolunteer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a branch keeps of one volunteer; all of it."""

    name: Name
    vog: date | None
    intervision: date | None
    hours_agreed: Annotated[int, Meta(ge=0, le=160)]
    most_shifts: Annotated[int, Meta(ge=0, le=28)]
    most_nights: Annotated[int, Meta(ge=0, le=28)]
    home: bool
    no_computer: bool
    away_until: date | None


class NewStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step from a local day on."""

    channel: TrainingChannel
    status: TrainingStatus
    since: date


class GiveMentor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Give a trainee this mentor; null: whichever the branch has."""

    mentor: Hex | None


class LastDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody's last day; null: they stay after all."""

    last: date | None


class Released(msgspec.Struct, frozen=True):
    """From how many shifts somebody was taken off."""

    shifts: int


class Trainee(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is being trained. `walked`: shifts walked along with a mentor."""

    person: str
    name: str
    branch_name: str
    training: list[TrainingStep]
    mentor: str | None
    walked: int


class BoardMentor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be given as a mentor. `trainees`: how many have them now."""

    person: str
    name: str
    branch_name: str
    channels: list[TrainingChannel]
    trainees: int


class TraineeBoard(msgspec.Struct, frozen=True):
    """Trainees and mentors, both by name."""

    trainees: list[Trainee]
    mentors: list[BoardMentor]


class BringList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of volunteers: a CSV file of at most 1 MB, base64url."""

    file: str


class TakeList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same list again, to be written as it was shown under this mark."""

    file: str
    mark: Hex


class ListChange(msgspec.Struct, frozen=True, kw_only=True):
    """One cell that differs, as the file would say it."""

    column: str
    before: str
    after: str


class ListLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one line of the file would do; `reason` and `column` of a line that is refused."""

    line: int
    what: ListWhat
    sign_in: str
    name: str
    column: str | None
    reason: str | None
    changes: list[ListChange]


class ListPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a list would do, line by line; nothing is written yet.

    `ignored`: headings that are not read. `mark` names exactly this.
    """

    mark: str
    lines: list[ListLine]
    ignored: list[str]


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody new signs in with; shown once. `code_app`: a link that a code app reads."""

    name: str
    sign_in: str
    password: str
    code_app: str


class ListTaken(msgspec.Struct, frozen=True):
    """What was written of a list."""

    accounts: list[NewAccount]
    changed: int


class GatheringSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who signed up; `on_behalf`: a coordinator did it for them."""

    person: str
    name: str
    came: bool
    on_behalf: bool


class GatheringView(msgspec.Struct, frozen=True, kw_only=True):
    """An evening to come to. `branch` null: for the whole line. `people`: whom one may see.

    `mine`: the asking person has a seat; `mine_on_behalf`: a coordinator took it for them.
    """

    gathering: str
    branch: str | None
    kind: GatheringKind
    title: str
    starts_at: int
    ends_at: int
    seats: int
    taken: int
    cancelled: bool
    mine: bool
    mine_on_behalf: bool
    people: list[GatheringSeat]


class GatheringList(msgspec.Struct, frozen=True):
    """Gatherings by start."""

    gatherings: list[GatheringView]


class NewGathering(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A gathering on a local day, in Amsterdam wall-clock time.

    An end at or before the start is on the next day. `branch` null: the own one; for who plans
    the whole line, the whole line.
    """

    kind: GatheringKind
    title: Title
    day: date
    starts: str
    ends: str
    seats: Annotated[int, Meta(ge=1, le=500)]
    branch: Hex | None


class WhoCame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who came; who is not named did not."""

    people: Annotated[list[Hex], Meta(max_length=500)]


class WriteMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A message. `shift` for who stands on one. `branch` null: the own one."""

    audience: MessageAudience
    text: Text
    shift: Hex | None
    branch: Hex | None


class SentTo(msgspec.Struct, frozen=True):
    """To how many people a message went."""

    people: int


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """A message. `writer` null: has left. `shift_starts_at`: of the shift it was written to.

    `people`, `readers`: to how many it went and how many read it; null to who received it.
    """

    message: str
    audience: MessageAudience
    text: str
    writer: str | None
    written_at: int
    read: bool
    shift_starts_at: int | None
    branch_name: str | None
    people: int | None
    readers: int | None


class MessageList(msgspec.Struct, frozen=True):
    """Messages, the newest first; `unread` counts those to the asking person."""

    messages: list[MessageView]
    unread: int


class Unread(msgspec.Struct, frozen=True):
    """How many messages somebody has not read."""

    unread: int
