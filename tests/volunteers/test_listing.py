"""The file in which a list of volunteers comes and goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.volunteers import listing
from luisterlijn.volunteers.listing import MOST_BYTES, Column
from luisterlijn.volunteers.model import Record
from luisterlijn.volunteers.ports import Agreed

TODAY = date(2026, 11, 24)
ANJA = Record(
    person=PersonId(UUID(int=1)),
    sign_in="anja",
    name="Anja de Vries",
    branch=BranchId(UUID(int=9)),
    branch_name="Utrecht",
    channels=("chat", "phone"),
    agreed=Agreed(vog=date(2025, 2, 3), home=True),
    mentor=None,
    leaves=None,
    history=(),
)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_file_with_or_without_a_mark_and_with_either_delimiter_is_read(
    mark: bytes, delimiter: str
) -> None:
    text = f"Inlognaam{delimiter}NAAM\r\nanja{delimiter}Zoë de Vries\r\n"

    table = listing.read(mark + text.encode())

    assert table.lines == ((2, {Column.SIGN_IN: "anja", Column.NAME: "Zoë de Vries"}, False),)


def test_a_cell_in_quotes_may_hold_a_delimiter_and_a_line_break_and_lines_keep_their_number() -> (
    None
):
    raw = b'inlognaam;naam\n"anja";"Anja;\nde Vries"\n\nbert;Bert\n'

    table = listing.read(raw)

    assert [(number, cells[Column.NAME]) for number, cells, _long in table.lines] == [
        (3, "Anja;\nde Vries"),
        (5, "Bert"),
    ]


def test_headings_that_we_do_not_know_are_told_and_too_many_cells_are_seen() -> None:
    table = listing.read(b"inlognaam;schoenmaat\nanja;38;teveel\nbert;41\n")

    assert table.ignored == ("schoenmaat",)
    assert [is_long for _number, _cells, is_long in table.lines] == [True, False]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        "inlognaam;naam\nZo\u00eb".encode("latin-1"),
        b"naam\nAnja\n",
        b"inlognaam;inlognaam\na;b\n",
        b'inlognaam\n"open\n',
        b"inlognaam\nan\0ja\n",
        b"\x89PNG\r\n",
    ],
)
def test_what_is_no_list_is_refused(raw: bytes) -> None:
    with pytest.raises(Refusal, match="not-a-list"):
        listing.read(raw)


def test_a_file_above_a_megabyte_is_refused() -> None:
    listing.read(b"inlognaam\n" + b"a" * 100)
    with pytest.raises(Refusal, match="message-too-long"):
        listing.read(b"x" * (MOST_BYTES + 1))


def test_a_list_is_written_so_that_a_spreadsheet_opens_it() -> None:
    raw = listing.written([ANJA], TODAY)

    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines() == [
        (
            "inlognaam;naam;vestiging;opleiding;vog;intervisie;uren;diensten;nachten;thuis;"
            "zonder computer;weg tot en met"
        ),
        (
            "anja;Anja de Vries;Utrecht;chat zelfstandig + telefoon zelfstandig;2025-02-03;;16;8;2;"
            "ja;nee;"
        ),
    ]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2", "+31", "'=1", "''@x", "\u00e9=1"])
def test_no_name_is_carried_out_by_a_spreadsheet_and_each_is_read_back(name: str) -> None:
    raw = listing.written([replace(ANJA, name=name)], TODAY)
    cell = raw.decode("utf-8-sig").splitlines()[1].split(";")[1]

    assert not cell.startswith(("=", "+", "-", "@"))
    assert listing.read(raw).lines[0][1][Column.NAME] == name
