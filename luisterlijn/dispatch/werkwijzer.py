"""The werkwijzer: short cards beside a conversation, and the numbers to pass on."""

from __future__ import annotations

import msgspec

from luisterlijn.edge.house import TEXTS, texts


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One card. `example`: ours, to be replaced by the line's own. `body`: Markdown."""

    id: str
    title: str
    owner: str
    checked_on: str
    example: bool
    body: str


class HelpNumber(msgspec.Struct, frozen=True, kw_only=True):
    """One number to pass on, with the day it was last checked.

    `callable`: a volunteer may call it in, when the line allows that.
    """

    id: str
    name: str
    number: str
    web: str | None = None
    hours: str
    checked_on: str
    callable: bool = False
    note: str | None = None


class Werkwijzer(msgspec.Struct, frozen=True, kw_only=True):
    """All cards in the order of their files, and all numbers."""

    cards: list[Card]
    numbers: list[HelpNumber]


def read(*, third_parties: bool = False) -> Werkwijzer:
    """Read cards and numbers; without `third_parties` no number is callable.

    Raises:
        ValueError: a card lacks a field.
    """
    cards = [
        card(path.read_text(encoding="utf-8"))
        for path in sorted((TEXTS / "werkwijzer").glob("*.md"))
    ]
    numbers = [msgspec.convert(each, HelpNumber) for each in texts("noodnummers.toml")["numbers"]]
    if not third_parties:
        numbers = [msgspec.structs.replace(each, callable=False) for each in numbers]
    return Werkwijzer(cards=cards, numbers=numbers)


def card(text: str) -> Card:
    """Read one card: fields between two lines of dashes, then the body."""
    _, head, body = text.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    return msgspec.convert(
        {**fields, "example": fields.get("example") == "true", "body": body.strip()}, Card
    )
