"""Scripts written in TwiML. No verb or attribute that records is named here; a law test looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from luisterlijn.telephony.script import (
    Ask,
    GoOn,
    HangUp,
    LeaveRoom,
    Meet,
    Park,
    Pause,
    Play,
)
from luisterlijn.telephony.speech import MUSIC, sound_path

if TYPE_CHECKING:
    from luisterlijn.telephony.script import Script, Verb

WAITING_ROOM = "waiting"
"""One queue at the provider, as a parking place only: the order is ours."""
CONFERENCE_NEWS = "start end join leave"


def twiml(script: Script, base: str) -> bytes:
    """Write a script.

    Args:
        script: what the leg is to do.
        base: our public address, `https://…`, before every path.
    """
    response = VoiceResponse()
    for verb in script:
        _write(response, verb, base)
    return str(response).encode()


def _write(response: VoiceResponse, verb: Verb, base: str) -> None:
    match verb:
        case Play() | Pause():
            _sound(response, verb, base)
        case Ask(path=path, inside=inside, wait_s=wait_s, digits=digits):
            gather = response.gather(
                action=base + path,
                method="POST",
                num_digits=digits,
                timeout=wait_s,
                action_on_empty_result=False,
            )
            for each in inside:
                _sound(gather, each, base)
        case Park(wait=wait, after=after):
            response.enqueue(
                WAITING_ROOM,
                wait_url=base + wait,
                wait_url_method="POST",
                action=base + after,
                method="POST",
            )
        case Meet():
            _meet(response, verb, base)
        case GoOn(path):
            response.redirect(base + path, method="POST")
        case LeaveRoom():
            response.leave()
        case HangUp():
            response.hangup()
        case _:
            assert_never(verb)


def _sound(into: VoiceResponse | Gather, verb: Play | Pause, base: str) -> None:
    if isinstance(verb, Play):
        into.play(base + sound_path(verb.prompt, verb.language))
    else:
        into.pause(length=verb.seconds)


def _meet(response: VoiceResponse, meet: Meet, base: str) -> None:
    dial = Dial(action=base + meet.after, method="POST", time_limit=meet.longest_s)
    dial.conference(
        meet.room.hex,
        beep="false",
        muted=meet.muted or None,
        start_conference_on_enter=True,
        end_conference_on_exit=meet.ends,
        # The default costs up to a second, in which two people begin to speak at once.
        jitter_buffer_size="small",
        wait_url=base + MUSIC,
        wait_method="GET",
        status_callback=base + meet.statuses,
        status_callback_method="POST",
        status_callback_event=CONFERENCE_NEWS,
    )
    response.append(dial)
