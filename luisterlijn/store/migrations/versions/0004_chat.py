"""Chats: tokens, members of a room, their boxes, numbered ciphertext lines."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    # token: hash of 128 random bits. dek: this chat's key, wrapped by the hour's key. half: the
    # server's half of the page's wrapping key, sealed; gone at close.
    """
    create table chat (
      contact uuid primary key references contact on delete cascade,
      token bytea not null unique,
      dek bytea not null,
      key_id bytea not null,
      half bytea,
      seq integer not null default 0,
      members_version integer not null default 0,
      key_due timestamptz
    )
    """,
    "create index chat_key_due on chat (key_due) where key_due is not null",
    # member: random for this stay, so that the page never learns who it is.
    """
    create table member (
      member uuid primary key,
      contact uuid not null references chat on delete cascade,
      person uuid not null references person,
      role text not null,
      epoch integer not null,
      public_key bytea not null,
      until timestamptz not null,
      signature bytea not null,
      since_version integer not null,
      left_version integer
    )
    """,
    "create index member_contact on member (contact)",
    """
    create table box (
      member uuid not null references member on delete cascade,
      period integer not null,
      sealed bytea not null,
      primary key (member, period)
    )
    """,
    """
    create table line (
      contact uuid not null references chat on delete cascade,
      seq integer not null,
      client_id uuid not null,
      by text not null check (by in ('visitor', 'volunteer')),
      period integer not null,
      stream uuid not null,
      counter integer not null,
      sealed bytea not null,
      primary key (contact, seq),
      unique (contact, client_id)
    )
    """,
    *(f"alter table {table} enable row level security" for table in ("chat", "member", "box")),
    "alter table line enable row level security",
    *(
        f"create policy {table}_line on {table} using (scope_is_line())"
        for table in ("chat", "member", "box", "line")
    ),
    "grant select, insert, update, delete on chat, member, box, line to ll_app",
)


def upgrade() -> None:
    """Make the chat room."""
    for statement in STATEMENTS:
        op.execute(statement)
