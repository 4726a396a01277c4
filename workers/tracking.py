"""Judging visits of tracked addresses."""

from adapters.bootstrap import Container
from workers.schedule import Sweep


def sweeps(services: Container) -> list[Sweep]:
    """Visits that nobody has judged yet."""
    return [Sweep("sort_hits", 0.5, services.hit_sorting.sort)]
