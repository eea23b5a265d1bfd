"""Every script that the code says, and any script it could say."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from hypothesis import strategies as st

from luisterlijn.telephony import script, speech
from luisterlijn.telephony.prompts import CALLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from luisterlijn.telephony.script import Script

LEG, ROOM = UUID(int=1), UUID(int=2)
LANGUAGES = ("nl", "en")


def said() -> Iterator[tuple[str, Script]]:
    """Give the name of each function of `speech`, with what it says for all kinds of facts."""
    yield "parked", speech.parked(LEG)
    yield "left_room", speech.left_room(LEG)
    yield "met_third", speech.met_third(LEG, room=ROOM)
    yield "a_moment", speech.a_moment(LEG)
    yield "call_up_asked", speech.call_up_asked(LEG)
    yield "comes_in", speech.comes_in(LEG)
    yield "met_alone", speech.met_alone(LEG, room=ROOM)
    for flag in (True, False):
        yield "help_asked", speech.help_asked(LEG, urgent=flag)
        yield "help_chosen", speech.help_chosen(LEG, in_call=flag)
        yield "met_coach", speech.met_coach(LEG, room=ROOM, muted=flag)
        yield "offered", speech.offered(LEG, english=flag)
        yield "met_volunteer", speech.met_volunteer(LEG, room=ROOM, own=flag)
    for language in LANGUAGES:
        yield "welcomed", speech.welcomed(LEG, "welcome", language)
        for why in ("volunteer-away", "about-chat"):
            yield "waits_again", speech.waits_again(LEG, language, why)
        yield "waiting_blind", speech.waiting_blind(LEG, language)
        yield "about_chat", speech.about_chat(LEG, language)
        yield "met_caller", speech.met_caller(LEG, language, room=ROOM)
        yield "code_again", speech.code_again(LEG, language)
        yield "third_asked", speech.third_asked(LEG, language)
        for past_key in (True, False):
            yield "limited", speech.limited(LEG, language, past_key=past_key)
        for word, hour in product((*speech.LAST, "no such word"), (None, 0, 23)):
            yield "last_words", speech.last_words(language, word, opens_hour=hour)
        places, waits = (None, 1, 10, 11), (None, (0, 1), (3, 12), (60, 90))
        for place, wait, turn, nobody in product(places, waits, (0, 1, 3), (True, False)):
            yield (
                "waiting",
                speech.waiting(
                    LEG,
                    language,
                    place=place,
                    wait=wait,
                    turn=turn,
                    nobody_yet=nobody,
                    greets=turn == 0,
                ),
            )


_paths = st.from_regex(r"\A/[a-z0-9/?=&-]{1,40}\Z")
_languages = st.sampled_from(LANGUAGES)
_plays = st.builds(script.Play, st.sampled_from(CALLERS), _languages)
_pauses = st.builds(script.Pause, st.integers(1, 60))
VERBS = {
    script.Play: _plays,
    script.Pause: _pauses,
    script.Ask: st.builds(
        script.Ask,
        path=_paths,
        inside=st.lists(_plays | _pauses, max_size=4).map(tuple),
        wait_s=st.integers(0, 60),
        digits=st.integers(1, 20),
    ),
    script.Park: st.builds(script.Park, wait=_paths, after=_paths),
    script.Meet: st.builds(
        script.Meet,
        room=st.uuids(),
        after=_paths,
        statuses=_paths,
        ends=st.booleans(),
        muted=st.booleans(),
        longest_s=st.none() | st.integers(1, 14_400),
    ),
    script.GoOn: st.builds(script.GoOn, _paths),
    script.LeaveRoom: st.builds(script.LeaveRoom),
    script.HangUp: st.builds(script.HangUp),
}
"""Any value of each verb that there is."""
assert set(VERBS) == set(get_args(script.Verb))


def any_script() -> st.SearchStrategy[Script]:
    """Give any script, of whatever verbs in whatever order."""
    return st.lists(st.one_of(*VERBS.values()), max_size=6).map(tuple)
