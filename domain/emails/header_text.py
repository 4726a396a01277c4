"""Text on its way into a header: nothing that could end the header or hide in it survives."""

import re
import unicodedata

LONGEST_HEADER = 255

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_INVISIBLE = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean_header(text: str) -> str:
    """One trimmed line of at most 255 characters in NFC.

    Control characters and line breaks are spaces, marks that turn the direction of writing and halves of surrogate
    pairs are gone, and nothing reads as an encoded word: `=?utf-8?q?a=0D=0ABcc=3A_x?=` decodes to a line break.
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _BREAKS.sub(" ", visible).replace("=?", "= ?").strip()[:LONGEST_HEADER].strip()
