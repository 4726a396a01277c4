"""Whoever reads files stops for a moment now and then, so that others can be served."""

import subprocess
import sys

WORK = """
import resource, time
from adapters.tabular.giving_way import come_later, taking_turns

def stops(seconds):
    before, until = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw, time.process_time() + seconds
    while time.process_time() < until:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - before

come_later()
alone = stops(0.2)
with taking_turns():
    among_others = stops(0.2)
print(alone, among_others, stops(0.2))
"""


def test_the_processor_is_let_go_of_while_it_works_and_only_then() -> None:
    told = subprocess.run([sys.executable, "-c", WORK], capture_output=True, text=True, check=True)
    before, among_others, afterwards = map(int, told.stdout.split())
    # At least once in the longest turn; nothing else here waits for anything.
    assert among_others >= 10
    assert max(before, afterwards) < 10


STOPPED_LAST = """
import time
from adapters.tabular import giving_way

giving_way.SHORTEST_TURN = 0.000001
for _ in range(3_000):
    with giving_way.taking_turns():
        pass
    until = time.perf_counter() + 0.0001
    while time.perf_counter() < until:
        pass
"""


def test_no_signal_that_came_at_the_last_moment_ends_the_process() -> None:
    subprocess.run([sys.executable, "-c", STOPPED_LAST], check=True, timeout=60)


BESIDE_SOMEBODY_WHO_NEVER_STOPS = """
import os, subprocess, sys, time
from adapters.tabular.giving_way import come_later, taking_turns

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
never_stops = "import os\\nus = os.getppid()\\nwhile os.getppid() == us: pass"
with subprocess.Popen([sys.executable, "-c", never_stops]) as other:
    come_later()
    until = time.process_time() + 0.3
    with taking_turns():
        while time.process_time() < until:
            pass
    other.kill()
"""


def test_it_comes_to_an_end_beside_somebody_who_never_stops() -> None:
    subprocess.run([sys.executable, "-c", BESIDE_SOMEBODY_WHO_NEVER_STOPS], check=True, timeout=60)
