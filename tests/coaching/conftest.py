"""A conversation with a colleague and a coach at hand, for each test about being beside one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.beside import Scene

if TYPE_CHECKING:
    from tests.support.house import TestHouse


@pytest.fixture
async def scene(built: TestHouse) -> Scene:
    """The scene as it begins."""
    return await Scene.made(built)
