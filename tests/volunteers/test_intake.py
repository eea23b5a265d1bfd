"""A list comes in: shown first, written when pressed, once; and goes out to come back unchanged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.privacy.passwords import Passwords
from luisterlijn.volunteers.importing import Reason, What
from luisterlijn.volunteers.model import FIRST_DAY
from luisterlijn.volunteers.ports import Status, Step
from tests.support.coaching import refused

if TYPE_CHECKING:
    from luisterlijn.volunteers.intake import Preview

    from .conftest import Branch

LIST = (
    "inlognaam;naam;vestiging;opleiding;vog;uren\n"
    "anja;Anja de Vries;Utrecht;chat mentor;2025-02-03;12\n"
    "bert;Bert;;;;\n"
    "carl;Carl Bos;utrecht;telefoon in opleiding;;8\n"
    "dora;;;;;\n"
    "zoe;Zoë;;;;\n"
).encode()


def told(preview: Preview) -> list[tuple[int, What, Reason | None]]:
    return [(each.line, each.what, each.reason) for each in preview.lines]


async def everything(branch: Branch) -> list[str]:
    """Give all rows of the tables that a list writes to."""
    found = []
    for table in ("person", "volunteer", "training"):
        rows = await branch.built.owner.fetch(
            f"select to_jsonb(t)::text as said from {table} t order by 1"  # noqa: S608 - ours
        )
        found += [row["said"] for row in rows]
    return found


async def test_a_list_is_shown_line_by_line_and_nothing_is_written(branch: Branch) -> None:
    before = await everything(branch)

    preview = await branch.room.intake.preview(branch.cora, LIST)

    assert told(preview) == [
        (2, What.CHANGED, None),
        (3, What.UNCHANGED, None),
        (4, What.NEW, None),
        (5, What.REFUSED, Reason.EMPTY_NAME),
        (6, What.REFUSED, Reason.TAKEN),
    ]
    assert await everything(branch) == before


async def test_what_was_shown_is_written_and_the_same_list_again_changes_nothing(
    branch: Branch,
) -> None:
    intake, today = branch.room.intake, await branch.today()
    preview = await intake.preview(branch.cora, LIST)

    done = await intake.take_over(branch.cora, LIST, preview.mark)
    written = await everything(branch)
    again = await intake.preview(branch.cora, LIST)
    twice = await intake.take_over(branch.cora, LIST, again.mark)

    assert (len(done.enrolled), done.changed) == (1, 1)
    people = await branch.room.volunteers.people(branch.cora, branch.built.branch)
    assert [each.record.name for each in people] == ["Anja de Vries", "Bert", "Carl Bos"]
    anja, _bert, carl = (each.record for each in people)
    assert anja.history == (
        Step(channel="chat", status=Status.INDEPENDENT, since=FIRST_DAY),
        Step(channel="chat", status=Status.MENTOR, since=today),
    )
    assert (carl.agreed.hours, carl.channels) == (8, ())
    assert [each.status for each in carl.history] == [Status.IN_TRAINING]
    assert told(again)[:3] == [(line, What.UNCHANGED, None) for line in (2, 3, 4)]
    assert (twice.enrolled, twice.changed) == ([], 0)
    assert await everything(branch) == written


async def test_somebody_new_signs_in_with_what_was_shown_once(branch: Branch) -> None:
    intake = branch.room.intake
    raw = b"inlognaam;naam\ncarl;Carl\ndora;Dora\n"
    preview = await intake.preview(branch.cora, raw)

    done = await intake.take_over(branch.cora, raw, preview.mark)

    carl, dora = done.enrolled
    assert carl.password.reveal() != dora.password.reveal()
    assert carl.code_app.reveal().startswith("otpauth://totp/")
    assert carl.password.reveal() not in repr(done)
    stored = await branch.built.owner.fetchval("select password from person where sign_in = 'carl'")
    passwords = Passwords(branch.built.house.tokens)
    assert passwords.matches(stored, carl.password)
    assert not passwords.matches(stored, dora.password)


async def test_a_list_that_would_now_do_something_else_is_shown_again_first(
    branch: Branch,
) -> None:
    intake = branch.room.intake
    preview = await intake.preview(branch.cora, LIST)
    await branch.built.volunteer("carl", branch=branch.other, hours=0)
    before = await everything(branch)

    doing = intake.take_over(branch.cora, LIST, preview.mark)

    assert await refused(doing) is Code.PREVIEW_PASSED
    assert await everything(branch) == before


async def test_two_who_press_at_the_same_time_make_one_account(branch: Branch) -> None:
    intake = branch.room.intake
    raw = b"inlognaam;naam\ncarl;Carl\n"
    preview = await intake.preview(branch.cora, raw)
    codes: list[Code | None] = []

    async def press() -> None:
        try:
            await intake.take_over(branch.cora, raw, preview.mark)
            codes.append(None)
        except Refusal as refusal:
            codes.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for _who in range(3):
            group.create_task(press())

    assert sorted(codes, key=str) == [None, Code.PREVIEW_PASSED, Code.PREVIEW_PASSED]
    names = await branch.built.owner.fetch("select sign_in from person where sign_in = 'carl'")
    assert len(names) == 1


async def test_a_list_that_goes_out_comes_back_unchanged(branch: Branch) -> None:
    await branch.step(branch.anja, Status.MENTOR)
    await branch.step(branch.bert, Status.PAUSED)

    raw = await branch.room.intake.export(branch.cora, branch.built.branch)
    preview = await branch.room.intake.preview(branch.cora, raw)
    nation = await branch.room.intake.export(branch.planner, None)

    assert {each.what for each in preview.lines} == {What.UNCHANGED}
    assert len(preview.lines) == 2
    assert nation.decode().count("\r\n") == 1 + 3


async def test_a_list_moves_nobody_into_or_out_of_a_branch(branch: Branch) -> None:
    raw = "inlognaam;naam;vestiging\nzoe;Zoë;Utrecht\nanja;Anja;Zwolle\n".encode()

    own = await branch.room.intake.preview(branch.cora, raw)
    nation = await branch.room.intake.preview(branch.planner, raw)

    assert [each.reason for each in own.lines] == [Reason.TAKEN, Reason.OTHER_BRANCH]
    assert [each.reason for each in nation.lines] == [Reason.OTHER_BRANCH] * 2
