"""UUIDv7 after RFC 9562: 48 bits of milliseconds, then randomness."""

import os
import time
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

RANDOM_BYTES = 10
# That are random where an identifier is made as text.
DIGITS = 18
VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62
BEHIND_VARIANT = (1 << 62) - 1


class RandomIds:
    """Identifiers in the order of their making: to the millisecond, and of those that are made together."""

    def new(self) -> UUID:
        return self.many(1)[0]

    def many(self, count: int) -> Sequence[UUID]:
        return [UUID(int=one) for one in _numbers(count)]

    def texts(self, count: int) -> Sequence[str]:
        """So many as PostgreSQL reads them, in a third of the time; the two bits behind the variant are none."""
        head = f"{time.time_ns() // 1_000_000:012x}7"
        random = os.urandom(DIGITS // 2 * count).hex()
        each = [random[at : at + DIGITS] for at in range(0, len(random), DIGITS)]
        return sorted([f"{head}{one[:3]}8{one[3:]}" for one in each])


def _numbers(count: int) -> Sequence[int]:
    same = _same(time.time_ns() // 1_000_000)
    random = os.urandom(RANDOM_BYTES * count)
    return sorted([_made(same, random[at : at + RANDOM_BYTES]) for at in range(0, len(random), RANDOM_BYTES)])


def made_at(moment: datetime) -> UUID:
    """An identifier as it would have been made then."""
    return UUID(int=_made(_same(int(moment.timestamp() * 1000)), os.urandom(RANDOM_BYTES)))


def first_at(moment: datetime) -> UUID:
    """Before every identifier that was made then or later; of a moment out of range the nearest in it."""
    milliseconds = int(max(moment.timestamp() * 1000, 0))
    return UUID(int=min(milliseconds, (1 << 48) - 1) << 80)


def _same(milliseconds: int) -> int:
    return (milliseconds & (1 << 48) - 1) << 80 | VERSION_AND_VARIANT


def _made(same: int, random: bytes) -> int:
    """As a number: with 12 random bits in front of the variant and 62 behind it."""
    bits = int.from_bytes(random, "big")
    return same | bits >> 68 << 64 | bits & BEHIND_VARIANT
