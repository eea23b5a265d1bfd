"""A trainee and a mentor on one shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


async def pair(
    built: TestHouse, *, channel: str = "chat", names: str = "anja bas", hours: float = 4
) -> tuple[PersonId, PersonId]:
    """Give a trainee and a mentor who are on the same shift from now on, and not yet ready."""
    trainee_name, mentor_name = names.split()
    trainee = await built.volunteer(trainee_name, channels=(), hours=0)
    mentor = await built.volunteer(mentor_name, channels=(channel,), hours=hours)
    await built.owner.execute(
        "insert into training (person, branch, channel, status, since)"
        " select $1, $2, $3, 'walking_along', (line_now() - interval '30 days')::date",
        trainee,
        built.branch,
        channel,
    )
    await built.owner.execute(
        "insert into place (id, shift, branch, person, during, state, role)"
        " select gen_random_uuid(), shift, branch, $1, during, 'published', 'trainee' from place"
        " where person = $2",
        trainee,
        mentor,
    )
    await mentors(built, mentor, channel)
    return trainee, mentor


async def mentors(built: TestHouse, person: PersonId, channel: str) -> None:
    """Let somebody who is on a shift be a mentor, there and by training."""
    await built.owner.execute(
        "insert into training (person, branch, channel, status, since)"
        " select $1, $2, $3, 'mentor', (line_now() - interval '30 days')::date",
        person,
        built.branch,
        channel,
    )
    await built.owner.execute("update place set role = 'mentor' where person = $1", person)
