"""The coach on call: duty, requests for help, joinings, talks afterwards."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    # helped: a coach helped in this conversation, so rest is proposed after it.
    "alter table contact add column helped boolean not null default false",
    # phone_order: who is rung first. stands_in: a coordinator on call, rung after all coaches.
    # branch: the person's own, None for who works for the whole line; who may see the row.
    """
    create table duty (
      id uuid primary key,
      person uuid not null references person on delete cascade,
      branch uuid references branch,
      starts timestamptz not null,
      ends timestamptz not null check (ends > starts),
      phone_order smallint not null check (phone_order between 1 and 9),
      stands_in boolean not null default false,
      constraint nobody_on_duty_twice exclude using gist
        (uuidrange(person, person, '[]') with &&, tstzrange(starts, ends) with &&)
    )
    """,
    "create index duty_ends on duty (ends)",
    # rung: who was rung already, in order. calling: who is rung now, until the deadline.
    """
    create table help_request (
      id uuid primary key,
      contact uuid references contact on delete set null,
      person uuid not null references person on delete cascade,
      urgent boolean not null,
      state text not null check (state in ('open', 'calling', 'nobody', 'taken')),
      rung uuid[] not null default '{}',
      calling uuid references person on delete set null,
      taken_by uuid references person on delete set null,
      asked timestamptz not null,
      deadline timestamptz
    )
    """,
    # One open request per person.
    "create unique index help_request_one on help_request (person)",
    "create index help_request_contact on help_request (contact) where contact is not null",
    "create index help_request_deadline on help_request (deadline) where deadline is not null",
    # A joining: somebody beside a conversation. mode 'read' in chat; the others by telephone.
    # No reference to the contact: its end is written to the audit trail by who hears that the
    # conversation is over, and by then the contact may be gone.
    """
    create table joining (
      id uuid primary key,
      contact uuid not null,
      channel text not null,
      person uuid not null references person on delete cascade,
      role text not null check (role in ('coach', 'mentor', 'colleague')),
      mode text not null check (mode in ('read', 'alone', 'listen', 'whisper', 'join')),
      state text not null check (state in ('asked', 'present')),
      until timestamptz,
      unique (contact, person)
    )
    """,
    "create index joining_person on joining (person)",
    "create index joining_until on joining (until) where until is not null",
    # A talk holds a name and an hour only; gone after 30 days. 'heavy': three heavy conversations
    # in one shift, told to the coaches because the person agreed to it.
    """
    create table talk (
      id uuid primary key,
      person uuid not null references person on delete cascade,
      branch uuid references branch,
      wanted text not null check (wanted in ('now', 'after_shift', 'call_me', 'heavy')),
      hour timestamptz not null,
      done boolean not null default false
    )
    """,
    "create unique index talk_one on talk (person, (wanted = 'heavy')) where not done",
    # agrees: the coach may be told after three heavy conversations in one shift. told: was told.
    """
    create table care (
      person uuid primary key references person on delete cascade,
      agrees boolean not null default false,
      heavy smallint not null default 0,
      told boolean not null default false,
      shift_ends timestamptz not null
    )
    """,
    *(
        f"alter table {table} enable row level security"
        for table in ("duty", "help_request", "joining", "talk", "care")
    ),
    "create policy duty_seen on duty using (scope_is_line() or scope_sees(branch))",
    *(
        f"create policy {table}_line on {table} using (scope_is_line())"
        for table in ("help_request", "joining", "talk", "care")
    ),
    "grant select, insert, update, delete on duty, help_request, joining, talk, care to ll_app",
)


def upgrade() -> None:
    """Make the coach's room."""
    for statement in STATEMENTS:
        op.execute(statement)
