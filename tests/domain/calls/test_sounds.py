"""What can be played on the phone is told by its content, measured without trusting it, and within bounds."""

from io import BytesIO

import pytest

from domain.calls.model import LONGEST_SECONDS, MOST_BYTES
from domain.calls.sounds import Sound, measured
from domain.shared.errors import InvalidField
from tests.recordings import (
    A_LAW,
    EXTENSIBLE,
    FLOAT,
    MU_LAW,
    PCM,
    chunk,
    extended,
    id3,
    mp3,
    mp3_frame,
    riff,
    wav,
    wav_format,
)

EXECUTABLE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + bytes(5000)


def sound(content: bytes) -> Sound:
    return measured(BytesIO(content))


def code_of(content: bytes) -> str:
    with pytest.raises(InvalidField) as refused:
        measured(BytesIO(content))
    [fault] = refused.value.errors
    assert fault.pointer == "/file"
    return fault.code


@pytest.mark.parametrize(
    "content",
    [
        wav(3),
        wav(3, bits=8),
        wav(3, channels=2, rate=48_000),
        wav(3, MU_LAW, bits=8),
        wav(3, A_LAW, bits=8),
        wav(3, EXTENSIBLE, more=extended(PCM)),
        wav(3, before=chunk(b"LIST", b"INFOodd")),
        wav(3) + chunk(b"LIST", b"behind"),
    ],
)
def test_a_wav_that_every_phone_plays_is_taken(content: bytes) -> None:
    assert sound(content) == Sound("audio/wav", 3, len(content))


@pytest.mark.parametrize(
    "content",
    [
        mp3(3),
        mp3(3, before=id3(b"\0" * 3000)),
        mp3(3, before=id3(b"Title") + id3(b"", foot=True)),
        mp3(3, behind=b"TAG" + bytes(125)),
        mp3(3, behind=b"APETAGEX" + bytes(24)),
        mp3(3, behind=id3(b"Title")),
        mp3(3, behind=bytes(2000)),
    ],
)
def test_an_mp3_is_taken_whatever_tags_are_around_it(content: bytes) -> None:
    assert sound(content) == Sound("audio/mpeg", 3, len(content))


@pytest.mark.parametrize(("version", "rate", "per_second"), [(0b11, 1, 41.7), (0b10, 0, 38.3), (0b00, 2, 13.9)])
def test_every_version_of_mpeg_has_frames_of_its_own_length(version: int, rate: int, per_second: float) -> None:
    frames = [mp3_frame(version=version, rate=rate, bitrate=5, padding=n % 2) for n in range(int(per_second * 10) + 1)]
    assert sound(b"".join(frames)).seconds == 10


def test_a_changing_bitrate_is_counted_frame_by_frame() -> None:
    frames = [mp3_frame(bitrate=1 + n % 14) for n in range(200)]
    assert sound(b"".join(frames)).seconds == int(200 * 1152 / 44_100)


def test_two_recordings_in_one_file_are_as_long_as_both() -> None:
    assert sound(mp3(3, before=id3()) + mp3(3, before=id3())).seconds == 6


def test_what_a_file_says_of_its_length_is_not_believed() -> None:
    """A head that some programs write: so many frames, in the first one."""
    says_an_hour = bytearray(mp3(3))
    says_an_hour[36:48] = b"Info" + (1).to_bytes(4, "big") + (137_812).to_bytes(4, "big")
    assert sound(bytes(says_an_hour)).seconds == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"ID3",
        b"\xff\xfb",
        EXECUTABLE,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"OggS" + bytes(1000),
        b"fLaC" + bytes(1000),
        b"\0\0\0\x20ftypM4A " + bytes(1000),
        b"FORM\0\0\0\0AIFF" + bytes(1000),
        riff(b"").replace(b"WAVE", b"AVI "),
        id3(b"Title") + b"fLaC" + bytes(1000),
        mp3_frame(layer=0b10) * 100,
        b"\xff\xf1\x50\x80" + bytes(1000),
        "UTF-16".encode("utf-16") * 100,
        bytes(10_000),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    assert code_of(content) in ("not_a_recording", "recording_cut_off")


@pytest.mark.parametrize(
    "content",
    [
        wav(3, FLOAT, bits=32),
        wav(3, bits=24),
        wav(3, 2, bits=8),
        wav(3, channels=6),
        wav(1, rate=96_000),
        wav(3, rate=4_000),
        wav(3, EXTENSIBLE, more=extended(FLOAT, 32), bits=32),
        wav(3, EXTENSIBLE, more=extended(PCM)[:-1] + b"\0"),
    ],
)
def test_a_wav_that_some_phones_would_not_play_is_refused(content: bytes) -> None:
    assert code_of(content) == "recording_coding"


@pytest.mark.parametrize("whole", [wav(3), mp3(3), mp3(3, before=id3(b"x" * 100))])
def test_a_file_that_ends_early_is_refused(whole: bytes) -> None:
    for length in (len(whole) - 1, len(whole) // 2, len(whole) // 3):
        assert code_of(whole[:length]) == "recording_cut_off"


@pytest.mark.parametrize("whole", [wav(2), wav(2, EXTENSIBLE, more=extended(PCM)), mp3(2), mp3(2, before=id3(b"x"))])
def test_a_damaged_file_never_fails_in_another_way(whole: bytes) -> None:
    for position in [*range(64), *range(64, len(whole), len(whole) // 40)]:
        for content in (whole[:position], whole[:position] + b"\xff" + whole[position + 1 :]):
            try:
                sound(content)
            except InvalidField as refused:
                assert refused.errors[0].pointer == "/file"  # noqa: PT017


@pytest.mark.parametrize(
    "content",
    [
        riff(chunk(b"data", bytes(16_000))),
        riff(chunk(b"fmt ", bytes(4)), chunk(b"data", bytes(16_000))),
        riff(*[chunk(b"junk", b"")] * 1000, wav_format(), chunk(b"data", bytes(32_000))),
        mp3(2) + b"something else that is not sound",
        mp3(2) + mp3_frame(version=0b10) * 100,
    ],
)
def test_what_no_player_makes_sense_of_is_refused(content: bytes) -> None:
    assert code_of(content) == "recording_damaged"


@pytest.mark.parametrize("make", [wav, mp3])
def test_a_recording_lasts_from_a_second_to_ninety(make: object) -> None:
    assert callable(make)
    assert [sound(make(seconds)).seconds for seconds in (1, LONGEST_SECONDS, LONGEST_SECONDS + 0.5)] == [1, 90, 90]
    assert code_of(make(0.9)) == "recording_too_short"
    assert code_of(make(LONGEST_SECONDS + 1.1)) == "recording_too_long"


def test_silence_of_no_length_is_too_short() -> None:
    assert code_of(riff(wav_format(), chunk(b"data", b""))) == "recording_too_short"


def test_a_file_has_an_end() -> None:
    assert code_of(wav() + bytes(MOST_BYTES)) == "file_too_large"


@pytest.mark.parametrize(
    "hostile",
    [
        b"RIFF\0\0\0\0WAVE" + chunk(b"junk", b"") * 1_000_000,
        id3() * 1_000_000,
        mp3_frame(version=0b00, bitrate=1, rate=1) * 200_000,
    ],
)
def test_the_most_hostile_file_is_judged_at_once(hostile: bytes) -> None:
    """Counted in what is read of it: a file that is made to be slow is left after a few thousand looks."""

    class Counted(BytesIO):
        looks = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.looks += 1
            return super().read(size)

    recording = Counted(hostile[:MOST_BYTES])
    with pytest.raises(InvalidField):
        measured(recording)
    assert recording.looks < 10_000
