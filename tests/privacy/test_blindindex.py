"""A name by which a sealed value is found again, and that dies with its key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from luisterlijn.edge.world import SystemTokens
from luisterlijn.privacy.blindindex import BlindIndex
from luisterlijn.privacy.keyring import Keyring, Readings
from luisterlijn.privacy.retention import RetentionClass

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def index(folder: Path, purpose: str = "call") -> BlindIndex:
    return BlindIndex(Keyring(folder, SystemTokens()), RetentionClass.DAY_1, purpose)


def test_a_value_is_found_under_the_key_of_its_hour_from_every_later_hour(tmp_path: Path) -> None:
    made = index(tmp_path)
    _key, name = made.of("CA1", NOON)
    made.of("CA1", NOON + timedelta(hours=5))

    assert name in made.all_of("CA1")
    assert name not in made.all_of("CA2")


def test_another_purpose_and_another_hour_give_another_name(tmp_path: Path) -> None:
    made = index(tmp_path)

    assert made.of("CA1", NOON)[1] != index(tmp_path, "other").of("CA1", NOON)[1]
    assert made.of("CA1", NOON)[1] != made.of("CA1", NOON + timedelta(hours=1))[1]


def test_when_the_key_is_gone_nothing_is_found(tmp_path: Path) -> None:
    ring = Keyring(tmp_path, SystemTokens())
    made = BlindIndex(ring, RetentionClass.DAY_1, "call")
    _key, name = made.of("CA1", NOON)
    later = NOON + timedelta(hours=26)

    ring.destroy_expired(Readings(database=later, node=later, monotonic=timedelta()), ())

    assert name not in made.all_of("CA1")
