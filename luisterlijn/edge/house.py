"""Where the built faces and the texts lie: beside the code in a checkout, inside it in a wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
HOUSE = _PACKAGE / "_house" if (_PACKAGE / "_house").is_dir() else _PACKAGE.parent
BUILT = HOUSE / "web" / "dist"
PAGES = HOUSE / "web" / "pages"
TEXTS = HOUSE / "texts"


def texts(name: str) -> dict[str, Any]:
    """Read one file of texts."""
    with (TEXTS / name).open("rb") as file:
        return tomllib.load(file)
