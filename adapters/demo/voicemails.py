"""Recordings for trying the player: tones that are made here and say so, since nobody lent a voice."""

import io
import math
import struct
import wave

RATE = 16_000
LOUDNESS = 9_000
# Hertz; half a second each.
TONES = {
    "Sample: rising tones": (392, 494, 587, 784, 784, 784),
    "Sample: two tones": (659, 523, 659, 523),
}
BEAT = RATE // 2
FADE = RATE // 50


def sample_recordings() -> dict[str, bytes]:
    """WAV files by the names of the voicemails."""
    return {name: _wav([sample for hertz in tones for sample in _tone(hertz)]) for name, tones in TONES.items()}


def _tone(hertz: int) -> list[int]:
    """Half a second that begins and ends softly."""
    return [
        int(LOUDNESS * min(1, n / FADE, (BEAT - n) / FADE) * math.sin(2 * math.pi * hertz * n / RATE))
        for n in range(BEAT)
    ]


def _wav(samples: list[int]) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return written.getvalue()
