"""Reminders, who did not come, and who is called up."""

from alembic import op

revision = "0016"
down_revision = "0015"

STATEMENTS = (
    # Told once for each place. The link in it is stored as a hash, works once, dies with the shift.
    """
    create table notice (
      place uuid not null references place on delete cascade,
      kind text not null check (kind in (
        'day_before', 'hour_before', 'check_in', 'nudge', 'missed', 'opened')),
      token bytea unique,
      used boolean not null default false,
      -- When a mail about it is tried next; null: there is none to send, or no more.
      due timestamptz,
      tries smallint not null default 0,
      primary key (place, kind)
    )
    """,
    "create index notice_due on notice (due) where due is not null",
    # How somebody may be reached outside the console. The address is sealed; nothing is sent to
    # who did not ask for it, and nobody is rung in the quiet hours (local time).
    """
    create table reach (
      person uuid primary key references person on delete cascade,
      mail bytea,
      reminders boolean not null default true,
      urgent boolean not null default false,
      quiet_from time not null default '22:00',
      quiet_until time not null default '08:00'
    )
    """,
    """
    create table call_up (
      id uuid primary key,
      shift uuid not null references shift on delete cascade,
      branch uuid not null references branch,
      reason text not null check (reason in ('no_show', 'open_soon', 'reserve')),
      state text not null check (state in ('open', 'filled', 'over')),
      made timestamptz not null default line_now()
    )
    """,
    "create unique index call_up_open on call_up (shift, reason) where state = 'open'",
    # Console at once; `due`: when the own phone rings, for who agreed to that.
    """
    create table call_up_asked (
      call_up uuid not null references call_up on delete cascade,
      person uuid not null references person on delete cascade,
      state text not null check (state in ('asked', 'ringing', 'yes', 'no', 'silent')),
      due timestamptz,
      primary key (call_up, person)
    )
    """,
    "create index call_up_asked_due on call_up_asked (due) where due is not null",
    # A phone may ring for a call-up, too: such a leg is in no call.
    "alter table leg drop constraint leg_kind_check",
    """
    alter table leg add constraint leg_kind_check check
      (kind in ('caller', 'volunteer', 'third', 'coach', 'helper', 'called_up'))
    """,
    "alter table notice enable row level security",
    "alter table reach enable row level security",
    "alter table call_up enable row level security",
    "alter table call_up_asked enable row level security",
    "create policy notice_line on notice using (scope_is_line())",
    "create policy reach_own on reach using (scope_is_line() or person = scope_person())",
    "create policy call_up_seen on call_up using (scope_is_line() or scope_sees(branch))",
    """
    create policy call_up_asked_seen on call_up_asked
      using (scope_is_line() or person = scope_person()
        or exists (select from call_up c where c.id = call_up and scope_sees(c.branch)))
    """,
    "grant select, insert, update, delete on notice, reach, call_up, call_up_asked to ll_app",
)


def upgrade() -> None:
    """Make the rows of who comes and who does not."""
    for statement in STATEMENTS:
        op.execute(statement)
