"""Worker processes by the dozen: everything is imported once, then each worker is a fork that can be killed.

python nursery.py < commands      "start" forks a worker and prints its process id; the end of input ends it
python nursery.py --crash         reads {"n", "organization_id", "mailbox_id"} lines; see `crash`
                                  and {"n", "organization_id", "import_job_id"} lines; see `crash_import`
"""

import asyncio
import inspect
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from adapters.bootstrap import open_container
from adapters.logging import configure_logging
from adapters.settings import Settings, load_settings
from domain.contacts.imports import reading_ahead
from domain.shared.ids import BackgroundJobId, MailboxId, OrganizationId
from workers.main import run

CRASHED = 41


class Countdown:
    """Ends the process at the n-th point that is passed, as if it were struck by lightning."""

    def __init__(self, left: int) -> None:
        self._left = left

    def passed(self) -> None:
        self._left -= 1
        if self._left == 0:
            os._exit(CRASHED)


class CrashingUnits:
    """Points before a unit, at its end before the commit, and after the commit."""

    def __init__(self, units: Any, countdown: Countdown) -> None:
        self._units, self._countdown = units, countdown

    @asynccontextmanager
    async def of(self, organization_id: OrganizationId) -> AsyncIterator[Any]:
        async with self._around(self._units.of(organization_id)) as unit:
            yield unit

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Any]:
        async with self._around(self._units.system()) as unit:
            yield unit

    @asynccontextmanager
    async def _around(self, opening: Any) -> AsyncIterator[Any]:
        self._countdown.passed()
        async with opening as unit:
            yield unit
            self._countdown.passed()
        self._countdown.passed()


class CrashingMail:
    """Points before and after every call of the provider."""

    def __init__(self, mail: Any, countdown: Countdown) -> None:
        self._mail, self._countdown = mail, countdown

    def open(self, tokens: Any) -> Any:
        return CrashingMailbox(self._mail.open(tokens), self._countdown)


class CrashingMailbox:
    def __init__(self, mailbox: Any, countdown: Countdown) -> None:
        self._mailbox, self._countdown = mailbox, countdown

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._mailbox, name)

        async def called(*arguments: Any, **named: Any) -> Any:
            self._countdown.passed()
            answer = await method(*arguments, **named)
            self._countdown.passed()
            return answer

        return called


class CrashingUnit:
    """Points before and after every call of a store."""

    def __init__(self, unit: Any, countdown: Countdown) -> None:
        self._unit, self._countdown = unit, countdown

    def __getattr__(self, name: str) -> Any:
        return CrashingStore(getattr(self._unit, name), self._countdown)


class CrashingStore:
    def __init__(self, store: Any, countdown: Countdown) -> None:
        self._store, self._countdown = store, countdown

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if not inspect.iscoroutinefunction(method):
            return method

        async def called(*arguments: Any, **named: Any) -> Any:
            self._countdown.passed()
            answer = await method(*arguments, **named)
            self._countdown.passed()
            return answer

        return called


class CrashingUnitsAndStores(CrashingUnits):
    """Points around the units and around every call of a store in them."""

    @asynccontextmanager
    async def _around(self, opening: Any) -> AsyncIterator[Any]:
        async with super()._around(opening) as unit:
            yield CrashingUnit(unit, self._countdown)


async def crash_import(settings: Settings, n: int, organization_id: str, import_job_id: str) -> None:
    """Works at an import whose pieces are two rows each, and dies at the n-th await of it."""
    countdown = Countdown(n)
    reading_ahead.ROWS = 2
    async with open_container(settings) as services:
        services.__dict__["units"] = CrashingUnitsAndStores(services.units, countdown)
        await services.background_work.run(OrganizationId(UUID(organization_id)), BackgroundJobId(UUID(import_job_id)))


async def crash(settings: Settings, n: int, organization_id: str, mailbox_id: str) -> None:
    """Dispatches and sends what is due, and dies at the n-th await of it; ends well when there are not so many."""
    countdown = Countdown(n)
    async with open_container(settings) as services:
        services.__dict__["mail"] = {
            provider: CrashingMail(mail, countdown) for provider, mail in services.mail.items()
        }
        services.__dict__["units"] = CrashingUnits(services.units, countdown)
        while await services.dispatch.dispatch_due():
            continue
        await services.sending.run(OrganizationId(UUID(organization_id)), MailboxId(UUID(mailbox_id)))


def forked(settings: Settings, what: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """The process id of a fork that does `what` and ends."""
    pid = os.fork()
    if pid:
        return pid
    try:
        configure_logging(settings)
        asyncio.run(what())
    except BaseException:
        os._exit(1)
    os._exit(0)


def main(arguments: Sequence[str]) -> None:
    settings = load_settings()
    children: set[int] = set()
    for line in sys.stdin:
        if arguments:
            asked = json.loads(line)
            act = crash_import if "import_job_id" in asked else crash
            pid = forked(settings, partial(act, settings, **asked))
            _, status = os.waitpid(pid, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
        else:
            children = {child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)}
            children.add(forked(settings, partial(run, settings)))
            print(max(children), flush=True)
    for child in children:
        os.kill(child, 9)


if __name__ == "__main__":
    main(sys.argv[1:])
