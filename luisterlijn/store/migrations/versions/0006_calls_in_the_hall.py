"""Calls in the hall: own phones, hand-overs, after-care, who is preferred after a dropped line."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    # A volunteer's own number is dialled and shown nowhere; it is sealed like a second factor.
    "alter table person add column phone bytea",
    "alter table contact drop constraint contact_channel_check",
    "alter table contact add constraint contact_channel_check check (channel in ('chat', 'phone'))",
    # prefer: after a dropped line the same volunteer is asked first, for a few minutes.
    # handing_*: the open offer of a hand-over; the contact stays with its volunteer until then.
    """
    alter table contact
      add column prefer uuid references person,
      add column prefer_until timestamptz,
      add column handing_to uuid references person,
      add column handing_until timestamptz
    """,
    """
    alter table offer add column kind text not null default 'queue'
      check (kind in ('queue', 'hand_over'))
    """,
    "alter table presence drop constraint presence_state_check",
    """
    alter table presence add constraint presence_state_check
      check (state in ('ready', 'paused', 'away', 'after_care'))
    """,
    # phone_at: where calls are taken; phone_identity: as whom the browser is signed on at the
    # provider, new each shift. care_until: what is proposed, the person ends it.
    """
    alter table presence
      add column phone_at text not null default 'browser' check (phone_at in ('browser', 'own')),
      add column phone_identity uuid not null default gen_random_uuid(),
      add column care_until timestamptz
    """,
)


def upgrade() -> None:
    """Let the hall carry calls."""
    for statement in STATEMENTS:
        op.execute(statement)
