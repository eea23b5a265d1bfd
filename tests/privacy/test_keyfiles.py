"""Key files: whole, private, and gone when destroyed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from luisterlijn.privacy.keyfiles import KeyFolder

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"K" * 93


@pytest.fixture
def files(folder: Path) -> KeyFolder:
    return KeyFolder(folder)


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def test_nobody_else_may_read_the_folder_or_its_files(files: KeyFolder, folder: Path) -> None:
    with files.locked():
        files.write_new("a.key", KEY)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_folder_that_stood_open_is_closed(folder: Path) -> None:
    folder.mkdir(mode=0o755)

    KeyFolder(folder)

    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_key_in_use_is_never_written_over(files: KeyFolder, folder: Path) -> None:
    with files.locked():
        files.write_new("a.key", KEY)

    with files.locked(), pytest.raises(FileExistsError):
        files.write_new("a.key", b"other")

    with files.locked():
        assert files.read("a.key") == KEY
    assert everything_in(folder) == {"a.key": KEY}


def test_what_is_destroyed_is_overwritten_and_gone(files: KeyFolder, folder: Path) -> None:
    with files.locked():
        files.write_new("a.key", KEY)
    # A second name shows what the disk holds after the first is gone.
    os.link(folder / "a.key", folder.parent / "the same blocks")

    with files.locked():
        files.destroy("a.key")

    assert everything_in(folder) == {}
    assert (folder.parent / "the same blocks").read_bytes() == bytes(len(KEY))


def test_what_is_replaced_is_overwritten(files: KeyFolder, folder: Path) -> None:
    with files.locked():
        files.write_new("a.key", KEY)
    os.link(folder / "a.key", folder.parent / "the old blocks")

    with files.locked():
        files.replace("a.key", b"new")

    assert everything_in(folder) == {"a.key": b"new"}
    assert (folder.parent / "the old blocks").read_bytes() == bytes(len(KEY))


def test_a_file_that_was_half_written_at_a_death_does_not_count(
    files: KeyFolder, folder: Path
) -> None:
    (folder / ".a.key.half").write_bytes(KEY[:10])

    with files.locked():
        assert files.names() == []
        files.write_new("a.key", KEY)

    assert everything_in(folder) == {"a.key": KEY}


def test_a_death_between_two_names_loses_no_key(files: KeyFolder, folder: Path) -> None:
    (folder / ".a.key.half").write_bytes(KEY)
    os.link(folder / ".a.key.half", folder / "a.key")

    with files.locked():
        assert files.read("a.key") == KEY

    assert everything_in(folder) == {"a.key": KEY}


def test_a_destruction_that_died_halfway_is_finished(files: KeyFolder, folder: Path) -> None:
    (folder / ".a.key.dying").write_bytes(KEY)
    os.link(folder / ".a.key.dying", folder.parent / "the same blocks")

    with files.locked():
        assert files.names() == []

    assert everything_in(folder) == {}
    assert (folder.parent / "the same blocks").read_bytes() == bytes(len(KEY))
