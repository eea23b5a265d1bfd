"""How long each thing is kept: the one table that the pages, the jobs and the keys follow.

Rows go when they are due; the key that seals them goes at most one period (and `GRACE`) later, and
with it every copy in a log, a replica or a backup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GRACE = timedelta(minutes=5)
"""A key outlives its period by this: what is sealed just before the turn may commit after it."""


@unique
class RetentionClass(StrEnum):
    """How long something sealed can be opened. The value is part of a key file's name."""

    AT_CLOSE = "at-close"
    DAY_1 = "day-1"
    WEEK_1 = "week-1"
    WEEKS_2 = "weeks-2"
    DAYS_30 = "days-30"
    MONTHS_18 = "months-18"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a class means.

    `lasts` None: the key goes when its period is over and no row names it any more.
    `period`: all rows first sealed in one period share one key.
    """

    lasts: timedelta | None
    period: timedelta


RULES: Mapping[RetentionClass, Rule] = {
    RetentionClass.AT_CLOSE: Rule(lasts=None, period=timedelta(hours=1)),
    RetentionClass.DAY_1: Rule(lasts=timedelta(hours=24), period=timedelta(hours=1)),
    RetentionClass.WEEK_1: Rule(lasts=timedelta(days=7), period=timedelta(days=1)),
    RetentionClass.WEEKS_2: Rule(lasts=timedelta(days=14), period=timedelta(days=1)),
    RetentionClass.DAYS_30: Rule(lasts=timedelta(days=30), period=timedelta(days=1)),
    # 18 months as 549 days: the longest run of 18 calendar months.
    RetentionClass.MONTHS_18: Rule(lasts=timedelta(days=549), period=timedelta(days=1)),
    RetentionClass.ACCOUNT: Rule(lasts=None, period=timedelta(days=30)),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a table go when their class says so."""

    table: str
    retention: RetentionClass
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """A column that holds only sealed values.

    `sizes`: what a value is padded to before sealing, in bytes, rising; so the column takes only
    the lengths that follow from them (`sealing.stored_lengths`). `own_dek`: the value carries a
    data key of its own; else the row (or the chat it belongs to) holds one.
    """

    table: str
    column: str
    retention: RetentionClass
    sizes: tuple[int, ...]
    holds: str
    own_dek: bool = False

    @property
    def purpose(self) -> str:
        """Give the name under which the column's subkey is derived."""
        return f"{self.table}.{self.column}"


CHAT_HALF = SealedColumn(
    table="chat",
    column="half",
    retention=RetentionClass.AT_CLOSE,
    sizes=(32,),
    holds="the server's half of the key under which a visitor's page survives a reload",
)
BOX_SEALED = SealedColumn(
    table="box",
    column="sealed",
    retention=RetentionClass.AT_CLOSE,
    sizes=(113,),
    holds="a key period's secret, sealed by the visitor's page to one member",
)
LINE_SEALED = SealedColumn(
    table="line",
    column="sealed",
    retention=RetentionClass.AT_CLOSE,
    sizes=(272, 1040, 4112),
    holds="a line that was encrypted by the visitor's page or the console",
)
SESSION_WRAP = SealedColumn(
    table="session",
    column="wrap",
    retention=RetentionClass.DAY_1,
    sizes=(32,),
    holds="the secret that wraps a console's private key",
    own_dek=True,
)
SESSION_RECORD_SEALED = SealedColumn(
    table="session_record",
    column="sealed",
    retention=RetentionClass.WEEK_1,
    sizes=(256, 1024),
    holds="that a contact took place: channel, volunteer, times, how it ended; no words",
)
PERSON_TOTP = SealedColumn(
    table="person",
    column="totp",
    retention=RetentionClass.ACCOUNT,
    sizes=(32,),
    holds="the second factor's secret of somebody with an account",
    own_dek=True,
)

PERSON_PHONE = SealedColumn(
    table="person",
    column="phone",
    retention=RetentionClass.ACCOUNT,
    sizes=(32,),
    holds="the own telephone number of a volunteer or coach, dialled; shown to the own coordinator"
    " only, by a press",
    own_dek=True,
)
REACH_MAIL = SealedColumn(
    table="reach",
    column="mail",
    retention=RetentionClass.ACCOUNT,
    sizes=(64, 256),
    holds="the mail address at which somebody with an account wants to be reminded of a shift",
    own_dek=True,
)
LEG_SID = SealedColumn(
    table="leg",
    column="sid",
    retention=RetentionClass.DAY_1,
    sizes=(64,),
    holds="the telephone provider's name of one leg of a call",
    own_dek=True,
)
ERASURE_SID = SealedColumn(
    table="erasure",
    column="sid",
    retention=RetentionClass.WEEKS_2,
    sizes=(64,),
    holds="a leg that is over and that the provider must still forget",
    own_dek=True,
)
AUDIT_SUBJECT = SealedColumn(
    table="audit",
    column="subject",
    retention=RetentionClass.WEEK_1,
    sizes=(32,),
    holds="which contact an entry of the audit trail is about",
    own_dek=True,
)
MESSAGE_BODY = SealedColumn(
    table="message",
    column="body",
    retention=RetentionClass.DAYS_30,
    sizes=(512, 2048, 8192),
    holds="what a coordinator writes to the volunteers of a shift, a group or a branch",
    own_dek=True,
)

