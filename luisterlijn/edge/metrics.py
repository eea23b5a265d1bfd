"""The operator's figures, on a port of their own: how the line does, never how one contact did."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Final

import prometheus_client as prometheus
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.errors import Code

LABELS: Final = frozenset({"channel", "outcome", "code", "node"})
"""All labels there are; none of them can point at a person."""
LOOPBACK: Final = "127.0.0.1"


class Metrics:
    """Counters that advance together every five minutes, so that no step shows when one began."""

    def __init__(self, node: str) -> None:
        """Start at zero; `node` tells this process from the others."""
        self._node = node
        self._registry = prometheus.CollectorRegistry()
        prometheus.ProcessCollector(registry=self._registry)
        self._contacts = prometheus.Counter(
            "luisterlijn_contacts",
            "Contacts by what became of them.",
            ("channel", "outcome", "node"),
            registry=self._registry,
        )
        self._refusals = prometheus.Counter(
            "luisterlijn_refusals",
            "Requests refused, by code.",
            ("code", "node"),
            registry=self._registry,
        )
        self._alarms = prometheus.Counter(
            "luisterlijn_telephony_alarms",
            "Times that something was missing or wrong at the telephone provider, by code.",
            ("code", "node"),
            registry=self._registry,
        )
        self._thin = prometheus.Gauge(
            "luisterlijn_thin_cover",
            "1 while too few volunteers are there on an open line, or no coach can be reached.",
            ("node",),
            registry=self._registry,
        )
        self._outcomes: Counter[tuple[str, str]] = Counter()
        self._codes: Counter[Code] = Counter()

    def contact(self, channel: str, outcome: str) -> None:
        """Count one contact; it shows at the next `advance`."""
        self._outcomes[channel, outcome] += 1

    def refused(self, code: Code) -> None:
        """Count one refusal; it shows at the next `advance`."""
        self._codes[code] += 1

    def alarm(self, code: str) -> None:
        """Count what is wrong at the telephone provider; it shows at once, it is no contact's."""
        self._alarms.labels(code, self._node).inc()

    def thin(self, *, is_thin: bool) -> None:
        """Show at once whether too few are there; it says nothing of a person."""
        self._thin.labels(self._node).set(int(is_thin))

    def advance(self) -> None:
        """Show what was counted since the last time."""
        for (channel, outcome), number in self._outcomes.items():
            self._contacts.labels(channel, outcome, self._node).inc(number)
        for code, number in self._codes.items():
            self._refusals.labels(code.value, self._node).inc(number)
        self._outcomes.clear()
        self._codes.clear()

    def text(self) -> bytes:
        """Give the figures as Prometheus reads them."""
        return prometheus.generate_latest(self._registry)

    @contextlib.asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[None]:
        """Answer `GET /metrics` on this machine only, until the block ends.

        Raises:
            OSError: the port is taken.
        """

        async def figures(_request: web.Request) -> web.Response:
            return web.Response(
                body=self.text(), headers={"Content-Type": prometheus.CONTENT_TYPE_LATEST}
            )

        app = web.Application()
        app.router.add_get("/metrics", figures)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, port, reuse_address=True).start()
            yield
        finally:
            await runner.cleanup()
