"""Every route that takes a body: one that it accepts, and which of its fields are worth getting wrong."""

import copy
import re
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute

from api.app import ROUTERS
from tests.api.seeds import STEP

ROUTES = [
    (method, route)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]


@dataclass(frozen=True)
class Written:
    """A body that `route` accepts; `text` points to a text field with at most `longest` characters."""

    route: str
    body: Any
    text: str
    longest: int
    required: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    def with_value(self, pointer: str, value: object) -> Any:
        """The body with another value there, which may be a new field."""
        changed, parent, name = self._opened(pointer)
        parent[name] = value
        return changed

    def without(self, pointer: str) -> Any:
        changed, parent, name = self._opened(pointer)
        del parent[name]
        return changed

    def _opened(self, pointer: str) -> tuple[Any, Any, Any]:
        changed = copy.deepcopy(self.body)
        *path, name = [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]
        parent = changed
        for part in path:
            parent = parent[part]
        return changed, parent, name


VARIANT = "/steps/0/variants/0"
WRITTEN = [
    Written("log_in", {"email": "ann@example.com", "password": "guess"}, "/email", 255, ("/password",)),
    Written("update_me", {"name": "Ann"}, "/name", 120),
    Written(
        "set_business_hours",
        {"country": "US", "days": {"monday": [{"from": "08:00", "to": "12:00"}]}},
        "/country",
        120,
        ("/days/monday/0/from", "/days/monday/0/to"),
        ("/days/monday/0",),
    ),
    Written("create_token", {"name": "script", "scopes": ["me:read"]}, "/name", 120, ("/scopes",)),
    Written("create_contact", {"last_name": "Doe", "company": "Contoso"}, "/company", 255, ("/last_name",)),
    Written("update_contact", {"street": "1 Main Street"}, "/street", 255),
    Written("create_salesflow", {"name": "Spring"}, "/name", 120, ("/name",)),
    Written("update_salesflow", {"name": "Autumn"}, "/name", 120),
    Written(
        "put_salesflow_steps",
        {"steps": [STEP]},
        f"{VARIANT}/subject",
        1000,
        ("/steps", f"{VARIANT}/body_html"),
        ("/steps/0", "/steps/0/delay", VARIANT),
    ),
    Written("preview_salesflow_step", {"step": STEP}, "/step/variants/0/body_html", 100_000, ("/step",), ("/step",)),
    Written("settle_email", {"outcome": "sent"}, "/outcome", 120, ("/outcome",)),
    Written("enroll_contacts", {"filter": {"q": "doe"}, "dry_run": True}, "/filter/q", 120, (), ("/filter",)),
]


def address_of(name: str, ids: dict[str, str]) -> tuple[str, str]:
    """Method and path of the route with this operationId."""
    [(method, route)] = [(method, route) for method, route in ROUTES if route.name == name]
    return method, re.sub(r"{(\w+)}", lambda found: ids[found[1]], route.path)
