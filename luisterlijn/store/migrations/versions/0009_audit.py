"""The audit trail: a chain of hashes from its first row."""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    # The one row that every entry locks: it makes the chain a chain. gone_*: the last entry whose
    # time is over; the chain begins behind it.
    """
    create table audit_head (
      one boolean primary key default true check (one),
      seq bigint not null,
      hash bytea not null,
      gone_seq bigint not null,
      gone_hash bytea not null
    )
    """,
    """
    insert into audit_head (seq, hash, gone_seq, gone_hash)
    values (0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex'))
    """,
    # hour: no finer moment outlives a contact. subject: the contact, sealed for seven days only;
    # what is hashed is the sealed value, so the chain holds when its key is gone.
    """
    create table audit (
      seq bigint primary key,
      hour timestamptz not null,
      what text not null,
      person uuid,
      facts bytea not null,
      subject bytea,
      before bytea not null,
      hash bytea not null
    )
    """,
    "alter table audit enable row level security",
    "alter table audit_head enable row level security",
    "create policy audit_line on audit using (scope_is_line())",
    "create policy audit_head_line on audit_head using (scope_is_line())",
    # Entries are written and, after 18 months, removed; never changed.
    "grant select, insert, delete on audit to ll_app",
    "grant select, update on audit_head to ll_app",
)


def upgrade() -> None:
    """Make the audit trail."""
    for statement in STATEMENTS:
        op.execute(statement)
