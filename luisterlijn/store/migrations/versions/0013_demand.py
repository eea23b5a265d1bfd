"""What is expected to come: a profile, and its half hours."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS = (
    # counted_*: which half hours it was learnt from; null: from none, it is an example.
    """
    create table demand_profile (
      id uuid primary key,
      state text not null check (state in ('draft', 'frozen')),
      made timestamptz not null default line_now(),
      source text not null,
      counted_from timestamptz,
      counted_until timestamptz,
      check ((counted_from is null) = (counted_until is null))
    )
    """,
    # One plan is worked on at a time.
    "create unique index demand_profile_draft on demand_profile (state) where state = 'draft'",
    """
    create table demand_half_hour (
      profile uuid not null references demand_profile (id) on delete cascade,
      half_hour timestamptz not null,
      channel text not null,
      mean real not null check (mean >= 0),
      high real not null check (high >= mean),
      required smallint not null check (required >= 0),
      primary key (profile, half_hour, channel)
    )
    """,
    # A frozen profile is what a roster was made for: it is never changed.
    "grant select, insert, update, delete on demand_profile to ll_app",
    "grant select, insert, delete on demand_half_hour to ll_app",
)


def upgrade() -> None:
    """Make the profile."""
    for statement in STATEMENTS:
        op.execute(statement)
