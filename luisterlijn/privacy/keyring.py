"""The period keys: random, wrapped by a root key, destroyed in time.

One per retention class and period. They live outside the database and outside every backup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from luisterlijn.privacy import retention as rules
from luisterlijn.privacy.keyfiles import KeyFolder
from luisterlijn.privacy.redaction import Secret
from luisterlijn.privacy.retention import RetentionClass

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from luisterlijn.kernel.ids import TokenSource

KEY_BYTES = 32
KEY_ID_BYTES = 16
LEAP = timedelta(hours=2)
"""Clocks that differ by more have leapt: destroying keys on such a time could not be undone."""
AHEAD = timedelta(hours=48)
"""How far ahead keys are made, so that a full disk shows two days before it stops the line."""

_NONCE_BYTES = 12
_VERSION = b"\x01"
_ROOT = re.compile(r"root\.(\d{6})\.key")
_PERIOD = re.compile(r"period\.([a-z0-9-]+)\.(\d{8}T\d{4}Z)\.key")
_LASTING = re.compile(r"lasting\.[a-z0-9-]+\.key")
_START = "%Y%m%dT%H%MZ"


class KeyGone(Exception):
    """The key was destroyed, or never was here: what it sealed cannot be opened by anybody."""


class ClockLeap(Exception):
    """The three clocks disagree: nothing is destroyed until a person has looked."""


class KeyStoreBroken(Exception):
    """A file in the key folder is missing or does not open; the message names the file only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kek:
    """A period's key. It wraps data keys and seals nothing itself."""

    id: bytes
    retention: RetentionClass
    start: datetime
    key: Secret[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Three clocks read at one moment; `monotonic` counts on from any start."""

    database: datetime
    node: datetime
    monotonic: timedelta


class Keyring:
    """All period keys of this machine, in memory and in the key folder.

    Several processes may share the folder. Each sees what another made when it misses a key, and
    forgets what another destroyed at `refresh` or whenever it writes itself.
    """

    def __init__(self, folder: Path, tokens: TokenSource) -> None:
        """Read the folder; at the very first start, make it and its root key.

        Raises:
            KeyStoreBroken: an entry has no root key, or does not open.
        """
        self._files = KeyFolder(folder)
        self._tokens = tokens
        self._roots: dict[int, Secret[bytes]] = {}
        self._names: dict[str, Kek] = {}
        self._ids: dict[bytes, Kek] = {}
        self._first: Readings | None = None
        with self._files.locked():
            if not self._files.names():
                self._make_root(1)
            self._read()
            if len(self._roots) > 1:
                self._move_to_newest_root()

    def current(self, retention: RetentionClass, now: datetime) -> Kek:
        """Give the key of the period that `now` lies in; make it when it is not there yet."""
        start = rules.period_start(retention, now)
        kek = self._names.get(_period_name(retention, start))
        if kek is None:
            with self._files.locked():
                kek = self._made(retention, start)
        return kek

    def find(self, key_id: bytes) -> Kek:
        """Give the key with this id.

        Raises:
            KeyGone: there is none.
        """
        if key_id not in self._ids:
            self.refresh()
        kek = self._ids.get(key_id)
        if kek is None:
            raise KeyGone("no such key")
        return kek

    def refresh(self) -> None:
        """Take over what other processes made and destroyed."""
        with self._files.locked():
            self._read()

    def held(self, retention: RetentionClass) -> list[Kek]:
        """Give the class's keys as this process knows them now, newest period first."""
        return sorted(
            (kek for kek in self._names.values() if kek.retention is retention),
            key=lambda kek: kek.start,
            reverse=True,
        )

    def make_ahead(self, now: datetime, hours: int = AHEAD // timedelta(hours=1)) -> int:
        """Make the keys of all periods up to `hours` from now; give how many were missing."""
        missing = 0
        with self._files.locked():
            self._read()
            for retention, rule in rules.RULES.items():
                start = rules.period_start(retention, now)
                while start <= now + timedelta(hours=hours):
                    missing += _period_name(retention, start) not in self._names
                    self._made(retention, start)
                    start += rule.period
        return missing

    def destroy_expired(self, times: Readings, in_use: Collection[bytes]) -> list[bytes]:
        """Destroy each key whose time is over, by the database's time; give their ids.

        Args:
            times: the three clocks, read just now. They are compared with one another and with
                the first readings this keyring was given; clocks that are all wrong from the
                start of the process cannot be told from right ones.
            in_use: ids that rows still name. Only a class without a fixed length (at close,
                account) looks at them; a fixed length is a promise that no row can stretch.

        Raises:
            ClockLeap: the clocks disagree by more than `LEAP`; nothing was destroyed.
        """
        self._first = self._first or times
        if not _agree(self._first, times):
            raise ClockLeap("database, node and monotonic time disagree by more than two hours")
        used = frozenset(in_use)
        with self._files.locked():
            self._read()
            over = [
                (name, kek)
                for name, kek in self._names.items()
                if rules.key_goes(kek.retention, kek.start, times.database, used=kek.id in used)
            ]
            for name, _kek in over:
                self._files.destroy(name)
                self._forget(name)
        return [kek.id for _name, kek in over]

    def living(self, retention: RetentionClass, now: datetime) -> list[bytes]:
        """Give the ids of the keys whose rows are still kept; a row under any other key is due.

        They are those of periods that ended within the class's length, and of later ones.
        """
        rule = rules.RULES[retention]
        lasts = rule.lasts if rule.lasts is not None else now - rules.EPOCH
        with self._files.locked():
            self._read()
        return [
            kek.id
            for kek in self._names.values()
            if kek.retention is retention and now < kek.start + rule.period + lasts
        ]

    def lasting(self, name: str, fresh: bytes) -> Secret[bytes]:
        """Give the secret kept under this name; the first time ever, keep `fresh` under it.

        Args:
            name: lower-case letters, digits and dashes.
            fresh: unpredictable bytes that the caller just made.
        """
        file = f"lasting.{name}.key"
        if not _LASTING.fullmatch(file):
            raise ValueError("a lasting secret is named with lower-case letters, digits, dashes")
        with self._files.locked():
            self._read()
            if file not in self._files.names():
                self._files.write_new(file, self._wrapped(file, fresh))
            return Secret(self._unwrapped(file))

    def change_root(self) -> None:
        """Wrap every entry under a fresh root key, then destroy the former one.

        What a disk still holds of an entry that was destroyed before opens under no key that is
        left. A death halfway is finished at the next start.
        """
        with self._files.locked():
            self._read()
            self._make_root(max(self._roots) + 1)
            self._move_to_newest_root()

    def _made(self, retention: RetentionClass, start: datetime) -> Kek:
        """Give the key of a period; when it is new, it is on the disk before it is given."""
        name = _period_name(retention, start)
        if name not in self._names:
            self._read()
        if name not in self._names:
            fresh = self._tokens.bytes(KEY_ID_BYTES) + self._tokens.bytes(KEY_BYTES)
            self._files.write_new(name, self._wrapped(name, fresh))
            self._remember(name, fresh)
        return self._names[name]

    def _read(self) -> None:
        """Make memory equal to the folder."""
        names = self._files.names()
        roots = {int(found[1]): name for name in names if (found := _ROOT.fullmatch(name))}
        if not roots:
            raise KeyStoreBroken("root key missing")
        self._roots = {
            number: self._roots.get(number) or self._root(name) for number, name in roots.items()
        }
        periods = [name for name in names if _PERIOD.fullmatch(name)]
        for name in set(self._names).difference(periods):
            self._forget(name)
        for name in periods:
            if name not in self._names:
                self._remember(name, self._unwrapped(name))

    def _root(self, name: str) -> Secret[bytes]:
        key = self._files.read(name)
        if len(key) != KEY_BYTES:
            raise KeyStoreBroken(name)
        return Secret(key)

    def _make_root(self, number: int) -> None:
        key = self._tokens.bytes(KEY_BYTES)
        self._files.write_new(f"root.{number:06d}.key", key)
        self._roots[number] = Secret(key)

    def _move_to_newest_root(self) -> None:
        newest = max(self._roots)
        for name in self._files.names():
            if not _ROOT.fullmatch(name) and _root_of(self._files.read(name)) != newest:
                self._files.replace(name, self._wrapped(name, self._unwrapped(name)))
        for number in sorted(set(self._roots) - {newest}):
            self._files.destroy(f"root.{number:06d}.key")
            del self._roots[number]

    def _remember(self, name: str, content: bytes) -> None:
        found = _PERIOD.fullmatch(name)
        if found is None or len(content) != KEY_ID_BYTES + KEY_BYTES:
            raise KeyStoreBroken(name)
        kek = Kek(
            id=content[:KEY_ID_BYTES],
            retention=RetentionClass(found[1]),
            start=datetime.strptime(found[2], _START).replace(tzinfo=UTC),
            key=Secret(content[KEY_ID_BYTES:]),
        )
        self._names[name] = kek
        self._ids[kek.id] = kek

    def _forget(self, name: str) -> None:
        del self._ids[self._names.pop(name).id]

    def _wrapped(self, name: str, content: bytes) -> bytes:
        """Give version ‖ number of the root ‖ nonce ‖ sealed; the name is bound to it."""
        number = max(self._roots)
        head = _VERSION + number.to_bytes(4, "big")
        nonce = self._tokens.bytes(_NONCE_BYTES)
        cipher = AESGCM(self._roots[number].reveal())
        return head + nonce + cipher.encrypt(nonce, content, head + name.encode())

    def _unwrapped(self, name: str) -> bytes:
        stored = self._files.read(name)
        head, nonce, sealed = stored[:5], stored[5:17], stored[17:]
        root = self._roots.get(_root_of(stored))
        if root is None or head[:1] != _VERSION:
            raise KeyStoreBroken(name)
        try:
            return AESGCM(root.reveal()).decrypt(nonce, sealed, head + name.encode())
        except (InvalidTag, ValueError):
            raise KeyStoreBroken(name) from None


def _root_of(stored: bytes) -> int:
    return int.from_bytes(stored[1:5], "big")


def _period_name(retention: RetentionClass, start: datetime) -> str:
    return f"period.{retention}.{start.strftime(_START)}.key"


def _agree(first: Readings, now: Readings) -> bool:
    passed = (
        now.database - first.database,
        now.node - first.node,
        now.monotonic - first.monotonic,
    )
    return max(passed) - min(passed) <= LEAP and abs(now.database - now.node) <= LEAP
