"""What each leg hears, as scripts of prompts and steps. Pure; no script ends in silence.

No key is ever needed: who presses nothing reaches a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from uuid import UUID

MUSIC = "/phone/prompts/nl/music.wav"
PLACES = 10
"""Places said in words; further back, "er wachten nog meer mensen voor u"."""
EDGES = (0, 3, 8, 15, 30)
"""Minutes between which a wait is told; the band is told as the narrowest that holds it."""
MUSIC_TURNS = 3
"""The music lasts about half a minute: place and wait are said each 90 seconds at most."""
KEY_S = 1
ANSWER_S = 8
CODE_DIGITS = 8
OUTRO_S = 1
STAYS_S = 3600

LAST = {
    "closed": ("closed",),
    "full": ("full",),
    "limit": ("limit", "danger"),
    "third_conversation": ("third-conversation", "goodbye"),
    "goodbye": ("goodbye",),
    "left": ("goodbye",),
    "caller_gone": ("caller-gone",),
    "offer_gone": ("offer-gone",),
    "help_over": ("help-over",),
    "call_up_yes": ("call-up-yes",),
    "call_up_over": ("call-up-over",),
    "trouble": ("trouble", "danger"),
}
"""Last words → their prompts."""


def leg_path(leg: UUID, what: str = "") -> str:
    """Give where a leg asks what to do; `what`: wait, keys or status."""
    return f"/phone/leg/{leg.hex}" + (f"/{what}" if what else "")


def room_path(room: UUID) -> str:
    """Give where a conference tells its news."""
    return f"/phone/room/{room.hex}/status"


def sound_path(prompt: str, language: str) -> str:
    """Give where a prompt's sound lies."""
    return f"/phone/prompts/{language}/{prompt}.wav"


# A caller.


def welcomed(leg: UUID, welcome: str, language: str) -> Script:
    """Welcome somebody, and let them wait; the key that it names may be pressed meanwhile."""
    return (
        Ask(path=leg_path(leg, "keys"), inside=(Play(welcome, language),), wait_s=KEY_S),
        *parked(leg),
    )


def parked(leg: UUID) -> Script:
    """Let a caller wait, or wait again."""
    return (Park(wait=leg_path(leg, "wait"), after=leg_path(leg)),)


def waits_again(leg: UUID, language: str, word: str) -> Script:
    """Say why a caller waits again, and let them wait."""
    return (Play(word, language), *parked(leg))


def waiting(
    leg: UUID,
    language: str,
    *,
    place: int | None,
    wait: tuple[int, int] | None,
    turn: int,
    nobody_yet: bool,
    greets: bool = False,
) -> Script:
    """Give one round of the waiting room: words now and then, music, keys at any time.

    Args:
        leg: the caller's.
        language: of the prompts.
        place: in the queue, the first is 1; None: not known this second.
        wait: between how many minutes most wait; None: we cannot say, and say so.
        turn: how often the room was asked for before; each third time place and wait are said.
        nobody_yet: rostered, but nobody is there yet.
        greets: who changed the language hears the welcome in it: it names 112 and 113.
    """
    said: tuple[Play | Pause, ...] = (Play("welcome", language),) if greets else ()
    if turn % MUSIC_TURNS == 0:
        news = _news(place, wait, nobody_yet=nobody_yet)
        said += tuple(Play(each, language) for each in news)
        if turn == 0:
            said += (Play("menu", language),)
    inside = (*said, Play("music", "nl"))
    return (
        Ask(path=leg_path(leg, "keys"), inside=inside, wait_s=KEY_S),
        GoOn(leg_path(leg, "wait")),
    )


def waiting_blind(leg: UUID, language: str) -> Script:
    """Give a round of the waiting room from memory, when the database is away."""
    return (Play("stay", language), Play("music", "nl"), GoOn(leg_path(leg, "wait")))


def about_chat(leg: UUID, language: str) -> Script:
    """Tell somebody in the waiting room about the chat, and go on waiting."""
    return (Play("about-chat", language), Pause(1), GoOn(leg_path(leg, "wait")))


def left_room(_leg: UUID) -> Script:
    """Leave the waiting room: what comes after it is asked then."""
    return (LeaveRoom(),)


def met_caller(leg: UUID, language: str, *, room: UUID) -> Script:
    """Bring a caller to the volunteer."""
    return (
        Play("connecting", language),
        Meet(room=room, after=leg_path(leg), statuses=room_path(room), ends=True),
    )


def limited(leg: UUID, language: str, *, past_key: bool) -> Script:
    """Say kindly that today's conversations are had, and how to go on all the same."""
    ask = (Play("limit-key", language),) if past_key else ()
    return (
        Ask(
            path=leg_path(leg, "keys"),
            inside=(
                Play("limit", language),
                Play("danger", language),
                *ask,
                Play("limit-code", language),
            ),
            wait_s=ANSWER_S,
            digits=CODE_DIGITS,
        ),
        Play("goodbye", language),
        HangUp(),
    )


