"""The cards beside a conversation, and the numbers to pass on."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from luisterlijn.dispatch import werkwijzer

CARD = """---
id: stil
title: Een stil gesprek
owner: Landelijk
checked_on: 2026-02-01
example: true
---
# Stil

Wacht. --- Vraag dan zacht: "Bent u er nog?"
"""


def test_a_card_is_its_fields_and_its_words() -> None:
    card = werkwijzer.card(CARD)

    assert (card.id, card.title, card.owner) == ("stil", "Een stil gesprek", "Landelijk")
    assert card.checked_on == "2026-02-01"
    assert card.example
    assert card.body == '# Stil\n\nWacht. --- Vraag dan zacht: "Bent u er nog?"'


def test_a_card_of_the_line_itself_is_no_example() -> None:
    assert not werkwijzer.card(CARD.replace("example: true\n", "")).example


def test_a_title_with_a_colon_stays_whole() -> None:
    assert werkwijzer.card(CARD.replace("Een stil", "Stil: een")).title == "Stil: een gesprek"


@pytest.mark.parametrize("field", ["id", "title", "owner", "checked_on"])
def test_a_card_without_an_owner_or_a_date_is_refused(field: str) -> None:
    missing = "\n".join(line for line in CARD.split("\n") if not line.startswith(f"{field}:"))

    with pytest.raises(msgspec.ValidationError):
        werkwijzer.card(missing)


def test_a_text_without_fields_is_no_card() -> None:
    with pytest.raises(ValueError, match="unpack"):
        werkwijzer.card("# Stil\n")


def test_every_card_we_ship_can_be_read_and_says_who_checked_it_when() -> None:
    cards = werkwijzer.read().cards

    assert len({card.id for card in cards}) == len(cards) > 0
    for card in cards:
        assert card.title, card.id
        assert card.owner, card.id
        assert card.body, card.id
        assert date.fromisoformat(card.checked_on) <= date(2099, 1, 1), card.id


def test_the_numbers_a_volunteer_needs_first_are_there_and_were_checked() -> None:
    numbers = {each.number: each for each in werkwijzer.read().numbers}

    assert {"112", "113"} <= set(numbers)
    for number in numbers.values():
        assert number.hours, number.id
        assert date.fromisoformat(number.checked_on) <= date(2099, 1, 1), number.id
