"""The only SQL about runs of timed work: each due moment of a job is done once on all nodes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from luisterlijn.store.database import Transaction

KEPT = timedelta(days=2)


async def take(tx: Transaction, job: str, due: datetime) -> bool:
    """Take a due moment in the job's own transaction; False: another node has it."""
    return bool(
        await tx.run(
            "insert into job_run (job, due) values ($1, $2) on conflict do nothing", job, due
        )
    )


async def forget_old(tx: Transaction) -> None:
    """Delete runs of more than two days ago."""
    await tx.run("delete from job_run where due < line_now() - $1::interval", KEPT)
