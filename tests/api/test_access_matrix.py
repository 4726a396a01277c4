"""Every route against everybody: who is refused, and that a foreign id answers exactly as a missing one."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute

from api.app import ROUTERS
from tests.api.seeds import Seeds, seed

pytestmark = pytest.mark.anyio

# Whoever knows the address may: signing in, signed links, and what operators and scripts read.
PUBLIC = {
    "log_in",
    "log_out",
    "begin_passkey_sign_in",
    "sign_in_with_passkey",
    "begin_sign_on",
    "is_sign_on_available",
    "complete_sign_on",
    "look_at_invitation",
    "accept_invitation",
    "ask_for_password_reset",
    "reset_password",
    "healthz",
    "readyz",
    "metrics",
    "show_unsubscribe_page",
    "check_unsubscribe_page",
    "unsubscribe",
}
# The provider sends the browser back here; without a session it is a page that asks to sign in.
REDIRECTS = {"complete_connection"}

ROUTES = [
    (method, route)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]
GUARDED = [(method, route) for method, route in ROUTES if route.name not in PUBLIC | REDIRECTS]
NAMES = [f"{method} {route.path}" for method, route in GUARDED]
WITH_IDS = [(method, route) for method, route in GUARDED if "_id}" in route.path]
each_guarded = pytest.mark.parametrize(("method", "route"), GUARDED, ids=NAMES)
each_with_ids = pytest.mark.parametrize(
    ("method", "route"), WITH_IDS, ids=[f"{method} {route.path}" for method, route in WITH_IDS]
)

# Just enough of a body that the route gets to look for its object.
BODIES: dict[str, Any] = {
    "update_contact": {"city": "Oslo"},
    "create_contact_note": {"text": "Mine now"},
    "update_contact_note": {"text": "Mine now"},
    "update_own_field": {"label": "Mine now"},
    "update_status": {"label": "Mine now"},
    "update_salesflow": {"name": "Mine now"},
    "put_salesflow_steps": {"steps": []},
    "preview_salesflow_step": {
        "step": {"kind": "email", "variants": [{"weight": 1, "subject": "a", "body_html": "b"}]}
    },
    "settle_email": {"outcome": "sent"},
    "update_managed_user": {"name": "Mine now"},
    "hand_over": {"to": str(uuid4())},
    "rename_voicemail": {"name": "Mine now"},
    "enroll_contacts": {"contact_ids": [str(uuid4())]},
    "update_contact_list": {"name": "Mine now"},
    "update_contact_view": {"name": "Mine now"},
    "update_import": {"header": False},
    "preview_import": {"mapping": {"Email": "email"}},
    "start_import": {"mapping": {"Email": "email"}},
    "add_list_members": {"contact_ids": [str(uuid4())]},
}


def scope_of(route: APIRoute) -> str | None:
    for dependency in route.dependant.dependencies:
        if scope := getattr(dependency.call, "scope", None):
            return str(scope)
    return None


@pytest.fixture(scope="module")
async def home(new_organization: Any) -> Any:
    return await new_organization()


@pytest.fixture(scope="module")
async def stranger(new_organization: Any) -> Any:
    return await new_organization()


@pytest.fixture(scope="module")
async def seeds(home: Any) -> Seeds:
    return await seed(home)


def filled(route: APIRoute, ids: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: ids.get(found[1], str(uuid4())), route.path)


async def ask(client: httpx.AsyncClient, method: str, path: str, route: APIRoute) -> httpx.Response:
    body = BODIES.get(route.name, {}) if method in ("POST", "PUT", "PATCH") else None
    return await client.request(method, path, json=body)


@each_guarded
def test_every_route_declares_its_scope(method: str, route: APIRoute) -> None:
    assert scope_of(route), f"{method} {route.path} has no requires(...)"


@each_guarded
async def test_nobody_gets_in_without_signing_in(running: Any, method: str, route: APIRoute) -> None:
    async with running.client() as anonymous:
        answer = await ask(anonymous, method, filled(route, {}), route)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@each_guarded
async def test_a_token_without_the_scope_is_refused(home: Any, method: str, route: APIRoute) -> None:
    other = "me:read" if scope_of(route) != "me:read" else "contacts:read"
    async with await home.as_administrator(other) as client:
        answer = await ask(client, method, filled(route, {}), route)
    assert answer.status_code == 403, answer.text
    assert answer.json()["code"] == "insufficient_scope"


@each_with_ids
async def test_a_foreign_id_answers_as_a_missing_one(seeds: Seeds, stranger: Any, method: str, route: APIRoute) -> None:
    async with await stranger.as_administrator() as client:
        foreign = await ask(client, method, filled(route, seeds.ids), route)
        missing = await ask(client, method, filled(route, {"provider": "google"}), route)
    assert foreign.status_code == missing.status_code, foreign.text
    assert 400 <= foreign.status_code < 500
    differing = {"instance", "request_id"}
    assert without(foreign.json(), differing) == without(missing.json(), differing)


@each_with_ids
async def test_a_foreign_id_changes_nothing(
    seeds: Seeds, home: Any, stranger: Any, method: str, route: APIRoute
) -> None:
    before = await seeds.everything(home)
    async with await stranger.as_administrator() as client:
        await ask(client, method, filled(route, seeds.ids), route)
    assert await seeds.everything(home) == before


def without(body: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in keys}
