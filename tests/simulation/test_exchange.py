"""The exchange does with a script what the provider does, on a time of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.simulation.exchange import FAULT
from tests.support.switchboard import (
    ACCOUNT,
    BASE,
    JO,
    NUMBER,
    SOUND_S,
    Line,
    enqueue,
    exchange_to,
    gather,
    heard,
    meet,
    placed,
    play,
    redirect,
)

if TYPE_CHECKING:
    from luisterlijn.simulation.exchange import Exchange
    from luisterlijn.simulation.exchange_parts import Leg


async def call(line: Line, *, until: float = 0.0, fallback: str = "") -> tuple[Exchange, Leg]:
    """Let Jo call a line, and some time pass."""
    exchange = exchange_to(line, fallback=fallback)
    leg = exchange.call_in(JO)
    await exchange.run_until(until)
    return exchange, leg


async def two_in_a_room(line: Line, *, ends: bool = True) -> tuple[Exchange, Leg, Leg]:
    """Let Jo and a volunteer be in one conference; Jo came first."""
    line.scripts["/incoming"] = meet(ends=ends)
    line.scripts["/placed"] = meet(ends=ends)
    exchange, caller = await call(line)
    volunteer = placed(exchange)
    await exchange.run_until(1)
    exchange.answer(volunteer)
    await exchange.run_until(2)
    assert caller.room is not None
    assert caller.room is volunteer.room
    return exchange, caller, volunteer


# Playing.


async def test_a_call_that_rings_asks_our_address_what_to_do() -> None:
    line = Line({"/incoming": play("a")})
    _exchange, leg = await call(line)

    [asked] = line.forms("/incoming")
    assert asked == {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.sid,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": JO,
        "To": NUMBER,
        "Caller": JO,
        "Called": NUMBER,
    }
    assert leg.status == "in-progress"


async def test_a_sound_lasts_as_long_as_it_is_and_then_the_next_verb_follows() -> None:
    line = Line({"/incoming": play("a") + '<Pause length="3"/>' + play("b") + "<Hangup/>"})
    exchange, leg = await call(line, until=SOUND_S + 2.9)
    before = heard(leg)
    await exchange.run_until(SOUND_S + 3)
    between = (heard(leg), leg.over)
    await exchange.run_until(2 * SOUND_S + 3)

    assert before == ["/a"]
    assert between == (["/a", "/b"], False)
    assert leg.status == "completed"


async def test_a_script_without_a_hangup_ends_the_call_at_its_end() -> None:
    _exchange, leg = await call(Line({"/incoming": play("a")}), until=SOUND_S)

    assert leg.over


async def test_a_verb_that_we_do_not_write_ends_the_call() -> None:
    _exchange, leg = await call(Line({"/incoming": "<Record/>" + play("a")}))

    assert leg.over
    assert heard(leg) == ["unknown verb Record"]


# Keys.


@pytest.mark.parametrize("moment", [0.5, SOUND_S + 4.9])
async def test_a_key_during_a_prompt_or_soon_after_it_is_told_at_once(moment: float) -> None:
    line = Line({"/incoming": gather(play("a")) + play("b"), "/keys": play("c")})
    exchange, leg = await call(line, until=moment)
    exchange.press(leg, "1")
    await exchange.run_until(moment)

    assert line.told("/keys", "Digits") == ["1"]
    assert heard(leg) == ["/a", "/c"]


async def test_who_presses_nothing_hears_what_comes_next() -> None:
    line = Line({"/incoming": gather(play("a")) + play("b")})
    exchange, leg = await call(line, until=SOUND_S + 4.9)
    before = heard(leg)
    await exchange.run_until(SOUND_S + 5)
    exchange.press(leg, "1")
    await exchange.run_until(SOUND_S + 5)

    assert (before, heard(leg)) == (["/a"], ["/a", "/b"])
    assert line.forms("/keys") == []


@pytest.mark.parametrize(
    ("keys", "moment", "told"),
    [
        ("12345678", 1.0, ["12345678"]),
        ("1234#", 1.0, ["1234"]),
        ("1234", 5.9, []),
        ("1234", 6.0, ["1234"]),
        ("1234567890", 1.0, ["12345678"]),
    ],
)
async def test_several_keys_are_told_together_when_all_are_there_or_no_more_come(
    keys: str, moment: float, told: list[str]
) -> None:
    line = Line({"/incoming": gather(play("a"), digits=8), "/keys": '<Pause length="60"/>'})
    exchange, leg = await call(line, until=1)
    exchange.press(leg, keys)
    await exchange.run_until(moment)

    assert line.told("/keys", "Digits") == told


async def test_a_question_is_over_when_something_else_is_to_be_done() -> None:
    line = Line({"/incoming": gather(play("a")), "/other": play("b")})
    exchange, leg = await call(line, until=1)
    exchange.redirect(leg, f"{BASE}/other")
    await exchange.run_until(1)
    exchange.press(leg, "1")
    await exchange.run_until(2)

    assert heard(leg) == ["/a", "/b"]
    assert line.forms("/keys") == []


# The waiting room.


async def test_who_waits_hears_the_waiting_room_again_and_again() -> None:
    line = Line({"/incoming": enqueue(), "/wait": play("music")})
    _exchange, leg = await call(line, until=2 * SOUND_S)

    assert heard(leg) == ["/music"] * 3
    assert line.told("/wait", "QueueTime") == ["0", "2", "4"]
    assert leg.queued


async def test_who_leaves_the_waiting_room_goes_on_at_its_action() -> None:
    line = Line({"/incoming": enqueue(), "/wait": play("a") + "<Leave/>", "/after": play("b")})
    _exchange, leg = await call(line, until=SOUND_S)

    assert line.told("/after", "QueueResult") == ["leave"]
    assert heard(leg) == ["/a", "/b"]
    assert not leg.queued


async def test_the_answer_to_the_news_of_a_redirect_out_of_the_queue_is_not_looked_at() -> None:
    line = Line({"/incoming": enqueue(), "/wait": play("a"), "/after": play("no")})
    line.scripts["/other"] = play("b")
    exchange, leg = await call(line, until=1)
    exchange.redirect(leg, f"{BASE}/other")
    await exchange.run_until(1)

    assert line.told("/after", "QueueResult") == ["redirected"]
    assert [path for path, _form in line.sent][-2:] == ["/after", "/other"]
    assert heard(leg) == ["/a", "/b"]


async def test_who_hangs_up_while_waiting_is_told_twice() -> None:
    line = Line({"/incoming": enqueue(), "/wait": play("a"), "/after": play("no")})
    exchange, leg = await call(line, until=1)
    exchange.hang_up(leg)
    exchange.hang_up(leg)
    await exchange.run_until(10)

    [after] = line.forms("/after")
    assert (after["QueueResult"], after["CallStatus"]) == ("hangup", "completed")
    assert line.told("/status", "CallStatus") == ["completed"]
    assert heard(leg) == ["/a"]


# Conferences.


async def test_each_join_is_told_and_the_news_of_a_conference_names_no_number() -> None:
    line = Line()
    _exchange, caller, volunteer = await two_in_a_room(line)

    assert line.told("/room", "StatusCallbackEvent") == [
        *("conference-start", "participant-join", "participant-join")
    ]
    assert line.told("/room", "CallSid") == ["", caller.sid, volunteer.sid]
    assert line.told("/room", "SequenceNumber") == ["1", "2", "3"]
    named = {key for form in line.forms("/room") for key in form}
    assert named.isdisjoint({"From", "To", "Caller", "Called"})


@pytest.mark.parametrize("who", ["caller", "volunteer"])
async def test_when_one_leaves_the_conference_ends_for_the_other(who: str) -> None:
    line = Line({"/left": play("bye")})
    exchange, caller, volunteer = await two_in_a_room(line)
    goes, stays = (caller, volunteer) if who == "caller" else (volunteer, caller)
    exchange.hang_up(goes)
    await exchange.run_until(3)

    assert goes.over
    assert heard(stays) == ["/bye"]
    assert line.told("/room", "StatusCallbackEvent")[3:] == [
        *("participant-leave", "participant-leave", "conference-end")
    ]
    assert all(room.over for room in exchange.rooms.values())


async def test_a_conference_that_outlives_a_leg_ends_with_its_last_one() -> None:
    line = Line()
    exchange, caller, volunteer = await two_in_a_room(line, ends=False)
    exchange.hang_up(volunteer)
    await exchange.run_until(3)
    [room] = exchange.rooms.values()
    after_one = (room.over, caller.room is room)
    exchange.hang_up(caller)

    assert after_one == (False, True)
    assert room.over


async def test_who_is_sent_elsewhere_leaves_the_conference_first() -> None:
    line = Line({"/left": play("bye"), "/other": play("b")})
    exchange, caller, volunteer = await two_in_a_room(line)
    exchange.redirect(caller, f"{BASE}/other")
    await exchange.run_until(2)

    assert (heard(caller), heard(volunteer)) == (["/b"], ["/bye"])
    assert line.told("/left", "CallSid") == [volunteer.sid]


async def test_a_conference_with_a_longest_time_is_left_then() -> None:
    line = Line({"/incoming": meet(ends=False, longest=60), "/left": play("bye")})
    exchange, leg = await call(line, until=59)
    before = leg.room is not None
    await exchange.run_until(60)

    assert before
    assert heard(leg) == ["/bye"]


async def test_everybody_in_a_conference_hears_what_is_announced() -> None:
    exchange, caller, volunteer = await two_in_a_room(Line())
    assert caller.room is not None
    exchange.announce(caller.room, f"{BASE}/said")

    assert (heard(caller), heard(volunteer)) == (["/said"], ["/said"])


# Legs that we place.


async def test_a_leg_that_is_answered_asks_what_to_do_and_each_step_is_told_in_order() -> None:
    line = Line({"/placed": "<Hangup/>"})
    exchange = exchange_to(line)
    rang: list[Leg] = []
    exchange.rings = rang.append
    leg = placed(exchange)
    await exchange.run_until(1)
    assert (rang, line.forms("/placed")) == ([leg], [])
    exchange.answer(leg)
    exchange.answer(leg)
    await exchange.run_until(2)

    assert line.told("/placed", "CallStatus") == ["in-progress"]
    assert line.told("/news", "CallStatus") == ["initiated", "ringing", "in-progress", "completed"]
    assert line.told("/news", "SequenceNumber") == ["0", "1", "2", "3"]


async def test_nobody_picks_up_for_so_long_and_then_it_rings_no_more() -> None:
    line = Line()
    exchange = exchange_to(line)
    leg = placed(exchange, timeout_s=15)
    await exchange.run_until(15)
    before = leg.status
    await exchange.run_until(15.2)
    exchange.answer(leg)

    assert (before, leg.status) == ("ringing", "no-answer")
    assert line.told("/news", "CallStatus")[-1] == "no-answer"


async def test_who_refuses_a_leg_that_rings_is_busy_and_hears_nothing() -> None:
    line = Line({"/placed": play("a")})
    exchange = exchange_to(line)
    leg = placed(exchange)
    await exchange.run_until(1)
    exchange.hang_up(leg)
    await exchange.run_until(30)

    assert leg.status == "busy"
    assert leg.heard == []


# What goes wrong.


async def test_what_fails_once_is_asked_once_more() -> None:
    line = Line({"/incoming": play("a")}, faults={"/incoming": 1})
    _exchange, leg = await call(line)

    assert heard(leg) == ["/a"]
    assert len(line.forms("/incoming")) == 2


async def test_what_fails_twice_is_asked_elsewhere_at_any_moment_of_a_call() -> None:
    line = Line(
        {
            "/incoming": play("a") + redirect("/more"),
            "/more": play("b"),
            "/elsewhere": play("sorry") + redirect("/incoming"),
        },
        faults={"/more": 2},
    )
    _exchange, leg = await call(line, until=3 * SOUND_S, fallback="/elsewhere")

    assert heard(leg)[:3] == ["/a", "/sorry", "/a"]
    [asked] = line.forms("/elsewhere")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200", f"{BASE}/more")


async def test_without_another_address_the_call_ends() -> None:
    _exchange, leg = await call(Line(faults={"/incoming": 2}))

    assert leg.over
    assert leg.heard == [FAULT]


async def test_a_waiting_room_that_cannot_be_had_is_told_to_who_parked_the_call() -> None:
    line = Line(
        {"/incoming": enqueue(), "/wait": play("music"), "/after": enqueue()},
        faults={"/wait": 2},
    )
    _exchange, leg = await call(line)

    assert line.told("/after", "QueueResult") == ["error"]
    assert heard(leg) == ["/music"]
    assert leg.queued


async def test_an_answer_that_comes_too_late_is_not_played() -> None:
    line = Line({"/incoming": play("late"), "/other": play("b")})
    exchange = exchange_to(line)
    leg = exchange.call_in(JO)
    line.then["/incoming"] = lambda: exchange.redirect(leg, f"{BASE}/other")
    await exchange.run_until(1)

    assert heard(leg) == ["/b"]


@pytest.mark.parametrize(
    "scripts",
    [
        {"/incoming": redirect("/incoming")},
        {"/incoming": enqueue(), "/wait": "<Leave/>", "/after": enqueue()},
        {"/incoming": enqueue(), "/wait": '<Pause length="0"/>'},
        {"/incoming": enqueue(), "/after": enqueue()},
    ],
)
async def test_scripts_that_go_round_in_no_time_are_ended(scripts: dict[str, str]) -> None:
    _exchange, leg = await call(Line(scripts), until=0)

    assert leg.over


async def test_scripts_that_go_round_in_time_go_on_for_hours() -> None:
    _exchange, leg = await call(Line({"/incoming": play("a") + redirect("/incoming")}), until=7200)

    assert not leg.over
    assert len(leg.heard) == 7200 / SOUND_S + 1
