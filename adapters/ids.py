"""UUIDv7 after RFC 9562: 48 bits of milliseconds, then randomness."""

import os
import time
from uuid import UUID


class RandomIds:
    """Identifiers in the order of their making, to the millisecond."""

    def new(self) -> UUID:
        milliseconds = time.time_ns() // 1_000_000
        random = int.from_bytes(os.urandom(10), "big")
        high = (milliseconds & (1 << 48) - 1) << 16 | 0x7 << 12 | random >> 68
        low = 0b10 << 62 | random & (1 << 62) - 1
        return UUID(int=high << 64 | low)
