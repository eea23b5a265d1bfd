"""What every test may ask for."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from luisterlijn.store.embedded import Cluster, cluster
from tests.support.database import fresh_database, make_mould
from tests.support.house import TestHouse, made_house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

_numbers = count(1)

LONG = (
    *("tests/flows/", "tests/dispatch/test_contention.py", "tests/laws/test_simulated_"),
    "tests/test_",
)
"""Here a test takes seconds: real browsers, whole processes, many people at once."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: else one worker ends with it while the others have nothing."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    """One PostgreSQL for the whole run."""
    async with cluster(tmp_path_factory.mktemp("postgres"), fast=True) as made:
        await make_mould(made)
        yield made


@pytest.fixture
async def database(server: Cluster) -> AsyncIterator[Cluster]:
    """A migrated database of its own, whose time the test moves."""
    async with fresh_database(server, f"test_{next(_numbers)}") as made:
        yield made


@pytest.fixture
async def built(database: Cluster, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A whole node, at rest: the test does what time would do."""
    async with made_house(database, tmp_path) as made:
        yield made
