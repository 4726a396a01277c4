"""Which beginnings the words of a contact have, in 128 bits.

Whoever lacks one of the beginnings of a word has no word that begins with it. So next to all who do not match are known
by a number that has room in every index, and few are asked for their words. The other way round nothing is said: two
beginnings may share a bit.
"""

from collections.abc import Iterable
from hashlib import md5

from domain.contacts.search_terms import BEHIND_DIGITS

# Names differ in their first letters, and what is numbered somewhat later. Of phones few begin alike and go on
# differently.
LENGTHS = (1, 2, 3, 4, 8)
LONGEST, LONGEST_OF_DIGITS = 8, 4
BITS = 128
HALF = BITS // 2
LOWER_HALF = (1 << HALF) - 1
# They come again and again where people come by the thousands.
REMEMBERED = 65_536

Beginnings = tuple[int, int]


class _KnownBits(dict[str, int]):
    """The bits of a word's beginning, remembered until there are too many of them."""

    def __missing__(self, term: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        bits = self[term] = _bits(term)
        return bits


_KNOWN = _KnownBits()


def beginnings_of(terms: Iterable[str]) -> Beginnings:
    """The lower and the upper half of the bits, each as a signed number of 64 bits. Of a word that is looked for: the
    bits that whoever has it must have."""
    bits = 0
    for term in terms:
        bits |= _KNOWN[term[:LONGEST] if term >= BEHIND_DIGITS else term[:LONGEST_OF_DIGITS]]
    return _signed(bits & LOWER_HALF), _signed(bits >> HALF)


def _bits(term: str) -> int:
    """By a hash that every PostgreSQL knows as well (migration 0013)."""
    bits = 0
    for length in LENGTHS:
        if length <= len(term):
            bits |= 1 << md5(term[:length].encode(), usedforsecurity=False).digest()[0] % BITS
    return bits


def _signed(half: int) -> int:
    return half - (1 << HALF) if half >> (HALF - 1) else half
