"""What each leg hears: no key is needed, and nobody waits without a word for long."""

from __future__ import annotations

from uuid import UUID

import pytest

from luisterlijn.telephony import prompts, speech
from luisterlijn.telephony.script import Ask, GoOn, HangUp, Meet, Park, Play, Script

LEG, ROOM = UUID(int=1), UUID(int=2)


def sounds(script: Script) -> list[str]:
    found = []
    for verb in script:
        inside = verb.inside if isinstance(verb, Ask) else (verb,)
        found += [each.prompt for each in inside if isinstance(each, Play)]
    return found


def round_of(turn: int, place: int | None = 3, minutes: int | None = 5) -> Script:
    return speech.waiting(LEG, "nl", place=place, minutes=minutes, turn=turn, nobody_yet=False)


def test_a_new_caller_is_welcomed_and_waits_without_pressing_anything() -> None:
    script = speech.welcomed(LEG, "welcome", "nl")

    assert sounds(script) == ["welcome"]
    assert isinstance(script[-1], Park)


def test_the_place_and_the_wait_are_said_in_words_and_then_music_goes_on() -> None:
    assert sounds(round_of(0)) == ["place-3", "wait-3-8", "menu", "music"]
    assert sounds(round_of(1)) == ["music"]
    assert sounds(round_of(3)) == ["place-3", "wait-3-8", "music"]
    assert isinstance(round_of(1)[-1], GoOn)


def test_place_and_wait_come_at_most_each_ninety_seconds() -> None:
    there = prompts.load()
    music = there.get("nl", "music")
    assert music is not None
    between = speech.MUSIC_TURNS * (music.seconds + speech.KEY_S)

    assert 80 <= between <= 100


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "wait-short"), (3, "wait-short"), (4, "wait-3-8"), (9, "wait-8-15"), (31, "wait-long")],
)
def test_the_wait_is_told_in_honest_classes(minutes: int, said: str) -> None:
    assert said in sounds(round_of(0, minutes=minutes))


def test_what_is_not_known_is_not_said() -> None:
    assert sounds(round_of(0, place=None, minutes=None)) == ["stay", "menu", "music"]
    assert sounds(round_of(0, place=11))[0] == "place-many"
    nobody = speech.waiting(LEG, "nl", place=1, minutes=2, turn=0, nobody_yet=True)
    assert sounds(nobody)[0] == "nobody-yet"


def test_a_closed_line_names_the_hour_it_opens_when_that_is_known() -> None:
    assert sounds(speech.last_words("nl", "closed", opens_hour=7)) == [
        "closed",
        "opens-07",
        "danger",
    ]
    assert "danger" in sounds(speech.last_words("nl", "closed"))
    assert isinstance(speech.last_words("nl", "closed")[-1], HangUp)


def test_caller_and_volunteer_end_the_conference_and_a_third_party_does_not() -> None:
    ends = [
        next(verb.ends for verb in script if isinstance(verb, Meet))
        for script in (
            speech.met_caller(LEG, "nl", room=ROOM),
            speech.met_volunteer(LEG, room=ROOM, own=True),
            speech.met_third(LEG, room=ROOM),
        )
    ]

    assert ends == [True, True, False]


def test_no_path_holds_more_than_a_random_id() -> None:
    assert speech.leg_path(LEG, "keys") == f"/phone/leg/{LEG.hex}/keys"
    assert speech.room_path(ROOM) == f"/phone/room/{ROOM.hex}/status"
