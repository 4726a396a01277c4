"""Every user has so many requests a minute, and each answer says how many are left."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.limits import RequestLimits
from domain.shared.errors import TooManyRequests
from domain.shared.ids import UserId

pytestmark = pytest.mark.anyio

ANN, BOB = UserId(uuid4()), UserId(uuid4())


class StoppedClock:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


def test_what_is_left_goes_down_and_comes_back() -> None:
    clock = StoppedClock(600.0)
    limits = RequestLimits(2, clock)
    assert limits.take(ANN) == (2, 1, 60)
    clock.seconds = 659.5
    assert limits.take(ANN) == (2, 0, 1)
    with pytest.raises(TooManyRequests) as refused:
        limits.take(ANN)
    assert (refused.value.retry_after, refused.value.limit) == (timedelta(seconds=1), 2)
    clock.seconds = 660.0
    assert limits.take(ANN) == (2, 1, 60)


def test_nobody_uses_up_what_another_has() -> None:
    limits = RequestLimits(1, StoppedClock(0))
    assert limits.take(ANN).remaining == limits.take(BOB).remaining == 0


def test_users_of_past_minutes_are_forgotten() -> None:
    clock = StoppedClock(0)
    limits = RequestLimits(5, clock)
    for _ in range(1000):
        limits.take(UserId(uuid4()))
    clock.seconds = 60
    limits.take(ANN)
    assert limits.users == 1


@contextmanager
def limited(organization: Any, per_minute: int) -> Iterator[None]:
    """The application of the tests with another limit."""
    state = _application(organization.running.app).state
    before, state.limits = state.limits, RequestLimits(per_minute)
    yield
    state.limits = before


def _application(app: Any) -> Any:
    """Behind tracking and the frame."""
    while not hasattr(app, "state"):
        app = app._app
    return app


@asynccontextmanager
async def asking(organization: Any, per_minute: int) -> AsyncIterator[httpx.AsyncClient]:
    async with await organization.as_contributor() as client:
        with limited(organization, per_minute):
            yield client


def told(answer: httpx.Response) -> tuple[str, str]:
    assert 1 <= int(answer.headers["ratelimit-reset"]) <= 60
    return answer.headers["ratelimit-limit"], answer.headers["ratelimit-remaining"]


async def test_answers_say_what_is_left_refusals_too(organization: Any) -> None:
    async with asking(organization, 10) as client:
        answers = [await client.get(path) for path in ("/me", "/contacts?limit=x", f"/contacts/{uuid4()}", "/users")]
    assert [answer.status_code for answer in answers] == [200, 422, 404, 200]
    assert [told(answer) for answer in answers] == [("10", "9"), ("10", "8"), ("10", "7"), ("10", "6")]


async def test_who_asks_too_often_is_told_when_to_come_back(organization: Any) -> None:
    async with asking(organization, 1) as client:
        await client.get("/me")
        answer = await client.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer.headers["content-type"] == "application/problem+json"
    assert told(answer) == ("1", "0")
    assert answer.headers["retry-after"] == answer.headers["ratelimit-reset"]


async def test_nothing_is_done_for_who_asked_too_often(organization: Any) -> None:
    async with asking(organization, 1) as client:
        await client.get("/me")
        assert (await client.post("/contacts", json={"last_name": "Late"})).status_code == 429
    async with await organization.as_contributor() as client:
        assert (await client.get("/contacts")).json()["items"] == []


async def test_an_idempotent_request_counts_once(organization: Any) -> None:
    async with asking(organization, 10) as client:
        for left in ("9", "8"):
            answer = await client.post("/contacts", json={"last_name": "Doe"}, headers={"Idempotency-Key": "k"})
            assert (answer.status_code, told(answer)) == (201, ("10", left))


async def test_strangers_are_told_nothing(organization: Any) -> None:
    async with organization.running.client() as stranger:
        for path in ("/me", "/healthz"):
            assert "ratelimit-limit" not in (await stranger.get(path)).headers


async def test_who_guesses_passwords_is_told_when_to_come_back(organization: Any) -> None:
    guess = {"email": organization.contributor_email, "password": "guess"}
    async with organization.running.client() as stranger:
        answers = [await stranger.post("/auth/login", json=guess) for _ in range(6)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert told(refused) == ("1", "0")
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
