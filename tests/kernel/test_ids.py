"""Names of things."""

from __future__ import annotations

import pytest

from luisterlijn.kernel.ids import ID_BYTES, new_id, parse_id


class Counting:
    """Chance that counts."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.asked = 0

    def bytes(self, size: int) -> bytes:
        """Give the next number as so many bytes."""
        self.asked += 1
        return self.asked.to_bytes(size, "big")


def test_an_id_is_nothing_but_chance() -> None:
    tokens = Counting()

    assert [new_id(tokens).bytes for _each in range(2)] == [
        (1).to_bytes(ID_BYTES, "big"),
        (2).to_bytes(ID_BYTES, "big"),
    ]


def test_an_id_is_read_as_it_is_written() -> None:
    made = new_id(Counting())

    assert parse_id(made.hex) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 31,
        "0" * 33,
        "A" * 32,
        "g" * 32,
        "\u0661" * 32,
        " " + "0" * 31,
        "0" * 31 + "\n",
        "00000000-0000-0000-0000-00000000000",
        "{" + "0" * 30 + "}",
        "0x" + "0" * 30,
    ],
)
def test_anything_else_is_no_id(text: str) -> None:
    assert parse_id(text) is None
