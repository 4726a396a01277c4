"""WAV: chunks inside of a RIFF (Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0)."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from domain.calls.unplayable import cut_off, damaged, other_coding

PCM, A_LAW, MU_LAW, EXTENSIBLE = 1, 6, 7, 0xFFFE
BITS = {PCM: (8, 16), A_LAW: (8,), MU_LAW: (8,)}
# What follows the coding in the subformat of WAVE_FORMAT_EXTENSIBLE.
SUBFORMAT = bytes.fromhex("0000 0000 1000 8000 00aa 0038 9b71")
SUBFORMAT_AT = 24
FORMAT = struct.Struct("<HHIIHH")
CHUNK = struct.Struct("<4sI")
RATES = range(8_000, 48_001)
CHANNELS = (1, 2)
# More than any program writes ahead of the sound.
MOST_CHUNKS = 100


@dataclass(frozen=True, slots=True)
class Format:
    """How the samples are kept."""

    rate: int
    block: int


def begins_as_wav(beginning: bytes) -> bool:
    return beginning[:4] == b"RIFF" and beginning[8:12] == b"WAVE"


def seconds_of_wav(recording: BinaryIO, size: int) -> float:
    """Of the samples that are there. Raises InvalidField."""
    recording.seek(12)
    found: Format | None = None
    for _ in range(MOST_CHUNKS):
        name, length = _next_chunk(recording)
        begins = recording.tell()
        if name == b"data":
            if found is None:
                raise damaged()
            if begins + length > size:
                raise cut_off()
            return length // found.block / found.rate
        if name == b"fmt ":
            found = _format(recording.read(min(length, SUBFORMAT_AT + 16)))
        # Chunks begin at even places.
        recording.seek(begins + length + length % 2)
    raise damaged()


def _next_chunk(recording: BinaryIO) -> tuple[bytes, int]:
    head = recording.read(CHUNK.size)
    if len(head) < CHUNK.size:
        raise cut_off()
    name, length = CHUNK.unpack(head)
    return name, length


def _format(chunk: bytes) -> Format:
    if len(chunk) < FORMAT.size:
        raise damaged()
    coding, channels, rate, _, block, bits = FORMAT.unpack_from(chunk)
    if coding == EXTENSIBLE:
        coding = _extended(chunk[SUBFORMAT_AT:])
    if bits not in BITS.get(coding, ()) or channels not in CHANNELS or rate not in RATES:
        raise other_coding()
    if block != channels * bits // 8:
        raise damaged()
    return Format(rate, block)


def _extended(subformat: bytes) -> int | None:
    return int.from_bytes(subformat[:2], "little") if subformat[2:] == SUBFORMAT else None
