"""Whether a file is a recording that can be played to somebody on the phone, and for how long.

What the content is decides, not what the file is called. Telephony providers play WAV and MP3; of WAV, what every one
of them reads: whole numbers of 8 or 16 bits, and the codings of telephony itself.
"""

import os
from dataclasses import dataclass
from typing import BinaryIO

from domain.calls.model import FILE, LONGEST_SECONDS, MOST_BYTES, SHORTEST_SECONDS
from domain.calls.mp3 import begins_as_mp3, seconds_of_mp3
from domain.calls.unplayable import unknown
from domain.calls.wav import begins_as_wav, seconds_of_wav
from domain.shared.errors import InvalidField

# The longest beginning by which a kind is told.
BEGINNING = 12


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that can be played. `seconds` are whole ones."""

    media_type: str
    seconds: int
    size: int


def measured(recording: BinaryIO) -> Sound:
    """Reads no more of it than it takes to know how long it is. Raises InvalidField."""
    size = recording.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        mebibytes = MOST_BYTES // (1024 * 1024)
        raise InvalidField(FILE, "file_too_large", f"A recording has at most {mebibytes} MB.", maximum=mebibytes)
    recording.seek(0)
    beginning = recording.read(BEGINNING)
    if begins_as_wav(beginning):
        return _of_length("audio/wav", seconds_of_wav(recording, size), size)
    if begins_as_mp3(beginning):
        return _of_length("audio/mpeg", seconds_of_mp3(recording, size, LONGEST_SECONDS + 1), size)
    raise unknown()


def _of_length(media_type: str, seconds: float, size: int) -> Sound:
    whole = int(seconds)
    if whole < SHORTEST_SECONDS:
        message = f"A recording lasts at least {SHORTEST_SECONDS} second."
        raise InvalidField(FILE, "recording_too_short", message, minimum=SHORTEST_SECONDS)
    if whole > LONGEST_SECONDS:
        message = f"A recording lasts at most {LONGEST_SECONDS} seconds."
        raise InvalidField(FILE, "recording_too_long", message, maximum=LONGEST_SECONDS)
    return Sound(media_type, whole, size)
