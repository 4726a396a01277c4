"""One form of the many ways to write a word, so that `muller` finds `Müller`, and lists are sorted alike everywhere."""

import unicodedata

# An index entry holds at most 2,704 bytes (PostgreSQL, B-tree); 200 characters are at most 800.
LONGEST_KEY = 200

# Letters that Unicode does not take apart, as people without them on the keyboard type them; and the apostrophes.
_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'", "‘": "'", "ʼ": "'"}
)
_FIRST_MARK = "\u0300"


def fold(text: str) -> str:
    """Without accents, case, control characters and doubled spaces. Folding twice changes nothing."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    # Latin letters are folded each by itself: no mark that combines is among them.
    folded = text.translate(_LATIN) if max(text) < _FIRST_MARK else _folded(text)
    return " ".join(folded.split())


def _folded(text: str) -> str:
    letters = _plain(_plain(text).casefold().translate(_TYPED))
    return "".join(letter if _is_visible(letter) else " " for letter in letters)


def sort_key(text: str | None) -> str:
    """What a text is sorted by."""
    return fold(text)[:LONGEST_KEY] if text else ""


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter) != "Mn")


def _is_visible(letter: str) -> bool:
    """Not a control, a formatting mark or half of a surrogate pair."""
    return not unicodedata.category(letter).startswith("C")


class _Letters(dict[int, str]):
    """What becomes of a letter, remembered."""

    def __missing__(self, letter: int) -> str:
        folded = self[letter] = _folded(chr(letter))
        return folded


_LATIN = _Letters()
