"""Who may read a chat: members, key periods, and the time a page has to give its secret. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from luisterlijn.kernel.ids import PersonId

KEY_LASTS = timedelta(seconds=30)
"""A connected page that gave no secret by then leaves its volunteer unable to read."""
STAYS_VALID = timedelta(hours=2)
"""A member's signature outlives the shift by this: no conversation ends because a shift does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat's members as the rows say.

    `version` is the key period, raised at each change of members; 0 before the first.
    `members` maps who reads along now to the epoch they came in. `keyed`: the page has given the
    secret of this version. `key_due` None: no secret is awaited.
    """

    version: int = 0
    members: tuple[PersonId, ...] = ()
    keyed: bool = False
    key_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A member came in, or came back with another key."""

    person: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """A member is gone and may read nothing from now on."""

    person: PersonId
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


Happening = Joined | Left | KeysGiven | KeyOverdue


@dataclass(frozen=True, slots=True)
class AddMember:
    """Write the member with the key of their newest console, vouched for."""

    person: PersonId
    version: int


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Note from which version on the member reads nothing."""

    person: PersonId
    version: int


@dataclass(frozen=True, slots=True)
class TellPage:
    """The page must see the new list, and give a secret when there is anybody on it."""


@dataclass(frozen=True, slots=True)
class TellMembers:
    """The members' consoles can fetch their boxes."""

    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class LoseVolunteer:
    """Somebody who cannot read cannot listen: offer the contact to somebody else."""

    person: PersonId


Effect = AddMember | RemoveMember | TellPage | TellMembers | LoseVolunteer


def decide(chat: Chat, happening: Happening) -> tuple[Chat, tuple[Effect, ...]]:
    """Say what a happening makes of the chat, and what must be done.

    Telling it twice does no harm, except that `Joined` is a new member each time: the caller
    tells it only for a key that is not in the room yet.
    """
    match happening:
        case Joined(person, at):
            version = chat.version + 1
            others = tuple(each for each in chat.members if each != person)
            removed = (RemoveMember(person, version),) if person in chat.members else ()
            after = Chat(
                version=version, members=(*others, person), keyed=False, key_due=at + KEY_LASTS
            )
            return after, (*removed, AddMember(person, version), TellPage())
        case Left(person, at):
            if person not in chat.members:
                return chat, ()
            version = chat.version + 1
            others = tuple(each for each in chat.members if each != person)
            after = replace(
                chat,
                version=version,
                members=others,
                keyed=False,
                key_due=at + KEY_LASTS if others else None,
            )
            return after, (RemoveMember(person, version), TellPage())
        case KeysGiven(version):
            if version != chat.version or not chat.members:
                return chat, ()
            return replace(chat, keyed=True, key_due=None), (TellMembers(chat.members),)
        case KeyOverdue(at, page_up):
            if chat.key_due is None or at < chat.key_due:
                return chat, ()
            if not page_up:
                # A page that is away is not to blame; its own deadline runs.
                return replace(chat, key_due=at + KEY_LASTS), ()
            lost = tuple(LoseVolunteer(each) for each in chat.members)
            return replace(chat, key_due=None), lost
        case _:
            assert_never(happening)
