"""Timed work: what, how often. APScheduler only ticks; the database decides who does it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.keyring import ClockLeap, Readings
from luisterlijn.store import store_runs as runs
from luisterlijn.store.database import Transaction

if TYPE_CHECKING:
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.attendance.room import AttendanceRoom
    from luisterlijn.audit.service import Audit
    from luisterlijn.chat.service import Chats
    from luisterlijn.coaching.service import Coaching
    from luisterlijn.dispatch.consoles import Consoles
    from luisterlijn.edge.metrics import Metrics
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.planner.room import PlannerRoom
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.privacy.pseudonyms import PseudonymKeys
    from luisterlijn.reporting.service import Reporting
    from luisterlijn.rostering.service import Roster
    from luisterlijn.shiftroom.service import ShiftRoom
    from luisterlijn.store.database import Database
    from luisterlijn.telephony.alarms import Alarms
    from luisterlijn.volunteers.room import PeopleRoom

log = structlog.get_logger()

Part = Callable[[], Coroutine[None, None, None]]
"""What runs by itself until the node ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of timed work.

    `once`: on one node only, in the transaction that also notes the run; else on every node.
    `then`: what asks somebody outside, after that transaction; when the node ends meanwhile, that
    moment is left out.
    """

    name: str
    every: timedelta
    do: Callable[[Transaction], Awaitable[None]]
    once: bool
    then: Callable[[], Awaitable[None]] | None = None


class Jobs:
    """The table of timed work."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        accounts: Accounts,
        chats: Chats,
        consoles: Consoles,
        reporting: Reporting,
        pseudonyms: PseudonymKeys,
        *,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        """Know everybody with something to do."""
        self._database = database
        self._keyring = keyring
        self._accounts = accounts
        self._reporting = reporting
        self._keys_in_use = [chats.keys_in_use, accounts.keys_in_use]
        self._pseudonyms = pseudonyms
        self._metrics = metrics
        self._clock = clock
        hour, minute = timedelta(hours=1), timedelta(minutes=1)
        self.table: tuple[Job, ...] = (
            Job(name="counters", every=hour, do=self._counters, once=False),
            Job(name="figures", every=5 * minute, do=self._figures, once=False),
            Job(name="keys-ahead", every=hour, do=self._keys_ahead, once=False),
            Job(name="keys-gone", every=15 * minute, do=self._keys_gone, once=False),
            Job(name="records-gone", every=hour, do=self._reporting.forget_records, once=True),
            Job(
                name="sessions", every=5 * minute, do=self._accounts.forget_old_sessions, once=True
            ),
            Job(name="next-hours", every=minute, do=consoles.next_hours, once=True),
            Job(name="old-runs", every=hour, do=runs.forget_old, once=True),
        )

    def forget(self, audit: Audit, coaching: Coaching) -> None:
        """Remove what is past its time in these rooms, too."""
        hour, minutes = timedelta(hours=1), timedelta(minutes=5)
        self.table += (
            Job(name="audit-gone", every=hour, do=audit.forget_old, once=True),
            Job(name="coaching-gone", every=minutes, do=coaching.forget_old, once=True),
        )

    def keep_roster(self, roster: Roster, planner: PlannerRoom) -> None:
        """Let go of what was offered of shifts that have begun, of old wishes and plans, too."""
        hour, minute = timedelta(hours=1), timedelta(minutes=1)
        self.table += (
            Job(name="swaps-lapse", every=minute, do=roster.swaps.lapse, once=True),
            Job(name="roster-gone", every=hour, do=roster.forget_old, once=True),
            Job(name="plans-gone", every=hour, do=planner.plans.forget_old, once=True),
        )

    def forget_lines(self, room: ShiftRoom) -> None:
        """Remove what was said in a shift that is over, too."""
        minute = timedelta(minutes=1)
        self.table += (Job(name="shift-room-gone", every=minute, do=room.forget_old, once=True),)

    def attend(self, room: AttendanceRoom) -> None:
        """Let links in mails die with their shift, and keep the keys of mail addresses."""
        minutes = timedelta(minutes=5)
        self._keys_in_use.append(room.reach.keys_in_use)
        self.table += (
            Job(name="attendance-gone", every=minutes, do=room.letters.forget_old, once=True),
        )

    def keep_people(self, room: PeopleRoom) -> None:
        """Carry out the steps of today, and forget who left and what was said long ago."""
        self.table += (
            Job(name="people-hourly", every=timedelta(hours=1), do=room.hourly, once=True),
        )

    def watch(self, alarms: Alarms) -> None:
        """Look after the telephone provider's account and the fallback, too."""
        hour, minutes = timedelta(hours=1), timedelta(minutes=5)
        self.table += (
            Job(name="account", every=hour, do=_nothing, once=True, then=alarms.look),
            Job(name="fallback", every=minutes, do=_nothing, once=True, then=alarms.probe),
        )

    async def run(self) -> None:
        """Tick until cancelled."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        for job in self.table:
            scheduler.add_job(
                self.tick,
                IntervalTrigger(seconds=int(job.every.total_seconds())),
                args=[job],
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
            if job.then is not None:  # at the start, too: a line that starts anew is looked at
                scheduler.add_job(self.tick, args=[job], misfire_grace_time=None)
        await self.tick(next(job for job in self.table if job.name == "keys-ahead"))
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def tick(self, job: Job) -> bool:
        """Do the job if it is due and nobody did it for this due moment; False otherwise."""
        try:
            async with self._database.transaction(LINE) as tx:
                if job.once and not await runs.take(tx, job.name, _due(tx.now, job.every)):
                    return False
                await job.do(tx)
            if job.then is not None:
                await job.then()
        except Outage:
            log.warning("job_waits", job=job.name)
            return False
        except ClockLeap:
            log.error("clock_leap", job=job.name)  # noqa: TRY400 - a person must look
            return False
        except Exception:
            log.exception("job_failed", job=job.name)
            return False
        return True

    async def _counters(self, _tx: Transaction) -> None:
        await self._reporting.flush()

    async def _figures(self, _tx: Transaction) -> None:
        self._metrics.advance()

    async def _keys_ahead(self, tx: Transaction) -> None:
        self._keyring.make_ahead(tx.now)
        self._pseudonyms.forget_old(self._clock.now())

    async def _keys_gone(self, tx: Transaction) -> None:
        in_use = {key for rooms in self._keys_in_use for key in await rooms(tx)}
        self._keyring.destroy_expired(
            Readings(
                database=tx.now,
                node=self._clock.now(),
                monotonic=self._clock.uptime(),
            ),
            in_use,
        )


async def _nothing(_tx: Transaction) -> None:
    """Only note the run."""


def _due(now: datetime, every: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + (now - epoch) // every * every


async def until_ended(ends: asyncio.Event, part: Part) -> None:
    """Run a part of the node. What breaks in it while all ends is told, and ends nothing more."""
    try:
        await part()
    except Exception:
        if not ends.is_set():
            raise
        log.exception("part_broke_at_the_end")
