"""What a running system needs now and then: a sign of life, room for activities, and nothing kept that ran out."""

import os
import socket
from datetime import timedelta

from adapters.bootstrap import Container
from domain.contacts.merging import UNDO_WITHIN
from workers.schedule import Sweep

AHEAD = timedelta(days=92)
FORGOTTEN_AFTER = timedelta(days=1)


def sweeps(services: Container) -> list[Sweep]:
    """The heartbeat, the partitions of the activity log, the clearing out of what ran out or was never finished."""
    began = services.clock.system()

    async def beat() -> None:
        now = services.clock.system()
        await services.operations.beat(name(), began, now, now - FORGOTTEN_AFTER)

    async def make_room() -> None:
        now = services.clock.now()
        await services.operations.make_room_for_activities(now.date(), (now + AHEAD).date())

    async def clear_out() -> None:
        now = services.clock.system()
        await services.operations.clear_out(now, now - FORGOTTEN_AFTER)

    async def forget_unfinished_files() -> bool:
        return await services.operations.forget_unfinished_file(services.clock.system() - FORGOTTEN_AFTER)

    async def forget_effects_of_merges() -> bool:
        return await services.operations.forget_effects_of_merges(services.clock.now() - UNDO_WITHIN)

    return [
        Sweep("heartbeat", 5, beat),
        Sweep("make_room", 600, make_room),
        Sweep("clear_out", 600, clear_out),
        Sweep("unfinished_files", 600, forget_unfinished_files),
        Sweep("effects_of_merges", 600, forget_effects_of_merges),
    ]


async def sign_off(services: Container) -> None:
    """A worker that stops is not missed."""
    await services.operations.forget(name())


def name() -> str:
    """This process among all."""
    return f"{socket.gethostname()}:{os.getpid()}"
