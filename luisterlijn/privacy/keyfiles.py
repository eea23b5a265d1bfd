"""Small files that must be whole, private, on the disk before they count, and gone when destroyed.

The limit of files: a disk or file system that copies on write keeps old blocks for a while. The
keyring wraps every entry under a root key and can change that root; a store that can promise more
(a vault, a hardware module) takes this module's place.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = ".lock"
_HALF_WRITTEN = ".half"
_DYING = ".dying"
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700


class KeyFolder:
    """A folder of key files, shared by the processes of one machine.

    All methods but `locked` are called while the lock is held; it does not nest.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder when it is not there, and close it to others."""
        folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        folder.chmod(_PRIVATE_FOLDER)
        self._folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out, and finish what one that died left half done."""
        lock = os.open(self._folder / _LOCK, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._tidy()
            yield
        finally:
            os.close(lock)

    def names(self) -> list[str]:
        """Give the names of all whole files, in order."""
        return sorted(path.name for path in self._folder.iterdir() if path.name[0] != ".")

    def read(self, name: str) -> bytes:
        """Give a file's content."""
        return (self._folder / name).read_bytes()

    def write_new(self, name: str, content: bytes) -> None:
        """Write a file; when this returns, it and its name are on the disk.

        Raises:
            FileExistsError: there is a file of that name; it is left as it was.
        """
        half = self._half(name, content)
        # A link, unlike a rename, never replaces a key that is already in use.
        os.link(half, self._folder / name)
        half.unlink()
        self._sync_folder()

    def replace(self, name: str, content: bytes) -> None:
        """Put new content in the place of old content, and overwrite the old."""
        half = self._half(name, content)
        old = os.open(self._folder / name, os.O_RDWR)
        try:
            half.replace(self._folder / name)
            self._sync_folder()
            _overwrite(old)
        finally:
            os.close(old)

    def destroy(self, name: str) -> None:
        """Overwrite a file and remove it; when this returns, the name is gone from the disk."""
        dying = self._folder / f".{name}{_DYING}"
        # First a new name: a death halfway leaves no entry that looks whole and opens nothing.
        (self._folder / name).rename(dying)
        self._sync_folder()
        self._finish(dying)

    def _half(self, name: str, content: bytes) -> Path:
        half = self._folder / f".{name}{_HALF_WRITTEN}"
        handle = os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE)
        try:
            os.write(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        return half

    def _tidy(self) -> None:
        for path in list(self._folder.iterdir()):
            if path.name.endswith(_DYING):
                self._finish(path)
            elif path.name.endswith(_HALF_WRITTEN):
                # Only the name goes: after a death between link and unlink it is a second name
                # of a key in use.
                path.unlink()

    def _finish(self, dying: Path) -> None:
        handle = os.open(dying, os.O_RDWR)
        try:
            _overwrite(handle)
        finally:
            os.close(handle)
        dying.unlink()
        self._sync_folder()

    def _sync_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _overwrite(handle: int) -> None:
    size = os.fstat(handle).st_size
    os.pwrite(handle, bytes(size), 0)
    os.fsync(handle)
