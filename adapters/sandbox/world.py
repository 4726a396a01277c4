"""The whole state of a running sandbox, put together."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from adapters.sandbox.clock import MovableClock
from adapters.sandbox.faults import Faults
from adapters.sandbox.google.state import GOOGLE_SCHEMAS, Google
from adapters.sandbox.options import SandboxOptions
from adapters.sandbox.post_office import PostOffice
from adapters.sandbox.prospects import inboxes
from adapters.sandbox.prospects.inboxes import Inboxes
from adapters.sandbox.prospects.later import Later
from adapters.sandbox.request_log import RequestLog
from adapters.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class World:
    options: SandboxOptions
    clock: MovableClock
    store: Store
    log: RequestLog
    faults: Faults
    inboxes: Inboxes
    post_office: PostOffice
    google: Google
    later: Later

    async def close(self) -> None:
        await self.later.close()
        self.store.close()


def open_world(options: SandboxOptions) -> World:
    """Opens the state in the state directory, or begins a new one there."""
    directory = options.state_directory
    clock = MovableClock(options.clock_file or directory / "clock")
    store = Store(directory / "sandbox.sqlite3", [inboxes.SCHEMA, *GOOGLE_SCHEMAS])
    google = Google(store, clock, options)
    prospects = Inboxes(store)
    post_office = PostOffice(store, clock, prospects, {"google": google.mailboxes})
    return World(
        options, clock, store, RequestLog(), Faults(), prospects, post_office, google, Later(clock)
    )  # fmt: skip


def _world_of(request: Request) -> World:
    world: World = request.app.state.world
    return world


TheWorld = Annotated[World, Depends(_world_of)]
