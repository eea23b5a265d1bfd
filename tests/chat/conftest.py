"""A served node with a volunteer on shift, for each test that talks over real sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A node that serves; the line is open as soon as somebody has a shift."""
    async with served(built) as made:
        yield made
