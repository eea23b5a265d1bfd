"""Settings: the environment becomes one frozen value; every fault is named at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

KNOWN = frozenset(
    f"LUISTERLIJN_{name}"
    for name in (
        "PORT OPS_PORT BIND DATA KEYS PUBLIC_URL CONSOLE_URL TRUSTED_PROXIES NEUTRAL_URL DEMO"
        " MOST_WAITING CALLS_A_DAY PAST_LIMIT THIRD_PARTIES EMERGENCY CHANNEL_WEIGHTS"
    ).split()
)
TWILIO = frozenset(
    f"TWILIO_{name}"
    for name in (
        "ACCOUNT_SID API_KEY API_SECRET AUTH_TOKEN REGION EDGE NUMBERS CPS FALLBACK_URL"
    ).split()
)
MAIL = frozenset(
    f"MAIL_{name}" for name in "SMTP_HOST SMTP_PORT SMTP_USER SMTP_PASSWORD SENDER".split()
)
SECRETS = frozenset({"TWILIO_API_SECRET", "TWILIO_AUTH_TOKEN", "MAIL_SMTP_PASSWORD"})
CHANNELS = ("phone", "chat")
MOST_WEIGHT = 10
LAST_PORT = 2**16 - 1
_NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_WELCOME = re.compile(r"welcome(-[a-z0-9-]{1,40})?", re.ASCII)
_SENDER = re.compile(r"[^\s@<>]+@[a-z0-9.-]+\.[a-z]{2,}", re.ASCII)
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?", re.ASCII)


class SettingsFault(Exception):
    """The environment cannot be used; `faults` names all that is wrong, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        """Remember every fault."""
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    """The account at the telephone provider.

    `numbers` maps each of our numbers (`+31…`) to the prompt that welcomes its callers.
    `calls_per_s`: how many calls the account may place in a second. `auth_token` checks
    signatures only; `api_key` and `api_secret` are those of a key made for this line and region.
    """

    account: str
    api_key: str
    api_secret: str = field(repr=False)
    auth_token: str = field(repr=False)
    numbers: Mapping[str, str]
    region: str = "ie1"
    edge: str = "dublin"
    calls_per_s: int = 1
    fallback_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail host that takes reminders for volunteers.

    `sender`: the address they come from. `user` empty: the host asks for none. `port` 465: TLS
    from the first byte; any other: TLS before anything is said, but on this very machine.
    """

    host: str
    sender: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator chose.

    `most_waiting`: of one channel, before a new one hears that the line is full.
    `calls_a_day`: conversations by phone per caller in 24 hours, 0 is no limit; `past_limit`: a
    key leads past it, behind the others. `emergency`: a coach's decision about the emergency
    services is noted. `channel_weights`: how much a second of waiting counts.
    `twilio` None: the demo's own telephone exchange, or no telephone at all. `mail` None: kept in
    memory by the demo, else no reminder by mail at all.
    `database_url` None means: start our own PostgreSQL in `data`. Origins have no trailing slash.
    `ops_port` unset is the one after `port`. Both database addresses are also read from the file
    that `DATABASE_URL_FILE` and `DATABASE_OWNER_URL_FILE` name.
    """

    port: int = 8080
    ops_port: int = 8081
    bind: str = "127.0.0.1"
    data: Path = Path("var")
    keys: Path = Path("var/keys")
    public_url: str = "http://127.0.0.1:8080"
    console_url: str = "http://localhost:8080"
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    neutral_url: str = "https://www.buienradar.nl"
    demo: bool = False
    most_waiting: int = 100
    calls_a_day: int = 4
    past_limit: bool = True
    third_parties: bool = False
    emergency: bool = False
    channel_weights: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(CHANNELS, 1))
    twilio: TwilioSettings | None = None
    mail: MailSettings | None = None
    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        SettingsFault: anything unknown, unreadable, or unsafe outside the demo.
    """
    reader = _Reader(environment)
    settings = reader.settings()
    faults = reader.faults + _unsafe(settings)
    if faults:
        raise SettingsFault(faults)
    return settings


class _Reader:
    """Reads value by value and collects what is wrong instead of stopping at the first."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        known = KNOWN | TWILIO | MAIL | {f"{name}_FILE" for name in SECRETS}
        self.faults = [
            f"{name}: unknown setting"
            for name in sorted(environment)
            if name.startswith(("LUISTERLIJN_", "TWILIO_", "MAIL_")) and name not in known
        ]

    def settings(self) -> Settings:
        port = self._port("LUISTERLIJN_PORT", 8080)
        data = Path(self._text("LUISTERLIJN_DATA", "var"))
        return Settings(
            port=port,
            ops_port=self._port("LUISTERLIJN_OPS_PORT", port + 1 if port < LAST_PORT else port - 1),
            bind=self._address("LUISTERLIJN_BIND", "127.0.0.1"),
            data=data,
            keys=Path(self._text("LUISTERLIJN_KEYS", str(data / "keys"))),
            public_url=self._origin("LUISTERLIJN_PUBLIC_URL", f"http://127.0.0.1:{port}"),
            console_url=self._origin("LUISTERLIJN_CONSOLE_URL", f"http://localhost:{port}"),
            trusted_proxies=self._networks("LUISTERLIJN_TRUSTED_PROXIES"),
            neutral_url=self._page("LUISTERLIJN_NEUTRAL_URL", "https://www.buienradar.nl"),
            demo=self._flag("LUISTERLIJN_DEMO"),
            most_waiting=self._number("LUISTERLIJN_MOST_WAITING", 100),
            calls_a_day=self._number("LUISTERLIJN_CALLS_A_DAY", 4, least=0),
            past_limit=self._flag("LUISTERLIJN_PAST_LIMIT", "1"),
            third_parties=self._flag("LUISTERLIJN_THIRD_PARTIES"),
            emergency=self._flag("LUISTERLIJN_EMERGENCY"),
            channel_weights=self._weights("LUISTERLIJN_CHANNEL_WEIGHTS"),
            twilio=self._twilio(),
            mail=self._mail(),
            database_url=self._database("DATABASE_URL"),
            database_owner_url=self._database("DATABASE_OWNER_URL"),
        )

    def _text(self, name: str, default: str) -> str:
        return self._environment.get(name, "") or default

    def _port(self, name: str, default: int) -> int:
        text = self._text(name, str(default))
        if text.isascii() and text.isdigit() and 0 < int(text) <= LAST_PORT:
            return int(text)
        self.faults.append(f"{name}: not a port between 1 and {LAST_PORT}")
        return default

    def _number(self, name: str, default: int, *, least: int = 1) -> int:
        text = self._text(name, str(default))
        if text.isascii() and text.isdigit() and least <= int(text) < 10**6:
            return int(text)
        self.faults.append(f"{name}: not a whole number from {least} to 999999")
        return default

    def _weights(self, name: str) -> dict[str, int]:
        weights = dict.fromkeys(CHANNELS, 1)
        for word in self._text(name, "").replace(",", " ").split():
            channel, _, weight = word.partition("=")
            known = channel in weights and weight.isascii() and weight.isdigit()
            if not known or not 0 < int(weight) <= MOST_WEIGHT:
                self.faults.append(f"{name}: words like phone=2, with 1 to {MOST_WEIGHT}")
                return weights
            weights[channel] = int(weight)
        return weights

    def _twilio(self) -> TwilioSettings | None:
        if not any(name.startswith("TWILIO_") for name in self._environment):
            return None
        needed = {
            "TWILIO_ACCOUNT_SID": self._text("TWILIO_ACCOUNT_SID", ""),
            "TWILIO_API_KEY": self._text("TWILIO_API_KEY", ""),
            "TWILIO_API_SECRET": self._secret("TWILIO_API_SECRET") or "",
            "TWILIO_AUTH_TOKEN": self._secret("TWILIO_AUTH_TOKEN") or "",
            "TWILIO_NUMBERS": self._text("TWILIO_NUMBERS", ""),
            "TWILIO_FALLBACK_URL": self._text("TWILIO_FALLBACK_URL", ""),
        }
        self.faults += [
            f"{name}: needed when calls go by Twilio" for name in needed if not needed[name]
        ]
        fallback = needed["TWILIO_FALLBACK_URL"]
        if fallback and not fallback.startswith("https://"):
            self.faults.append("TWILIO_FALLBACK_URL: https only, and on another host than ours")
        return TwilioSettings(
            account=needed["TWILIO_ACCOUNT_SID"],
            api_key=needed["TWILIO_API_KEY"],
            api_secret=needed["TWILIO_API_SECRET"],
            auth_token=needed["TWILIO_AUTH_TOKEN"],
            numbers=self._numbers("TWILIO_NUMBERS"),
            region=self._text("TWILIO_REGION", "ie1"),
            edge=self._text("TWILIO_EDGE", "dublin"),
            calls_per_s=self._number("TWILIO_CPS", 1),
            fallback_url=fallback,
        )

    def _mail(self) -> MailSettings | None:
        if not any(name.startswith("MAIL_") for name in self._environment):
            return None
        host, sender = self._text("MAIL_SMTP_HOST", ""), self._text("MAIL_SENDER", "")
        if not host:
            self.faults.append("MAIL_SMTP_HOST: needed when mail is sent")
        if not _SENDER.fullmatch(sender):
            self.faults.append("MAIL_SENDER: an address like rooster@example.nl")
        return MailSettings(
            host=host,
            sender=sender,
            port=self._port("MAIL_SMTP_PORT", 587),
            user=self._text("MAIL_SMTP_USER", ""),
            password=self._secret("MAIL_SMTP_PASSWORD") or "",
        )

    def _numbers(self, name: str) -> dict[str, str]:
        found = {}
        for word in self._text(name, "").replace(",", " ").split():
            number, _, welcome = word.partition("=")
            if not _NUMBER.fullmatch(number) or not _WELCOME.fullmatch(welcome or "welcome"):
                self.faults.append(f"{name}: words like +31880000000=welcome")
                return {}
            found[number] = welcome or "welcome"
        return found

    def _flag(self, name: str, default: str = "0") -> bool:
        text = self._text(name, default)
        if text not in ("0", "1"):
            self.faults.append(f"{name}: 0 or 1")
        return text == "1"

    def _origin(self, name: str, default: str) -> str:
        text = self._text(name, default).rstrip("/")
        # Spelt as a browser spells it in `Origin` and `Host`, or no request would fit.
        if not _ORIGIN.fullmatch(text) or text.endswith((":80", ":443")):
            self.faults.append(f"{name}: not an origin like https://www.example.nl")
        return text

    def _page(self, name: str, default: str) -> str:
        text = self._text(name, default)
        if not text.startswith("https://") or not _ORIGIN.match(text):
            self.faults.append(f"{name}: not a page like https://www.example.nl/")
        return text

    def _address(self, name: str, default: str) -> str:
        text = self._text(name, default)
        try:
            ip_address(text)
        except ValueError:
            if text != "localhost":
                self.faults.append(f"{name}: not an address of this machine, like 127.0.0.1")
        return text

    def _networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        found: list[IPv4Network | IPv6Network] = []
        for word in self._text(name, "").replace(",", " ").split():
            try:
                found.append(ip_network(word))
            except ValueError:
                self.faults.append(f"{name}: a word in it is no address or network")
        return tuple(found)

    def _database(self, name: str) -> str | None:
        text = self._secret(name)
        if text is not None and not text.startswith("postgresql://"):
            self.faults.append(f"{name}: not an address like postgresql://role:password@host/name")
        return text

    def _secret(self, name: str) -> str | None:
        given, file = self._environment.get(name), self._environment.get(f"{name}_FILE")
        if given and file:
            self.faults.append(f"{name}: set it or {name}_FILE, not both")
        if not file:
            return given or None
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, ValueError):
            self.faults.append(f"{name}_FILE: that file cannot be read")
            return "postgresql://"  # so that it does not count as left out, too


