"""Counters of the line, and the sealed record of a session."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
    create table counter (
      half_hour timestamptz not null,
      channel text not null,
      kind text not null,
      value text not null,
      count bigint not null,
      primary key (half_hour, channel, kind, value)
    )
    """,
    # Which day's key opens it is all that a row says; the rest is inside `sealed`.
    """
    create table session_record (
      id uuid primary key,
      key_id bytea not null,
      dek bytea not null,
      sealed bytea not null
    )
    """,
    "create index session_record_key on session_record (key_id)",
    "alter table session_record enable row level security",
    "create policy session_record_line on session_record using (scope_is_line())",
    "grant select, insert, update, delete on counter, session_record to ll_app",
)


def upgrade() -> None:
    """Make the counters."""
    for statement in STATEMENTS:
        op.execute(statement)
