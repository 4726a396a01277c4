"""Pillow, kept on a short leash: four formats, a limit to what a picture unfolds to, threads of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageOps

from domain.shared.errors import InvalidField, TooManyRequests

SIDE = 256
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# Cameras make fewer; four bytes each while one is read.
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 10_000
QUALITY = 85
AT_ONCE = 2
QUEUE = 20

# Checked here, before anything is unfolded: Pillow itself only warns, up to twice its limit.
Image.MAX_IMAGE_PIXELS = None


class PillowPictures:
    """Implements domain.accounts.avatars.Pictures."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
        self._waiting = 0

    async def portrait(self, picture: bytes) -> bytes:
        if self._waiting >= QUEUE:
            raise TooManyRequests(
                timedelta(seconds=5), "Too many pictures are being read. Try again in a moment.", "pictures"
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, drawn_anew, picture)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Lets the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def drawn_anew(picture: bytes) -> bytes:
    """The middle of the picture as a square in WebP: of an animation the first frame, upright, without any metadata.

    Raises InvalidField.
    """
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as image:
            _check_size(*image.size)
            # A JPEG is unfolded no larger than it is needed.
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(image)
            square = ImageOps.fit(upright.convert("RGBA" if upright.has_transparency_data else "RGB"), (SIDE, SIDE))
    except InvalidField:
        raise
    except Exception as fault:  # Pillow's decoders fail in many ways on what is broken on purpose
        raise InvalidField("/avatar", "not_a_picture", "Choose a PNG, JPEG, WebP or GIF file.") from fault
    bare = Image.new(square.mode, square.size)
    bare.paste(square)
    drawn = BytesIO()
    bare.save(drawn, "WEBP", quality=QUALITY)
    return drawn.getvalue()


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        most = MOST_PIXELS // 1_000_000
        raise InvalidField("/avatar", "picture_too_large", f"A picture may have {most} megapixels.", maximum=most)
