"""The life of a roster: templates, periods, wishes, leave, swaps, and what a place can be."""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS = (
    # Local wall-clock times; an end before the start is on the next day. Weekdays: Monday is 1,
    # Tuesday 2, Wednesday 4 and so on, added up.
    """
    create table shift_template (
      id uuid primary key,
      branch uuid not null references branch,
      weekdays smallint not null check (weekdays between 1 and 127),
      starts time not null,
      ends time not null check (ends <> starts),
      channels text[] not null,
      least smallint not null check (least between 0 and wanted),
      wanted smallint not null check (wanted between 1 and 50),
      night boolean not null,
      gone boolean not null default false
    )
    """,
    "create index shift_template_branch on shift_template (branch) where not gone",
    """
    create table roster_period (
      id uuid primary key,
      branch uuid not null references branch,
      first date not null,
      days smallint not null default 28 check (days between 1 and 56),
      state text not null check (state in ('open', 'concept', 'published')),
      unique (branch, first)
    )
    """,
    "alter table shift drop constraint shift_state_check",
    """
    alter table shift
      add constraint shift_state_check check (state in ('concept', 'published', 'cancelled')),
      add column least smallint not null default 0 check (least between 0 and 50),
      add column template uuid references shift_template,
      add column night boolean not null default false
    """,
    """
    update shift set night =
      extract(hour from timezone('Europe/Amsterdam', starts)) not between 6 and 22
    """,
    # Who left is no longer named: that somebody was there stays countable.
    "alter table place alter column person drop not null",
    "alter table place drop constraint place_state_check",
    "alter table place drop constraint nobody_in_two_places",
    """
    alter table place
      add constraint place_state_check check (state in (
        'proposed', 'published', 'confirmed', 'checked_in',
        'taken_off', 'cannot', 'handed_over', 'no_show')),
      add column role text not null default 'listener'
        check (role in ('listener', 'trainee', 'mentor', 'reserve')),
      add column origin text not null default 'coordinator'
        check (origin in ('solver', 'self', 'coordinator', 'swap', 'reserve')),
      add column pinned boolean not null default false,
      -- Why a rule of the person was set aside with their yes; null: none was.
      add column allowed text check (allowed in ('own-wish', 'nobody-else', 'short-notice')),
      -- Put in by a coordinator for somebody without a computer.
      add column on_behalf boolean not null default false,
      add column sequence integer not null default 0,
      add column changed timestamptz not null default line_now(),
      add constraint nobody_in_two_places exclude using gist
        (uuidrange(person, person, '[]') with &&, during with &&)
        where (person is not null
          and state in ('proposed', 'published', 'confirmed', 'checked_in', 'no_show'))
    """,
    # A calendar takes a change only when its number rose: no statement can forget to.
    """
    create function place_changes() returns trigger language plpgsql as $$
    begin
      new.sequence := old.sequence + 1;
      new.changed := line_now();
      return new;
    end $$
    """,
    """
    create trigger place_changes before update on place
      for each row when (old.* is distinct from new.*) execute function place_changes()
    """,
    "create index place_person on place (person, during)",
    # One text a day, one sign a day part from 07:00 on: 0 cannot, 1 can, 2 prefers, r rather not.
    """
    create table wish (
      period uuid not null references roster_period on delete cascade,
      person uuid not null references person on delete cascade,
      branch uuid not null references branch,
      levels text[] not null,
      wanted smallint not null check (wanted between 0 and 28),
      most smallint not null check (most between wanted and 28),
      nights smallint not null check (nights between 0 and 28),
      on_behalf boolean not null default false,
      primary key (period, person)
    )
    """,
    # Days only: why is asked nowhere and stored nowhere.
    """
    create table leave (
      id uuid primary key,
      person uuid not null references person on delete cascade,
      branch uuid not null references branch,
      first date not null,
      last date not null check (last >= first),
      state text not null check (state in ('asked', 'granted', 'declined', 'withdrawn')),
      on_behalf boolean not null default false
    )
    """,
    "create index leave_person on leave (person, last)",
    # wants: shifts of which one is taken instead; empty: given away. asked: one colleague only.
    """
    create table swap (
      id uuid primary key,
      branch uuid not null references branch,
      person uuid not null references person on delete cascade,
      place uuid not null references place,
      wants uuid[] not null,
      asked uuid references person on delete cascade,
      state text not null check (state in ('open', 'done', 'withdrawn', 'declined', 'lapsed')),
      until timestamptz not null
    )
    """,
    "create unique index swap_open on swap (place) where state = 'open'",
    "create index swap_branch on swap (branch, state)",
    "alter table shift_template enable row level security",
    "alter table roster_period enable row level security",
    "alter table wish enable row level security",
    "alter table leave enable row level security",
    "alter table swap enable row level security",
    """
    create policy shift_template_seen on shift_template
      using (scope_is_line() or scope_sees(branch))
    """,
    """
    create policy roster_period_seen on roster_period
      using (scope_is_line() or scope_sees(branch))
    """,
    """
    create policy wish_seen on wish
      using (scope_is_line() or scope_sees(branch) or person = scope_person())
    """,
    """
    create policy leave_seen on leave
      using (scope_is_line() or scope_sees(branch) or person = scope_person())
    """,
    """
    create policy swap_seen on swap using (
      scope_is_line() or scope_sees(branch) or person = scope_person() or asked = scope_person()
    )
    """,
    """
    grant select, insert, update, delete
      on shift_template, roster_period, wish, leave, swap to ll_app
    """,
)


def upgrade() -> None:
    """Give the roster its life."""
    for statement in STATEMENTS:
        op.execute(statement)
