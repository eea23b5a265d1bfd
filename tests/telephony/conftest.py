"""A node with its telephone exchange, for each test about calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.telephones import telephones

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.telephones import Telephones


@pytest.fixture
async def phones(built: TestHouse) -> AsyncIterator[Telephones]:
    """A node at rest and the exchange that calls it."""
    async with telephones(built) as made:
        yield made
