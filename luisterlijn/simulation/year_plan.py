"""What a simulated year brings: who calls when and with how much patience, who is on which shift.

All of it is drawn before the year begins, so that two ways of routing are tried on the same people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import numpy as np

from luisterlijn.demand.days import HALF_HOUR, Days, Floats, Whole, days
from luisterlijn.demand.profile import A_YEAR, EFFORT, Effort
from luisterlijn.demand.staffing import required
from luisterlijn.demand.synthetic import arrivals
from luisterlijn.kernel.clock import AMSTERDAM, local_interval
from luisterlijn.kernel.ids import ContactId, PersonId

BEGIN = datetime(2025, 12, 31, 23, tzinfo=UTC)
"""A year of Dutch days, the short and the long one among them."""
STARTS = tuple(time(hour) for hour in range(1, 24, 2))
"""Shifts of four hours begin every two: half of those there stay when the other half changes."""
LASTS_HOURS = 4
HALF_HOURS_BETWEEN = 4
BLOCK = 8
"""Half hours of a shift."""
REDIALS = 0.55
"""Of those who gave up by telephone, so many try again ..."""
REDIAL_AFTER_S = 480.0
"""... after so long, in the mean; see `MOST_ATTEMPTS`."""
MOST_ATTEMPTS = 6
ENGLISH = 0.03
SPEAKS_ENGLISH = 0.6
WRITES_UP_S = 120.0
VOLUNTEERS = 1_500
BOTH, CHAT_ONLY = 0.4, 0.05
"""Trained for calls and chats, for chats only; the others for calls only."""
BACK_AFTER_S = 300.0
"""How long who missed an offer stays away, in the mean."""
STAND_BY_AFTER_S = 900.0
STAND_BY = 0.75
"""So many empty places find somebody who stands in, a quarter of an hour into the shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play.

    `contacts`: first attempts in a year. `share`: of contacts to be answered within a minute, which
    the roster is laid out for. `exact`: only calls, exponential talks, no redials, no rests, all at
    once on the shift and off it: what an Erlang-A chain can follow. `offers` False: who is asked
    takes it at once. `packed`: a second chat goes to who has one. `pooled`: everybody is trained
    for everything, in all languages.
    """

    contacts: int = 280_000
    days: int = 365
    seed: int = 1
    share: float = 0.85
    margin_min: float = 10.0
    absent: float = 0.0
    declined: float = 0.01
    no_show: float = 0.0
    stand_by: bool = True
    offers: bool = True
    packed: bool = False
    pooled: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One person's wish to talk, with what would become of each attempt.

    `patience_s`: of each attempt. `talks_s`: conversation; the wrap-up comes after it.
    `redial_s`: after which each attempt is followed by the next; the last attempts by none.
    """

    at_s: float
    channel: str
    language: str
    patience_s: tuple[float, ...]
    talks_s: float
    redial_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One volunteer's shift. Times in seconds since the year began.

    `beside`: the other of a pair of trainee and mentor; `walks_along`: is the trainee of it.
    """

    person: PersonId
    starts_s: float
    ends_s: float
    channels: frozenset[str]
    languages: frozenset[str]
    beside: PersonId | None = None
    walks_along: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """All that comes and all who are there. `callers` by arrival, `turns` by start."""

    plan: Plan
    callers: list[Caller]
    turns: list[Turn]
    rates: dict[str, Floats]
    people: Whole


def year(plan: Plan) -> Year:
    """Draw a year; the same plan gives the same year."""
    run = days(BEGIN, round(plan.days * 48))
    channels = ("phone",) if plan.exact else ("phone", "chat")
    scale = plan.contacts / sum(A_YEAR[each] for each in channels)
    rates, callers = {}, []
    for number, channel in enumerate(channels):
        made = arrivals(channel, run, plan.seed)
        rates[channel] = made.expected * scale
        chance = np.random.default_rng([plan.seed, 10 + number])
        came = chance.poisson((made.expected if plan.exact else made.rate) * scale)
        callers += _callers(plan, channel, came, chance)
    callers.sort(key=lambda each: each.at_s)
    chance = np.random.default_rng([plan.seed, 2])
    turns, people = _all_at_once(plan, rates) if plan.exact else _roster(plan, run, rates, chance)
    return Year(plan=plan, callers=callers, turns=turns, rates=rates, people=people)


def contact_id(number: int) -> ContactId:
    """Give the id of an attempt; no order is told by it."""
    return ContactId(UUID(int=number * 0x9E3779B97F4A7C15 % (1 << 64) << 64 | number))


def person_id(number: int) -> PersonId:
    """Give the id of a volunteer."""
    return PersonId(UUID(int=number + 1))


def talk_and_writing(effort: Effort) -> float:
    """Give the mean seconds of talk alone."""
    return effort.lasts.total_seconds() - WRITES_UP_S


def _callers(plan: Plan, channel: str, came: Whole, chance: np.random.Generator) -> list[Caller]:
    effort = EFFORT[channel]
    half = HALF_HOUR.total_seconds()
    begins = np.repeat(np.arange(len(came)) * half, came)
    at = np.sort(begins + chance.uniform(0, half, len(begins)))
    count = len(at)
    tries = 1 if plan.exact or channel != "phone" else MOST_ATTEMPTS
    patience = chance.exponential(effort.patience.total_seconds(), (count, tries))
    again = chance.random((count, tries)) < REDIALS
    gap = 30 + chance.exponential(REDIAL_AFTER_S - 30, (count, tries))
    english = chance.random(count) < (0 if plan.exact else ENGLISH)
    if plan.exact:
        talk = chance.exponential(effort.lasts.total_seconds(), count)
    else:
        # Long talks are not rare: a log-normal with the mean of the example.
        talk = chance.lognormal(-0.32, 0.8, count) * talk_and_writing(effort)
    stops = np.where(again.all(axis=1), tries, np.argmin(again, axis=1))
    return [
        Caller(
            at_s=round(float(at[number]), 3),
            channel=channel,
            language="en" if english[number] else "nl",
            patience_s=tuple(patience[number, : min(tries, int(stops[number]) + 1)].tolist()),
            talks_s=float(talk[number]),
            redial_s=tuple(gap[number, : min(tries - 1, int(stops[number]))].tolist()),
        )
        for number in range(count)
    ]


def _need(plan: Plan, rates: dict[str, Floats]) -> tuple[Whole, Whole]:
    """Give volunteers needed in all, and for chats, per half hour; shape (half hours,) each."""
    of = {name: required(each, EFFORT[name], plan.share) for name, each in rates.items()}
    chats = of.get("chat", np.zeros_like(of["phone"]))
    return of["phone"] + chats, chats


def _roster(
    plan: Plan, run: Days, rates: dict[str, Floats], chance: np.random.Generator
) -> tuple[list[Turn], Whole]:
    """Lay shifts out by need: each start brings half of what its hours need, more where needed."""
    every, chats = _need(plan, rates)
    trained = _trained(plan, chance)
    free_from = np.zeros(VOLUNTEERS)
    turns: list[Turn] = []
    people = np.zeros(len(run), dtype=np.int64)
    before = 0
    for starts, ends in _shifts(run):
        first = int(starts / HALF_HOUR.total_seconds())
        window = slice(first, first + HALF_HOURS_BETWEEN)
        need = int(every[window].max(initial=0))
        count = max(-(-need // 2), need - before)
        wanted = min(count, -(-int(chats[window].max(initial=0)) // 2))
        for number in _chosen(trained, free_from, starts, count, wanted, chance):
            free_from[number] = ends + 12 * 3600
            turns.append(
                Turn(
                    person=person_id(number),
                    starts_s=starts,
                    ends_s=ends,
                    channels=trained[number][0],
                    languages=trained[number][1],
                )
            )
        people[first : int(ends / HALF_HOUR.total_seconds())] += count
        before = count
    return turns, people


def _shifts(run: Days) -> list[tuple[float, float]]:
    """Give (start, end) of every shift in seconds, on the Amsterdam clock, from the first day on.

    The first one begins before the year does, so that somebody is there when it does.
    """
    found = []
    day = run.start.astimezone(AMSTERDAM).date() - timedelta(days=1)
    end = run.start + len(run) * HALF_HOUR
    while datetime.combine(day, time(), AMSTERDAM) < end:
        for start in STARTS:
            during = local_interval(day, start, time((start.hour + LASTS_HOURS) % 24))
            if run.start < during.end and during.start < end:
                begins = max(0.0, (during.start - run.start).total_seconds())
                found.append((begins, (during.end - run.start).total_seconds()))
        day += timedelta(days=1)
    return sorted(found)


Trained = list[tuple[frozenset[str], frozenset[str]]]


def _trained(plan: Plan, chance: np.random.Generator) -> Trained:
    """Give each volunteer's channels and languages."""
    found = []
    for training, tongue in zip(chance.random(VOLUNTEERS), chance.random(VOLUNTEERS), strict=True):
        both = training < BOTH or plan.pooled
        only = "chat" if training < BOTH + CHAT_ONLY else "phone"
        english = tongue < SPEAKS_ENGLISH or plan.pooled
        found.append(
            (
                frozenset({"phone", "chat"} if both else {only}),
                frozenset({"nl", "en"} if english else {"nl"}),
            )
        )
    return found


