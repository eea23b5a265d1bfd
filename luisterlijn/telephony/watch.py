"""What is missing or wrong in the account at the provider: part of the promise. Only looks."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from luisterlijn.kernel.errors import Outage
from luisterlijn.telephony.ports import CallGone, Finding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from luisterlijn.settings import TwilioSettings

LEAST = 50.0
"""Of the account's money: at about a cent a minute and leg, some hours of a full line."""
MOST_ROWS = 1000
MILD = frozenset(
    {
        "low-balance",
        "status-url",
        "unseen-balance",
        "unseen-keys",
        "unseen-region",
        "unseen-sinks",
        "unseen-usage",
    }
)
"""Calls go on safely without these; not every region and kind of key shows all of them."""
USED = {
    "recordings": re.compile(r"record"),
    "transcripts": re.compile(r"transcri|intelligence"),
    "streams": re.compile(r"stream|siprec"),
}
"""What shows in the account's use of the day when somebody made one, even if it is gone by now."""


class NotAllowed(Outage):
    """The provider does not let our key ask this."""


class Account(Protocol):
    """What of the adapter is used here."""

    settings: TwilioSettings
    client: Any

    async def asked(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Put a question that may be put twice."""
        ...


async def findings(account: Account, base: str) -> list[Finding]:
    """Look at everything, each for itself: what cannot be seen is a finding, too.

    Args:
        account: where to look.
        base: our public address, that its numbers must ask.
    """
    codes: set[str] = set()
    unseen: list[Exception] = []
    for name, look in LOOKS.items():
        try:
            codes |= await look(account, base)
        except (Outage, CallGone, ValueError) as fault:
            unseen.append(fault)
            codes.add(f"unseen-{name}")
    if len(unseen) == len(LOOKS):
        refused = all(isinstance(each, NotAllowed) for each in unseen)
        codes = {"key-refused" if refused else "away"}
    return [Finding(code=code, grave=code not in MILD) for code in sorted(codes)]


async def _recordings(account: Account, _base: str) -> set[str]:
    found = await account.asked(partial(account.client.recordings.list_async, limit=1))
    return {"recordings"} if found else set()


async def _transcripts(account: Account, _base: str) -> set[str]:
    found = await account.asked(partial(account.client.transcriptions.list_async, limit=1))
    return {"transcripts"} if found else set()


async def _usage(account: Account, _base: str) -> set[str]:
    """Nothing lists streams: they show in what was used."""
    ask = partial(account.client.usage.records.today.list_async, limit=MOST_ROWS)
    used = [each.category for each in await account.asked(ask) if float(each.count or 0) > 0]
    return {code for code, what in USED.items() if any(map(what.search, used))}


async def _sinks(account: Account, _base: str) -> set[str]:
    found = await account.asked(partial(account.client.events.v1.sinks.list_async, limit=1))
    return {"event-sinks"} if found else set()


async def _keys(account: Account, _base: str) -> set[str]:
    keys = await account.asked(partial(account.client.keys.list_async, limit=MOST_ROWS))
    ours = account.settings.api_key
    return {"unknown-key"} if any(each.sid != ours for each in keys) else set()


async def _numbers(account: Account, base: str) -> set[str]:
    found = set()
    for number in account.settings.numbers:
        ask = partial(account.client.incoming_phone_numbers.list_async, phone_number=number)
        row = next((each for each in await account.asked(ask) if each.phone_number == number), None)
        if row is None:
            found.add("number-missing")
            continue
        # An application or a trunk goes before the number's own address.
        elsewhere = row.voice_application_sid or row.trunk_sid
        if elsewhere or (row.voice_url, row.voice_method) != (f"{base}/phone/incoming", "POST"):
            found.add("voice-url")
        # GET: the fallback is a file, and who serves files refuses POST.
        fallback = (account.settings.fallback_url, "GET")
        if (row.voice_fallback_url, row.voice_fallback_method) != fallback:
            found.add("fallback-url")
        status = (f"{base}/phone/status", "POST")
        if (row.status_callback, row.status_callback_method) != status:
            found.add("status-url")
    return found


async def _region(account: Account, _base: str) -> set[str]:
    for number in account.settings.numbers:
        row = await account.asked(account.client.routes.v2.phone_numbers(number).fetch_async)
        if row.voice_region != account.settings.region:
            return {"region"}
    return set()


async def _balance(account: Account, _base: str) -> set[str]:
    found = await account.asked(account.client.balance.fetch_async)
    left = float(found.balance or 0)
    if left <= 0:
        return {"no-balance"}
    return {"low-balance"} if left < LEAST else set()


LOOKS: dict[str, Callable[[Account, str], Awaitable[set[str]]]] = {
    "recordings": _recordings,
    "transcripts": _transcripts,
    "usage": _usage,
    "sinks": _sinks,
    "keys": _keys,
    "numbers": _numbers,
    "region": _region,
    "balance": _balance,
}
