"""A prompt that is missing, or that nobody could hear, stops the start."""

from __future__ import annotations

import shutil
import wave
from typing import TYPE_CHECKING

import pytest

from luisterlijn.telephony import prompts
from luisterlijn.telephony.prompts import FOLDER, PROMPTS, PromptsFault

if TYPE_CHECKING:
    from pathlib import Path


def copied(folder: Path) -> Path:
    shutil.copytree(FOLDER, folder / "prompts")
    return folder / "prompts"


def sound(path: Path, *, rate: int = 8000, seconds: float = 1.0, loud: int = 3000) -> None:
    with wave.open(str(path), "wb") as made:
        made.setparams((1, 2, rate, 0, "NONE", ""))
        made.writeframes(loud.to_bytes(2, "little", signed=True) * int(rate * seconds))


def test_every_prompt_of_the_table_is_there_with_its_script() -> None:
    found = prompts.load()

    assert set(found.all) == {(lang, name) for lang, names in PROMPTS.items() for name in names}
    assert all(each.text or name == "music" for (_lang, name), each in found.all.items())


def test_the_music_is_softer_than_any_voice() -> None:
    found = prompts.load()
    voices = [prompts.strength(each.wav) for key, each in found.all.items() if key[1] != "music"]
    music = found.get("nl", "music")

    assert music is not None
    assert prompts.strength(music.wav) < min(voices) / 2


def test_the_welcome_says_what_it_must_in_twenty_seconds() -> None:
    welcome = prompts.load().get("nl", "welcome")

    assert welcome is not None
    assert welcome.seconds <= 20
    for said in ("Luisterlijn", "naam", "nemen niets op", "1 1 2", "1 1 3", "press 8"):
        assert said in welcome.text


def test_each_fault_is_named_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "nl" / "full.wav").unlink()
    (folder / "nl" / "stay.txt").write_text("")
    sound(folder / "nl" / "danger.wav", rate=16000)
    sound(folder / "nl" / "closed.wav", loud=10)
    sound(folder / "nl" / "limit.wav", seconds=0)
    sound(folder / "en" / "welcome.wav", seconds=21)
    sound(folder / "en" / "stay.wav", loud=30_000)
    sound(folder / "nl" / "music.wav", loud=6_000)
    (folder / "en" / "menu.wav").write_bytes(b"no sound")

    with pytest.raises(PromptsFault) as fault:
        prompts.load(folder)

    assert {each.partition(":")[0] for each in fault.value.faults} == {
        "nl/full",
        "nl/stay",
        "nl/danger",
        "nl/closed",
        "nl/limit",
        "en/welcome",
        "en/menu",
        "en/stay",
        "nl/music",
    }


def test_a_number_with_a_welcome_of_its_own_needs_that_prompt() -> None:
    with pytest.raises(PromptsFault, match="nl/welcome-utrecht: missing"):
        prompts.load(welcomes=frozenset({"welcome-utrecht"}))
