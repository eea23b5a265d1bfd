"""What a console may send: typed, closed, and without a field for free text."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId, parse_id

Hex = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]


Openness = Literal["open", "nobody_yet", "closed"]


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """Between how many minutes four in five wait from now on. None: we cannot say, and say so."""

    low: int | None
    high: int | None


class LineStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What every page shows of the line. `next_opening_at` None: open, or not known."""

    chat: Openness
    phone: Openness
    wait: Wait
    next_opening_at: int | None


class Knock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a console brings to its socket: a single-use ticket and its public key (base64url)."""

    ticket: str
    public_key: str


class SetPresence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be ready, paused or away."""

    to: Literal["ready", "paused", "away"]


class SetCapacity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take so many chats at once."""

    chats: Annotated[int, Meta(ge=1, le=3)]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take or leave an offer."""

    contact: Hex
    epoch: int


class TakeCalls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take calls in this browser, or on the own phone whose number is on record."""

    at: Literal["browser", "own"]


class HandOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Offer a conversation in hand to a colleague, who may refuse."""

    contact: Hex
    to: Hex


class OfContact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order about one contact in hand."""

    contact: Hex


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """End a conversation."""

    contact: Hex
    reason: Literal["ended", "abuse"]


Topic = Literal[
    "alone",
    "mourning",
    "relation",
    "family",
    "health",
    "mind",
    "addiction",
    "money",
    "meaning",
    "violence",
    "work",
    "everyday",
]


Nature = Literal["talk", "silent", "hung_up", "wrong", "abuse"]
Loneliness = Literal["social", "emotional", "existential", "none", "unknown"]
Age = Literal["under18", "18-29", "30-49", "50-64", "65-79", "80plus", "unknown"]
Referred = Literal["113", "veilig_thuis", "huisarts", "kaart", "none"]


class WrapUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The short anonymous registration; only `nature` is required, and there is no free text."""

    nature: Nature
    topics: Annotated[list[Topic], Meta(max_length=3)] = []
    loneliness: Loneliness | None = None
    age: Age | None = None
    referred: Annotated[list[Referred], Meta(max_length=5)] = []
    heaviness: Annotated[int, Meta(ge=1, le=5)] | None = None

    def counted(self) -> dict[str, list[str]]:
        """Give field → values for the counters; how heavy it was is for the volunteer alone."""
        one = (("nature", self.nature), ("loneliness", self.loneliness), ("age", self.age))
        fields = {name: [str(value)] for name, value in one if value is not None}
        if self.topics:
            fields["topic"] = sorted(set(self.topics))
        if self.referred:
            fields["referred"] = sorted(set(self.referred))
        return fields


class WriteUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wrap-up, and what comes after it."""

    contact: Hex
    form: WrapUp
    then: Literal["ready", "paused"] = "ready"


class ShiftHours(msgspec.Struct, frozen=True, kw_only=True):
    """A shift in the header of the console."""

    starts_at: int
    ends_at: int
    branch_name: str


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """The own presence. `none`: no shift. `rest_until_at` None: not resting.

    `care_until_at`: how long a rest is proposed after a heavy conversation; only the person ends
    it. None: no after-care. `takes_calls`: trained for the phone and on such
    a shift. `has_own_phone`: a number is on record for calls to the own phone.
    """

    state: Literal["ready", "paused", "away", "after_care", "none"]
    since_at: int
    capacity: int
    load: int
    rest_until_at: int | None
    care_until_at: int | None
    takes_calls: bool
    phone_at: Literal["browser", "own"]
    has_own_phone: bool


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """The offer that waits for an answer. `from_alias`: who hands over; None: from the queue."""

    contact: str
    epoch: int
    channel: str
    language: str
    until_at: int
    from_alias: str | None


class Handing(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over that waits for the colleague's answer; the conversation goes on meanwhile."""

    alias: str
    until_at: int


