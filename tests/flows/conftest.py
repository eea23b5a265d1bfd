"""One browser for the whole run; each test has its own node, and each person a profile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from luisterlijn.doors import web_app
from tests.support.browser import Faces, chromium, neutral_page, on_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

    from tests.support.house import TestHouse


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium."""
    async with chromium() as made:
        yield made


@pytest.fixture
async def faces(browser: Browser, built: TestHouse) -> AsyncIterator[Faces]:
    """Both faces of a served node; no page may complain, nor ask anything elsewhere."""
    async with neutral_page() as neutral:
        built.house.settings = replace(built.house.settings, neutral_url=f"{neutral}/weer")
        port = built.house.settings.port
        async with built.house.at_work(), on_port(web_app(built.house), port):
            made = Faces(built, browser, neutral)
            yield made
            await made.close()
    assert made.seen.complaints == []
    assert made.seen.foreign(made.public, made.desk, neutral) == []
