"""One served node for all tests of a file: they only ask, and change nothing others see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.database import fresh_database
from tests.support.house import made_house
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.store.embedded import Cluster
    from tests.support.served import Served


@pytest.fixture(scope="module")
async def node(
    request: pytest.FixtureRequest, server: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A served node with one branch, and no contact, shift or person in it."""
    name = request.module.__name__.rpartition(".")[2]
    folder = tmp_path_factory.mktemp(name)
    async with (
        fresh_database(server, f"edge_{name}") as database,
        made_house(database, folder) as built,
        served(built) as made,
    ):
        yield made
