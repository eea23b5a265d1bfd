"""Calls: legs, what the provider is still to be told, what it is still to forget."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    # room: the conference's name, random, one per contact. language: what the caller hears.
    # third: a third party is being called, or stays behind with the caller.
    """
    create table call (
      contact uuid primary key references contact on delete cascade,
      room uuid not null unique,
      held boolean not null default false,
      code_given boolean not null default false
    )
    """,
    # A leg lives as long as its call at the provider. contact None: the contact is closed, and only
    # last words are left to be said. sid_index: the blind index of the provider's id; sid: sealed.
    # Its id is in URLs: random, 128 bits. A leg that is over keeps its index for a day, so that a
    # replayed webhook finds it, and nothing that says whose it was.
    """
    create table leg (
      id uuid primary key,
      contact uuid,
      kind text not null check (kind in ('caller', 'volunteer', 'third')),
      state text not null check (state in
        ('due', 'placing', 'ringing', 'heard', 'waiting', 'joining', 'talking', 'leaving', 'over')),
      at text not null check (at in ('number', 'browser', 'caller')),
      language text not null default 'nl',
      person uuid references person,
      epoch integer not null default 0,
      word text,
      heard smallint not null default 0,
      sequence integer not null default -1,
      sid_index bytea unique,
      sid bytea,
      key_id bytea,
      deadline timestamptz
    )
    """,
    "create index leg_contact on leg (contact) where contact is not null",
    "create index leg_deadline on leg (deadline) where deadline is not null",
    # What the provider is to be told. Telling it twice does no harm, except for 'place'.
    """
    create table provider_order (
      seq bigint generated always as identity primary key,
      leg uuid not null references leg on delete cascade,
      what text not null check (what in ('place', 'refetch', 'end', 'hold', 'unhold', 'stay',
        'announce')),
      sound text,
      room uuid,
      due timestamptz not null,
      tries smallint not null default 0
    )
    """,
    "create index provider_order_due on provider_order (due)",
    # No time here: `passes` counts the sweeps, `hour` only backs off. sid: sealed for two weeks.
    """
    create table erasure (
      id uuid primary key,
      sid bytea not null,
      key_id bytea not null,
      passes smallint not null default 0,
      hour timestamptz
    )
    """,
    *(
        f"alter table {table} enable row level security"
        for table in ("call", "leg", "provider_order", "erasure")
    ),
    *(
        f"create policy {table}_line on {table} using (scope_is_line())"
        for table in ("call", "leg", "provider_order", "erasure")
    ),
    "grant select, insert, update, delete on call, leg, provider_order, erasure to ll_app",
)


def upgrade() -> None:
    """Make the telephone room."""
    for statement in STATEMENTS:
        op.execute(statement)
