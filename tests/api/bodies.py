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


# Bodies in which there is no text; what they refuse is tested with them.
WITHOUT_TEXT = {"update_mailbox"}
VARIANT = "/steps/0/variants/0"
WRITTEN = [
    Written("log_in", {"email": "ann@example.com", "password": "guess"}, "/email", 255, ("/password",)),
    Written("update_me", {"name": "Ann", "address": {"city": "Oslo"}}, "/address/city", 120, (), ("/address",)),
    Written(
        "set_business_hours",
        {
            "country": "US",
            "days": {"monday": [{"from": "08:00", "to": "12:00"}]},
            "away": [{"from": "2027-08-02", "to": "2027-08-20", "note": "Summer"}],
        },
        "/country",
        120,
        ("/days/monday/0/from", "/days/monday/0/to", "/away/0/from", "/away/0/to"),
        ("/days/monday/0", "/away/0"),
    ),
    Written("set_signature", {"kind": "custom", "html": "<p>Best</p>"}, "/html", 20_000, ("/kind",)),
    Written(
        "set_notifications",
        {"email_opened": "never", "email_failed": "never", "email_clicked": "never"},
        "/email_opened",
        120,
        ("/email_failed", "/email_clicked"),
    ),
    Written("set_phone", {"phone": "+12025550143", "extension": "12"}, "/extension", 120, ("/phone",)),
    Written("rename_voicemail", {"name": "Introduction"}, "/name", 120, ("/name",)),
    Written("update_onboarding", {"step": "dialer_setup", "state": "skipped"}, "/step", 120, ("/state",)),
    Written("create_token", {"name": "script", "scopes": ["me:read"]}, "/name", 120, ("/scopes",)),
    Written("create_contact", {"last_name": "Doe", "company": "Contoso"}, "/company", 255, ("/last_name",)),
    Written("update_contact", {"street": "1 Main Street"}, "/street", 255),
    Written("create_contact_note", {"text": "Likes tea"}, "/text", 10_000, ("/text",)),
    Written("update_contact_note", {"text": "Likes tea"}, "/text", 10_000, ("/text",)),
    Written(
        "create_own_field",
        {"label": "Tier", "kind": "choice", "choices": ["Gold"]},
        "/choices/0",
        120,
        ("/label", "/kind"),
    ),
    Written("update_own_field", {"label": "Tier"}, "/label", 120),
    Written("create_status", {"label": "Nurture", "color": "#228be6"}, "/label", 120, ("/label", "/color")),
    Written("update_status", {"label": "Nurture"}, "/label", 120),
    *(
        Written(route, {"ids": ["0198a1b2-0000-7000-8000-000000000000"]}, "/ids/0", 120, ("/ids",))
        for route in ("order_own_fields", "order_statuses")
    ),
    Written("create_contact_list", {"name": "Spring", "filter": {"q": "doe"}}, "/name", 120, ("/name",), ("/filter",)),
    Written("update_contact_list", {"name": "Autumn"}, "/name", 120),
    Written(
        "create_contact_view",
        {"name": "Spring", "state": {"q": "doe", "filters": {"status": "New"}, "columns": ["name"]}},
        "/state/columns/0",
        120,
        ("/name", "/state"),
        ("/state", "/state/filters"),
    ),
    Written("update_contact_view", {"name": "Autumn"}, "/name", 120),
    *(
        Written(
            route,
            {"contact_ids": ["0198a1b2-0000-7000-8000-000000000000"]},
            "/contact_ids/0",
            120,
            ("/contact_ids",),
        )
        for route in ("add_list_members", "remove_list_members")
    ),
    Written(
        "act_on_contacts",
        {"contact_ids": [], "action": {"kind": "set_status", "status": "New"}},
        "/action/status",
        120,
        ("/action", "/action/kind", "/action/status"),
        ("/action",),
    ),
    *(
        Written(route, {"mapping": {"Email": "email"}}, "/mapping/Email", 120, ("/mapping",), ("/mapping",))
        for route in ("preview_import", "start_import")
    ),
    Written("update_import", {"encoding": "utf-8", "header": True}, "/encoding", 120),
    Written(
        "merge_contacts",
        {
            "keep": "0198a1b2-0000-7000-8000-000000000000",
            "merge": ["0198a1b2-0000-7000-8000-000000000001"],
            "choices": {"city": "0198a1b2-0000-7000-8000-000000000001"},
        },
        "/keep",
        120,
        ("/keep", "/merge"),
    ),
    Written("check_duplicates", {"last_name": "Doe", "email": "ann@example.com"}, "/last_name", 120),
    *(
        Written(route, {"kind": "domain", "value": "example.com", **more}, "/value", 255, ("/kind", "/value"))
        for route, more in (("add_suppression", {"reason": "Asked"}), ("check_suppression", {}))
    ),
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
    Written("read_feed", {"up_to": "0198a1b2-0000-7000-8000-000000000000"}, "/up_to", 120),
    Written(
        "invite_user",
        {"email": "ann@example.com", "name": "Ann", "role": "contributor"},
        "/name",
        120,
        ("/email", "/name", "/role"),
    ),
    Written("update_managed_user", {"name": "Ann"}, "/name", 120),
    Written("hand_over", {"to": "0198a1b2-0000-7000-8000-000000000000"}, "/to", 120, ("/to",)),
    Written("accept_invitation", {"password": "correct horse staple"}, "/password", 1000, ("/password",)),
    Written("ask_for_password_reset", {"email": "ann@example.com"}, "/email", 255, ("/email",)),
    Written("reset_password", {"password": "correct horse staple"}, "/password", 1000, ("/password",)),
    Written(
        "sign_in_with_passkey",
        {"challenge_id": "0198a1b2-0000-7000-8000-000000000000", "credential": {}},
        "/challenge_id",
        120,
        ("/credential",),
    ),
    Written("confirm", {"code": "000000"}, "/code", 100),
    Written(
        "change_password",
        {"current": "guess", "password": "correct horse staple"},
        "/password",
        1000,
        ("/current", "/password"),
    ),
    Written("confirm_totp", {"code": "000000"}, "/code", 100, ("/code",)),
    Written("remove_totp", {"password": "guess"}, "/password", 1000, ("/password",)),
    Written(
        "add_passkey",
        {"challenge_id": "0198a1b2-0000-7000-8000-000000000000", "name": "Phone", "credential": {}},
        "/name",
        120,
        ("/challenge_id", "/name", "/credential"),
    ),
    Written("change_settings", {"name": "Northwind"}, "/name", 120),
    Written(
        "set_sign_on",
        {"issuer": "https://login.example.com", "client_id": "engage", "client_secret": "secret"},
        "/issuer",
        255,
        ("/issuer", "/client_id"),
    ),
    Written("settle_email", {"outcome": "sent"}, "/outcome", 120, ("/outcome",)),
    Written("enroll_contacts", {"filter": {"q": "doe"}, "dry_run": True}, "/filter/q", 255, (), ("/filter",)),
]


def address_of(name: str, ids: dict[str, str]) -> tuple[str, str]:
    """Method and path of the route with this operationId."""
    [(method, route)] = [(method, route) for method, route in ROUTES if route.name == name]
    return method, re.sub(r"{(\w+)}", lambda found: ids[found[1]], route.path)
