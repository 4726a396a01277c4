"""Recordings as programs write them: WAV and MP3 files of a certain length and kind."""

import struct

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
SUBFORMAT = bytes.fromhex("0000 0000 1000 8000 00aa 0038 9b71")


def chunk(name: bytes, content: bytes) -> bytes:
    """Padded to an even place."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def riff(*chunks: bytes) -> bytes:
    content = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def wav_format(coding: int = PCM, channels: int = 1, rate: int = 8_000, bits: int = 16, more: bytes = b"") -> bytes:
    block = channels * bits // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", coding, channels, rate, rate * block, block, bits) + more)


def extended(coding: int, bits: int = 16) -> bytes:
    """What WAVE_FORMAT_EXTENSIBLE adds to a format."""
    return struct.pack("<HHI", 22, bits, 0) + struct.pack("<H", coding) + SUBFORMAT


def wav(
    seconds: float = 2,
    coding: int = PCM,
    *,
    channels: int = 1,
    rate: int = 8_000,
    bits: int = 16,
    more: bytes = b"",
    before: bytes = b"",
) -> bytes:
    """Silence, or nearly."""
    samples = bytes(int(seconds * rate) * channels * bits // 8)
    return riff(wav_format(coding, channels, rate, bits, more), before, chunk(b"data", samples))


def mp3_frame(*, version: int = 0b11, layer: int = 0b01, bitrate: int = 9, rate: int = 0, padding: int = 0) -> bytes:
    """A frame of silence: after its head all of it is zero. Without more, 128 kbit/s at 44.1 kHz."""
    kilobits = {0b11: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)}
    table = kilobits.get(version, (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160))
    hertz = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0b00: (11_025, 12_000, 8_000)}
    length = (144_000 if version == 0b11 else 72_000) * table[bitrate - 1] // hertz[version][rate] + padding
    head = bytes([0xFF, 0xE0 | version << 3 | layer << 1 | 1, bitrate << 4 | rate << 2 | padding << 1, 0xC0])
    return head.ljust(length, b"\0")


def mp3(seconds: float = 2, *, before: bytes = b"", behind: bytes = b"") -> bytes:
    frames = -(-int(seconds * 44_100) // 1152)
    return before + mp3_frame() * frames + behind


def id3(content: bytes = b"", *, foot: bool = False) -> bytes:
    """A tag of ID3v2, with which most MP3 files begin."""
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    head = b"\x04\0" + (b"\x10" if foot else b"\0") + size
    return b"ID3" + head + content + (b"3DI" + head if foot else b"")
