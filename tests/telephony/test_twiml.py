"""Every document that we can write is one that Twilio knows, word for word."""

from __future__ import annotations

import inspect
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from luisterlijn.telephony import prompts, speech
from luisterlijn.telephony.script import (
    Ask,
    GoOn,
    HangUp,
    LeaveRoom,
    Meet,
    Park,
    Pause,
    Play,
    Script,
)
from luisterlijn.telephony.twiml import twiml
from tests.support.scripts import ROOM, any_script, said
from tests.support.twiml import unknown, vocabulary

BASE = "https://lijn.example"
XML = '<?xml version="1.0" encoding="UTF-8"?>'
WAITING_VERBS = {"Play", "Say", "Pause", "Gather", "Leave", "Redirect"}
"""All that runs in a waiting room; anything else ends it."""
WAITS = {"waiting", "waiting_blind", "about_chat", "left_room"}
ADDRESSES = {"action", "waitUrl", "statusCallback", "url"}


def shown(*script: Script) -> str:
    """Give the inside of a document."""
    text = twiml(tuple(each for part in script for each in part), BASE).decode()
    return text.removeprefix(f"{XML}<Response>").removesuffix("</Response>")


def test_the_words_are_those_of_the_library_and_of_no_keyword_it_takes_besides() -> None:
    words = vocabulary()

    assert len(words) > 100
    assert {"waitUrl", "jitterBufferSize", "coach"} <= words["Dial", "Conference"]
    assert "jitterBuffersize" not in words["Dial", "Conference"]
    assert words["Response", "Redirect"] == {"method"}
    assert ("Gather", "Dial") not in words


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("<Response><Plays/></Response>", "Plays in Response"),
        ("<Response><Play lop='2'/></Response>", "lop of Play"),
        ("<Response><Gather><Dial/></Gather></Response>", "Dial in Gather"),
        ("<Response><Dial><Conference waitURL='x'/></Dial></Response>", "waitURL of Conference"),
        ("<Antwoord/>", "Antwoord"),
    ],
)
def test_a_planted_word_that_twilio_does_not_know_is_found(planted: str, fault: str) -> None:
    assert unknown(planted) == [fault]


@settings(deadline=None)
@given(any_script())
def test_any_script_becomes_a_document_that_twilio_knows_verb_by_verb(script: Script) -> None:
    document = twiml(script, BASE)

    assert unknown(document) == []
    assert len(ET.fromstring(document)) == len(script)  # noqa: S314 - our own


@settings(deadline=None)
@given(any_script())
def test_every_address_in_a_document_is_whole_and_ours(script: Script) -> None:
    for element in ET.fromstring(twiml(script, BASE)).iter():  # noqa: S314 - our own
        addresses = [element.attrib[each] for each in ADDRESSES & set(element.attrib)]
        if element.tag in ("Play", "Redirect"):
            addresses.append(element.text or "")
        for each in addresses:
            scheme, host, path, _query, _rest = urlsplit(each)
            assert (scheme, host, path[:1]) == ("https", "lijn.example", "/")


def test_all_that_is_said_to_a_leg_is_known_and_no_script_is_left_out() -> None:
    functions = {
        name
        for name, each in inspect.getmembers(speech, inspect.isfunction)
        if each.__annotations__.get("return") == "Script"
    }
    heard = set()
    for name, script in said():
        heard.add(name)
        assert unknown(twiml(script, BASE)) == []

    assert heard == functions


def test_the_waiting_room_uses_only_verbs_that_work_there() -> None:
    told = [script for name, script in said() if name in WAITS]

    assert len(told) > 100
    for script in told:
        for element in ET.fromstring(twiml(script, BASE)):  # noqa: S314 - our own
            assert element.tag in WAITING_VERBS


def test_no_script_ends_in_silence_and_every_prompt_of_it_is_there() -> None:
    there = prompts.load()
    for _name, script in said():
        assert isinstance(script[-1], Park | Meet | GoOn | HangUp | LeaveRoom)
        for verb in script:
            inside = verb.inside if isinstance(verb, Ask) else (verb,)
            for sound in inside:
                if isinstance(sound, Play):
                    assert there.get(sound.language, sound.prompt) is not None, sound


def test_a_caller_is_parked_with_a_waiting_room_and_a_way_out_of_it() -> None:
    assert shown((Park(wait="/w", after="/a"),)) == (
        f'<Enqueue action="{BASE}/a" method="POST" waitUrl="{BASE}/w" waitUrlMethod="POST">'
        "waiting</Enqueue>"
    )


def test_keys_are_taken_while_it_plays_and_no_key_goes_on() -> None:
    ask = Ask(path="/k", inside=(Play("menu", "nl"), Pause(2)), wait_s=1, digits=8)

    assert shown((ask, GoOn("/w"))) == (
        f'<Gather action="{BASE}/k" actionOnEmptyResult="false" method="POST" numDigits="8"'
        f' timeout="1"><Play>{BASE}/phone/prompts/nl/menu.wav</Play><Pause length="2" /></Gather>'
        f'<Redirect method="POST">{BASE}/w</Redirect>'
    )


def test_a_conference_has_no_beep_and_little_delay_and_tells_who_comes_and_goes() -> None:
    meet = Meet(room=ROOM, after="/a", statuses="/s", ends=True)
    third = Meet(room=ROOM, after="/a", statuses="/s", ends=False, longest_s=3600)
    silent = Meet(room=ROOM, after="/a", statuses="/s", ends=False, muted=True)

    assert shown((meet,)) == (
        f'<Dial action="{BASE}/a" method="POST"><Conference beep="false"'
        ' endConferenceOnExit="true" jitterBufferSize="small" startConferenceOnEnter="true"'
        f' statusCallback="{BASE}/s" statusCallbackEvent="start end join leave"'
        f' statusCallbackMethod="POST" waitMethod="GET"'
        f' waitUrl="{BASE}{speech.MUSIC}">{ROOM.hex}</Conference></Dial>'
    )
    assert 'timeLimit="3600"' in shown((third,))
    assert 'endConferenceOnExit="false"' in shown((third,))
    assert 'muted="true"' in shown((silent,))


def test_leaving_and_hanging_up_are_words_of_their_own() -> None:
    assert shown((LeaveRoom(),), (HangUp(),)) == "<Leave /><Hangup />"


def test_no_document_holds_a_number() -> None:
    for _name, script in said():
        document = twiml(script, BASE).decode()
        assert "+31" not in document
        assert "<Number" not in document