JoinRole = Literal["coach", "mentor", "colleague"]
JoinMode = Literal["read", "alone", "listen", "whisper", "join"]


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody beside a conversation. `state` asked: invited, no answer yet."""

    joining: str
    alias: str
    role: JoinRole
    mode: JoinMode
    state: Literal["asked", "present"]


CallState = Literal["connecting", "talking", "held", "alone", "third_ringing", "third"]


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """The telephone side of a call.

    `state`: connecting until both are in the conference; third_ringing and third: somebody is
    called in, or is there. `code_left`: the code past the limit may still be given.
    """

    state: CallState
    code_left: bool


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation or wrap-up in hand. `number`: 1 is the oldest."""

    contact: str
    channel: str
    number: int
    epoch: int
    state: Literal["active", "volunteer_away", "caller_away", "wrapup"]
    language: str
    seq: int
    members_version: int
    visitor_up: bool
    away_asked: bool
    kept: bool
    frozen: bool
    until_at: int | None
    started_at: int
    handing: Handing | None
    beside: list[Beside]
    call: CallView | None


class HelpView(msgspec.Struct, frozen=True, kw_only=True):
    """The own request for help. `calling`: whose phone rings; `nobody`: nobody was reached.

    `alias`: who is being called, or who took it; None while it is only in the list.
    """

    request: str
    urgent: bool
    state: Literal["open", "calling", "nobody", "taken"]
    alias: str | None


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """One request in the coach's list. `contact` None: asked outside a conversation."""

    request: str
    urgent: bool
    state: Literal["open", "calling", "nobody", "taken"]
    mine: bool
    name: str
    branch_name: str | None
    channel: str | None
    contact: str | None
    asked_at: int


class JoinedView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that one is beside, or is asked to read along with (`state` asked)."""

    joining: str
    state: Literal["asked", "present"]
    mode: JoinMode
    contact: str
    channel: str
    alias: str
    epoch: int
    seq: int
    members_version: int
    language: str
    until_at: int | None


class TalkView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants to talk: a name and an hour, nothing else.

    `heavy`: three heavy conversations in one shift; the person agreed that a coach is told.
    """

    talk: str
    name: str
    wanted: Literal["now", "after_shift", "call_me", "heavy"]
    at: int


class CoachSide(msgspec.Struct, frozen=True, kw_only=True):
    """What help and coaching add to a screen. `on_duty`: one is a coach or on call now.

    `agrees_heavy`: the coach may be told after three heavy conversations in one shift.
    `emergency`: who takes a request decides whether the emergency services are called.
    """

    on_duty: bool
    agrees_heavy: bool
    emergency: bool
    help: HelpView | None
    joined: list[JoinedView]
    requests: list[RequestView]
    talks: list[TalkView]


class CallUpView(msgspec.Struct, frozen=True, kw_only=True):
    """A shift on which somebody is looked for, asked of who sees it."""

    call_up: str
    starts_at: int
    ends_at: int
    branch_name: str
    channels: list[str]


class AttendanceSide(msgspec.Struct, frozen=True, kw_only=True):
    """What coming and not coming add to a screen.

    `late_since_at`: when the own shift began on which one is expected and is not yet; None: no
    such shift. `missed`: people who did not come, of shifts that one looks after; `alarms`: what
    nobody may be left with in the whole country, for who is on call.
    """

    late_since_at: int | None
    call_ups: list[CallUpView]
    missed: int
    alarms: list[Literal["too_few", "alone"]]


Cover = Literal["good", "no_mentor", "nobody", "alone", "alone_no_coach"]


class ConsoleSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """All that a volunteer's screen shows.

    `cover`: too few are there on the whole line, for who is there or on call; for a trainee
    no_mentor while no mentor is ready beside them; good for others.
    """

    version: int
    now_at: int
    alias: str
    shift: ShiftHours | None
    next_shift: ShiftHours | None
    presence: Presence
    offer: OfferView | None
    contacts: list[ContactView]
    coaching: CoachSide
    attendance: AttendanceSide
    cover: Cover


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to hand over to, or to let read along. `free`: has room for a conversation."""

    person: str
    alias: str
    role: JoinRole
    free: bool


class Colleagues(msgspec.Struct, frozen=True):
    """Who is present and can take or read this conversation, by alias."""

    people: list[Colleague]


class PresentPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is present, for the coordinator."""

    person: str
    name: str
    state: str
    since_at: int


class BranchPresent(msgspec.Struct, frozen=True):
    """Who is present, by name."""

    present: list[PresentPerson]


def contact_of(text: str) -> ContactId:
    """Give the id of a contact as the wire spells it."""
    found = parse_id(text)
    if found is None:
        raise Refusal(Code.BAD_REQUEST)
    return ContactId(found)
