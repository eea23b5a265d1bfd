"""Plans that an engine makes, and what is known of days to come."""

from alembic import op

revision = "0018"
down_revision = "0017"

STATEMENTS = (
    # branch null: the whole line. `due`: not before then. `stop`: somebody asked it to, and whether
    # its best so far is kept. `turn`: how many nodes took it up; an older one writes nothing more.
    # `unplanned`: drafts of hours that no engine plans.
    """
    create table plan_run (
      id uuid primary key,
      branch uuid references branch,
      first date not null,
      days smallint not null check (days between 1 and 56),
      engine text not null check (engine in ('builtin', 'cpsat')),
      seconds integer not null check (seconds between 1 and 36000),
      state text not null check (state in ('queued', 'running', 'done', 'cancelled', 'failed')),
      due timestamptz not null,
      stop text check (stop in ('keep', 'drop')),
      turn integer not null default 0,
      beat timestamptz,
      spent real not null default 0,
      cost bigint,
      unplanned integer not null default 0,
      fault text
    )
    """,
    """
    create unique index plan_run_open on plan_run
      (coalesce(branch, '00000000-0000-0000-0000-000000000000'), first)
      where state in ('queued', 'running')
    """,
    # What a plan changed beside what stood before; of drafts only, which nobody has seen yet.
    """
    create table plan_change (
      run uuid not null references plan_run on delete cascade,
      branch uuid not null references branch,
      person uuid not null references person on delete cascade,
      shift uuid not null references shift on delete cascade,
      kind text not null check (kind in ('added', 'removed')),
      primary key (run, person, shift)
    )
    """,
    "create index plan_change_person on plan_change (person)",
    "create index plan_change_shift on plan_change (shift)",
    # A feast, a campaign: so many times as many contacts as otherwise. channel null: all.
    """
    create table demand_event (
      id uuid primary key,
      name text not null check (length(name) between 1 and 80),
      kind text not null check (kind in ('holiday', 'campaign')),
      first date not null,
      last date not null check (last >= first),
      channel text check (channel in ('chat', 'phone', 'mail')),
      factor real not null check (factor between 0.1 and 10)
    )
    """,
    "alter table plan_run enable row level security",
    """
    create policy plan_run_seen on plan_run
      using (scope_is_line() or scope_sees(branch) or branch is null
        and coalesce(current_setting('ll.branches', true), '') = '*')
    """,
    "alter table plan_change enable row level security",
    """
    create policy plan_change_seen on plan_change using (scope_is_line() or scope_sees(branch))
    """,
    "grant select, insert, update, delete on plan_run, plan_change, demand_event to ll_app",
)


def upgrade() -> None:
    """Make the rows of plans and of days to come."""
    for statement in STATEMENTS:
        op.execute(statement)
