"""A week on a held clock: the roster says who is asked, and nobody is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tests.support.week import BEGIN, BOTH, CALLS, CHATS, DAYS, Week

if TYPE_CHECKING:
    from tests.support.house import TestHouse

CONTACTS, AT_ONCE = 190, 12
ALL, DUTCH = ("nl", "en"), ("nl",)
PEOPLE = {
    "anja": (BOTH, ALL),
    "bas": (CALLS, DUTCH),
    "carla": (CHATS, ALL),
    "daan": (BOTH, DUTCH),
    "els": (CALLS, ALL),
    "frits": (CHATS, DUTCH),
    "greet": (BOTH, ALL),
}
TRAINED_ON_H, MISSED_H = (8, 44, 64, 84, 100, 112), (52, 128)
"""Hours after the week began at which a shift starts that a trainee walks along with, or that
one does not come to. The night in which summer time begins is hour 115 to 119."""
BURST_H = 1.2
"""So long after the start of these two many come at once: everybody who is there is asked."""


async def test_a_week_asks_only_who_the_roster_puts_there_and_loses_nobody(
    built: TestHouse,
) -> None:
    await built.time.freeze(BEGIN - timedelta(hours=1))
    week = Week(built, seed=11)
    await week.roster(PEOPLE)
    spare = {
        name: await built.volunteer(name, channels=channels, hours=0)
        for name, channels in (("tess", ()), ("rob", BOTH), ("jip", BOTH))
    }
    await built.owner.execute("update person set margin_min = 10")
    # Who jumps in does so from home: the branch has no desk left.
    await built.owner.execute(
        "insert into volunteer (person, branch, home) values ($1, $2, true)",
        spare["jip"],
        built.branch,
    )
    mentor = week.people["anja"]
    await week.trains(spare["tess"], mentor)
    for hours in TRAINED_ON_H:
        _shift, _moment, people = await week.shift_at(hours)
        assert mentor in people
        await week.with_trainee(hours, spare["tess"], mentor)
    late = [await week.missed(hours, spare["rob"], spare["jip"]) for hours in MISSED_H]
    chance = np.random.default_rng(12)
    bursts = [hours + BURST_H + each / 3600 for hours in MISSED_H for each in range(AT_ONCE)]
    for at_h in (*chance.uniform(0, DAYS * 24, CONTACTS), *bursts):
        channel = "chat" if chance.random() < 0.45 else "phone"
        week.arrive(
            BEGIN + timedelta(hours=float(at_h)), channel, "en" if chance.random() < 0.1 else "nl"
        )

    tally = await week.play()

    assert tally.wrong == []
    assert tally.answered + tally.abandoned == tally.arrived == CONTACTS + len(bursts)
    assert await built.owner.fetchval("select count(*) from contact") == 0
    assert await built.owner.fetchval("select count(*) from offer") == 0
    assert await built.owner.fetchval("select sum(load) from presence") == 0
    assert tally.answered > CONTACTS * 0.6
    assert tally.declined > 5
    for name, person in (week.people | spare).items():
        assert tally.offers.get(person, 0) > 0, name
    assert await built.owner.fetchval("select count(*) from place where state = 'no_show'") == 0
    assert {
        row["state"]
        for row in await built.owner.fetch(
            "select state from place where person = any($1::uuid[])", late
        )
    } == {"checked_in"}
