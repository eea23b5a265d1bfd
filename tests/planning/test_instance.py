"""Reading and writing problems and rosters; what is wrong with a file is said by field."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.planning import instance as values
from luisterlijn.planning.instance import (
    BadFile,
    read_instance,
    read_roster,
    write_instance,
    write_roster,
)
from tests.support.rosters import at, made, national, plain, problem, scattered, somebody

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_instance_that_is_written_is_read_back_the_same_and_writes_the_same_bytes() -> None:
    found = made(1)

    written = write_instance(found)

    assert read_instance(written) == found
    assert read_instance(gzip.decompress(written)) == found
    assert write_instance(read_instance(written)) == written


def test_a_published_instance_is_read() -> None:
    found = read_instance(national("instance-a.json.gz"))

    assert (found.days, len(found.templates), len(found.volunteers)) == (28, 10, 1500)
    assert found.start(0, 9) == 54


def test_a_roster_that_is_written_is_read_back_sorted() -> None:
    found = made(1)
    rows = scattered(found, 1, 20)

    written = write_roster(reversed(rows))

    assert read_roster(written, found) == rows
    assert json.loads(written) == [list(row) for row in rows]


def changed(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda found: found.update(fields)


def person(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda found: found["volunteers"][1].update(fields)


def template(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda found: found["templates"][2].update(fields)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (changed(days=0), "days"),
        (changed(slot_minutes=25), "slot_minutes"),
        (changed(first_counted_slot=-1), "first_counted_slot"),
        (changed(shift_slots=0), "shift_slots"),
        (changed(shift_slots=25), "shift_slots"),
        (changed(templates=[]), "templates"),
        (template(index=3), "templates[2].index"),
        (template(start_hour=48), "templates[2].start_hour"),
        (changed(channels=[], need=[]), "channels"),
        (changed(channels=["phone", "fax"]), "channels"),
        (changed(channels=["phone", "phone"]), "channels"),
        (changed(need=[[0] * 336]), "need"),
        (changed(need=[[0] * 336, [0] * 335]), "need[1]"),
        (changed(need=[[0] * 336, [0] * 335 + [-1]]), "need[1]"),
        (person(id=0), "volunteers[1].id"),
        (person(channels=["mail"]), "volunteers[1].channels"),
        (person(wanted=-1), "volunteers[1].wanted"),
        (person(max_shifts=-1), "volunteers[1].max_shifts"),
        (person(max_nights=-1), "volunteers[1].max_nights"),
        (person(availability=["222222"] * 6), "volunteers[1].availability"),
        (person(availability=["222222"] * 6 + ["22222"]), "volunteers[1].availability[6]"),
        (person(availability=["222222"] * 6 + ["222223"]), "volunteers[1].availability[6]"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    change: Callable[[dict[str, Any]], None], where: str
) -> None:
    found = plain(problem(somebody(0), somebody(1)))
    change(found)

    with pytest.raises(BadFile) as refused:
        read_instance(json.dumps(found).encode())

    assert [fault.where for fault in refused.value.faults] == [where]
    assert all(fault.why for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"days": "28"}', "`$.days`"),
        (b'\xff\xfe{"', "malformed"),
        (b"\x1f\x8bno gzip", "damaged"),
        (gzip.compress(b"{}" * 1000, mtime=0)[:-9], "ends too early"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_reason(data: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_instance(data)

    [fault] = refused.value.faults
    assert fault.where == "file"
    assert said in fault.why


def test_a_file_that_unpacks_without_end_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "LARGEST_BYTES", 1000)

    with pytest.raises(BadFile, match="64 MB"):
        read_instance(gzip.compress(b" " * 1001))


def test_only_the_first_faults_of_many_are_told() -> None:
    bad = replace(problem(*(somebody(number) for number in range(30))), days=8)
    found = plain(bad) | {"need": [[0] * 384] * 2}

    with pytest.raises(BadFile) as refused:
        read_instance(json.dumps(found).encode())

    assert len(refused.value.faults) == values.MOST_FAULTS


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ([9, 0, 0, "phone"], "no volunteer has this id"),
        ([1, 7, 0, "phone"], "no such day"),
        ([1, -1, 0, "phone"], "no such day"),
        ([1, 0, 6, "phone"], "no such template"),
        ([1, 0, 0, "mail"], "no such channel"),
        ([0, 0, 0, "phone"], "stands here twice"),
    ],
)
def test_a_roster_of_something_else_is_refused_with_the_row(row: list[object], why: str) -> None:
    found = problem(somebody(0), somebody(1))

    with pytest.raises(BadFile) as refused:
        read_roster(json.dumps([at(0, 0, 7), row]).encode(), found)

    assert refused.value.faults == (("[1]", why),)


def test_a_roster_of_another_form_is_refused() -> None:
    with pytest.raises(BadFile, match=r"\$\[0\]"):
        read_roster(b'[[0, 0, "7", "phone"]]', problem(somebody(0)))
