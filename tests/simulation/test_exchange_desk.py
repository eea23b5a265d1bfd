"""An exchange in another process: asked by address, found again after the server died."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from luisterlijn.kernel.errors import Outage
from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import Exchange
from luisterlijn.simulation.exchange_desk import DemoDesk, Here, outside_app

if TYPE_CHECKING:
    from pathlib import Path


async def nothing(_url: str, _form: dict[str, str]) -> tuple[int, bytes]:
    return 204, b""


def exchange(name: str) -> Exchange:
    return Exchange(nothing, Chance(1, name), account="AC", number="+31850000000", voice_url="")


async def test_calls_go_outside_once_attached_and_those_of_ours_stay_here(tmp_path: Path) -> None:
    ours, outside = exchange("ours"), exchange("outside")
    runner = web.AppRunner(outside_app(outside))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk = DemoDesk(Here(ours), tmp_path / "url")
    leg = ours.call_in("1")
    try:
        desk.attach(f"http://127.0.0.1:{runner.addresses[0][1]}")
        again = DemoDesk(Here(ours), tmp_path / "url")  # as after a restart
        form = {"To": "client:abc", "From": "+31850000000", "Url": "x"}
        made = await again.request("POST", "/Calls", form, None)
        here = await again.request("GET", f"/Calls/{leg.sid}", {}, leg.sid)
    finally:
        await again.close()
        await runner.cleanup()

    assert made[0] == 201
    assert len(outside.legs) == 1
    assert here[0] == 200
    with pytest.raises(Outage):
        await desk.request("GET", "/Calls/CA1", {}, None)
    desk.detach()
    assert (await desk.request("GET", "/Calls/CA1", {}, None))[0] == 404
    await desk.close()
