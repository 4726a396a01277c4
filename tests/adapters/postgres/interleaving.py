"""Two transactions, statement by statement, in whatever order a test wishes: one statement runs at a time.

A statement that waits for a lock is left waiting, and the other transaction goes on: PostgreSQL itself says who waits.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.database import Database

WAITS = "select wait_event_type = 'Lock' from pg_stat_activity where pid = $1"


class Participant:
    """One of the two: runs its next statement when it is told to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pid = 0
        self.task: asyncio.Task[Any] | None = None
        self._go = asyncio.Event()
        self._waiting = asyncio.Event()

    async def turn(self) -> None:
        """Comes before every statement."""
        self._waiting.set()
        await self._go.wait()
        self._go.clear()
        self._waiting.clear()

    @property
    def over(self) -> bool:
        assert self.task is not None
        return self.task.done()

    @property
    def at_rest(self) -> bool:
        """Whether it waits to be told, rather than for the server."""
        return self.over or (self._waiting.is_set() and not self._go.is_set())

    def let_go(self) -> None:
        self._go.set()


class SteppedTransaction(Transaction):
    """A transaction whose every statement waits for its turn."""

    def __init__(self, transaction: Transaction, participant: Participant) -> None:
        super().__init__(transaction._engine, transaction._pooled, transaction.driver)
        self._participant = participant

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        await self._participant.turn()
        return await super().execute(statement, parameters)

    async def fetch(self, statement: CompiledStatement, **values: Any) -> Any:
        await self._participant.turn()
        return await super().fetch(statement, **values)


class SteppedDatabase(Database):
    """Opens transactions of one participant; `committed` notes who committed, in order."""

    def __init__(self, database: Database, participant: Participant, committed: list[str]) -> None:
        super().__init__(database.engine)
        self._participant = participant
        self._committed = committed

    @asynccontextmanager
    async def application(self, organization_id: Any) -> AsyncIterator[Transaction]:
        async with super().application(organization_id) as transaction:
            self._participant.pid = transaction.driver.get_server_pid()
            yield SteppedTransaction(transaction, self._participant)
            await self._participant.turn()
        self._committed.append(self._participant.name)


async def interleaved(
    watch: Any, participants: Sequence[Participant], acts: Sequence[Callable[[], Awaitable[None]]], order: Sequence[int]
) -> None:
    """Runs both acts; `order` says whose statement is next, and is begun again when it ends. Fails after 20 seconds."""
    async with asyncio.timeout(20):
        for participant, act in zip(participants, acts, strict=True):
            participant.task = asyncio.ensure_future(act())
        step = 0
        while not all(participant.over for participant in participants):
            await _settled(watch, participants)
            ready = [one for one in participants if one.at_rest and not one.over]
            if ready:
                wished = participants[order[step % len(order)]]
                (wished if wished in ready else ready[0]).let_go()
                step += 1
            await asyncio.sleep(0)
    for participant in participants:
        assert participant.task is not None
        await participant.task


async def _settled(watch: Any, participants: Sequence[Participant]) -> None:
    """Until each waits for its turn, for a lock, or is over."""
    for participant in participants:
        while not participant.at_rest:
            if participant.pid and await watch.fetchval(WAITS, participant.pid):
                break
            await asyncio.sleep(0)
