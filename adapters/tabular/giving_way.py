"""Gives way to people who wait for an answer, on machines with few processors."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

COMES_LATER = 10
# A system lets whoever runs go on for some milliseconds, though somebody else has been woken: so the processor is let
# go of before. As long as nobody takes it, that is done less and less often.
SHORTEST_TURN, LONGEST_TURN = 0.0002, 0.008
PAUSE = 0.00005
# A pause ends a little late by itself.
SOMEBODY_RAN = 4 * PAUSE
# Of the time that others ran, at least: where somebody always runs, it is still done one day.
SHARE = 0.1


def come_later() -> None:
    """Others are served first, where the system knows such an order; what is left is never nothing.

    Linux may know the order inside of a session alone (sched(7), "The autogroup feature"): this works for those who
    share the one of the process.
    """
    with suppress(AttributeError, OSError):
        os.nice(COMES_LATER)


@contextmanager
def taking_turns() -> Iterator[None]:
    """Within it, the process stops for a moment after each turn. For the main thread of a process alone."""
    turn = SHORTEST_TURN

    def let_go(*_: object) -> None:
        nonlocal turn
        began = time.perf_counter()
        time.sleep(PAUSE)
        waited = time.perf_counter() - began
        longer = max(SHORTEST_TURN, SHARE * waited) if waited > SOMEBODY_RAN else 2 * turn
        turn = min(longer, LONGEST_TURN)
        signal.setitimer(signal.ITIMER_REAL, turn)

    former = signal.signal(signal.SIGALRM, let_go)
    signal.setitimer(signal.ITIMER_REAL, turn)
    try:
        yield
    finally:
        # One that has come already would wind it up again.
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
