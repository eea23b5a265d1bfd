"""The room of who is on now, and the calendar that somebody's own app reads."""

from alembic import op

revision = "0017"
down_revision = "0016"

STATEMENTS = (
    # A coach on duty has no presence: who of them has a console open, and its public key.
    """
    create table room_seat (
      person uuid primary key references person on delete cascade,
      public_key bytea not null,
      heard timestamptz not null
    )
    """,
    # A line is ciphertext. `member`: by which key its writer was known. `until`: the end of the
    # shift it was said in; then line and boxes go.
    """
    create table room_line (
      id uuid primary key,
      person uuid not null references person on delete cascade,
      member bytea not null,
      coach boolean not null,
      sealed bytea not null,
      number bigint generated always as identity,
      until timestamptz not null
    )
    """,
    "create index room_line_until on room_line (until)",
    # Each box opens one line for one key of one person.
    """
    create table room_box (
      line uuid not null references room_line on delete cascade,
      person uuid not null references person on delete cascade,
      member bytea not null,
      box bytea not null,
      primary key (line, member)
    )
    """,
    "create index room_box_person on room_box (person, line)",
    # The link is stored as a hash only; it ends with the account.
    """
    create table calendar_feed (
      person uuid primary key references person on delete cascade,
      token bytea not null unique
    )
    """,
    "alter table room_seat enable row level security",
    "alter table room_line enable row level security",
    "alter table room_box enable row level security",
    "alter table calendar_feed enable row level security",
    "create policy room_seat_line on room_seat using (scope_is_line())",
    "create policy room_line_line on room_line using (scope_is_line())",
    "create policy room_box_line on room_box using (scope_is_line())",
    """
    create policy calendar_feed_own on calendar_feed
      using (scope_is_line() or person = scope_person())
    """,
    """
    grant select, insert, update, delete
      on room_seat, room_line, room_box, calendar_feed to ll_app
    """,
)


def upgrade() -> None:
    """Make the shift's own room and the calendar."""
    for statement in STATEMENTS:
        op.execute(statement)
