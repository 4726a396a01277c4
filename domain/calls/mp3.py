"""MP3: frames of MPEG audio layer III, one after the other (ISO/IEC 11172-3 and 13818-3; 2.5 is Fraunhofer's own).

What a file says of its own length is not asked: the frames are counted.
"""

from dataclasses import dataclass
from typing import BinaryIO

from domain.calls.unplayable import cut_off, damaged, unknown

MPEG_1, MPEG_2, MPEG_2_5 = 0b11, 0b10, 0b00
LAYER_3 = 0b01
RATES = {MPEG_1: (44_100, 48_000, 32_000), MPEG_2: (22_050, 24_000, 16_000), MPEG_2_5: (11_025, 12_000, 8_000)}
KILOBITS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KILOBITS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
HEADER = 4
RESERVED_EMPHASIS = 0b10
# https://id3.org/id3v2.4.0-structure, section 3.1: the head of a tag, and as much again when it has a foot.
ID3_HEAD = 10
ID3_HAS_FOOT = 0x10
# More than any program writes in a row.
MOST_TAGS = 10
# Other tags that programs write behind the sound: the first version of ID3, APE, Lyrics3; or nothing but zeros.
TAGS_BEHIND = (b"TAG", b"APETAGEX", b"LYRICSBEGIN")
LONGEST_TAG_NAME = 11


@dataclass(frozen=True, slots=True)
class Frame:
    """What the head of a frame says. All frames of a recording agree on `version` and `rate`."""

    version: int
    rate: int
    length: int

    @property
    def seconds(self) -> float:
        return (1152 if self.version == MPEG_1 else 576) / self.rate


def begins_as_mp3(beginning: bytes) -> bool:
    return beginning[:3] == b"ID3" or _frame(beginning[:HEADER]) is not None


def seconds_of_mp3(recording: BinaryIO, size: int, enough: float) -> float:
    """Of its frames; when there are more than `enough` seconds, something above that. Raises InvalidField."""
    place, first = _next_frame(recording, 0)
    if first is None:
        raise unknown() if place < size else cut_off()
    seconds = 0.0
    frame: Frame | None = first
    while frame and (frame.version, frame.rate) == (first.version, first.rate):
        place += frame.length
        if place > size:
            raise cut_off()
        seconds += frame.seconds
        if seconds > enough:
            return seconds
        place, frame = _next_frame(recording, place)
    if not _is_end(recording, place):
        raise damaged()
    return seconds


def _next_frame(recording: BinaryIO, place: int) -> tuple[int, Frame | None]:
    """The frame there, or behind the tags that are there; and where that is."""
    recording.seek(place)
    frame = _frame(recording.read(HEADER))
    if frame is None:
        place = _behind_tags(recording, place)
        recording.seek(place)
        frame = _frame(recording.read(HEADER))
    return place, frame


def _behind_tags(recording: BinaryIO, place: int) -> int:
    for _ in range(MOST_TAGS):
        recording.seek(place)
        head = recording.read(ID3_HEAD)
        if len(head) < ID3_HEAD or head[:3] != b"ID3":
            break
        length = 0
        for byte in head[6:]:
            length = length << 7 | byte & 0x7F
        place += ID3_HEAD + length + (ID3_HEAD if head[5] & ID3_HAS_FOOT else 0)
    return place


def _frame(head: bytes) -> Frame | None:
    """None for what is no frame of layer III, or says nothing of its length ("free format")."""
    if len(head) < HEADER or head[0] != 0xFF or head[1] >> 5 != 0b111:
        return None
    version, layer = head[1] >> 3 & 0b11, head[1] >> 1 & 0b11
    bits, rate, padding = head[2] >> 4, head[2] >> 2 & 0b11, head[2] >> 1 & 1
    if version not in RATES or layer != LAYER_3 or bits in (0, 15) or rate == 3 or head[3] & 0b11 == RESERVED_EMPHASIS:
        return None
    kilobits = (KILOBITS_1 if version == MPEG_1 else KILOBITS_2)[bits - 1]
    hertz = RATES[version][rate]
    return Frame(version, hertz, (144_000 if version == MPEG_1 else 72_000) * kilobits // hertz + padding)


def _is_end(recording: BinaryIO, place: int) -> bool:
    recording.seek(place)
    rest = recording.read(LONGEST_TAG_NAME)
    return rest.startswith(TAGS_BEHIND) or not rest.strip(b"\0")
