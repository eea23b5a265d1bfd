"""Time, scope, branches, people, sessions, outbox, jobs."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    # One time for the whole line. A test database replaces it by one that reads a row.
    """
    create function line_now() returns timestamptz language sql stable
    as 'select statement_timestamp()'
    """,
    # Who acts, as `store.database` says with its first statement; unset means: sees nothing.
    """
    create function scope_is_line() returns boolean language sql stable
    as $$ select coalesce(current_setting('ll.scope', true), '') = 'line' $$
    """,
    """
    create function scope_person() returns uuid language sql stable
    as $$ select nullif(current_setting('ll.person', true), '')::uuid $$
    """,
    """
    create function scope_sees(branch uuid) returns boolean language sql stable as $$
      select coalesce(current_setting('ll.branches', true), '') = '*'
          or branch::text = any(string_to_array(current_setting('ll.branches', true), ','))
    $$
    """,
    """
    create table branch (
      id uuid primary key,
      slug text not null unique,
      name text not null
    )
    """,
    """
    create table person (
      id uuid primary key,
      sign_in text not null unique,
      name text not null,
      branch uuid references branch,
      roles text[] not null,
      languages text[] not null,
      channels text[] not null,
      chats smallint not null default 2 check (chats between 1 and 3),
      margin_min smallint not null default 10 check (margin_min between 0 and 20),
      password text not null,
      totp bytea not null,
      totp_counter bigint not null default 0,
      demo boolean not null default false
    )
    """,
    # The token is stored as a hash of 256 random bits; `wrap` is sealed and dies with the row.
    """
    create table session (
      token bytea primary key,
      person uuid not null references person on delete cascade,
      wrap bytea not null,
      heard timestamptz not null,
      until timestamptz not null
    )
    """,
    "create index session_person on session (person)",
    """
    create table outbox (
      id uuid primary key,
      event text not null,
      listener text not null,
      body bytea not null,
      due timestamptz not null,
      tries smallint not null default 0
    )
    """,
    "create index outbox_due on outbox (due, id)",
    """
    create table job_run (
      job text not null,
      due timestamptz not null,
      primary key (job, due)
    )
    """,
    """
    create table lease (
      name text primary key,
      holder uuid not null,
      until timestamptz not null
    )
    """,
    "alter table branch enable row level security",
    "alter table person enable row level security",
    "alter table session enable row level security",
    "alter table outbox enable row level security",
    "create policy branch_all on branch using (scope_is_line() or scope_person() is not null)",
    """
    create policy person_seen on person
      using (scope_is_line() or id = scope_person() or scope_sees(branch))
    """,
    """
    create policy session_own on session using (scope_is_line() or person = scope_person())
    """,
    # What happened names a contact and who took it: anybody may leave it, only the line reads it.
    "create policy outbox_line on outbox using (scope_is_line())",
    """
    create policy outbox_left on outbox for insert with check (scope_person() is not null)
    """,
    """
    grant select, insert, update, delete
       on branch, person, session, outbox, job_run, lease to ll_app
    """,
)


def upgrade() -> None:
    """Make the ground floor."""
    for statement in STATEMENTS:
        op.execute(statement)
