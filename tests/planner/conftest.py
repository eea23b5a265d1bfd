"""Who plans, and the plans of a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.scope import Role, Scope
from tests.support.planner import scope

if TYPE_CHECKING:
    from luisterlijn.planner.plans import Plans
    from tests.support.house import TestHouse


@pytest.fixture
def plans(built: TestHouse) -> Plans:
    """Give the node's plans."""
    return built.house.planner.plans


@pytest.fixture
def planner(built: TestHouse) -> Scope:
    """Give somebody who plans the whole line."""
    return scope(built, Role.PLANNER)
