"""The folder of our own PostgreSQL, where a stale file may not lead us to a stranger's process."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from luisterlijn.store.embedded_folder import EmbeddedFault, Folder

if TYPE_CHECKING:
    from pathlib import Path


def test_the_passwords_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first = Folder(tmp_path).passwords()
    second = Folder(tmp_path).passwords()

    assert first == second
    assert len({first.ll_root, first.ll_owner, first.ll_app}) == 3
    assert stat.S_IMODE((tmp_path / "passwords").stat().st_mode) == 0o600


def test_data_without_its_passwords_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    with pytest.raises(EmbeddedFault, match="put it back"):
        Folder(tmp_path).passwords()


def test_a_stale_pid_that_is_a_strangers_by_now_is_not_taken_for_ours(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.data.mkdir()
    (folder.data / "postmaster.pid").write_text(f"{os.getpid()}\n{folder.data}\n")

    assert folder.orphan() == os.getpid()
    assert not folder.works_here(os.getpid())


@pytest.mark.parametrize("words", ["", "\n", "nonsense\n", "-1\n", "0\n"])
def test_a_pid_file_without_a_process_names_no_orphan(tmp_path: Path, words: str) -> None:
    folder = Folder(tmp_path)
    folder.data.mkdir()
    (folder.data / "postmaster.pid").write_text(words)

    assert folder.orphan() is None
    assert not folder.ready(1)


def test_the_folder_is_free_again_after_its_holder(tmp_path: Path) -> None:
    with Folder(tmp_path / "new").held():
        pass

    with Folder(tmp_path / "new").held():
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
