"""Pictures of strangers become small squares of ours, or are refused."""

import asyncio
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from adapters.pictures import QUEUE, SIDE, PillowPictures, drawn_anew
from domain.shared.errors import InvalidField, TooManyRequests

pytestmark = pytest.mark.anyio


def picture(kind: str, size: tuple[int, int] = (640, 480), mode: str = "RGB", **how: Any) -> bytes:
    drawn = BytesIO()
    Image.new(mode, size, "red").save(drawn, kind, **how)
    return drawn.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def code_of(content: bytes) -> str:
    with pytest.raises(InvalidField) as refused:
        drawn_anew(content)
    [fault] = refused.value.errors
    assert fault.pointer == "/avatar"
    return fault.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(640, 480), (1, 1), (10, 2000), (256, 256)])
def test_every_kind_and_shape_becomes_a_square(kind: str, size: tuple[int, int]) -> None:
    drawn = opened(drawn_anew(picture(kind, size)))
    assert (drawn.format, drawn.size) == ("WEBP", (SIDE, SIDE))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("JPEG", "CMYK"),
        ("GIF", "P"),
    ],
)
def test_every_way_to_keep_colours_is_read(kind: str, mode: str) -> None:
    drawn = BytesIO()
    Image.new(mode, (40, 40)).save(drawn, kind)
    assert opened(drawn_anew(drawn.getvalue())).size == (SIDE, SIDE)


def test_what_is_transparent_stays_so() -> None:
    drawn = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(drawn, "PNG")
    assert opened(drawn_anew(drawn.getvalue())).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_nothing_is_left_of_what_a_camera_or_an_editor_wrote() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "SECRET-ARTIST"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET-COMMENT")
    for content in (
        picture("JPEG", exif=exif.tobytes(), comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE"),
        picture("WEBP", exif=exif.tobytes(), xmp=b"SECRET-XMP", icc_profile=b"SECRET-PROFILE"),
        picture("PNG", exif=exif.tobytes(), pnginfo=text),
    ):
        assert b"SECRET" in content or b"GPS" in content
        drawn = drawn_anew(content)
        assert b"SECRET" not in drawn
        assert not opened(drawn).getexif()
        assert b"EXIF" not in drawn


def test_a_picture_is_shown_upright() -> None:
    upright = Image.new("RGB", (512, 512), "red")
    upright.paste("blue", (0, 0, 512, 256))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3
    drawn = BytesIO()
    upright.save(drawn, "JPEG", exif=exif.tobytes())
    red, _, blue = opened(drawn_anew(drawn.getvalue())).convert("RGB").getpixel((128, 20))  # type: ignore[misc]
    assert red > blue


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    drawn = BytesIO()
    frames[0].save(drawn, "GIF", save_all=True, append_images=frames[1:])
    found = opened(drawn_anew(drawn.getvalue()))
    assert getattr(found, "n_frames", 1) == 1
    assert found.convert("RGB").getpixel((5, 5))[0] > 200  # type: ignore[index]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int) -> bytes:
    """A small file that says that it is this large, and is, as far as anybody reads."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000), 9)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(5001, 5001), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (20_000, 10), (10, 20_000)])
def test_a_bomb_is_refused_before_it_unfolds(size: tuple[int, int]) -> None:
    assert code_of(png_of(*size)) in ("picture_too_large", "not_a_picture")


def test_a_bomb_of_another_kind_is_refused() -> None:
    gif = bytearray(picture("GIF", (10, 10)))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    assert code_of(bytes(gif)) == "picture_too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        bytes(1000),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert code_of(content) == "not_a_picture"


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM", "TGA", "PDF", "EPS"])
def test_other_kinds_of_pictures_are_refused(kind: str) -> None:
    assert code_of(picture(kind)) == "not_a_picture"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_file_that_ends_early_or_is_damaged_never_fails_in_another_way(kind: str) -> None:
    whole = picture(kind, (300, 300))
    for position in range(0, len(whole), max(1, len(whole) // 40)):
        damaged = bytearray(whole)
        damaged[position] ^= 0xFF
        for content in (whole[:position], bytes(damaged)):
            try:
                assert opened(drawn_anew(content)).size == (SIDE, SIDE)
            except InvalidField as refused:
                assert refused.errors[0].code in ("not_a_picture", "picture_too_large")  # noqa: PT017


async def test_too_many_at_once_are_asked_to_wait() -> None:
    pictures = PillowPictures()
    try:
        content = picture("PNG", (1500, 1500))
        asked = [pictures.portrait(content) for _ in range(QUEUE + 5)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers].count(TooManyRequests) == 5
        assert len(await pictures.portrait(content)) > 0
    finally:
        pictures.close()