def _chosen(
    trained: Trained,
    free_from: Floats,
    starts: float,
    count: int,
    chats: int,
    chance: np.random.Generator,
) -> list[int]:
    """Choose who takes a shift: rested ones by lot, enough of them for chats, one with English."""
    rested = [int(each) for each in chance.permutation(VOLUNTEERS) if free_from[each] <= starts]
    takes_chats = [each for each in rested if "chat" in trained[each][0]]
    # As many again are trained for chats besides calls, so that either can have them.
    chosen = takes_chats[: min(count, 2 * chats)]
    calls = [each for each in rested if "phone" in trained[each][0] and each not in chosen]
    chosen += calls[: count - len(chosen)]
    if chosen and not any("en" in trained[each][1] for each in chosen):
        english = next(each for each in calls if "en" in trained[each][1])
        chosen[-1] = english
    return chosen


def _all_at_once(plan: Plan, rates: dict[str, Floats]) -> tuple[list[Turn], Whole]:
    """Give a roster in which all change every four hours, and numbers stand still between."""
    need, _chats = _need(plan, rates)
    blocks = [slice(first, first + BLOCK) for first in range(0, len(need), BLOCK)]
    people = np.concatenate([np.full(len(need[each]), round(need[each].mean())) for each in blocks])
    turns = []
    number = 0
    for block in blocks:
        starts, ends = (edge * HALF_HOUR.total_seconds() for edge in (block.start, block.stop))
        for _place in range(int(people[block.start])):
            number += 1
            turns.append(
                Turn(
                    person=person_id(number % (4 * VOLUNTEERS)),
                    starts_s=starts,
                    ends_s=ends,
                    channels=frozenset({"phone"}),
                    languages=frozenset({"nl"}),
                )
            )
    return turns, people.astype(np.int64)
