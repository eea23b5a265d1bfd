"""What a branch knows of its volunteers, what they meet for, and what is said to them."""

from alembic import op

revision = "0015"
down_revision = "0014"

STATEMENTS = (
    # hours_agreed: in four weeks. away_until: long leave; no reason is kept. leaves: the last day.
    """
    create table volunteer (
      person uuid primary key references person on delete cascade,
      branch uuid not null references branch,
      vog date,
      intervision date,
      hours_agreed smallint not null default 16 check (hours_agreed between 0 and 160),
      most_shifts smallint not null default 8 check (most_shifts between 0 and 28),
      most_nights smallint not null default 2 check (most_nights between 0 and 28),
      home boolean not null default false,
      no_computer boolean not null default false,
      away_until date,
      mentor uuid references person on delete set null,
      leaves date
    )
    """,
    "create index volunteer_branch on volunteer (branch)",
    # Who left is forgotten; that somebody was there stays countable.
    "alter table place drop constraint place_person_fkey",
    """
    alter table place add constraint place_person_fkey
      foreign key (person) references person on delete set null
    """,
    # The end of the last day: from then on nobody signs in; 30 days later the account goes.
    "alter table person add column ends timestamptz",
    # The newest row of a channel holds; the older ones say how somebody came there.
    """
    create table training (
      person uuid not null references person on delete cascade,
      branch uuid not null references branch,
      channel text not null check (channel in ('chat', 'phone', 'mail')),
      status text not null check (status in (
        'aspirant', 'in_training', 'walking_along', 'independent', 'mentor', 'paused', 'stopped')),
      since date not null,
      primary key (person, channel, since)
    )
    """,
    # branch null: for the whole line. In the tables that name somebody it is that person's own.
    """
    create table gathering (
      id uuid primary key,
      branch uuid references branch,
      kind text not null check (kind in ('training', 'intervision', 'meeting')),
      title text not null check (length(title) between 1 and 120),
      starts timestamptz not null,
      ends timestamptz not null check (ends > starts),
      seats smallint not null check (seats between 1 and 500),
      state text not null default 'planned' check (state in ('planned', 'cancelled'))
    )
    """,
    "create index gathering_starts on gathering (starts)",
    """
    create table gathering_seat (
      gathering uuid not null references gathering on delete cascade,
      person uuid not null references person on delete cascade,
      branch uuid not null references branch,
      came boolean not null default false,
      on_behalf boolean not null default false,
      primary key (gathering, person)
    )
    """,
    # To whom: who stands on one shift, or a group of a branch. The text is sealed.
    """
    create table message (
      id uuid primary key,
      branch uuid not null references branch,
      shift uuid references shift,
      audience text not null check (audience in ('shift', 'branch', 'mentors', 'trainees')),
      writer uuid references person on delete set null,
      body bytea not null,
      written timestamptz not null default line_now(),
      check ((audience = 'shift') = (shift is not null))
    )
    """,
    "create index message_branch on message (branch, written)",
    """
    create table message_to (
      message uuid not null references message on delete cascade,
      branch uuid not null references branch,
      person uuid not null references person on delete cascade,
      read boolean not null default false,
      primary key (message, person)
    )
    """,
    "alter table volunteer enable row level security",
    "alter table training enable row level security",
    "alter table gathering enable row level security",
    "alter table gathering_seat enable row level security",
    "alter table message enable row level security",
    "alter table message_to enable row level security",
    """
    create policy volunteer_seen on volunteer
      using (scope_is_line() or scope_sees(branch) or person = scope_person())
    """,
    """
    create policy training_seen on training
      using (scope_is_line() or scope_sees(branch) or person = scope_person())
    """,
    """
    create policy gathering_seen on gathering
      using (scope_is_line() or scope_sees(branch) or scope_person() is not null and (
        branch is null or branch = (select p.branch from person p where p.id = scope_person())))
      with check (scope_is_line() or scope_sees(branch))
    """,
    """
    create policy gathering_seat_seen on gathering_seat
      using (scope_is_line() or scope_sees(branch) or person = scope_person())
    """,
    """
    create policy message_to_seen on message_to
      using (scope_is_line() or scope_sees(branch) or person = scope_person())
    """,
    """
    create policy message_seen on message
      using (scope_is_line() or scope_sees(branch) or exists (
        select from message_to t where t.message = id and t.person = scope_person()))
      with check (scope_is_line() or scope_sees(branch))
    """,
    """
    grant select, insert, update, delete
      on volunteer, training, gathering, gathering_seat, message, message_to to ll_app
    """,
)


def upgrade() -> None:
    """Make the volunteers' room."""
    for statement in STATEMENTS:
        op.execute(statement)
