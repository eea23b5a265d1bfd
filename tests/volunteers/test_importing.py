"""What each line of a list would do: nothing but what it says, and faults are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.volunteers import listing
from luisterlijn.volunteers.importing import MOST_NEW, Known, Line, Reason, What, compare
from luisterlijn.volunteers.listing import Column
from luisterlijn.volunteers.model import FIRST_DAY, Record
from luisterlijn.volunteers.ports import Agreed, Status, Step

TODAY = date(2026, 11, 24)
UTRECHT, ZWOLLE = BranchId(UUID(int=11)), BranchId(UUID(int=12))
NOBODY = PersonId(UUID(int=0))
ANJA = Record(
    person=PersonId(UUID(int=1)),
    sign_in="anja",
    name="Anja de Vries",
    branch=UTRECHT,
    branch_name="Utrecht",
    channels=("chat",),
    agreed=Agreed(vog=date(2025, 2, 3)),
    mentor=None,
    leaves=None,
    history=(),
)


def known(*records: Record, own: bool = True, taken: tuple[str, ...] = ()) -> Known:
    return Known(
        records={each.sign_in: each for each in records},
        taken=frozenset(taken),
        branches={
            "utrecht": (UTRECHT, "Utrecht"),
            "zwolle": (ZWOLLE, "Zwolle"),
        },
        own=(UTRECHT, "Utrecht") if own else None,
        today=TODAY,
        nobody=NOBODY,
    )


def lines(text: str, where: Known) -> list[Line]:
    return compare(listing.read(text.encode()), where)


def one(text: str, where: Known | None = None) -> Line:
    [line] = lines(text, where or known(ANJA))
    return line


def test_a_name_that_nobody_has_is_somebody_new() -> None:
    line = one("inlognaam;naam;opleiding;uren\nbert;Bert Bos;chat in opleiding + mail aspirant;8")

    assert (line.what, line.name) == (What.NEW, "Bert Bos")
    assert line.after is not None
    assert (line.after.branch, line.after.agreed) == (UTRECHT, Agreed(hours=8))
    assert line.steps == (
        Step(channel="chat", status=Status.IN_TRAINING, since=TODAY),
        Step(channel="mail", status=Status.ASPIRANT, since=TODAY),
    )


def test_only_what_differs_is_a_change() -> None:
    line = one("inlognaam;naam;vog;uren\nANJA;Anja de Vries;03-02-2025;20")

    assert line.what is What.CHANGED
    assert [(each.column, each.before, each.after) for each in line.changes] == [
        (Column.HOURS, "16", "20")
    ]


def test_an_empty_cell_leaves_things_as_they_are() -> None:
    assert one("inlognaam;naam;vog;uren;thuis\nanja;Anja de Vries;;;").what is What.UNCHANGED


def test_a_step_in_the_file_is_one_of_today_and_what_the_account_said_stays_written_down() -> None:
    line = one("inlognaam;opleiding\nanja;chat mentor", known(ANJA))

    assert line.steps == (Step(channel="chat", status=Status.MENTOR, since=TODAY),)
    assert line.after is not None
    assert line.after.history == (
        Step(channel="chat", status=Status.INDEPENDENT, since=FIRST_DAY),
        *line.steps,
    )


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("inlognaam;naam\n;Anja", Column.SIGN_IN, Reason.EMPTY_SIGN_IN),
        ("inlognaam;naam\nan ja;Anja", Column.SIGN_IN, Reason.BAD_SIGN_IN),
        ("inlognaam;naam\nanja;", Column.NAME, Reason.EMPTY_NAME),
        ("inlognaam\nbert", Column.NAME, Reason.EMPTY_NAME),
        ("inlognaam;naam\nbert;" + "x" * 81, Column.NAME, Reason.LONG_NAME),
        (
            "inlognaam;naam;vestiging\nbert;Bert;Amstelveen",
            Column.BRANCH,
            Reason.UNKNOWN_BRANCH,
        ),
        ("inlognaam;naam;vestiging\nbert;Bert;zwolle", Column.BRANCH, Reason.OTHER_BRANCH),
        ("inlognaam;naam\ncarl;Carl", Column.SIGN_IN, Reason.TAKEN),
        ("inlognaam;vog\nanja;31-02-2026", Column.VOG, Reason.BAD_DATE),
        ("inlognaam;vog\nanja;25-11-2026", Column.VOG, Reason.BAD_DATE),
        ("inlognaam;vog\nanja;gisteren", Column.VOG, Reason.BAD_DATE),
        ("inlognaam;intervisie\nanja;0001-01-01", Column.INTERVISION, Reason.BAD_DATE),
        ("inlognaam;weg tot en met\nanja;9999-12-31", Column.AWAY_UNTIL, Reason.BAD_DATE),
        ("inlognaam;uren\nanja;161", Column.HOURS, Reason.BAD_NUMBER),
        ("inlognaam;nachten\nanja;-1", Column.NIGHTS, Reason.BAD_NUMBER),
        ("inlognaam;diensten\nanja;" + "9" * 5_000, Column.SHIFTS, Reason.BAD_NUMBER),
        ("inlognaam;thuis\nanja;misschien", Column.HOME, Reason.BAD_YES_NO),
        ("inlognaam;opleiding\nanja;fax zelfstandig", Column.TRAINING, Reason.BAD_CHANNEL),
        ("inlognaam;opleiding\nanja;chat bijna", Column.TRAINING, Reason.BAD_TRAINING),
        ("inlognaam;opleiding\nanja;chat", Column.TRAINING, Reason.BAD_TRAINING),
        (
            "inlognaam;opleiding\nanja;chat mentor + chat pauze",
            Column.TRAINING,
            Reason.BAD_TRAINING,
        ),
        ("inlognaam;opleiding\nanja;chat aspirant", Column.TRAINING, Reason.STEP_NOT_POSSIBLE),
        ("inlognaam;naam\nanja;Anja;meer", Column.SIGN_IN, Reason.TOO_MANY_CELLS),
    ],
)
def test_a_fault_is_named_with_its_column(text: str, column: Column, reason: Reason) -> None:
    line = one(text, known(ANJA, taken=("carl",)))

    assert (line.what, line.column, line.reason) == (What.REFUSED, column, reason)
    assert line.line == 2
    assert line.after is None


def test_who_stands_in_the_file_twice_is_refused_the_second_time() -> None:
    found = lines("inlognaam;naam\nbert;Bert\nBERT;Berta\n", known(ANJA))

    assert [(each.line, each.what, each.reason) for each in found] == [
        (2, What.NEW, None),
        (3, What.REFUSED, Reason.DOUBLE),
    ]


def test_who_plans_the_whole_line_names_a_branch_for_somebody_new() -> None:
    text = "inlognaam;naam;vestiging\nbert;Bert;Zwolle\ncarl;Carl;\n"

    found = lines(text, known(ANJA, own=False))

    assert [each.what for each in found] == [What.NEW, What.REFUSED]
    assert found[1].reason is Reason.UNKNOWN_BRANCH


def test_nobody_moves_to_another_branch_by_a_list() -> None:
    line = one("inlognaam;vestiging\nanja;Zwolle", known(ANJA, own=False))

    assert line.reason is Reason.OTHER_BRANCH


def test_more_new_people_than_can_be_given_an_account_at_once_wait_for_the_next_time() -> None:
    text = "inlognaam;naam\n" + "".join(f"nieuw{n};Nieuw\n" for n in range(MOST_NEW + 2))

    found = lines(text, known())

    assert [each.what for each in found].count(What.NEW) == MOST_NEW
    assert {each.reason for each in found[MOST_NEW:]} == {Reason.TOO_MANY_NEW}


DAYS = st.none() | st.dates(FIRST_DAY + timedelta(days=1), TODAY)
RECORDS = st.builds(
    Record,
    person=st.just(ANJA.person),
    sign_in=st.from_regex(r"[a-z0-9][a-z0-9.@_-]{1,20}", fullmatch=True),
    name=st.text(st.characters(categories=("L", "P", "S", "Zs")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda name: name not in ("", "'")),
    branch=st.just(UTRECHT),
    branch_name=st.just("Utrecht"),
    channels=st.sampled_from([(), ("chat",), ("chat", "phone"), ("mail",)]),
    agreed=st.builds(
        Agreed,
        vog=DAYS,
        intervision=DAYS,
        hours=st.integers(0, 160),
        most_shifts=st.integers(0, 28),
        most_nights=st.integers(0, 28),
        home=st.booleans(),
        no_computer=st.booleans(),
        away_until=DAYS,
    ),
    mentor=st.none(),
    leaves=st.none(),
    history=st.lists(
        st.builds(
            Step,
            channel=st.sampled_from(("chat", "phone", "mail")),
            status=st.sampled_from(Status),
            since=st.dates(date(2020, 1, 1), date(2027, 1, 1)),
        ),
        max_size=6,
        unique_by=lambda each: (each.channel, each.since),
    ).map(tuple),
)


@given(st.lists(RECORDS, max_size=5, unique_by=lambda each: each.sign_in))
def test_a_list_that_goes_out_and_comes_back_changes_nothing(records: list[Record]) -> None:
    back = compare(listing.read(listing.written(records, TODAY)), known(*records))

    assert [each.what for each in back] == [What.UNCHANGED] * len(records)


@given(RECORDS, RECORDS)
def test_what_a_list_made_of_somebody_is_unchanged_when_it_comes_again(
    before: Record, wanted: Record
) -> None:
    wanted = replace(wanted, sign_in=before.sign_in, channels=before.channels)
    table = listing.read(listing.written([wanted], TODAY))

    [first] = compare(table, known(before))
    if first.after is not None:
        [again] = compare(table, known(first.after))
        assert again.what is What.UNCHANGED
