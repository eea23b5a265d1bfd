"""Somebody may die: no time ends the conversation, and a decision is noted."""

from alembic import op

revision = "0012"
down_revision = "0011"


STATEMENTS = (
    "alter table contact add column urgent boolean not null default false",
    # What who has the request decided about the emergency services; null: nothing yet.
    "alter table help_request add column emergency boolean",
)


def upgrade() -> None:
    """Let a contact be urgent, and a decision about the emergency services be told once."""
    for statement in STATEMENTS:
        op.execute(statement)
