"""A roster as a table: what can be read, and what becomes of each line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.kernel.clock import AMSTERDAM, Interval
from luisterlijn.rostering.tabular import (
    COLUMNS,
    Judged,
    Key,
    Known,
    KnownPerson,
    KnownShift,
    Refused,
    Row,
    judge,
    read,
    write,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = ",".join(COLUMNS)
LINE = "utrecht,2026-11-03,19:00,23:00,chat,anja,listener,published"
CHATS, ALONG = frozenset({"chat"}), frozenset({"phone"})


def key(hour: int = 18, day: int = 3) -> Key:
    start = datetime(2026, 11, day, hour, tzinfo=UTC)
    return ("utrecht", start, start + timedelta(hours=4), ("chat",))


def known(
    shifts: dict[Key, KnownShift] | None = None,
    taken: dict[str, list[tuple[Interval, Key]]] | None = None,
) -> Known:
    return Known(
        branches=frozenset({"utrecht", "zwolle"}),
        people={
            "anja": KnownPerson(branch="utrecht", takes=CHATS, along=frozenset()),
            "tess": KnownPerson(branch="utrecht", takes=frozenset(), along=ALONG),
            "zoe": KnownPerson(branch="zwolle", takes=CHATS, along=frozenset()),
        },
        shifts=shifts or {},
        taken=taken or {},
    )


def judged(*lines: str, there: Known | None = None) -> Judged:
    rows, refused = read("\n".join([HEAD, *lines]))
    assert refused == []
    return judge(rows, there or known(), NOW)


def reasons(*lines: str, there: Known | None = None) -> list[Refused]:
    return judged(*lines, there=there).refused


def changed(**columns: str) -> str:
    """Give a good line with other words in some columns."""
    told = dict(zip(COLUMNS, LINE.split(","), strict=True)) | columns
    return ",".join(told[each] for each in COLUMNS)


def test_a_line_is_a_place_of_somebody_on_a_shift_told_in_amsterdam_time() -> None:
    [row], refused = read(f"{HEAD}\n{LINE}\n")

    assert refused == []
    assert row == Row(
        line=2,
        branch="utrecht",
        during=Interval(key()[1], key()[2]),
        channels=("chat",),
        sign_in="anja",
        role="listener",
        state="published",
    )


def test_columns_may_stand_in_any_order_with_semicolons_and_a_mark_before_them() -> None:
    turned = ";".join(reversed(COLUMNS)) + "\n" + ";".join(reversed(LINE.split(",")))

    assert read(turned)[0] == read(f"{HEAD}\n{LINE}")[0]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"date": "2026-11-31"}, "date"),
        ({"date": "03-11-2026"}, "date"),
        ({"starts": "25:00"}, "date"),
        ({"ends": "soon"}, "date"),
        ({"ends": "19:00"}, "zero-length"),
        ({"ends": "08:00"}, "date"),
        ({"date": "2026-03-29", "starts": "02:30", "ends": "07:00"}, "date"),
        ({"channels": "chat+fax"}, "channels"),
        ({"channels": ""}, "channels"),
        ({"role": "boss"}, "role"),
        ({"role": ""}, "role"),
        ({"state": "maybe"}, "state"),
        ({"sign_in": ""}, "state"),
        ({"date": "9999-12-31", "starts": "23:00", "ends": "03:00"}, "date"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_reason(
    columns: dict[str, str], reason: str
) -> None:
    rows, refused = read("\n".join([HEAD, LINE, changed(**columns)]))

    assert len(rows) == 1
    assert refused == [Refused(line=3, reason=reason)]


@pytest.mark.parametrize("text", ["", "\n\n", "name,date\nx,y", HEAD.replace("role", "rol")])
def test_a_table_with_other_columns_is_refused_as_a_whole(text: str) -> None:
    assert read(text) == ([], [Refused(line=1, reason="columns")])


def test_a_line_with_too_few_or_far_too_long_cells_is_refused() -> None:
    rows, refused = read("\n".join([HEAD, "utrecht,2026-11-03", changed(sign_in="x" * 600)]))

    assert rows == []
    assert [each.reason for each in refused] == ["columns", "columns"]


def test_what_is_not_there_yet_is_new_and_what_is_there_is_unchanged() -> None:
    there = known({key(): KnownShift(drafted=False, places={"anja": ("listener", "published")})})
    empty = changed(sign_in="", role="")

    assert [row.sign_in for row in judged(LINE).new] == ["anja"]
    assert len(judged(LINE, empty, there=there).unchanged) == 2
    assert [row.sign_in for row in judged(empty).new] == [""]


def test_another_role_or_state_is_a_change() -> None:
    there = known({key(): KnownShift(drafted=False, places={"anja": ("listener", "published")})})

    found = judged(changed(state="confirmed"), there=there)

    assert ([row.state for row in found.changed], found.refused) == (["confirmed"], [])
    assert judged(changed(role="reserve"), there=there).changed[0].role == "reserve"


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"branch": "nowhere"}, "unknown-branch"),
        ({"sign_in": "nobody"}, "unknown-person"),
        ({"sign_in": "zoe"}, "other-branch"),
        ({"date": "2026-10-03"}, "in-the-past"),
        ({"channels": "phone"}, "not-trained"),
        ({"channels": "phone", "sign_in": "tess"}, "not-trained"),
        ({"state": "checked_in"}, "state"),
        ({"state": "no_show"}, "state"),
        ({"state": "taken_off"}, "state"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(columns: dict[str, str], reason: str) -> None:
    assert reasons(changed(**columns)) == [Refused(line=2, reason=reason)]


def test_a_trainee_takes_beside_a_mentor_what_they_walk_along_with() -> None:
    assert reasons(changed(channels="phone", sign_in="tess", role="trainee")) == []


def test_nobody_stands_in_two_places_by_the_table_or_beside_it() -> None:
    later = changed(starts="21:00", ends="01:00")
    next_one = changed(starts="23:00", ends="03:00")
    elsewhere = {"anja": [(Interval(key(20)[1], key(20)[2]), key(20))]}

    assert reasons(LINE, later) == [Refused(line=3, reason="overlaps")]
    assert reasons(LINE, next_one) == []
    assert reasons(LINE, there=known(taken=elsewhere)) == [Refused(line=2, reason="overlaps")]


def test_the_same_line_twice_is_refused_once() -> None:
    found = judged(LINE, changed(state="confirmed"))

    assert (len(found.new), found.refused) == (1, [Refused(line=3, reason="double")])


def test_a_proposal_stands_on_a_draft_only() -> None:
    draft = known({key(): KnownShift(drafted=True, places={})})
    proposed = changed(state="proposed")

    assert reasons(proposed, there=draft) == []
    assert reasons(LINE, there=draft) == [Refused(line=2, reason="state")]
    assert reasons(LINE, changed(state="proposed", sign_in="tess", role="trainee")) == [
        Refused(line=3, reason="state")
    ]


def test_who_came_stays_who_came() -> None:
    came = known({key(): KnownShift(drafted=False, places={"anja": ("listener", "checked_in")})})

    assert reasons(LINE, there=came) == [Refused(line=2, reason="state")]
    assert len(judged(changed(state="checked_in"), there=came).unchanged) == 1


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - on the wall
                lambda each: each.replace(minute=each.minute // 15 * 15, second=0, microsecond=0)
            ),
            st.integers(1, 11),
            st.sampled_from([("chat",), ("chat", "phone"), ("mail",)]),
            st.sampled_from(["", "anja", "bas", "a,b", 'quo"te']),
        ),
        max_size=8,
    )
)
def test_what_is_written_reads_as_the_same(
    lines: list[tuple[datetime, int, tuple[str, ...], str]],
) -> None:
    rows = []
    for number, (wall, hours, channels, who) in enumerate(lines):
        start = wall.replace(tzinfo=AMSTERDAM).astimezone(UTC)
        if start.astimezone(AMSTERDAM).fold or (wall.hour + hours) % 24 in (2, 3) or wall.hour == 2:
            continue  # an hour that is there twice or not at all cannot be told
        end_wall = wall + timedelta(hours=hours)
        during = Interval(start, end_wall.replace(tzinfo=AMSTERDAM).astimezone(UTC))
        rows.append(
            Row(
                line=number + 2,
                branch="utrecht",
                during=during,
                channels=channels,
                sign_in=who,
                role="listener" if who else "",
                state="published",
            )
        )

    found, refused = read(write(rows))

    assert refused == []
    assert {(row.key, row.sign_in, row.role, row.state) for row in found} == {
        (row.key, row.sign_in, row.role, row.state) for row in rows
    }
    assert write(found) == write(rows)
