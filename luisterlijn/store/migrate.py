"""Brings the database to the newest shape; two nodes at once do no harm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x6C75697374  # "luist": Alembic itself takes no lock


async def migrate(owner_url: str) -> None:
    """Run every script that the database has not seen, in one transaction.

    Args:
        owner_url: of the role that owns the tables; the application's own role may not.
    """
    address = owner_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            await connection.execute(
                text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME}
            )
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
