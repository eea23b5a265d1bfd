"""Makes the fallback: what a caller hears, and who is rung, when the line itself cannot answer.

    python tools/fallback.py FOLDER
    python tools/fallback.py FOLDER --own +31850000000 --list FILE [--at https://…/]

Without a list it says the words only. FILE holds the emergency list: a Dutch number a line, in the
order in which they are rung. The sounds are those of `texts/prompts`, so recordings replace them
here, too.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path

from twilio.twiml.voice_response import VoiceResponse

PROMPTS = Path(__file__).parent.parent / "texts" / "prompts"
SCRIPT, OFFER, TAKEN = "fallback.xml", "offer.xml", "taken.xml"
RINGS_S = 25
"""About the time until a voice mail takes over."""
KEY_S = 8
MOST = 6
"""Each rings 25 seconds: nobody waits longer than these."""
NUMBER = re.compile(r"\+31[1-9]\d{8}", re.ASCII)
DEAR = re.compile(r"\+31(84|87|9[0-9]|11|14|8[0-2])")
"""Not for people: numbers that cost, that hide where they lead, or that are no telephone."""
SORRY = (("nl", "danger"), ("en", "trouble"), ("en", "danger"))


class Wrong(Exception):
    """What was given cannot be used; the sentence says why."""


def numbers_of(text: str) -> list[str]:
    """Give the numbers of an emergency list: one a line, `#` begins a remark."""
    found = []
    for at, line in enumerate(text.splitlines(), 1):
        number = re.sub(r"[ -]", "", line.partition("#")[0])
        if not number:
            continue
        if not NUMBER.fullmatch(number) or DEAR.match(number):
            raise Wrong(f"line {at}: not a Dutch number like +31612345678 that people answer")
        found.append(number)
    if not found or len(found) > MOST or len(set(found)) < len(found):
        raise Wrong(f"the emergency list holds 1 to {MOST} numbers, each once")
    return found


def site(own: str | None, numbers: list[str], at: str = "") -> dict[str, str | Path]:
    """Give the fallback's files: name → what is in it, or which sound.

    Args:
        own: the line's own number: people on the list see it, never the caller's.
        numbers: the emergency list; empty: words only.
        at: before each address, when they must be whole ones.
    """
    sounds: dict[str, Path] = {}

    def sound(language: str, name: str) -> str:
        file = f"{language}-{name}.wav"
        sounds[file] = PROMPTS / language / f"{name}.wav"
        return at + file

    script = VoiceResponse()
    for turn, number in enumerate(numbers):
        if turn == 0:
            script.play(sound("nl", "fallback"))
            script.play(sound("nl", "danger"))
        else:
            script.play(sound("nl", "fallback-next"))
        dial = script.dial(caller_id=own, timeout=RINGS_S, answer_on_bridge=True)
        # A voice mail presses no key: it never takes a caller.
        dial.number(number, url=at + OFFER, method="GET")
    # After the last of the list: a conversation may just have ended, or nobody answered.
    for language, name in (("nl", "fallback-end" if numbers else "trouble"), *SORRY):
        script.play(sound(language, name))
    script.pause(length=1)
    script.hangup()
    files: dict[str, str | Path] = {SCRIPT: written(script)}
    if numbers:
        offer = VoiceResponse()
        asks = offer.gather(num_digits=1, timeout=KEY_S, action=at + TAKEN, method="GET")
        asks.play(sound("nl", "fallback-offer"))
        offer.hangup()
        taken = VoiceResponse()
        taken.play(sound("nl", "connected"))
        files |= {OFFER: written(offer), TAKEN: written(taken)}
    return files | sounds


def written(script: VoiceResponse) -> str:
    """Write a script, a verb a line."""
    return re.sub(r">(?=<(?!/))", ">\n", str(script)) + "\n"


def make(folder: Path, own: str | None, numbers: list[str], at: str = "") -> None:
    """Write the files; what an earlier one left there is taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("*.xml"), *folder.glob("*.wav")]:
        old.unlink()
    for name, content in site(own, numbers, at).items():
        if isinstance(content, Path):
            shutil.copyfile(content, folder / name)
        else:
            (folder / name).write_text(content, encoding="utf-8")


def checked(own: str | None, listed: Path | None, at: str) -> list[str]:
    """Give the emergency list, when all that was typed can be used."""
    if (listed is None) != (own is None):
        raise Wrong("--list and --own belong together: who is rung must not see the caller")
    if own is not None and not NUMBER.fullmatch(own):
        raise Wrong("--own: not a Dutch number like +31850000000")
    if at and not (at.startswith("https://") and at.endswith("/")):
        raise Wrong("--at: an address like https://fallback.example.nl/…/")
    return [] if listed is None else numbers_of(listed.read_text(encoding="utf-8"))


def main(words: list[str]) -> int:
    """Read what was typed, and make the files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--own", help="the line's own number, +31…")
    parser.add_argument("--list", type=Path, help="a file with the emergency list")
    parser.add_argument("--at", default="", help="the address of the folder, https://…/")
    said = parser.parse_args(words)
    try:
        numbers = checked(said.own, said.list, said.at)
        make(said.folder, said.own, numbers, said.at)
    except (Wrong, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
