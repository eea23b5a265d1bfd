"""Coaches on the telephone: beside a call, alone with a volunteer, rung for a request for help."""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    # mode: how a coach takes part. request: what a helper is rung for. room: a conference of its
    # own, in which a coach and a volunteer speak beside a chat, or outside a conversation.
    """
    alter table leg
      add column mode text check (mode in ('alone', 'listen', 'whisper', 'join', 'late')),
      add column request uuid,
      add column room uuid,
      drop constraint leg_kind_check,
      add constraint leg_kind_check check
        (kind in ('caller', 'volunteer', 'third', 'coach', 'helper'))
    """,
    "create index leg_request on leg (request) where request is not null",
    "create index leg_room on leg (room) where room is not null",
    """
    alter table provider_order
      drop constraint provider_order_what_check,
      add constraint provider_order_what_check check (what in
        ('place', 'refetch', 'end', 'hold', 'unhold', 'stay', 'voice', 'announce'))
    """,
)


def upgrade() -> None:
    """Let coaches be on the telephone."""
    for statement in STATEMENTS:
        op.execute(statement)
