"""How small the public page is, and how soon it can be used on a slow phone."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import brotli
from playwright.async_api import async_playwright

from bench.figures import Figure
from bench.served import ours

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHROMIUM = Path("/usr/bin/chromium")
HAS_CHROMIUM = CHROMIUM.exists()
SLOW_3G = {
    "offline": False,
    "latency": 2_000,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
"""2 s and 50 kB/s: what Chromium's own tools call slow 3G."""
SLOWER = 6
TRIES = 3


async def run() -> AsyncIterator[Figure]:
    """Give the figures of the page."""
    async with ours() as served:
        async with aiohttp.ClientSession() as http:
            async with http.get(served.public, headers={"Accept-Encoding": "br"}) as answer:
                html = await answer.read()
            source = re.search(r'data-chat="([^"]+)"', html.decode())
            if source is None:
                raise ValueError("the page names no chat script")
            async with http.get(served.public + source[1]) as answer:
                script = await answer.read()
        first = len(brotli.compress(html))
        chat = first + len(brotli.compress(script))
        yield Figure("public page, first screen (kB brotli)", "<= 14", f"{first / 1000:.1f}")
        yield Figure("public page with the whole chat (kB brotli)", "<= 40", f"{chat / 1000:.1f}")
        if not HAS_CHROMIUM:
            yield Figure("usable on slow 3G, 6x slower processor (s)", "<= 3", "no Chromium")
            return
        soonest = sorted([await _usable(served.public) for _ in range(TRIES)])
        yield Figure(
            "usable on slow 3G, 6x slower processor, median of 3 (s)",
            "<= 3",
            f"{soonest[TRIES // 2]:.2f}",
        )


async def _usable(url: str) -> float:
    """Give after how many seconds the first button can be pressed."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        tools = await page.context.new_cdp_session(page)
        await tools.send("Network.enable")
        await tools.send("Network.emulateNetworkConditions", SLOW_3G)
        await tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        await page.add_init_script(
            """
            const look = () => {
              const button = document.getElementById("begin");
              if (button && !button.hidden && !button.disabled) window.usable = performance.now();
              else requestAnimationFrame(look);
            };
            look();
            """
        )
        await page.goto(url, wait_until="commit")
        usable = None
        async with asyncio.timeout(60):
            while usable is None:
                usable = await page.evaluate("window.usable ?? null")
        await browser.close()
    return float(usable) / 1000
