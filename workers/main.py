"""A worker process: sweeps and jobs, until SIGTERM or SIGINT; then what is under way is finished, and nothing begun.

Redis may come and go: everything is found in PostgreSQL, bells only make it sooner.
"""

import asyncio
import signal
import sys
from collections.abc import Mapping
from functools import partial

import structlog

from adapters.bootstrap import Container, open_container
from adapters.queue import AWAY, JobQueue, worker
from adapters.settings import Settings
from domain.background.service import BACKGROUND_JOB
from domain.connections.letting_go import REVOKE
from domain.emails.ports import READ_MAILBOX, SEND_MAILBOX
from workers import (
    background,
    emails,
    letters,
    mailboxes,
    notifications,
    password_resets,
    salesflows,
    tracking,
    upkeep,
)
from workers.job import Handler, JobRunner
from workers.relay import Relay
from workers.schedule import Sweep, waited

log = structlog.get_logger(__name__)

FINISH_SECONDS = 25.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0

HANDLERS: Mapping[str, Handler] = {
    REVOKE: mailboxes.revoke_access,
    **letters.HANDLERS,
    **notifications.HANDLERS,
    **password_resets.HANDLERS,
    **salesflows.HANDLERS,
}


def main(settings: Settings) -> None:
    """Runs a worker until it is told to stop."""
    if sys.platform == "win32":
        asyncio.run(run(settings))
        return
    import uvloop

    uvloop.run(run(settings))


async def run(settings: Settings, stopping: asyncio.Event | None = None) -> None:
    """A worker in the running loop, until `stopping` is set or a signal comes."""
    stopping = stopping or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with open_container(settings) as services:
        await _work(services, stopping)
    log.info("worker_stopped")


async def _work(services: Container, stopping: asyncio.Event) -> None:
    queue = JobQueue(services.settings.redis_url)
    sending, reading = emails.sending_turns(services, stopping), mailboxes.reading_turns(services)
    working = background.working_turns(services, stopping)
    bells = {
        SEND_MAILBOX: emails.bell(sending),
        READ_MAILBOX: emails.bell(reading),
        BACKGROUND_JOB: background.bell(working),
    }
    runner = JobRunner(services, {**HANDLERS, **bells})
    sweeps = [
        Sweep("relay", 0.25, Relay(services, queue, runner).pass_on),
        Sweep("dispatch", 0.5, partial(salesflows.dispatch_due, services)),
        Sweep("resume", 1, partial(salesflows.resume_due, services)),
        *emails.sweeps(services, sending),
        *mailboxes.sweeps(services, reading),
        *background.sweeps(services, working),
        *tracking.sweeps(services),
        *password_resets.sweeps(services),
        *upkeep.sweeps(services),
    ]
    log.info("worker_started")
    if not services.settings.smtp_host:
        log.warning("mail_is_off", setting="ENGAGE_SMTP_HOST")
    tasks = [asyncio.create_task(sweep.repeat(stopping), name=sweep.name) for sweep in sweeps]
    tasks.append(asyncio.create_task(_listen(services.settings.redis_url, runner, stopping), name="queue"))
    await stopping.wait()
    try:
        async with asyncio.timeout(FINISH_SECONDS):
            turns = (sending.finish(), reading.finish(), working.finish())
            await asyncio.gather(*tasks, *turns, return_exceptions=True)
    except TimeoutError:
        log.warning("worker_stops_unfinished")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await upkeep.sign_off(services)
    await queue.close()


async def _listen(redis_url: str, runner: JobRunner, stopping: asyncio.Event) -> None:
    """Takes bells from the queue. When Redis is away, it is tried again and again with growing patience."""
    pause = FIRST_PAUSE
    while not stopping.is_set():
        consumer = worker(redis_url, runner.run)
        running = asyncio.create_task(consumer.async_run())
        stopped = asyncio.create_task(stopping.wait())
        began = asyncio.get_running_loop().time()
        await asyncio.wait([running, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        # Nothing more is begun, then what was begun is finished: closing would cut it off, and leave connections open.
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        if consumer.tasks:
            await asyncio.wait(list(consumer.tasks.values()))
        try:
            await consumer.close()
        except AWAY:
            log.debug("queue_gone")
        if stopping.is_set():
            return
        lasted = asyncio.get_running_loop().time() - began
        pause = FIRST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        log.warning("queue_away", again_in=pause)
        await waited(stopping, pause)
