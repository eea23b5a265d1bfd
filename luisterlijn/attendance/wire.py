"""What is sent and answered about who comes, and about being reached."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from luisterlijn.dispatch.wire import CallUpView

PlaceRole = Literal["listener", "trainee", "mentor", "reserve"]
PlaceState = Literal["published", "confirmed", "checked_in", "no_show", "cannot"]
Asked = Literal["asked", "ringing", "yes", "no", "silent"]
ClockTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class TonightPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on a shift. `late`: it began, and they are not there yet."""

    place: str
    person: str
    name: str
    role: PlaceRole
    state: PlaceState
    late: bool
    has_phone: bool


class TonightAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was asked to come."""

    name: str
    state: Asked


class TonightCallUp(msgspec.Struct, frozen=True, kw_only=True):
    """A call-up of a shift. `opens_at`: when others than reserves are asked; None: never."""

    call_up: str
    reason: Literal["no_show", "open_soon", "reserve"]
    state: Literal["open", "filled"]
    opens_at: int | None
    asked: list[TonightAsked]


class TonightShift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift that runs or begins soon.

    `missing`: so many are still to be found. `may_call_reserve`, `may_open`: what can be pressed.
    """

    shift: str
    branch_name: str
    starts_at: int
    ends_at: int
    channels: list[str]
    wanted: int
    missing: int
    may_call_reserve: bool
    may_open: bool
    places: list[TonightPlace]
    call_ups: list[TonightCallUp]


class Tonight(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on and who is not, by start. `on_duty`: who came, in the whole country.

    `coaches`: on duty now. `may_phone`: numbers may be asked for by a press.
    """

    now_at: int
    on_duty: int
    coaches: int
    alarms: list[Literal["too_few", "alone"]]
    may_phone: bool
    shifts: list[TonightShift]


class CallUps(msgspec.Struct, frozen=True):
    """Shifts on which one can jump in now, by start."""

    call_ups: list[CallUpView]


class Reach(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How somebody may be reached outside the console. `mail` None: no mail.

    `urgent`: the own phone may ring when somebody is needed. The quiet hours are local time; the
    same time twice: none.
    """

    mail: Annotated[str, Meta(max_length=254)] | None
    reminders: bool
    urgent: bool
    quiet_from: ClockTime
    quiet_until: ClockTime


class ReachView(msgspec.Struct, frozen=True, kw_only=True):
    """The own choice. `mail_works`: this line sends mail. `has_phone`: a number is on record."""

    mail: str | None
    reminders: bool
    urgent: bool
    quiet_from: str
    quiet_until: str
    mail_works: bool
    has_phone: bool


class PhoneNumber(msgspec.Struct, frozen=True):
    """Somebody's number. None: none is on record."""

    number: str | None
