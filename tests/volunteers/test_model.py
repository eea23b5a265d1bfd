"""The rules about training, papers, mentors, gatherings and leaving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.volunteers import model
from luisterlijn.volunteers.model import STEPS, Gathering, Paper
from luisterlijn.volunteers.ports import Audience, Facts, Status, Step

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
HERE, THERE = BranchId(UUID(int=1)), BranchId(UUID(int=2))


def step(status: Status, since: date = TODAY, channel: str = "chat") -> Step:
    return Step(channel=channel, status=status, since=since)


def refusal(history: list[Step], new: Step) -> Code | None:
    try:
        model.check_step(history, new, TODAY)
    except Refusal as refused:
        return refused.code
    return None


def facts(number: int, branch: BranchId = HERE, **status: Status) -> Facts:
    return Facts(person=PersonId(UUID(int=number)), branch=branch, name="Anja", status=status)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_a_career_goes_step_by_step_and_no_step_is_skipped() -> None:
    career = [
        *(Status.ASPIRANT, Status.IN_TRAINING, Status.WALKING_ALONG, Status.INDEPENDENT),
        *(Status.MENTOR, Status.PAUSED, Status.STOPPED),
    ]

    for at, to in pairwise(career):
        assert refusal([step(at, ago(9))], step(to)) is None
    for at, to in (
        (Status.ASPIRANT, Status.INDEPENDENT),
        (Status.IN_TRAINING, Status.INDEPENDENT),
        (Status.IN_TRAINING, Status.MENTOR),
        (Status.WALKING_ALONG, Status.MENTOR),
        (Status.PAUSED, Status.MENTOR),
        (Status.STOPPED, Status.INDEPENDENT),
    ):
        assert refusal([step(at, ago(9))], step(to)) is Code.STEP_NOT_POSSIBLE


def test_what_is_possible_is_what_is_not_refused() -> None:
    for at in (None, *Status):
        history = [step(at, ago(9))] if at else []

        allowed = {to for to in Status if refusal(history, step(to)) is None}

        assert allowed == set(STEPS[at]) == set(model.possible(history, "chat", TODAY))


def test_each_channel_has_a_career_of_its_own() -> None:
    history = [step(Status.MENTOR, ago(9), "phone")]

    assert refusal(history, step(Status.PAUSED)) is Code.STEP_NOT_POSSIBLE
    assert refusal(history, step(Status.PAUSED, channel="phone")) is None


def test_a_second_step_on_a_day_takes_the_place_of_the_first() -> None:
    history = [step(Status.WALKING_ALONG, ago(30)), step(Status.STOPPED, TODAY)]

    assert refusal(history, step(Status.INDEPENDENT)) is None
    assert Status.INDEPENDENT in model.possible(history, "chat", TODAY)


def test_a_step_is_taken_back_on_its_own_day_only() -> None:
    today = [step(Status.INDEPENDENT, ago(30)), step(Status.PAUSED, TODAY)]
    earlier = [step(Status.WALKING_ALONG, ago(30)), step(Status.INDEPENDENT, ago(1))]

    assert refusal(today, step(Status.INDEPENDENT)) is None
    assert refusal(earlier, step(Status.INDEPENDENT)) is Code.STEP_NOT_POSSIBLE


def test_no_step_is_put_before_one_that_is_written_down() -> None:
    history = [step(Status.IN_TRAINING, TODAY)]

    assert refusal(history, step(Status.ASPIRANT, ago(1))) is Code.STEP_TOO_EARLY
    assert model.possible(history, "chat", ago(1)) == ()


@pytest.mark.parametrize(
    "new",
    [
        step(Status.ASPIRANT, date(1989, 12, 31)),
        step(Status.ASPIRANT, TODAY + timedelta(days=367)),
        step(Status.ASPIRANT, channel="fax"),
    ],
)
def test_a_far_day_or_an_unknown_channel_is_no_step(new: Step) -> None:
    assert refusal([], new) is Code.BAD_REQUEST


@given(st.lists(st.tuples(st.sampled_from(Status), st.integers(0, 400)), max_size=30))
def test_whatever_is_tried_no_history_skips_a_step(tries: list[tuple[Status, int]]) -> None:
    history: list[Step] = []
    for status, days in tries:
        new = step(status, ago(400) + timedelta(days=days))
        if refusal(history, new) is None:
            history = [each for each in history if each.since != new.since] + [new]

    walked = sorted(history, key=lambda each: each.since)
    for first, then in pairwise(walked):
        assert then.status in STEPS[first.status] | {first.status}


@pytest.mark.parametrize(
    ("given_on", "paper"),
    [
        (None, Paper.MISSING),
        (date(2025, 1, 1), Paper.FINE),
        (date(2024, 2, 23), Paper.FINE),
        (date(2024, 2, 22), Paper.SOON),
        (date(2023, 11, 25), Paper.SOON),
        (date(2023, 11, 24), Paper.OLD),
    ],
)
def test_a_certificate_is_old_after_three_years_and_soon_old_three_months_before(
    given_on: date | None, paper: Paper
) -> None:
    assert model.vog(given_on, TODAY) is paper


def test_a_certificate_of_a_leap_day_is_good_until_the_first_of_march() -> None:
    assert model.vog(date(2024, 2, 29), date(2027, 2, 28)) is Paper.SOON
    assert model.vog(date(2024, 2, 29), date(2027, 3, 1)) is Paper.OLD


def test_intervision_longer_than_a_quarter_ago_is_said() -> None:
    assert model.intervision(None, TODAY) is Paper.MISSING
    assert model.intervision(ago(92), TODAY) is Paper.FINE
    assert model.intervision(ago(93), TODAY) is Paper.OLD


def test_only_a_mentor_of_the_branch_who_stays_can_be_given() -> None:
    trainee = facts(1, chat=Status.WALKING_ALONG)
    mentor = facts(2, chat=Status.MENTOR)
    model.check_mentor(trainee, mentor)

    for wrong in (
        None,
        facts(2, chat=Status.INDEPENDENT),
        facts(2, THERE, chat=Status.MENTOR),
        facts(1, chat=Status.MENTOR),
        Facts(
            person=PersonId(UUID(int=2)),
            branch=HERE,
            name="Bert",
            status={"chat": Status.MENTOR},
            leaves=TODAY,
        ),
    ):
        with pytest.raises(Refusal, match="not-a-mentor"):
            model.check_mentor(trainee, wrong)


def test_a_message_to_a_group_is_for_that_group_only() -> None:
    mentor = facts(1, chat=Status.MENTOR)
    trainee = facts(2, chat=Status.WALKING_ALONG)
    learns_more = facts(3, chat=Status.INDEPENDENT, phone=Status.IN_TRAINING)
    listener = facts(4, chat=Status.INDEPENDENT)
    everybody = (mentor, trainee, learns_more, listener)

    to = {
        audience: [each for each in everybody if model.belongs(each, audience)]
        for audience in Audience
    }

    assert to == {
        Audience.BRANCH: [*everybody],
        Audience.MENTORS: [mentor],
        Audience.TRAINEES: [trainee, learns_more],
        Audience.SHIFT: [],
    }


@pytest.mark.parametrize(
    ("last", "over"),
    [
        (date(2026, 11, 24), datetime(2026, 11, 25, 6, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 29, 5, tzinfo=UTC)),  # summer time begins that night
        (date(2026, 10, 24), datetime(2026, 10, 25, 6, tzinfo=UTC)),  # and ends
    ],
)
def test_a_last_day_is_over_when_its_night_shift_is(last: date, over: datetime) -> None:
    assert model.ends_at(last) == over


def test_a_last_day_is_today_or_later_and_not_years_away() -> None:
    model.check_last_day(TODAY, TODAY)
    with pytest.raises(Refusal, match="in-the-past"):
        model.check_last_day(ago(1), TODAY)
    with pytest.raises(Refusal, match="bad-request"):
        model.check_last_day(date(2028, 1, 1), TODAY)


def gathering(**changed: object) -> Gathering:
    values: dict[str, object] = {
        "branch": HERE,
        "starts": NOW + timedelta(days=1),
        "ends": NOW + timedelta(days=1, hours=2),
        "seats": 8,
        "taken": 7,
        "cancelled": False,
    }
    return Gathering(**{**values, **changed})  # type: ignore[arg-type] # mixed values


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"branch": THERE}, "not-found"),
        ({"cancelled": True}, "gathering-off"),
        ({"starts": NOW}, "in-the-past"),
        ({"taken": 8}, "gathering-full"),
    ],
)
def test_a_seat_is_refused_for_a_reason(changed: dict[str, object], code: str) -> None:
    model.check_seat(gathering(), HERE, NOW)
    model.check_seat(gathering(branch=None), THERE, NOW)

    with pytest.raises(Refusal, match=code):
        model.check_seat(gathering(**changed), HERE, NOW)


@pytest.mark.parametrize(
    ("starts", "hours", "code"),
    [
        (NOW, 2, "in-the-past"),
        (NOW + timedelta(days=1), 0, "zero-length"),
        (NOW + timedelta(days=1), 17, "bad-request"),
        (NOW + timedelta(days=400), 2, "bad-request"),
    ],
)
def test_a_gathering_has_a_length_and_lies_ahead(starts: datetime, hours: int, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        model.check_gathering(starts, starts + timedelta(hours=hours), NOW)
