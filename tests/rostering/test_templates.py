"""Templates of a branch."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.model import Template
from tests.support.roster import coordinator, refusal

if TYPE_CHECKING:
    from tests.support.house import TestHouse


def morning(built: TestHouse) -> Template:
    return Template(
        template=UUID(int=0),
        branch=built.branch,
        weekdays=1,
        starts=time(7),
        ends=time(11),
        channels=("chat",),
        least=1,
        wanted=2,
        night=False,
    )


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (time(7), time(7), Code.ZERO_LENGTH),
        (time(7), time(19, 1), Code.BAD_REQUEST),
        (time(7), time(6), Code.BAD_REQUEST),
        (time(23), time(2, 30), Code.BAD_REQUEST),
        (time(2), time(7), Code.BAD_REQUEST),
        (time(7), time(19), None),
        (time(23), time(3), None),
    ],
)
async def test_a_shift_of_no_length_too_long_or_in_the_hour_that_is_not_there_is_refused(
    built: TestHouse, starts: time, ends: time, code: Code | None
) -> None:
    new = replace(morning(built), starts=starts, ends=ends)

    assert await refusal(built.house.roster.templates.add(coordinator(built), new)) is code


async def test_more_at_least_than_wanted_and_a_branch_that_is_none_are_refused(
    built: TestHouse,
) -> None:
    templates, new = built.house.roster.templates, morning(built)
    nowhere = replace(new, branch=BranchId(new_id(built.house.tokens)))

    assert await refusal(templates.add(LINE, replace(new, least=3))) is Code.BAD_REQUEST
    assert await refusal(templates.add(LINE, nowhere)) is Code.NOT_FOUND


async def test_a_template_is_changed_and_removed_by_its_own_branch_only(built: TestHouse) -> None:
    templates, cora = built.house.roster.templates, coordinator(built)
    stranger = coordinator(built, BranchId(new_id(built.house.tokens)))
    made = await templates.add(cora, morning(built))
    later = replace(made, starts=time(8), ends=time(12), branch=BranchId(UUID(int=5)))

    assert await refusal(templates.change(stranger, later)) is Code.NOT_FOUND
    assert await refusal(templates.remove(stranger, made.template)) is Code.NOT_FOUND
    assert await templates.all(stranger, built.branch) == []
    changed = await templates.change(cora, later)
    shown = await templates.all(cora, built.branch)
    await templates.remove(cora, made.template)

    assert shown == [changed] == [replace(later, branch=built.branch)]
    assert await templates.all(cora, built.branch) == []
    assert await refusal(templates.change(cora, later)) is Code.NOT_FOUND
