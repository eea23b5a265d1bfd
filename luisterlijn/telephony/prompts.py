"""Every prompt that can be heard: one table, a script and a sound for each."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from luisterlijn.edge.house import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = TEXTS / "prompts"
RATE = 8000
LOUD = 300
"""The mean strength (of 32,768) under which a voice cannot be heard on a telephone."""
TOO_LOUD = 12_000
"""The mean strength above which a voice hurts, or was cut off at the top."""
WELCOME_S = 20.0
"""No welcome is longer: who calls waits for a person, not for us."""

_NAMES = (
    "welcome stay menu about-chat connecting full closed limit limit-key limit-code code-wrong"
    " third-conversation goodbye danger trouble volunteer-away nobody-yet place-many"
    " wait-unknown wait-0-3 wait-0-8 wait-0-15 wait-0-30 wait-0-long wait-3-8 wait-3-15 wait-3-30"
    " wait-3-long wait-8-15 wait-8-30 wait-8-long wait-15-30 wait-15-long wait-30-long"
    " volunteer-leaves third-asked coach-joins coach-left"
).split()
CALLERS = [
    *_NAMES,
    *(f"place-{number}" for number in range(1, 11)),
    *(f"opens-{hour:02d}" for hour in range(24)),
]
"""In Dutch and in English."""
OURS = (
    "offer offer-english offer-gone caller-gone connected help help-urgent help-ways help-alone"
    " help-over comes-in call-up call-up-yes call-up-over music"
).split()
"""In Dutch only: volunteers and coaches hear them, and music speaks no language."""
FALLBACK = ("fallback", "fallback-next", "fallback-offer", "fallback-end")
"""In Dutch only, and never from here: said by another host when we cannot answer a call."""
PROMPTS: Mapping[str, tuple[str, ...]] = {
    "nl": (*CALLERS, *OURS, *FALLBACK),
    "en": tuple(CALLERS),
}


class PromptsFault(Exception):
    """Prompts are missing or cannot be heard; `faults` names each."""

    def __init__(self, faults: list[str]) -> None:
        """Remember every fault."""
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: what is said (empty for music), its sound, how long it lasts."""

    text: str
    wav: bytes = field(repr=False)
    seconds: float


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts, by language and name."""

    all: Mapping[tuple[str, str], Prompt]

    def get(self, language: str, name: str) -> Prompt | None:
        """Give a prompt; English callers hear Dutch where nothing else is there."""
        return self.all.get((language, name)) or self.all.get(("nl", name))


@cache  # the sounds do not change while we run
def load(folder: Path = FOLDER, welcomes: frozenset[str] = frozenset()) -> Prompts:
    """Read all prompts.

    Args:
        folder: with a folder per language, and NAME.txt and NAME.wav in each.
        welcomes: welcomes of own numbers, beside the one that all share.

    Raises:
        PromptsFault: one is missing, or no sound of 8,000 samples a second, 16 bits, one channel.
    """
    found, faults = dict[tuple[str, str], Prompt](), []
    for language, names in PROMPTS.items():
        for name in (*names, *sorted(welcomes - {"welcome"})):
            path = folder / language / f"{name}.wav"
            try:
                found[language, name] = _read(path, voice=name != "music")
            except (OSError, EOFError, wave.Error, ValueError) as fault:
                faults.append(f"{language}/{name}: {_why(fault)}")
    music = found.get(("nl", "music"))
    voices = [strength(each.wav) for each in found.values() if each is not music]
    if music is not None and voices and strength(music.wav) >= min(voices):
        faults.append("nl/music: not softer than every voice")
    if faults:
        raise PromptsFault(faults)
    return Prompts(found)


@cache  # a start asks three times about each prompt: too soft, too loud, above the music
def strength(wav: bytes) -> float:
    """Give the mean strength of a sound, 0 to 32,768."""
    with wave.open(io.BytesIO(wav)) as sound:
        raw = sound.readframes(sound.getnframes())
    samples = struct.unpack(f"<{len(raw) // 2}h", raw)
    return math.hypot(*samples) / math.sqrt(max(1, len(samples)))


def _read(path: Path, *, voice: bool) -> Prompt:
    text = path.with_suffix(".txt").read_text(encoding="utf-8").strip() if voice else ""
    if voice and not text:
        raise ValueError("no script beside it")
    raw = path.read_bytes()
    with wave.open(io.BytesIO(raw)) as sound:
        if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (RATE, 1, 2):
            raise ValueError("not 8,000 samples a second of 16 bits in one channel")
        seconds = sound.getnframes() / RATE
    if not seconds:
        raise ValueError("empty")
    if voice and strength(raw) < LOUD:
        raise ValueError("too soft to be heard")
    if strength(raw) > TOO_LOUD:
        raise ValueError("too loud")
    if path.stem.startswith("welcome") and seconds > WELCOME_S:
        raise ValueError(f"longer than {WELCOME_S:.0f} seconds")
    return Prompt(text=text, wav=raw, seconds=seconds)


def _why(fault: Exception) -> str:
    return "missing" if isinstance(fault, FileNotFoundError) else str(fault)