def _unsafe(settings: Settings) -> list[str]:
    """Name what no line with real callers may run with, and what the demo may not do."""
    faults = []
    if settings.ops_port == settings.port:
        faults.append("LUISTERLIJN_OPS_PORT: must differ from LUISTERLIJN_PORT")
    if bool(settings.database_url) != bool(settings.database_owner_url):
        faults.append("DATABASE_URL and DATABASE_OWNER_URL: set both, or neither")
    if settings.public_url == settings.console_url:
        faults.append("LUISTERLIJN_CONSOLE_URL: must differ from LUISTERLIJN_PUBLIC_URL")
    if settings.demo:
        if not _loopback(settings.bind):
            faults.append("LUISTERLIJN_BIND: the demo listens on loopback addresses only")
        return faults
    for name, origin in (
        ("LUISTERLIJN_PUBLIC_URL", settings.public_url),
        ("LUISTERLIJN_CONSOLE_URL", settings.console_url),
    ):
        if origin.startswith("http://"):
            faults.append(f"{name}: https only, outside the demo")
    if settings.keys.resolve().is_relative_to(settings.data.resolve()):
        faults.append("LUISTERLIJN_KEYS: must lie outside LUISTERLIJN_DATA, and outside backups")
    if settings.database_url is None:
        faults.append("DATABASE_URL: the own PostgreSQL is for the demo; name yours")
    return faults


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