SEALED: tuple[SealedColumn, ...] = (
    CHAT_HALF,
    BOX_SEALED,
    LINE_SEALED,
    SESSION_WRAP,
    SESSION_RECORD_SEALED,
    PERSON_TOTP,
    PERSON_PHONE,
    REACH_MAIL,
    LEG_SID,
    ERASURE_SID,
    AUDIT_SUBJECT,
    MESSAGE_BODY,
)

ROWS: tuple[Kept, ...] = (
    Kept("contact", RetentionClass.AT_CLOSE, "that somebody waits or is in conversation"),
    Kept("offer", RetentionClass.AT_CLOSE, "which volunteer was asked"),
    Kept("exclusion", RetentionClass.AT_CLOSE, "which volunteer is not asked again"),
    Kept("chat", RetentionClass.AT_CLOSE, "what a chat needs to go on after a reload"),
    Kept("member", RetentionClass.AT_CLOSE, "who may read a chat, and until when"),
    Kept("box", RetentionClass.AT_CLOSE, "the sealed secrets of a chat"),
    Kept("line", RetentionClass.AT_CLOSE, "the encrypted lines of a chat"),
    Kept("call", RetentionClass.AT_CLOSE, "which conference a call is in, whether it is on hold"),
    Kept("joining", RetentionClass.AT_CLOSE, "who is beside a conversation"),
    Kept("help_request", RetentionClass.DAY_1, "who asks a coach for help now"),
    Kept("duty", RetentionClass.WEEK_1, "who is on duty when"),
    Kept("leg", RetentionClass.DAY_1, "one leg of a call, as long as it lives at the provider"),
    Kept("provider_order", RetentionClass.DAY_1, "what the provider is still to be told"),
    Kept("erasure", RetentionClass.WEEKS_2, "which legs the provider must still forget"),
    Kept("audit", RetentionClass.MONTHS_18, "who joined a conversation, who decided what"),
    Kept(
        "talk", RetentionClass.DAYS_30, "who wants to talk after a conversation: a name and an hour"
    ),
    Kept("care", RetentionClass.DAY_1, "how many heavy conversations somebody had in this shift"),
    Kept("notice", RetentionClass.DAY_1, "what was told about a place, and the link in a mail"),
    Kept("call_up", RetentionClass.DAY_1, "on which shift somebody was looked for"),
    Kept("call_up_asked", RetentionClass.DAY_1, "who was asked to come, and what they said"),
    Kept("reach", RetentionClass.ACCOUNT, "how somebody may be reached outside the console"),
    Kept("room_seat", RetentionClass.DAY_1, "which coach on duty has a console open"),
    Kept("room_line", RetentionClass.DAY_1, "what those on a shift say to each other, encrypted"),
    Kept("room_box", RetentionClass.DAY_1, "the key of such a line, for each who was there"),
    Kept("calendar_feed", RetentionClass.ACCOUNT, "that somebody's calendar app reads the roster"),
    Kept("session", RetentionClass.DAY_1, "who is signed in"),
    Kept("session_record", RetentionClass.WEEK_1, "that a contact took place"),
    Kept("message", RetentionClass.DAYS_30, "what was written to volunteers"),
    Kept("message_to", RetentionClass.DAYS_30, "to whom, and whether they read it"),
    Kept("gathering", RetentionClass.DAYS_30, "an evening to come to"),
    Kept("gathering_seat", RetentionClass.DAYS_30, "who comes, and who came"),
    Kept("wish", RetentionClass.DAYS_30, "when somebody can, and how often they wish to"),
    Kept("leave", RetentionClass.DAYS_30, "days that somebody is away; never why"),
    Kept("swap", RetentionClass.DAYS_30, "which place somebody gave away or swapped"),
    Kept("person", RetentionClass.ACCOUNT, "an account"),
    Kept("plan_run", RetentionClass.DAYS_30, "that an engine was asked for a roster"),
    Kept("plan_change", RetentionClass.DAYS_30, "whom an engine proposed for a shift, or no more"),
    Kept("volunteer", RetentionClass.ACCOUNT, "what was agreed with a volunteer"),
    Kept("training", RetentionClass.ACCOUNT, "how far somebody is trained for a channel"),
)


def period_start(retention: RetentionClass, moment: datetime) -> datetime:
    """Give the start of the key period that the moment lies in; periods are counted from 1970."""
    period = RULES[retention].period
    return EPOCH + (moment - EPOCH) // period * period


def key_goes(retention: RetentionClass, start: datetime, now: datetime, *, used: bool) -> bool:
    """Say whether the key of the period that began at `start` must be destroyed now.

    Args:
        retention: the class of the key.
        start: the start of its period.
        now: the moment.
        used: whether a row still names the key; matters only for a class without a fixed length.
    """
    rule = RULES[retention]
    over = start + rule.period + GRACE
    if rule.lasts is None:
        return now >= over and not used
    return now >= over + rule.lasts
