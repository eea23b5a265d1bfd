"""Makes the placeholder sounds of the prompts from their scripts, and the waiting music.

Needs `espeak-ng` (Debian: apt-get install espeak-ng). A line replaces them by recordings of a
voice: same names, WAV, 8,000 samples a second, 16 bits, one channel.
"""

from __future__ import annotations

import io
import math
import struct
import subprocess
import wave
from pathlib import Path

import av

FOLDER = Path(__file__).parent.parent / "texts" / "prompts"
RATE = 8000
SLOW = {"nl": "140", "en": "140"}
"""Words a minute: somebody of 81 must be able to follow."""
VOICES = {"nl": "nl", "en": "en-gb"}
LEVEL = 3500.0
"""The mean strength every voice is brought to."""
MUSIC_LEVEL = 900.0
SILENCE = 200
CHORDS = (
    (220.0, 277.2, 329.6),
    (196.0, 246.9, 293.7),
    (174.6, 220.0, 261.6),
    (196.0, 246.9, 329.6),
)
CHORD_S = 7.0


def spoken(text: str, language: str) -> list[float]:
    """Give the samples of a text, read slowly."""
    ran = subprocess.run(  # noqa: S603 - our own texts
        ["espeak-ng", "-v", VOICES[language], "-s", SLOW[language], "--stdout", text],  # noqa: S607
        check=True,
        capture_output=True,
    )
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    samples: list[float] = []
    with av.open(io.BytesIO(ran.stdout)) as container:
        for frame in [*container.decode(audio=0), None]:
            for part in resampler.resample(frame):
                raw = bytes(part.planes[0])[: part.samples * 2]
                samples += struct.unpack(f"<{part.samples}h", raw)
    return trimmed(samples)


def trimmed(samples: list[float]) -> list[float]:
    """Take the silence off both ends, but for a tenth of a second."""
    loud = [index for index, each in enumerate(samples) if abs(each) > SILENCE]
    return samples[max(0, loud[0] - RATE // 10) : loud[-1] + RATE // 10]


def music() -> list[float]:
    """Give half a minute of slow, soft chords that end as they began."""
    samples = []
    for index in range(int(len(CHORDS) * CHORD_S * RATE)):
        at = index / RATE
        chord = CHORDS[int(at / CHORD_S)]
        within = at % CHORD_S
        swell = math.sin(math.pi * within / CHORD_S) ** 0.6
        waves = (
            math.sin(2 * math.pi * tone * at) / (number + 1.5) for number, tone in enumerate(chord)
        )
        samples.append(swell * sum(waves))
    return samples


def written(path: Path, samples: list[float], level: float) -> None:
    """Write samples at a mean strength."""
    now = math.sqrt(sum(each * each for each in samples) / len(samples))
    whole = [max(-32767, min(32767, round(each * level / now))) for each in samples]
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", ""))
        sound.writeframes(struct.pack(f"<{len(whole)}h", *whole))


def main() -> None:
    """Make every sound whose script is there."""
    for language in VOICES:
        for script in sorted((FOLDER / language).glob("*.txt")):
            text = script.read_text(encoding="utf-8").strip()
            written(script.with_suffix(".wav"), spoken(text, language), LEVEL)
    written(FOLDER / "nl" / "music.wav", music(), MUSIC_LEVEL)


if __name__ == "__main__":
    main()
