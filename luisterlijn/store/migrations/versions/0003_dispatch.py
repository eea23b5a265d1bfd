"""Presence, contacts, offers."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    # `offered`: one open offer at a time. `own_limit` is what the volunteer chose; `capacity` may
    # not fall below the load at hand.
    """
    create table presence (
      person uuid primary key references person on delete cascade,
      branch uuid references branch,
      state text not null check (state in ('ready', 'paused', 'away')),
      since timestamptz not null,
      heard timestamptz not null,
      alias text not null,
      channels text[] not null,
      languages text[] not null,
      own_limit smallint not null check (own_limit between 1 and 3),
      capacity smallint not null check (capacity between 1 and 3),
      load smallint not null default 0,
      offered boolean not null default false,
      takes_until timestamptz not null,
      shift_ends timestamptz not null,
      rest_until timestamptz,
      busy_s integer not null default 0,
      public_key bytea,
      version bigint not null default 1,
      check (load between 0 and capacity)
    )
    """,
    """
    create table contact (
      id uuid primary key,
      channel text not null check (channel in ('chat')),
      language text not null,
      state text not null check (state in ('admitted', 'queued', 'offered', 'active',
        'volunteer_away', 'caller_away', 'wrapup', 'closed')),
      epoch integer not null default 0,
      arrived timestamptz not null,
      enq timestamptz not null,
      entry_branch uuid references branch,
      caller_up boolean not null default true,
      heard timestamptz not null,
      probe_until timestamptz,
      deadline timestamptz,
      volunteer uuid references person,
      accepted timestamptz,
      waited_s integer,
      ended timestamptz,
      asked boolean not null default false,
      kept boolean not null default false,
      frozen boolean not null default false,
      missed smallint not null default 0,
      reason text,
      version bigint not null default 1
    )
    """,
    "create index contact_queue on contact (channel, language, enq, id) where state = 'queued'",
    "create index contact_deadline on contact (deadline) where deadline is not null",
    "create index contact_volunteer on contact (volunteer) where volunteer is not null",
    """
    create table offer (
      id uuid primary key default gen_random_uuid(),
      contact uuid not null references contact on delete cascade,
      volunteer uuid not null references person,
      epoch integer not null,
      weight smallint not null,
      state text not null check (state in
        ('open', 'accepted', 'declined', 'lapsed', 'withdrawn', 'done')),
      until timestamptz not null,
      answered timestamptz
    )
    """,
    # Nobody is offered to two, nobody is with two.
    "create unique index offer_one_open on offer (contact) where state = 'open'",
    "create unique index offer_one_accepted on offer (contact) where state = 'accepted'",
    "create index offer_contact on offer (contact)",
    "create index offer_volunteer on offer (volunteer) where state in ('open', 'accepted')",
    # Not offered again: for 60 s after a decline, for good after a miss or "ik ken deze persoon".
    """
    create table exclusion (
      contact uuid not null references contact on delete cascade,
      volunteer uuid not null references person,
      until timestamptz not null,
      primary key (contact, volunteer)
    )
    """,
    "alter table presence enable row level security",
    "alter table contact enable row level security",
    "alter table offer enable row level security",
    "alter table exclusion enable row level security",
    """
    create policy presence_seen on presence
      using (scope_is_line() or person = scope_person() or scope_sees(branch))
    """,
    "create policy contact_line on contact using (scope_is_line())",
    "create policy offer_line on offer using (scope_is_line())",
    "create policy exclusion_line on exclusion using (scope_is_line())",
    "grant select, insert, update, delete on presence, contact, offer, exclusion to ll_app",
)


def upgrade() -> None:
    """Make the hall."""
    for statement in STATEMENTS:
        op.execute(statement)
