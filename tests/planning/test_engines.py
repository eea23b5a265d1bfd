"""Engines by name."""

from __future__ import annotations

import pytest

from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.engines import BUILTIN, engine
from tests.support.rosters import SteppingClock


def test_the_built_in_engine_is_there() -> None:
    assert isinstance(engine(BUILTIN, SteppingClock()), Builtin)


def test_another_name_is_no_engine() -> None:
    with pytest.raises(ValueError, match="no such engine"):
        engine("abacus", SteppingClock())
