"""A trainee and a mentor are one server: who is beside whom, and who of the two may be asked. Pure.

The database decides by the same rule (`store_pairs.PAIR_ALLOWS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import PersonId
from luisterlijn.volunteers.ports import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from luisterlijn.volunteers.ports import Facts

TRAINEE, MENTOR = "trainee", "mentor"
"""Roles of a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of a pair, as far as the other depends on them.

    `busy`: has a contact in hand or an open offer. `ready`: says so, is heard, and is on a shift.
    """

    busy: bool
    ready: bool


def walks_along(role: str, facts: Facts | None) -> bool:
    """Say whether somebody on this place takes contacts beside a mentor only."""
    return role == TRAINEE or (facts is not None and facts.is_trainee)


def taken_along(facts: Facts | None) -> frozenset[str]:
    """Give the channels somebody takes beside a mentor, and not alone."""
    if facts is None:
        return frozenset()
    return frozenset(channel for channel, at in facts.status.items() if at is Status.WALKING_ALONG)


def together(
    there: Iterable[tuple[PersonId, str]], facts: Mapping[PersonId, Facts]
) -> dict[PersonId, PersonId | None]:
    """Give, for each trainee on a shift, the mentor beside them; None: there is none for them.

    The own mentor if they are on the shift too, else whoever has a mentor's place, else a mentor
    who has a listener's. A mentor has one trainee; of two trainees the same one wins each time.

    Args:
        there: who counts on the shift, with the role of their place.
        facts: what is known of each.
    """
    roles = dict(there)
    trainees = sorted(each for each, role in roles.items() if walks_along(role, facts.get(each)))
    mentors = {
        each: role
        for each, role in roles.items()
        if each not in trainees and (role == MENTOR or _is_mentor(facts.get(each)))
    }
    found = dict[PersonId, PersonId | None].fromkeys(trainees)
    own = {each: facts[each].mentor for each in trainees if each in facts}
    for trainee in trainees:
        mentor = own.get(trainee)
        if mentor in mentors:
            found[trainee] = mentor
            del mentors[mentor]
    for trainee in trainees:
        if found[trainee] is None and mentors:
            mentor = min(mentors, key=lambda each: (mentors[each] != MENTOR, each))
            found[trainee] = mentor
            del mentors[mentor]
    return found


def may_be_asked(*, walks_along: bool, other: Side | None) -> bool:
    """Say whether one of a pair may be offered a contact; `other` None: there is nobody beside.

    While one of the two has a contact or an offer, the other is asked for nothing. The trainee is
    asked only while the mentor is ready.
    """
    if other is None:
        return not walks_along
    return not other.busy and (other.ready or not walks_along)


def _is_mentor(facts: Facts | None) -> bool:
    return facts is not None and facts.is_mentor
