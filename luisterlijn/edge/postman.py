"""Mail to our own volunteers, and to nobody else: short, neutral, over TLS only.

No mail ever goes to a caller, chatter or mailer: for them there is no address here to send to.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol

import aiosmtplib

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from luisterlijn.settings import MailSettings

SENDS_S = 20.0
"""A mail host that has not taken a mail by then is tried again later."""
TLS_PORT = 465
"""Here the whole talk is over TLS; on every other port it is asked for before anything is said."""
REFUSED = 500
"""Codes from here on are a no that stays a no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail. `to`: sealed at rest, shown in no text of ours."""

    to: Secret[str]
    subject: str
    text: str


class Returned(Exception):
    """The mail host will never take this mail: a wrong address, or it takes none of ours."""


class Postman(Protocol):
    """Brings mail to volunteers."""

    async def bring(self, letter: Letter, now: datetime) -> None:
        """Hand a mail to the mail host.

        Raises:
            Returned: it will never be taken.
            Outage: not taken, or not known: it may be tried again.
        """
        ...


class SmtpPostman:
    """Brings mail by SMTP."""

    def __init__(
        self,
        settings: MailSettings,
        trust: ssl.SSLContext | None = None,
        *,
        clear: bool | None = None,
        lasts_s: float = SENDS_S,
    ) -> None:
        """Use this mail host.

        Args:
            settings: which, and as whom.
            trust: whom to believe; None: whom the system believes.
            clear: may be spoken to without TLS; None: only a relay on this very machine.
            lasts_s: a mail host that has not taken a mail by then is tried again later.
        """
        self._settings = settings
        self._trust = trust or ssl.create_default_context()
        self._lasts_s = lasts_s
        self._clear = is_here(settings.host) if clear is None else clear

    async def bring(self, letter: Letter, now: datetime) -> None:
        """Hand a mail to the mail host; see `Postman.bring`."""
        chosen = self._settings
        whole = chosen.port == TLS_PORT
        try:
            await aiosmtplib.send(
                written(letter, chosen.sender, now),
                hostname=chosen.host,
                port=chosen.port,
                username=chosen.user or None,
                password=chosen.password or None,
                timeout=self._lasts_s,
                use_tls=whole,
                start_tls=not whole and not self._clear,
                tls_context=self._trust,
            )
        except aiosmtplib.SMTPResponseException as answer:
            if answer.code >= REFUSED and not isinstance(
                answer, aiosmtplib.SMTPAuthenticationError
            ):
                raise Returned from None
            raise Outage("mail") from None
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(each.code >= REFUSED for each in refused.recipients):
                raise Returned from None
            raise Outage("mail") from None
        except (aiosmtplib.SMTPException, OSError, ValueError):
            # Their texts repeat the address: none of them goes on.
            raise Outage("mail") from None


async def knock(settings: MailSettings, trust: ssl.SSLContext | None = None) -> None:
    """Talk to the mail host, sign on, and go: no mail is sent.

    Raises:
        Outage: it is not there, speaks no TLS, or takes neither name nor password.
    """
    whole = settings.port == TLS_PORT
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.user or None,
        password=settings.password or None,
        timeout=SENDS_S,
        use_tls=whole,
        start_tls=not whole and not is_here(settings.host),
        tls_context=trust or ssl.create_default_context(),
    )
    try:
        async with client:
            await client.noop()
    except (aiosmtplib.SMTPException, OSError, ValueError):
        raise Outage("mail") from None


class DemoPostman:
    """Keeps the demo's mail in memory, to be looked at; the address is not kept at all."""

    def __init__(self, keeps: int = 50) -> None:
        """Keep the newest so many."""
        self._keeps = keeps
        self._letters: list[tuple[datetime, str, str]] = []

    async def bring(self, letter: Letter, now: datetime) -> None:
        """Keep what a mail says."""
        self._letters = [*self._letters, (now, letter.subject, letter.text)][-self._keeps :]

    def letters(self) -> Sequence[tuple[datetime, str, str]]:
        """Give (when, subject, text) of each, the newest first."""
        return self._letters[::-1]


def written(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """Write a mail as it is sent: text only, no name, and nothing that a robot answers.

    Raises:
        ValueError: the address or subject holds a line break.
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to.reveal()
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    return message


def is_here(host: str) -> bool:
    """Say whether a mail host is this machine: a relay here is spoken to in clear."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
