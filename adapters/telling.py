"""Builds everything about telling users what happened: one bus for all that ring and all that listen."""

from abc import ABC, abstractmethod
from contextlib import AsyncExitStack
from functools import cached_property

from adapters.crypto import RandomSecrets
from adapters.feed_bus import RedisFeedBus
from adapters.postgres.database import Database
from adapters.postgres.standing import PostgresStanding
from adapters.postgres.unit_of_work import PostgresUnits
from adapters.settings import Settings
from domain.accounts.vigil import Vigil
from domain.notifications.deciding import FOLLOWER
from domain.notifications.feed import Feed
from domain.notifications.live import LiveFeed
from domain.notifications.telling import Telling
from domain.shared.clock import Clock

# Whoever follows the activity log.
FOLLOWERS = (FOLLOWER,)


class TellingServices(ABC):
    """A part of the container."""

    settings: Settings
    database: Database
    resources: AsyncExitStack
    clock: Clock

    @property
    @abstractmethod
    def units(self) -> PostgresUnits: ...

    @cached_property
    def feed_bus(self) -> RedisFeedBus:
        bus = RedisFeedBus(self.settings.redis_url)
        self.resources.push_async_callback(bus.close)
        return bus

    @cached_property
    def telling(self) -> Telling:
        return Telling(self.units, self.feed_bus, self.clock)

    @cached_property
    def feed(self) -> Feed:
        return Feed(self.units, self.feed_bus, self.clock)

    @cached_property
    def live_feed(self) -> LiveFeed:
        return LiveFeed(self.units, self.feed_bus)

    @cached_property
    def vigil(self) -> Vigil:
        return Vigil(PostgresStanding(self.database, self.clock), RandomSecrets())
