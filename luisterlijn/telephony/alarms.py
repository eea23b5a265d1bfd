"""The watch over the provider's account and the fallback: what is looked at, how it is told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import aiohttp
import structlog

from luisterlijn.telephony.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from luisterlijn.telephony.ports import PhoneProvider

log = structlog.get_logger()

PROBE_S = 10.0
"""The provider itself waits 15 seconds for the fallback; who rings then has waited 15 before."""
LARGEST_SCRIPT = 64 * 1024


NEEDED = (
    "TWILIO_ACCOUNT_SID, TWILIO_API_KEY, TWILIO_API_SECRET, TWILIO_AUTH_TOKEN, TWILIO_NUMBERS,"
    " TWILIO_FALLBACK_URL"
)


class Sentence(NamedTuple):
    """What the operator reads, in both languages."""

    nl: str
    en: str


SENTENCES: dict[str, Sentence] = {
    "demo": Sentence(
        "Dit is de demo, met een eigen centrale: niemand van buiten kan bellen.",
        "This is the demo, on its own exchange: nobody outside can call.",
    ),
    "not-set-up": Sentence(
        f"Er is geen telefonie ingesteld. Nodig: {NEEDED}.",
        f"No telephone is set up. Needed: {NEEDED}.",
    ),
    "away": Sentence(
        "De aanbieder antwoordt niet.",
        "The provider does not answer.",
    ),
    "key-refused": Sentence(
        "De aanbieder weigert de sleutel. Hoort hij bij dit account en deze regio?",
        "The provider refuses the key. Is it of this account and this region?",
    ),
    "recordings": Sentence(
        "Er is opgenomen: in het account staan opnamen, of er zijn er vandaag gemaakt."
        " Zoek uit wie dat deed, en wis ze.",
        "Something was recorded: the account holds recordings, or some were made today."
        " Find out who did it, and erase them.",
    ),
    "transcripts": Sentence(
        "Er zijn gesprekken uitgeschreven. Zoek uit wie dat deed, en wis het.",
        "Conversations were transcribed. Find out who did it, and erase it.",
    ),
    "streams": Sentence(
        "Er is vandaag geluid uit gesprekken doorgestuurd. Zoek uit wie dat deed.",
        "Sound of conversations was sent elsewhere today. Find out who did it.",
    ),
    "event-sinks": Sentence(
        "Het account stuurt gebeurtenissen naar buiten. Haal dat weg.",
        "The account sends its events elsewhere. Remove that.",
    ),
    "unknown-key": Sentence(
        "Er is een sleutel in het account die wij niet kennen.",
        "The account has a key that we do not know.",
    ),
    "number-missing": Sentence(
        "Een nummer uit TWILIO_NUMBERS is niet van dit account.",
        "A number in TWILIO_NUMBERS is not of this account.",
    ),
    "voice-url": Sentence(
        "Een nummer vraagt niet bij ons wat het moet doen (voice URL, POST).",
        "A number does not ask us what to do (voice URL, POST).",
    ),
    "fallback-url": Sentence(
        "Een nummer heeft een andere fallback URL dan ingesteld (met GET).",
        "A number has another fallback URL than the one set here (with GET).",
    ),
    "status-url": Sentence(
        "Een nummer meldt ons niet dat een gesprek voorbij is (status callback, POST).",
        "A number does not tell us that a call is over (status callback, POST).",
    ),
    "region": Sentence(
        "Een nummer wordt in een andere regio verwerkt dan TWILIO_REGION.",
        "A number is processed in another region than TWILIO_REGION.",
    ),
    "no-balance": Sentence(
        "Het geld op het account is op: er kan niet worden gebeld.",
        "The account has no money left: no calls can be made.",
    ),
    "low-balance": Sentence(
        "Er staat weinig geld op het account.",
        "The account has little money left.",
    ),
    "fallback-away": Sentence(
        "De fallback URL antwoordt niet: bij een storing hoort een beller een Engelse fout.",
        "The fallback URL does not answer: in an outage a caller hears an error in English.",
    ),
    "fallback-broken": Sentence(
        "Op de fallback URL staat geen script dat spreekt, of het geluid ontbreekt.",
        "The fallback URL has no script that speaks, or its sound is missing.",
    ),
    "unseen-recordings": Sentence(
        "Wij kunnen niet zien of er opnamen zijn.",
        "We cannot see whether there are recordings.",
    ),
    "unseen-transcripts": Sentence(
        "Wij kunnen niet zien of er iets is uitgeschreven.",
        "We cannot see whether anything was transcribed.",
    ),
    "unseen-usage": Sentence(
        "Wij kunnen het gebruik van vandaag niet zien. Kijk zelf, elke week.",
        "We cannot see what was used today. Look yourself, each week.",
    ),
    "unseen-sinks": Sentence(
        "Wij kunnen niet zien of gebeurtenissen naar buiten gaan. Kijk zelf, elke week.",
        "We cannot see whether events are sent elsewhere. Look yourself, each week.",
    ),
    "unseen-keys": Sentence(
        "Wij kunnen de andere sleutels niet zien. Kijk zelf, elke week.",
        "We cannot see the other keys. Look yourself, each week.",
    ),
    "unseen-numbers": Sentence(
        "Wij kunnen niet zien hoe de nummers staan ingesteld.",
        "We cannot see how the numbers are set.",
    ),
    "unseen-region": Sentence(
        "Wij kunnen niet zien in welke regio de nummers worden verwerkt. Kijk zelf.",
        "We cannot see in which region the numbers are processed. Look yourself.",
    ),
    "unseen-balance": Sentence(
        "Wij kunnen niet zien hoeveel geld er is. Kijk zelf, elke week.",
        "We cannot see how much money is left. Look yourself, each week.",
    ),
}
"""Code → what the operator reads; a code keeps its meaning for good."""


class Alarms:
    """Looks at account and fallback; tells the log and the operator's figures."""

    def __init__(
        self, provider: PhoneProvider, fallback_url: str, count: Callable[[str], None]
    ) -> None:
        """Watch this provider; `count` raises the figure of a code."""
        self._provider = provider
        self._fallback_url = fallback_url
        self._count = count

    async def look(self) -> None:
        """Timed work: look at the account."""
        self._tell(await self._provider.findings())

    async def probe(self) -> None:
        """Timed work: ask for the fallback, as the provider would when we are gone."""
        self._tell(await fallback_findings(self._fallback_url))

    def _tell(self, found: Sequence[Finding]) -> None:
        for each in found:
            self._count(each.code)
            if each.grave:
                log.error("telephony_alarm", code=each.code)
            else:
                log.warning("telephony_note", code=each.code)


async def fallback_findings(url: str) -> list[Finding]:
    """Ask for the fallback's script and each sound in it; nobody is called."""
    try:
        async with asyncio.timeout(PROBE_S), aiohttp.ClientSession() as session:
            speaks = await _speaks(session, url)
    except (TimeoutError, OSError, ValueError, aiohttp.ClientError):
        return [Finding(code="fallback-away", grave=True)]
    return [] if speaks else [Finding(code="fallback-broken", grave=True)]


async def _speaks(session: aiohttp.ClientSession, url: str) -> bool:
    async with session.get(url) as answer:
        answer.raise_for_status()
        body = b""
        while len(body) < LARGEST_SCRIPT and (part := await answer.content.readany()):
            body += part
    try:
        script = ET.fromstring(body)  # noqa: S314 - our own file, and no longer than a script
    except ET.ParseError:
        return False
    sounds = [each.text or "" for each in script.iter("Play")]
    if script.tag != "Response" or not (sounds or script.findall("Say")):
        return False
    for sound in sounds:
        async with session.get(urljoin(url, sound)) as answer:
            if not answer.ok or not answer.content_type.startswith("audio/"):
                return False
    return True
