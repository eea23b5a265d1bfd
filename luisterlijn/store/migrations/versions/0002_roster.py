"""Shifts and the places on them."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    create table shift (
      id uuid primary key,
      branch uuid not null references branch,
      starts timestamptz not null,
      ends timestamptz not null check (ends > starts),
      channels text[] not null,
      wanted smallint not null check (wanted between 1 and 50),
      state text not null check (state in ('published', 'cancelled'))
    )
    """,
    "create index shift_branch on shift (branch, starts)",
    "create type uuidrange as range (subtype = uuid)",
    # The exclusion makes it impossible that somebody stands in two places at once; a range of
    # one id stands in for btree_gist, which not every PostgreSQL carries.
    """
    create table place (
      id uuid primary key,
      shift uuid not null references shift,
      branch uuid not null references branch,
      person uuid not null references person,
      during tstzrange not null,
      state text not null check (state in ('published', 'checked_in', 'taken_off')),
      constraint nobody_in_two_places exclude using gist
        (uuidrange(person, person, '[]') with &&, during with &&) where (state <> 'taken_off')
    )
    """,
    "create index place_shift on place (shift)",
    "create index place_during on place using gist (during)",
    "alter table shift enable row level security",
    "alter table place enable row level security",
    """
    create policy shift_seen on shift using (
      scope_is_line() or scope_sees(branch)
      or exists (select from place p where p.shift = shift.id and p.person = scope_person())
    )
    """,
    """
    create policy place_seen on place
      using (scope_is_line() or scope_sees(branch) or person = scope_person())
    """,
    "grant select, insert, update, delete on shift, place to ll_app",
)


def upgrade() -> None:
    """Make the roster."""
    for statement in STATEMENTS:
        op.execute(statement)
