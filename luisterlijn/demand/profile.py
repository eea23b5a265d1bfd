"""An example of what a line may expect, for one that has no figures of its own yet. Pure.

Only the totals are known: 277,394 calls and 31,678 chats in 2023, more than half of them outside
office hours, around 280,000 contacts in an ordinary year; a call takes 21 minutes, a chat about 40
(customerfirst.nl; Crisis Text Line). How they spread over a day and a week is **made up**, so that
evenings are busiest, four in the morning is quiet and never empty, and those totals come out.
Nobody should plan a real line by it longer than it takes to count a few weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from luisterlijn.demand.days import SLOTS, WEEK, Floats

SOURCE = "example: public totals of 2023 (customerfirst.nl), a made-up spread over the week"
CHANNELS = ("phone", "chat")
A_YEAR = {"phone": 252_000.0, "chat": 28_000.0}
"""Contacts in an ordinary year: 280,000, divided as in 2023."""
WEEKS_A_YEAR = 365.2425 / WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What one contact of a channel asks of a volunteer.

    `lasts`: conversation and wrap-up together. `patience`: mean time after which somebody who waits
    gives up. `seats`: how many such contacts one volunteer has at once.
    """

    lasts: timedelta
    patience: timedelta
    seats: int


EFFORT = {
    "phone": Effort(lasts=timedelta(minutes=23), patience=timedelta(minutes=5), seats=1),
    "chat": Effort(lasts=timedelta(minutes=42), patience=timedelta(minutes=10), seats=2),
}
"""21 and 40 minutes of talk, two to write up. How long people wait is assumed, not measured."""

_MORNING = (34, 27, 22, 18, 15, 15, 18, 23, 29, 35, 39, 41)
_EVENING = (40, 41, 43, 44, 46, 49, 54, 60, 65, 66, 58, 46)
_OPEN = (30, 34, 36, 38, 40, 43, 47, 52, 58, 66, 72, 74)
_HOURS = {"phone": _MORNING + _EVENING, "chat": (0,) * 10 + _OPEN + (0,) * 2}
"""Weight of each local hour. The chat is open from 10 to 22."""
_WEEKDAYS = (1.04, 1.01, 1.00, 0.99, 0.97, 0.98, 1.01)
"""Monday first."""
_WEEKEND_MORNING = 0.85
"""Who lies in on a weekend calls later."""


def example_week(channel: str) -> Floats:
    """Give the mean contacts per local half hour of an ordinary week; shape (7, 48), Monday first.

    Raises:
        KeyError: there is no example for that channel.
    """
    middles = np.arange(24) + 0.5
    wanted = (np.arange(SLOTS) + 0.5) / 2
    hours = np.array(_HOURS[channel], dtype=np.float64)
    day = np.interp(wanted, middles, hours, period=24.0)
    day[np.repeat(hours == 0.0, 2)] = 0.0  # closed is closed, whatever the hour beside it says
    week = np.outer(_WEEKDAYS, day)
    week[5:, 12:20] *= _WEEKEND_MORNING
    return np.asarray(week * A_YEAR[channel] / WEEKS_A_YEAR / week.sum())
