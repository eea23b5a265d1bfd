"""Reading along in chat: who has it, who reads along, and from where."""

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    # role: who has the chat, or as what somebody reads along. reads_from: the first key period
    # whose secret the member may have. after_seq: the last line before they came in. joining: by
    # which one somebody reads along, None for who has the chat.
    """
    alter table member
      add column reads_from integer not null default 1,
      add column after_seq integer not null default 0,
      add column joining uuid,
      add constraint member_role check (role in ('volunteer', 'coach', 'mentor', 'colleague')),
      add constraint member_reads check ((role = 'volunteer') = (joining is null))
    """,
    # late: sealed in a later period than its own, and so not under that period's list of members.
    "alter table box add column late boolean not null default false",
    """
    update box set late = true from member m
     where m.member = box.member and box.period < m.since_version
    """,
)


def upgrade() -> None:
    """Let somebody beside a chat be a member of it."""
    for statement in STATEMENTS:
        op.execute(statement)
