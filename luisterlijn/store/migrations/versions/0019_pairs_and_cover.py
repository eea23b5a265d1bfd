"""A trainee and a mentor are one server; what the line noticed of too few on duty."""

from alembic import op

revision = "0019"
down_revision = "0018"

STATEMENTS = (
    # beside: the other one of the pair, on both rows. walks_along: takes contacts beside a mentor
    # only, so without one nothing.
    """
    alter table presence
      add column beside uuid references person on delete set null,
      add column walks_along boolean not null default false,
      add constraint presence_beside_another check (beside <> person)
    """,
    "create unique index presence_beside on presence (beside) where beside is not null",
    # At most one row: how the line is covered too thinly now, since when, and whether it was told.
    """
    create table thin_cover (
      one boolean primary key default true check (one),
      kind text not null check (kind in ('nobody', 'alone', 'alone_no_coach')),
      since timestamptz not null,
      told boolean not null default false
    )
    """,
    "grant select, insert, update, delete on thin_cover to ll_app",
)


def upgrade() -> None:
    """Let the roster drive the line."""
    for statement in STATEMENTS:
        op.execute(statement)
