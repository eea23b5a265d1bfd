"""A line of a few written scripts, and an exchange that calls it; nothing runs by itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.simulation.exchange_parts import Leg

ACCOUNT = "AC" + "1" * 32
NUMBER = "+31850000000"
BASE = "https://lijn.example"
JO, ANNA = "+31612345678", "+3197010000001"
SOUND_S = 2.0


@dataclass(slots=True)
class Line:
    """Answers each path with the script that a test wrote, 204 where it wrote none.

    `faults`: path → so often it fails before it answers. `then`: path → done while it is asked.
    `sent` is every form that came, oldest first.
    """

    scripts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    then: dict[str, Callable[[], object]] = field(default_factory=dict)
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def deliver(self, url: str, form: dict[str, str]) -> tuple[int, bytes]:
        """Answer one form."""
        path = url.removeprefix(BASE)
        self.sent.append((path, form))
        if path in self.then:
            self.then.pop(path)()
        if self.faults.get(path, 0):
            self.faults[path] -= 1
            raise OSError
        if path not in self.scripts:
            return 204, b""
        return 200, f"<Response>{self.scripts[path]}</Response>".encode()

    def forms(self, path: str) -> list[dict[str, str]]:
        """Give what was told at a path."""
        return [form for where, form in self.sent if where == path]

    def told(self, path: str, key: str) -> list[str]:
        """Give one field of all that was told at a path."""
        return [form.get(key, "") for form in self.forms(path)]


def exchange_to(line: Line, *, fallback: str = "") -> Exchange:
    """Give an exchange whose one number is this line's."""
    return Exchange(
        line.deliver,
        Chance(1, "exchange"),
        account=ACCOUNT,
        number=NUMBER,
        voice_url=f"{BASE}/incoming",
        fallback_url=BASE + fallback if fallback else "",
        status_url=f"{BASE}/status",
        seconds=lambda _url: SOUND_S,
    )


def placed(exchange: Exchange, to: str = ANNA, timeout_s: float = 15) -> Leg:
    """Let the account call somebody."""
    return exchange.place(to, NUMBER, f"{BASE}/placed", f"{BASE}/news", timeout_s)


def heard(leg: Leg) -> list[str]:
    """Give what a leg heard, without our address."""
    return [each.removeprefix(BASE) for each in leg.heard]


def play(*names: str) -> str:
    """Write sounds."""
    return "".join(f"<Play>{BASE}/{name}</Play>" for name in names)


def gather(inside: str, *, digits: int = 1, timeout: int = 5) -> str:
    """Write a question for keys."""
    about = f'action="{BASE}/keys" numDigits="{digits}" timeout="{timeout}"'
    return f"<Gather {about}>{inside}</Gather>"


def enqueue() -> str:
    """Write the waiting room."""
    return f'<Enqueue waitUrl="{BASE}/wait" action="{BASE}/after">waiting</Enqueue>'


def redirect(path: str) -> str:
    """Write that another script comes next."""
    return f"<Redirect>{BASE}{path}</Redirect>"


def meet(room: str = "room", *, ends: bool = True, longest: int | None = None) -> str:
    """Write a conference."""
    limit = "" if longest is None else f' timeLimit="{longest}"'
    about = f'statusCallback="{BASE}/room" endConferenceOnExit="{str(ends).lower()}"'
    return f'<Dial action="{BASE}/left"{limit}><Conference {about}>{room}</Conference></Dial>'


@contextlib.asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """Serve on this machine; gives the address."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
