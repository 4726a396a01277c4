"""A feed that is open: what it says, and when."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.notifications import live
from domain.notifications.live import Arrived, LiveFeed, Quiet, Unread, Watch
from domain.notifications.model import FeedItem, NotificationKind
from domain.shared.errors import Unavailable
from domain.shared.ids import NotificationId, OrganizationId, UserId
from domain.shared.principal import Principal, Role

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ME = Principal(OrganizationId(uuid4()), UserId(uuid4()), Role.CONTRIBUTOR)


def item(minutes: int = 0) -> FeedItem:
    return FeedItem(
        NotificationId(UUID(int=minutes + 1)),
        ME.user_id,
        NotificationKind.EMAIL_OPENED,
        NOW + timedelta(minutes=minutes),
        False,
        1,
        None,
        None,
        None,
        {},
    )


@dataclass
class Kept:
    """The store, the unit and the units at once: what is unread, newest first."""

    items: list[FeedItem] = field(default_factory=list)
    away: bool = False
    looks: int = 0

    @property
    def notifications(self) -> Any:
        return self

    @asynccontextmanager
    async def reading(self, _: OrganizationId) -> AsyncIterator[Any]:
        if self.away:
            raise Unavailable
        self.looks += 1
        yield self

    async def newest_unread(self, _: UserId, limit: int) -> tuple[Sequence[FeedItem], int]:
        newest = sorted(self.items, key=lambda one: (one.at, one.id), reverse=True)
        return newest[:limit], len(self.items)


@dataclass
class Bells:
    """A bus of this test."""

    hears: bool = True
    rung: set[Callable[[], None]] = field(default_factory=set)

    async def ring(self, _: Iterable[UserId]) -> None:
        for rung in tuple(self.rung):
            rung()

    @contextmanager
    def listening(self, _: UserId, rung: Callable[[], None]) -> Iterator[None]:
        self.rung.add(rung)
        yield
        self.rung.discard(rung)


@dataclass
class Scene:
    kept: Kept
    bells: Bells

    def watch(self) -> Watch:
        return LiveFeed(self.kept, self.bells).watch(ME)  # type: ignore[arg-type]

    async def happens(self, *items: FeedItem) -> None:
        self.kept.items = [*(one for one in self.kept.items if one.id not in {new.id for new in items}), *items]
        await self.bells.ring([])


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(live, "QUIET_SECONDS", 30.0)
    return Scene(Kept([item(0)]), Bells())


async def following(events: AsyncIterator[Any]) -> Any:
    async with asyncio.timeout(5):
        return await anext(events)


async def test_it_begins_with_how_many_are_unread(scene: Scene) -> None:
    async with aclosing(scene.watch().events()) as events:
        assert await following(events) == Unread(1)


async def test_what_is_new_comes_with_the_bell(scene: Scene) -> None:
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        await scene.happens(item(1), item(2))

        assert [await following(events) for _ in range(2)] == [Arrived(item(1), 3), Arrived(item(2), 3)]


async def test_what_has_grown_comes_again(scene: Scene) -> None:
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        grown = replace(item(0), count=2, at=NOW + timedelta(minutes=9))
        await scene.happens(grown)

        assert await following(events) == Arrived(grown, 1)


async def test_what_was_read_elsewhere_changes_the_number_alone(scene: Scene) -> None:
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        scene.kept.items = []
        await scene.happens()

        assert await following(events) == Unread(0)


async def test_a_bell_without_news_says_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        await scene.happens()
        monkeypatch.setattr(live, "QUIET_SECONDS", 0.1)

        assert await following(events) == Quiet()


async def test_without_bells_it_looks_by_itself(scene: Scene) -> None:
    scene.bells.hears = False
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        scene.kept.items.append(item(3))

        assert await following(events) == Arrived(item(3), 2)


async def test_while_bells_arrive_it_looks_seldom(scene: Scene) -> None:
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.4):
                await anext(events)

    assert scene.kept.looks == 1


async def test_it_outlives_an_absence_of_the_database(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "QUIET_SECONDS", 0.2)
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        scene.kept.away = True
        await scene.happens(item(4))
        assert await following(events) == Quiet()
        scene.kept.away = False

        assert await following(events) == Arrived(item(4), 2)


async def test_what_comes_into_sight_behind_others_is_no_news(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SHOWN", 2)
    scene.kept.items = [item(minutes) for minutes in range(3)]
    async with aclosing(scene.watch().events()) as events:
        await following(events)
        scene.kept.items = [item(0), item(1)]
        await scene.happens()

        assert await following(events) == Unread(2)


async def test_it_ends_when_told(scene: Scene) -> None:
    watch = scene.watch()
    async with aclosing(watch.events()) as events:
        await following(events)
        asyncio.get_running_loop().call_later(0.05, watch.end)

        with pytest.raises(StopAsyncIteration):
            await following(events)

    assert scene.bells.rung == set()
