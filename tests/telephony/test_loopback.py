"""What only the loopback adapter promises; the rest is in the contract of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import Exchange
from luisterlijn.simulation.exchange_desk import DemoDesk, Here
from luisterlijn.telephony.loopback import LoopbackProvider, signed

if TYPE_CHECKING:
    from pathlib import Path


async def nothing(_url: str, _form: dict[str, str]) -> tuple[int, bytes]:
    return 204, b""


async def test_the_demo_says_that_it_is_one(tmp_path: Path) -> None:
    exchange = Exchange(nothing, Chance(1, "x"), account="AC", number="+31850000000", voice_url="")
    desk = DemoDesk(Here(exchange), tmp_path / "url")
    provider = LoopbackProvider(desk, base="http://x", number="+31850000000", token=b"t")

    assert [(each.code, each.grave) for each in await provider.findings()] == [("demo", False)]


def test_the_order_of_fields_and_an_empty_one_change_nothing_but_a_value_does() -> None:
    form = {"B": "2", "A": "", "C": "é"}
    turned = dict(reversed(form.items()))

    assert signed(b"t", "http://x/", form) == signed(b"t", "http://x/", turned)
    assert signed(b"t", "http://x/", form) != signed(b"t", "http://x/", {**form, "A": "1"})
