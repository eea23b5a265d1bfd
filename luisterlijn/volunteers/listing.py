"""A list of volunteers as a file: how it is read and written. Pure.

The file is CSV in UTF-8, with or without a mark at its start, with `;` or `,` between cells and a
row of headings. An empty cell leaves things as they are, so a list that was written by
`written` and read again changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.volunteers import model
from luisterlijn.volunteers.ports import Status

if TYPE_CHECKING:
    from datetime import date

    from luisterlijn.volunteers.model import Record

MOST_BYTES = 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would carry out."""
WORDS: Mapping[Status, str] = {
    Status.ASPIRANT: "aspirant",
    Status.IN_TRAINING: "in opleiding",
    Status.WALKING_ALONG: "meeloopfase",
    Status.INDEPENDENT: "zelfstandig",
    Status.MENTOR: "mentor",
    Status.PAUSED: "pauze",
    Status.STOPPED: "gestopt",
}
CHANNELS: Mapping[str, str] = {"chat": "chat", "phone": "telefoon", "mail": "mail"}


@unique
class Column(StrEnum):
    """The headings; `column` in what is told of a line."""

    SIGN_IN = "inlognaam"
    NAME = "naam"
    BRANCH = "vestiging"
    TRAINING = "opleiding"
    VOG = "vog"
    INTERVISION = "intervisie"
    HOURS = "uren"
    SHIFTS = "diensten"
    NIGHTS = "nachten"
    HOME = "thuis"
    NO_COMPUTER = "zonder computer"
    AWAY_UNTIL = "weg tot en met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file that was read: the cells by heading, and headings that we do not know."""

    lines: tuple[tuple[int, Mapping[Column, str], bool], ...]
    ignored: tuple[str, ...]

    @property
    def sign_ins(self) -> list[str]:
        """Give every sign-in name of the file."""
        return [cells.get(Column.SIGN_IN, "").lower() for _number, cells, _long in self.lines]


def read(raw: bytes) -> Table:
    """Read a file.

    Raises:
        Refusal: `message-too-long`; `not-a-list` for what is not UTF-8, is no CSV, or has no
            heading `inlognaam`, or one twice.
    """
    if len(raw) > MOST_BYTES:
        raise Refusal(Code.MESSAGE_TOO_LONG)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(Code.NOT_A_LIST) from None
    if "\0" in text:
        raise Refusal(Code.NOT_A_LIST)
    first = text.lstrip().partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, [_clean(cell) for cell in row]) for row in reader]
    except csv.Error:
        raise Refusal(Code.NOT_A_LIST) from None
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled:
        raise Refusal(Code.NOT_A_LIST)
    headings = [cell.lower().replace("_", " ") for cell in filled[0][1]]
    named = [each for each in headings if each in set(Column)]
    if Column.SIGN_IN not in named or len(set(named)) != len(named):
        raise Refusal(Code.NOT_A_LIST)
    lines = []
    for number, cells in filled[1:]:
        found = {Column(h): c for h, c in zip(headings, cells, strict=False) if h in set(Column)}
        lines.append((number, found, any(cells[len(headings) :])))
    ignored = tuple(each for each in headings if each and each not in set(Column))
    return Table(lines=tuple(lines), ignored=ignored)


def written(records: Sequence[Record], today: date) -> bytes:
    """Give the list of these people as a file that a spreadsheet opens and `read` takes back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.value for column in Column])
    for record in records:
        cells = cells_of(record, today)
        writer.writerow([_guarded(cells[column]) for column in Column])
    return out.getvalue().encode("utf-8-sig")


def cells_of(record: Record, today: date) -> dict[Column, str]:
    """Give a record as the file says it."""
    agreed = record.agreed
    now = model.standing(record.steps, today)
    told = [f"{CHANNELS[channel]} {WORDS[status]}" for channel, status in now.items()]
    return {
        Column.SIGN_IN: record.sign_in,
        Column.NAME: record.name,
        Column.BRANCH: record.branch_name,
        Column.TRAINING: " + ".join(told),
        Column.VOG: _day_text(agreed.vog),
        Column.INTERVISION: _day_text(agreed.intervision),
        Column.HOURS: str(agreed.hours),
        Column.SHIFTS: str(agreed.most_shifts),
        Column.NIGHTS: str(agreed.most_nights),
        Column.HOME: "ja" if agreed.home else "nee",
        Column.NO_COMPUTER: "ja" if agreed.no_computer else "nee",
        Column.AWAY_UNTIL: _day_text(agreed.away_until),
    }


def _day_text(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _clean(cell: str) -> str:
    cell = cell.strip()
    is_guarded = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA)
    return cell[1:] if is_guarded else cell


def _guarded(cell: str) -> str:
    """Keep a spreadsheet from carrying out what somebody is called."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell
