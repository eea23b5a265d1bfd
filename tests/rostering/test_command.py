"""`luisterlijn roster import` and `export`, as an operator types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.rostering.tabular import COLUMNS
from tests.support.command import run

if TYPE_CHECKING:
    from pathlib import Path

    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse

TABLE = f"{','.join(COLUMNS)}\nutrecht,2031-11-04,19:00,23:00,chat,anja,listener,published\n"


def beside(folder: Path, database: Cluster) -> dict[str, str]:
    return {
        "LUISTERLIJN_DEMO": "1",
        "LUISTERLIJN_DATA": str(folder / "data"),
        "LUISTERLIJN_KEYS": str(folder / "keys"),
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
    }


async def test_a_table_is_previewed_taken_in_given_out_and_taken_again(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings, file = beside(tmp_path, database), tmp_path / "roster.csv"
    file.write_text(TABLE, encoding="utf-8-sig")
    await built.volunteer("anja", hours=0)
    taken = ("roster", "import", str(file))

    dry = await run(settings, *taken, "--dry-run")
    nothing = await built.owner.fetchval("select count(*) from place")
    done = await run(settings, *taken)
    given = await run(settings, "roster", "export", "--from", "2031-11-03", "--days", "7")
    again = await run(settings, *taken)

    said = "new       line 2: utrecht 2031-11-04 19:00-23:00 chat anja listener published\n"
    assert dry.out == done.out == said + "1 new, 0 changed, 0 unchanged, 0 refused\n"
    assert (dry.code, dry.err) == (0, "nothing was written: a dry run\n")
    assert (nothing, done.code, done.err) == (0, 0, "")
    assert (given.code, given.out, given.err) == (0, TABLE, "")
    assert again.out == "0 new, 0 changed, 1 unchanged, 0 refused\n"


async def test_what_cannot_be_is_told_by_line_and_nothing_is_written(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    settings, file = beside(tmp_path, database), tmp_path / "roster.csv"
    file.write_text(TABLE + TABLE.splitlines()[1].replace("anja", "nobody") + "\n")
    await built.volunteer("anja", hours=0)

    found = await run(settings, "roster", "import", str(file))
    missing = await run(settings, "roster", "import", str(tmp_path / "none.csv"))
    days = await run(settings, "roster", "export", "--from", "2031-11-03", "--days", "0")

    assert "refused   line 3: unknown-person\n" in found.out
    assert (found.code, found.err) == (1, "nothing was written\n")
    assert await built.owner.fetchval("select count(*) from place") == 0
    assert (missing.code, missing.err) == (1, "refused: No such file or directory\n")
    assert (days.code, days.err) == (1, "refused: days: 1 to 400\n")