def code_again(leg: UUID, language: str) -> Script:
    """Ask for a code once more: this one is not known."""
    return (
        Ask(
            path=leg_path(leg, "keys"),
            inside=(Play("code-wrong", language),),
            wait_s=ANSWER_S,
            digits=CODE_DIGITS,
        ),
        Play("goodbye", language),
        HangUp(),
    )


def last_words(language: str, word: str, *, opens_hour: int | None = None) -> Script:
    """Say the last words and end.

    Args:
        language: of the prompts.
        word: a key of `LAST`; for any other, goodbye: nobody is left in silence.
        opens_hour: of a closed line, when it opens again, 0 to 23 in Amsterdam; None: not known.
    """
    prompts = LAST.get(word, LAST["goodbye"])
    if word == "closed":
        opens = () if opens_hour is None else (f"opens-{opens_hour:02d}",)
        prompts = (*prompts, *opens, "danger")
    return (*(Play(each, language) for each in prompts), Pause(OUTRO_S), HangUp())


def _news(place: int | None, wait: tuple[int, int] | None, *, nobody_yet: bool) -> tuple[str, ...]:
    if nobody_yet:
        return ("nobody-yet",)
    where = "stay"
    if place is not None:
        where = f"place-{place}" if place <= PLACES else "place-many"
    return (where, wait_prompt(*wait) if wait is not None else "wait-unknown")


def wait_prompt(low: int, high: int) -> str:
    """Give the prompt that tells a wait of so many minutes: no narrower than it is."""
    least = max(edge for edge in EDGES if edge <= low)
    most = next((edge for edge in EDGES if edge >= high), None)
    return f"wait-{least}-{most or 'long'}"


# Those we call.


def offered(leg: UUID, *, english: bool) -> Script:
    """Ask a volunteer on an own phone to take a call."""
    hint = (Play("offer-english", "nl"),) if english else ()
    return _asked(leg, Play("offer", "nl"), *hint)


def met_volunteer(leg: UUID, *, room: UUID, own: bool) -> Script:
    """Bring a volunteer to the caller."""
    said = (Play("connected", "nl"),) if own else ()
    return (*said, Meet(room=room, after=leg_path(leg), statuses=room_path(room), ends=True))


def help_asked(leg: UUID, *, urgent: bool) -> Script:
    """Ask a coach on an own phone to help a volunteer."""
    return _asked(leg, Play("help-urgent" if urgent else "help", "nl"))


def call_up_asked(leg: UUID) -> Script:
    """Ask somebody on an own phone to come to a shift; no key: nothing happens."""
    return _asked(leg, Play("call-up", "nl"))


def help_chosen(leg: UUID, *, in_call: bool) -> Script:
    """Ask who took a request how they will help, until they say so here or on their screen."""
    prompt = "help-ways" if in_call else "help-alone"
    return (
        Ask(path=leg_path(leg, "keys"), inside=(Play(prompt, "nl"),), wait_s=ANSWER_S),
        GoOn(leg_path(leg)),
    )


def a_moment(leg: UUID) -> Script:
    """Wait a second, and ask again."""
    return (Pause(1), GoOn(leg_path(leg)))


def comes_in(leg: UUID) -> Script:
    """Ask on an own phone whether somebody is there: a machine that answers presses no key."""
    return _asked(leg, Play("comes-in", "nl"))


def met_coach(leg: UUID, *, room: UUID, muted: bool) -> Script:
    """Bring a coach into the call; it goes on without them."""
    return (
        Meet(room=room, after=leg_path(leg), statuses=room_path(room), ends=False, muted=muted),
    )


def met_alone(leg: UUID, *, room: UUID) -> Script:
    """Bring a coach and a volunteer together, without a caller."""
    return (Meet(room=room, after=leg_path(leg), statuses=room_path(room), ends=True),)


def third_asked(leg: UUID, language: str) -> Script:
    """Ask a third party whether they will speak with a caller."""
    return _asked(leg, Play("third-asked", language))


def met_third(leg: UUID, *, room: UUID) -> Script:
    """Bring a third party into the call, for an hour at most."""
    return (
        Meet(
            room=room,
            after=leg_path(leg),
            statuses=room_path(room),
            # Whoever stays behind is not left alone in it; with us there, both meet again at once.
            ends=True,
            longest_s=STAYS_S,
        ),
    )


def _asked(leg: UUID, *sounds: Play) -> tuple[Ask, HangUp]:
    """Ask for a key; whoever presses none, a machine for one, is let go."""
    return Ask(path=leg_path(leg, "keys"), inside=sounds, wait_s=ANSWER_S), HangUp()
