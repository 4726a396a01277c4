"""Ctrl-C and SIGTERM as an exception, once: what follows is the stopping, which nothing interrupts."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop."""


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Inside, the first of the signals raises Stopped; later ones are ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        ignore_signals()
        raise Stopped

    before = {number: signal.signal(number, stop) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """For the time of stopping."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
