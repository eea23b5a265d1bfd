"""Who may read a chat: members, key periods, and the time a page has to give its secret. Pure.

One member is the volunteer who has the chat, and gets every secret. All others read along: they get
the secrets from the period in which they came in, and never one of before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, assert_never
from uuid import UUID

from luisterlijn.kernel.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Collection

VOLUNTEER = "volunteer"
"""The role of who has the chat; any other is the role of somebody who reads along."""

KEY_LASTS = timedelta(seconds=30)
"""A connected page that gave no secret by then leaves its volunteer unable to read."""
STAYS_VALID = timedelta(hours=2)
"""A member's signature outlives the shift by this: no conversation ends because a shift does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who may read a chat, with one key.

    `since`: the version in which they came in with this key. `reads_from`: the first key period
    whose secret they may have. `after`: the number of the last line before they came in.
    `joining`: by which one somebody reads along; None for the volunteer. The last three stay as
    they are when the member comes back with another key.
    """

    person: PersonId
    role: str
    since: int
    reads_from: int = 1
    after: int = 0
    joining: UUID | None = None

    @property
    def has_the_chat(self) -> bool:
        """Whether this is the volunteer."""
        return self.role == VOLUNTEER


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat's members as the rows say.

    `version` is the key period, raised at each change of members; 0 before the first. `seq`: the
    number of the last line. `keyed`: the page has given the secret of this version. `key_due` None:
    no secret is awaited; nor is one while nobody has the chat.
    """

    version: int = 0
    seq: int = 0
    members: tuple[Member, ...] = ()
    keyed: bool = False
    key_due: datetime | None = None

    @property
    def volunteer(self) -> Member | None:
        """Who has the chat; None: nobody, so no line is said or heard."""
        return next((each for each in self.members if each.has_the_chat), None)


@dataclass(frozen=True, slots=True)
class Joined:
    """A volunteer has the chat now, or came back with another key."""

    person: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderJoined:
    """Somebody reads along, or came back with another key."""

    person: PersonId
    role: str
    joining: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """A volunteer has the chat no more, and may read nothing from now on."""

    person: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class ReaderLeft:
    """Whoever came in by this joining reads along no more."""

    joining: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class KeysGiven:
    """The page sealed a period's secret to its members."""

    version: int


@dataclass(frozen=True, slots=True)
class KeyOverdue:
    """The time to give a secret is over; `page_up`: the page was there to give it."""

    at: datetime
    page_up: bool


Happening = Joined | ReaderJoined | Left | ReaderLeft | KeysGiven | KeyOverdue


@dataclass(frozen=True, slots=True)
class AddMember:
    """Write the member with the key of their newest console, vouched for."""

    member: Member


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Note from which version on the member reads nothing."""

    person: PersonId
    version: int


@dataclass(frozen=True, slots=True)
class TellPage:
    """The page must see the new list, and give a secret when somebody has the chat."""


@dataclass(frozen=True, slots=True)
class TellMembers:
    """The members' consoles can fetch their boxes."""

    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class LoseVolunteer:
    """Somebody who cannot read cannot listen: offer the contact to somebody else."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class EndReading:
    """Somebody who cannot read is not beside the chat: say so to who keeps that."""

    person: PersonId


Effect = AddMember | RemoveMember | TellPage | TellMembers | LoseVolunteer | EndReading


def decide(chat: Chat, happening: Happening) -> tuple[Chat, tuple[Effect, ...]]:
    """Say what a happening makes of the chat, and what must be done.

    Telling it twice does no harm, except that `Joined` and `ReaderJoined` are a new member each
    time: the caller tells them only for a key that is not in the room yet.
    """
    match happening:
        case Joined(person, at):
            # Whoever had it before has it no more, also when nobody said so yet.
            gone = {each.person for each in chat.members if each.has_the_chat} | {person}
            fresh = Member(person=person, role=VOLUNTEER, since=chat.version + 1)
            return _changed(chat, gone, fresh, at)
        case ReaderJoined():
            return _changed(chat, {happening.person}, _reader(chat, happening), happening.at)
        case Left(person, at):
            gone = {each.person for each in chat.members if each.has_the_chat} & {person}
            return _changed(chat, gone, None, at)
        case ReaderLeft(joining, at):
            gone = {each.person for each in chat.members if each.joining == joining}
            return _changed(chat, gone, None, at)
        case KeysGiven(version):
            if version != chat.version or chat.volunteer is None:
                return chat, ()
            people = tuple(each.person for each in chat.members)
            return replace(chat, keyed=True, key_due=None), (TellMembers(people),)
        case KeyOverdue(at, page_up):
            return _overdue(chat, at, page_up=page_up)
        case _:
            assert_never(happening)


def _changed(
    chat: Chat, gone: Collection[PersonId], fresh: Member | None, at: datetime
) -> tuple[Chat, tuple[Effect, ...]]:
    """Open a new key period, without who is gone and with who is fresh."""
    version = chat.version + 1
    left = tuple(each.person for each in chat.members if each.person in gone)
    if not left and fresh is None:
        return chat, ()
    others = tuple(each for each in chat.members if each.person not in gone)
    after = replace(
        chat,
        version=version,
        members=others if fresh is None else (*others, fresh),
        keyed=False,
    )
    due = at + KEY_LASTS if after.volunteer is not None else None
    added = () if fresh is None else (AddMember(fresh),)
    removed = tuple(RemoveMember(person, version) for person in left)
    return replace(after, key_due=due), (*removed, *added, TellPage())


def _reader(chat: Chat, came: ReaderJoined) -> Member:
    """Give who reads along; another key is no reason to read less than before, nor more."""
    stays = (each for each in chat.members if each.joining == came.joining)
    before = next((each for each in stays if each.person == came.person), None)
    version = chat.version + 1
    return Member(
        person=came.person,
        role=came.role,
        since=version,
        reads_from=version if before is None else before.reads_from,
        after=chat.seq if before is None else before.after,
        joining=came.joining,
    )


def _overdue(chat: Chat, at: datetime, *, page_up: bool) -> tuple[Chat, tuple[Effect, ...]]:
    volunteer = chat.volunteer
    if chat.key_due is None or at < chat.key_due or volunteer is None:
        return chat, ()
    if not page_up:
        # A page that is away is not to blame; its own deadline runs.
        return replace(chat, key_due=at + KEY_LASTS), ()
    came = tuple(
        each.person for each in chat.members if each.since == chat.version and not each.has_the_chat
    )
    if came:
        # The volunteer could read until somebody came in: nobody loses a volunteer to a reader.
        after, effects = _changed(chat, came, None, at)
        return after, (*effects, *(EndReading(person) for person in came))
    return replace(chat, key_due=None), (LoseVolunteer(volunteer.person),)
