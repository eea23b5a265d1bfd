"""When too few are there, and when somebody is told so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from luisterlijn.dispatch.coverage import TOLD_AFTER, Noticed, Thin, noticed, thin

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("there", "coach", "kind"),
    [
        (2, True, None),
        (2, False, None),
        (1, True, Thin.ALONE),
        (1, False, Thin.ALONE_NO_COACH),
        (0, True, Thin.NOBODY),
        (0, False, Thin.NOBODY),
    ],
)
def test_never_fewer_than_two_and_never_one_alone_without_a_coach(
    there: int,
    coach: bool,  # noqa: FBT001
    kind: Thin | None,
) -> None:
    assert thin(there, coach=coach) is kind


@pytest.mark.parametrize("kind", Thin)
def test_it_is_told_only_when_it_lasts(kind: Thin) -> None:
    begun = noticed(None, kind, NIGHT)
    due = NIGHT + TOLD_AFTER[kind]

    assert begun == Noticed(kind=kind, since=NIGHT)
    assert noticed(begun, kind, due - MOMENT) == begun
    assert noticed(begun, kind, due) == Noticed(kind=kind, since=NIGHT, told=True)


def test_one_alone_without_a_coach_is_told_soonest() -> None:
    assert min(TOLD_AFTER, key=lambda each: TOLD_AFTER[each]) is Thin.ALONE_NO_COACH


def test_once_told_it_is_not_told_again() -> None:
    told = Noticed(kind=Thin.ALONE, since=NIGHT, told=True)

    assert noticed(told, Thin.ALONE, NIGHT + timedelta(hours=3)) == told


def test_what_grows_worse_is_told_anew_and_at_once_when_it_lasted_already() -> None:
    told = Noticed(kind=Thin.ALONE, since=NIGHT, told=True)
    fresh = Noticed(kind=Thin.ALONE, since=NIGHT)

    worse = noticed(told, Thin.ALONE_NO_COACH, NIGHT + timedelta(minutes=9))
    too_soon = noticed(fresh, Thin.NOBODY, NIGHT + timedelta(minutes=1))

    assert worse == Noticed(kind=Thin.ALONE_NO_COACH, since=NIGHT, told=True)
    assert too_soon == Noticed(kind=Thin.NOBODY, since=NIGHT)


def test_once_enough_are_there_nothing_is_noticed_any_more() -> None:
    assert noticed(Noticed(kind=Thin.ALONE, since=NIGHT, told=True), None, NIGHT) is None
    assert noticed(None, None, NIGHT) is None
