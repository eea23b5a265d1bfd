"""Mail to volunteers over a real SMTP talk, with TLS, and nothing of it in any error."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from luisterlijn.edge.postman import (
    DemoPostman,
    Letter,
    Returned,
    SmtpPostman,
    is_here,
    knock,
    written,
)
from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.secret import Secret
from luisterlijn.settings import MailSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
ADDRESS = "wim@vrijwilliger.example"
LETTER = Letter(to=Secret(ADDRESS), subject="Over je rooster", text="Over een dag heb je dienst.\n")


class Box:
    """What a mail host was given; `says` is its answer to each recipient."""

    def __init__(self) -> None:
        """Take everything."""
        self.mails: list[tuple[str, list[str], str]] = []
        self.secure: list[bool] = []
        self.says = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse a recipient."""
        if self.says.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.says

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail."""
        self.secure.append(session.ssl is not None)
        text = envelope.content.decode()
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), text))
        return "250 OK" if server is not None else ""


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Give TLS for a mail host on this machine, and whom to trust to find it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begun = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251 - what TLS itself looks at
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder: Path = tmp_path_factory.mktemp("tls")
    pem = folder / "host.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    host = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    host.load_cert_chain(pem)
    return host, ssl.create_default_context(cafile=str(pem))


@contextlib.asynccontextmanager
async def host(box: Box, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Run a mail host that asks for a password once it speaks TLS; gives its port."""

    def talk() -> SMTP:
        if tls is None:
            return SMTP(box)
        return SMTP(
            box,
            tls_context=tls,
            require_starttls=True,
            auth_required=True,
            authenticator=knows,
        )

    server = await asyncio.get_running_loop().create_server(talk, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()


def knows(_server: object, _session: object, _envelope: object, _way: str, data: Any) -> AuthResult:
    """Take one password."""
    return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"geheim")


@pytest.fixture
def box() -> Box:
    """Give an empty box."""
    return Box()


@pytest.fixture
async def plain(box: Box) -> AsyncIterator[int]:
    """Run a relay on this machine; gives its port."""
    async with host(box) as port:
        yield port


def settings(port: int, *, user: str = "", password: str = "") -> MailSettings:
    """Give the settings of a line."""
    return MailSettings(
        host="127.0.0.1", port=port, sender="rooster@lijn.example", user=user, password=password
    )


async def test_a_mail_arrives_as_it_was_written_and_names_nobody(box: Box, plain: int) -> None:
    await SmtpPostman(settings(plain)).bring(LETTER, NOW)

    [(sender, to, text)] = box.mails
    assert (sender, to) == ("rooster@lijn.example", [ADDRESS])
    assert "Subject: Over je rooster" in text
    assert "Auto-Submitted: auto-generated" in text
    assert "Over een dag heb je dienst." in text
    assert "Date: Tue, 24 Nov 2026 18:00:00" in text


async def test_a_host_elsewhere_is_spoken_to_over_tls_only(
    box: Box, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async with host(box, contexts[0]) as port:
        good = settings(port, user="lijn", password="geheim")
        await SmtpPostman(good, contexts[1], clear=False).bring(LETTER, NOW)
        wrong = settings(port, user="lijn", password="fout")
        with pytest.raises(Outage):
            await SmtpPostman(wrong, contexts[1], clear=False, lasts_s=2).bring(LETTER, NOW)
        with pytest.raises(Outage):  # a host that nobody vouches for
            await SmtpPostman(good, clear=False, lasts_s=1).bring(LETTER, NOW)

    assert box.secure == [True]


async def test_a_host_without_tls_elsewhere_gets_no_mail(box: Box, plain: int) -> None:
    with pytest.raises(Outage):
        await SmtpPostman(settings(plain), clear=False).bring(LETTER, NOW)

    assert box.mails == []


@pytest.mark.parametrize(("says", "error"), [("550 no such user", Returned), ("451 later", Outage)])
async def test_a_no_that_stays_a_no_is_told_apart_from_one_that_passes(
    box: Box, plain: int, says: str, error: type[Exception]
) -> None:
    box.says = says

    with pytest.raises(error) as told:
        await SmtpPostman(settings(plain)).bring(LETTER, NOW)

    assert ADDRESS not in repr(told.value)
    assert told.value.__cause__ is None
    assert box.mails == []


async def test_a_host_that_is_not_there_is_an_outage(box: Box) -> None:
    async with host(box) as port:
        pass

    with pytest.raises(Outage):
        await SmtpPostman(settings(port)).bring(LETTER, NOW)


async def test_a_check_signs_on_and_sends_nothing(box: Box, plain: int) -> None:
    await knock(settings(plain))
    async with host(box) as port:
        pass
    with pytest.raises(Outage):
        await knock(settings(port))

    assert box.mails == []


def test_nothing_can_be_put_into_the_head_of_a_mail() -> None:
    forged = Letter(to=Secret("a@b.example\r\nBcc: c@d.example"), subject="x", text="y")

    with pytest.raises(ValueError, match="linefeed or carriage return"):
        written(forged, "rooster@lijn.example", NOW)


def test_an_address_is_in_no_text_of_a_letter() -> None:
    assert ADDRESS not in repr(LETTER)


@pytest.mark.parametrize(
    ("name", "here"), [("localhost", True), ("127.0.0.1", True), ("::1", True), ("mail.nl", False)]
)
def test_only_this_machine_is_here_(name: str, *, here: bool) -> None:
    assert is_here(name) is here


async def test_the_demo_keeps_the_newest_mail_without_its_address() -> None:
    postman = DemoPostman(keeps=2)
    for number in range(3):
        await postman.bring(Letter(to=Secret(ADDRESS), subject=f"{number}", text="x"), NOW)

    assert [subject for _at, subject, _text in postman.letters()] == ["2", "1"]
    assert ADDRESS not in repr(vars(postman))
