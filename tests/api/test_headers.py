"""The headers of every answer, whatever it is."""

import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.api.bodies import ROUTES
from tests.api.seeds import seed

pytestmark = pytest.mark.anyio

SHIELD = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=()",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
# Pages for recipients: a form and a style of their own, and no word to the next site.
LEAVING = {"show_unsubscribe_page", "check_unsubscribe_page", "unsubscribe"}
PAGE_POLICY = re.compile(
    r"default-src 'none'; style-src 'sha256-[\w+/]+=*'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Its right answer has no end; tests/api/test_feed.py asks it.
ENDLESS = {"watch_feed"}
ENDING = [(method, route) for method, route in ROUTES if route.name not in ENDLESS]
each_route = pytest.mark.parametrize(("method", "route"), ENDING, ids=[f"{m} {route.path}" for m, route in ENDING])


@pytest.fixture(scope="module")
async def home(new_organization: Any) -> Any:
    return await new_organization()


@pytest.fixture(scope="module")
async def ids(home: Any) -> dict[str, str]:
    return (await seed(home)).ids


def shield(answer: httpx.Response) -> dict[str, str]:
    """What was answered under the names of SHIELD; each once."""
    names = [name for name, _ in answer.headers.multi_items()]
    assert len(names) == len(set(names)) or "set-cookie" in names
    return {name: answer.headers.get(name, "") for name in SHIELD}


def assert_shielded(answer: httpx.Response, name: str = "") -> None:
    found = shield(answer)
    UUID(answer.headers["x-request-id"])
    if name in LEAVING:
        assert PAGE_POLICY.fullmatch(found.pop("content-security-policy"))
        assert found.pop("referrer-policy") == "no-referrer"
    assert found == {name: SHIELD[name] for name in found}
    assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(answer.headers)


@each_route
async def test_every_route_shields_its_answers(home: Any, ids: dict[str, str], method: str, route: Any) -> None:
    path = re.sub(r"{(\w+)}", lambda found: ids.get(found[1], str(uuid4())), route.path)
    async with await home.as_administrator() as client:
        assert_shielded(await client.request(method, path), route.name)
    async with home.running.client() as stranger:
        assert_shielded(await stranger.request(method, path), route.name)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing"), ("DELETE", "/me"), ("GET", "/contacts/x"), ("GET", "/openapi.json")]
)
async def test_so_does_every_refusal(home: Any, method: str, path: str) -> None:
    async with await home.as_administrator() as client:
        assert_shielded(await client.request(method, path))


@pytest.mark.parametrize("path", ["/app/", "/app/contacts/1", "/docs"])
async def test_pages_may_run_our_own_scripts_alone(home: Any, path: str) -> None:
    async with home.running.client() as stranger:
        answer = await stranger.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    assert (policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'none'")
    expected = {
        name: value for name, value in SHIELD.items() if name not in ("content-security-policy", "cache-control")
    }
    assert {name: answer.headers[name] for name in expected} == expected


@pytest.mark.parametrize("path", ["/t/o/forged", "/t/c/forged", "/t/x"])
async def test_tracked_addresses_are_shielded_too(home: Any, path: str) -> None:
    async with home.running.client() as stranger:
        answer = await stranger.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_the_request_id_of_the_caller_is_kept_if_it_is_one(home: Any) -> None:
    async with home.running.client() as stranger:
        mine = str(uuid4())
        assert (await stranger.get("/healthz", headers={"x-request-id": mine})).headers["x-request-id"] == mine
        for other in ("1", "a" * 10_000, f"{mine}\nx"[:36] + "0"):
            answer = await stranger.get("/healthz", headers={"x-request-id": other})
            assert answer.headers["x-request-id"] != other
