"""The folder of our own PostgreSQL: who holds it, its passwords, port and settings.

It holds `data` (PostgreSQL's own), `passwords` and `port` (mode 0600), `lock`, and `postgres.log`.
"""

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import msgspec

CONF: Final = """\
# Written anew at every start: changes made here are lost.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 100
shared_buffers = 64MB
max_wal_size = 256MB
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
jit = off
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = on
idle_in_transaction_session_timeout = '3s'
# The values of a row may show in a message or statement: only what stops the server is written.
log_min_messages = fatal
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_connections = off
log_disconnections = off
log_checkpoints = off
log_autovacuum_min_duration = -1
log_line_prefix = '%m '
"""
HBA: Final = "host all all 127.0.0.1/32 scram-sha-256\n"
PID_LINE: Final = 0
STATE_LINE: Final = 7
"""The lines of postmaster.pid (PostgreSQL's miscadmin.h): process, …, and at last "ready"."""


class EmbeddedFault(Exception):
    """Our own PostgreSQL cannot run here; the sentence says what a person can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who PostgreSQL is on this machine: the command that makes it so, and who owns its files."""

    command: tuple[str, ...]
    uid: int
    gid: int


class Passwords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the three roles sign in with; made once per folder."""

    ll_root: str
    ll_owner: str
    ll_app: str


class Folder:
    """All that is read and written there, without waiting."""

    def __init__(self, path: Path) -> None:
        """Name the folder; `held` makes it."""
        self.path = path.absolute()
        self.data = self.path / "data"
        self.part = self.path / "data.part"
        self.log = self.path / "postgres.log"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other process out; the kernel lets go when we die."""
        elsewhere = "or name another folder in LUISTERLIJN_DATA."
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError as refused:
            sentence = f"{self.path} belongs to another account. Start as that one, {elsewhere}"
            raise EmbeddedFault(sentence) from refused
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                sentence = f"Another luisterlijn runs on {self.path}. Stop it first, {elsewhere}"
                raise EmbeddedFault(sentence) from busy
            yield
        finally:
            os.close(lock)

    def major(self) -> int | None:
        """Give the PostgreSQL version that made the data; None when there is none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def owner(self) -> int | None:
        """Give the number of the account that owns the data; None when there is none yet."""
        try:
            return self.data.stat().st_uid
        except FileNotFoundError:
            return None

    def passwords(self) -> Passwords:
        """Give the passwords, made now for a new folder."""
        path = self.path / "passwords"
        if not path.exists():
            if self.data.exists():
                raise EmbeddedFault(f"{path} is gone: put it back, or move {self.path} away.")
            made = Passwords(
                **{role: secrets.token_hex(16) for role in Passwords.__struct_fields__}
            )
            self._write(path, msgspec.json.encode(made))
        return msgspec.json.decode(path.read_bytes(), type=Passwords)

    def kept_port(self) -> int:
        """Give the port of the last start; 0 when there was none."""
        path = self.path / "port"
        return int(path.read_text()) if path.exists() else 0

    def free_port(self) -> int:
        """Give the port of the last time when it is free, else any free one, and keep it."""
        path = self.path / "port"
        for port in (self.kept_port(), 0):
            with socket.socket() as probe:
                # As PostgreSQL binds: a connection that is closing does not count as taken.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with contextlib.suppress(OSError):
                    probe.bind(("127.0.0.1", port))
                    free = int(probe.getsockname()[1])
                    self._write(path, str(free).encode())
                    return free
        raise EmbeddedFault("No port is free on 127.0.0.1.")

    def configure(self, port: int, *, durable: bool, account: Account) -> None:
        """Write PostgreSQL's settings and who may come in: with a password, from this machine."""
        conf = CONF.format(port=port, durable="on" if durable else "off")
        for name, text in (("postgresql.conf", conf), ("pg_hba.conf", HBA)):
            self._write(self.data / name, text.encode(), account)

    @contextlib.contextmanager
    def before_initdb(self, password: str, account: Account) -> Iterator[Path]:
        """Give a file with the superuser's password, beside an empty folder for the data."""
        shutil.rmtree(self.part, ignore_errors=True)
        self.part.mkdir(mode=0o700)
        self.give(self.part, account)
        secret = self.path / "initdb.password"
        self._write(secret, password.encode(), account)
        try:
            yield secret
        finally:
            secret.unlink()

    def accept_data(self) -> None:
        """Put what initdb made in its place, whole: a kill before this leaves no half of it."""
        self.part.rename(self.data)

    def let_through(self) -> None:
        """Let another account pass through to its data; it still reads nothing here."""
        self.path.chmod(0o711)

    def give(self, path: Path, account: Account) -> None:
        """Let the account own these files."""
        if account.uid == os.geteuid():
            return
        for each in (path, *path.rglob("*")):
            os.chown(each, account.uid, account.gid, follow_symlinks=False)

    def new_log(self) -> None:
        """Forget what an earlier run wrote."""
        self._write(self.log, b"")

    def appending(self) -> IO[bytes]:
        """Open the log that PostgreSQL writes to."""
        return self.log.open("ab")

    def orphan(self) -> int | None:
        """Give the process that the data names as its server, dead or alive; None for none.

        None, too, where /proc cannot tell whose process it is: PostgreSQL decides then.
        """
        words = self._postmaster()
        return int(words[PID_LINE]) if words and Path("/proc/self").exists() else None

    def works_here(self, pid: int) -> bool:
        """Tell whether this living process has our data as its working folder."""
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.data.resolve()
        except OSError:
            return False

    def forget_orphan(self) -> None:
        """Remove a pid file that nobody removed; PostgreSQL may take it for a living one."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def ready(self, pid: int) -> bool:
        """Tell whether this server takes connections."""
        words = self._postmaster()
        return len(words) > STATE_LINE and words[PID_LINE] == str(pid) and words[-1] == "ready"

    def _postmaster(self) -> list[str]:
        try:
            words = (self.data / "postmaster.pid").read_text()
        except OSError:
            return []
        lines = [line.strip() for line in words.splitlines()]
        return lines if lines and re.fullmatch(r"[1-9]\d*", lines[PID_LINE]) else []

    def _write(self, path: Path, text: bytes, account: Account | None = None) -> None:
        """Write whole or not at all, readable by the owner alone: of the folder, or as told."""
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            os.fsync(file.fileno())
        if os.geteuid() == 0:
            owner = self.path.stat()
            uid, gid = (account.uid, account.gid) if account else (owner.st_uid, owner.st_gid)
            os.chown(new, uid, gid)
        new.rename(path)
