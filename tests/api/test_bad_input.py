"""Whatever is wrong with the input, the answer names the field, and nothing is written."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.middleware import MAXIMUM_BODY
from tests.api.bodies import ROUTES, WITHOUT_TEXT, WRITTEN, Written, address_of
from tests.api.seeds import STEP, seed

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}
each_written = pytest.mark.parametrize("written", WRITTEN, ids=lambda written: written.route)
LISTS = [
    route.name
    for _, route in ROUTES
    if any(parameter.alias == "cursor" for inner in route.dependant.dependencies for parameter in inner.query_params)
]
IDS = [
    (route.name, parameter.alias)
    for _, route in ROUTES
    for parameter in route.dependant.path_params
    if parameter.alias.endswith("_id")
]


@dataclass(frozen=True)
class Office:
    """An organization in which there is one of everything, asked by its Administrator."""

    client: httpx.AsyncClient
    ids: dict[str, str]
    kept: list[Any] = field(default_factory=list)

    async def send(self, name: str, body: object) -> httpx.Response:
        """As JSON in ASCII, in which halves of surrogate pairs can be spelled."""
        return await self.send_raw(name, json.dumps(body).encode(), JSON)

    async def send_raw(self, name: str, content: Any, headers: dict[str, str]) -> httpx.Response:
        method, path = address_of(name, self.ids)
        return await self.client.request(method, path, content=content, headers=headers)

    async def ask(self, name: str, **query: Any) -> httpx.Response:
        return await self.client.get(address_of(name, self.ids)[1], params=query)

    async def everything(self) -> list[Any]:
        own = ["get_me", "get_business_hours", "get_signature", "get_notifications", "get_onboarding", "get_phone"]
        names = [*own, "list_users", *LISTS, "get_contact", "get_salesflow"]
        shown = [(await self.ask(name)).json() for name in names]
        return [still(one) for one in shown]

    async def refusals(self, name: str, *bodies: object) -> list[list[str]]:
        """The pointers that answer each of the bodies; nothing may have been written by any."""
        found = [pointers(problem(await self.send(name, body))) for body in bodies]
        await self.assert_unchanged()
        return found

    async def assert_unchanged(self) -> None:
        """Everything is as it was before the first test."""
        assert await self.everything() == self.kept


def still(shown: Any) -> Any:
    """Without what changes by being looked at."""
    if isinstance(shown, list):
        return [still(one) for one in shown]
    if isinstance(shown, dict):
        return {name: still(value) for name, value in shown.items() if name not in ("now", "last_seen_at")}
    return shown


def problem(answer: httpx.Response, status: int = 422) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["status"] == status
    return body


def pointers(answered: dict[str, Any]) -> list[str]:
    return [fault["pointer"] for fault in answered["errors"]]


@pytest.fixture(scope="module")
async def office(new_organization: Any) -> AsyncIterator[Office]:
    organization = await new_organization()
    seeds = await seed(organization)
    async with await organization.as_administrator() as client:
        await client.post("/contacts", json={"last_name": "Second"})
        await client.post("/salesflows", json={"name": "Second"})
        await client.patch(f"/contacts/{seeds.ids['contact_id']}", json={"status": "Contacted"})
        office = Office(client, {**seeds.ids, "enrollment_id": str(uuid4()), "email_id": str(uuid4()), "token": "x"})
        office.kept.extend(await office.everything())
        yield office


@pytest.fixture(scope="module")
async def elsewhere(new_organization: Any) -> dict[str, str]:
    """Ids of another organization."""
    organization = await new_organization()
    seeds = await seed(organization)
    return {**seeds.ids, "user_id": str(organization.contributor.user_id)}


def test_every_route_with_a_body_is_listed() -> None:
    listed = {written.route for written in WRITTEN} | WITHOUT_TEXT
    assert listed == {route.name for _, route in ROUTES if route.body_field}


@each_written
async def test_an_unknown_field_is_refused_by_name(office: Office, written: Written) -> None:
    surprises = [f"{inside}/surprise" for inside in ("", *written.objects)]
    bodies = [written.with_value(surprise, 1) for surprise in surprises]
    assert await office.refusals(written.route, *bodies) == [[surprise] for surprise in surprises]


@each_written
async def test_the_wrong_type_is_refused(office: Office, written: Written) -> None:
    bodies = [written.with_value(written.text, value) for value in (7, True, ["x"], {"x": "y"})]
    assert await office.refusals(written.route, *bodies) == [[written.text]] * 4


@each_written
async def test_what_no_database_keeps_is_refused(office: Office, written: Written) -> None:
    bodies = [written.with_value(written.text, text) for text in ("a\0b", "\ud800", "a\udfffb")]
    assert await office.refusals(written.route, *bodies) == [[written.text]] * 3


@each_written
async def test_a_text_has_an_end(office: Office, written: Written) -> None:
    body = written.with_value(written.text, "x" * (written.longest + 1))
    assert await office.refusals(written.route, body) == [[written.text]]


@each_written
async def test_an_unknown_field_may_have_any_name(office: Office, written: Written) -> None:
    bodies = [{**written.body, name: 1} for name in ("a\0b", "~/", "", "\ud800")]
    assert await office.refusals(written.route, *bodies) == [["/a\0b"], ["/~0~1"], ["/"], [""]]


@each_written
async def test_a_missing_field_is_named(office: Office, written: Written) -> None:
    for required in written.required:
        assert await office.refusals(written.route, written.without(required)) == [[required]]


@each_written
async def test_anything_but_an_object_is_refused(office: Office, written: Written) -> None:
    assert await office.refusals(written.route, [], [{}], "text", 7, None) == [[""]] * 5


BROKEN = {
    "open": b"{",
    "cut": b'{"name": "a',
    "no UTF-8": b"\xff\xfe{}",
    "deep array": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
    "long number": b"9" * 5000,
    "no JSON number": b'{"a": 01}',
    "text": b"not json",
}


@each_written
async def test_broken_json_is_refused(office: Office, written: Written) -> None:
    for name, content in BROKEN.items():
        answered = problem(await office.send_raw(written.route, content, JSON))
        fault = {"pointer": "", "code": "json_invalid", "message": "The body is not valid JSON."}
        assert answered["errors"] == [fault], name
    await office.assert_unchanged()


@each_written
async def test_a_body_of_another_kind_is_415(office: Office, written: Written) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = await office.send_raw(written.route, json.dumps(written.body), {"content-type": media_type})
        assert problem(answer, 415)["code"] == "unsupported_media_type"
    await office.assert_unchanged()


async def in_pieces(length: int) -> AsyncIterator[bytes]:
    for _ in range(length // 65_536):
        yield b" " * 65_536


@each_written
async def test_a_body_over_a_mebibyte_is_413(office: Office, written: Written) -> None:
    for content in (b" " * (MAXIMUM_BODY + 1), in_pieces(2 * MAXIMUM_BODY)):
        answer = await office.send_raw(written.route, content, JSON)
        assert problem(answer, 413)["code"] == "too_large"


@pytest.mark.parametrize(
    ("route", "pointer", "value"),
    [
        ("put_salesflow_steps", "/steps/0/variants/0/weight", True),
        ("put_salesflow_steps", "/steps/0/variants/0/weight", "100"),
        ("put_salesflow_steps", "/steps/0/delay/amount", 1.5),
        ("put_salesflow_steps", "/steps/0/delay/amount", 10**30),
        ("put_salesflow_steps", "/steps/0/delay/amount", float("nan")),
        ("put_salesflow_steps", "/steps/0/delay/unit", "fortnights"),
        ("put_salesflow_steps", "/steps/0/thread", "\ud800"),
        ("update_salesflow", "/shared", "yes"),
        ("update_salesflow", "/shared", 1),
        ("enroll_contacts", "/dry_run", "false"),
        ("enroll_contacts", "/start_at", 1_800_000_000),
        ("enroll_contacts", "/start_at", "1800000000"),
        ("enroll_contacts", "/start_at", "2027-01-01T00:00:00"),
        ("enroll_contacts", "/start_at", "9999-12-31T23:59:59-12:00"),
        ("enroll_contacts", "/on_behalf_of", "me"),
        ("enroll_contacts", "/filter/owner_id", "\ud800"),
        ("create_token", "/expires_in_days", "30"),
        ("create_token", "/expires_in_days", 10**30),
        ("create_contact", "/owner_id", 7),
        ("create_contact", "/time_zone", "Mars/Olympus"),
        ("create_contact", "/email", "nobody"),
        ("create_contact", "/mobile_phone", "call me"),
        ("create_contact", "/status", "Unheard of"),
        ("set_business_hours", "/time_zone", "../../etc/passwd"),
        ("set_business_hours", "/holidays", [{"date": 86400}]),
        ("set_business_hours", "/holidays", [{"date": "2027-02-30"}]),
        ("set_business_hours", "/country", "Atlantis"),
        ("set_business_hours", "/days/caturday", []),
        ("update_me", "/culture", "\u0000"),
        ("update_me", "/phone", "call me"),
        ("update_me", "/address/street", "two\nlines"),
        ("set_business_hours", "/away", [{"from": "2027-08-20", "to": "2027-08-02"}]),
        ("set_business_hours", "/away", [{"from": "2027-08-02", "to": 86400}]),
        ("set_signature", "/template", "1"),
        ("set_signature", "/template", 3),
        ("set_signature", "/kind", "image"),
        ("set_signature", "/html", "<script>alert(1)</script>"),
        ("update_onboarding", "/state", "perhaps"),
        ("set_phone", "/phone", "call me"),
        ("set_phone", "/phone", "+1 202 555 0143 ext. 5"),
        ("set_phone", "/extension", "12a"),
    ],
)
async def test_a_value_that_cannot_be_is_refused_by_name(
    office: Office, route: str, pointer: str, value: object
) -> None:
    [written] = [written for written in WRITTEN if written.route == route]
    [[named]] = await office.refusals(route, written.with_value(pointer, value))
    assert named.startswith(pointer)


@pytest.mark.parametrize("field", ["subject", "body_html"])
@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("Hello {{ contact.first_name", "template_syntax"),
        ("Hello {{ contact.shoe_size }}", "template_unknown_field"),
        ("{% if contact.city %}Hello", "template_syntax"),
    ],
)
async def test_a_template_that_cannot_be_used_is_refused_with_line_and_column(
    office: Office, field: str, template: str, code: str
) -> None:
    body = {"steps": [{**STEP, "variants": [{"subject": "a", "body_html": "b", field: template}]}]}
    [fault] = problem(await office.send("put_salesflow_steps", body))["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/steps/0/variants/0/{field}", code)
    assert fault["message"].startswith("Line 1, column ")
    await office.assert_unchanged()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("cursor", ["", "x", "\0", "%00", "W10", "e30", "bnVsbA", "WyJjb250YWN0cyIsMV0", "x" * 2000])
async def test_a_broken_cursor_is_refused(office: Office, name: str, cursor: str) -> None:
    answer = await office.ask(name, cursor=cursor)
    if cursor:
        assert problem(answer, 400)["code"] == "invalid_cursor"
    else:
        assert answer.status_code in (200, 400)


FORGED = [None, True, 10**30, [], {}, "", "x", "a\0b", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]


@pytest.mark.parametrize(
    "name", ["list_users", "list_audit_log", "list_contacts", "list_contact_activities", "list_salesflows"]
)
async def test_a_forged_cursor_never_fails(office: Office, name: str) -> None:
    """Some values are as good as real ones; the others are refused."""
    cursor = (await office.ask(name, limit=1)).json()["next_cursor"]
    order, *values = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    for place in range(len(values)):
        for value in FORGED:
            forged = [order, *values[:place], value, *values[place + 1 :]]
            answer = await office.ask(name, cursor=base64.urlsafe_b64encode(json.dumps(forged).encode()).decode())
            assert answer.status_code in (200, 400), (forged, answer.text)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("parameter", "value"), [("limit", 0), ("limit", 201), ("limit", "x"), ("total", "perhaps")])
async def test_paging_has_its_bounds(office: Office, name: str, parameter: str, value: object) -> None:
    assert pointers(problem(await office.ask(name, **{parameter: value}))) == [f"/query/{parameter}"]


@pytest.mark.parametrize(("name", "parameter"), IDS)
@pytest.mark.parametrize("value", ["7", "me", "%00", "%ED%A0%80", "0" * 1000])
async def test_an_id_is_a_uuid(office: Office, name: str, parameter: str, value: str) -> None:
    method, path = address_of(name, {**office.ids, parameter: value})
    body = {written.route: written.body for written in WRITTEN}.get(name)
    answered = problem(await office.client.request(method, path, json=body))
    assert pointers(answered) == [f"/path/{parameter}"]


async def test_contacts_of_another_organization_are_left_out_as_not_found(
    office: Office, elsewhere: dict[str, str]
) -> None:
    asked = [elsewhere["contact_id"], str(uuid4())]
    answer = await office.send("enroll_contacts", {"contact_ids": asked})
    assert answer.json()["enrolled"] == 0
    assert [(one["contact_id"], one["name"], one["reason"]) for one in answer.json()["left_out"]] == [
        (contact_id, "", "not_found") for contact_id in asked
    ]


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("create_contact", {"last_name": "Doe", "owner_id": "user_id"}),
        ("update_contact", {"owner_id": "user_id"}),
        ("enroll_contacts", {"contact_ids": [], "on_behalf_of": "user_id"}),
        ("preview_salesflow_step", {"step": STEP, "contact_id": "contact_id"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_foreign_id_in_a_body_is_refused_as_a_missing_one(
    office: Office, elsewhere: dict[str, str], route: str, body: dict[str, Any]
) -> None:
    answers = []
    for ids in (elsewhere, {"user_id": str(uuid4()), "contact_id": str(uuid4())}):
        sent = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
        answer = await office.send(route, sent)
        assert 400 <= answer.status_code < 500, answer.text
        answers.append({**answer.json(), "request_id": ""})
    assert answers[0] == answers[1]
    await office.assert_unchanged()


async def test_a_foreign_owner_in_a_filter_finds_nobody(office: Office, elsewhere: dict[str, str]) -> None:
    owner = {"owner_id": elsewhere["user_id"]}
    assert (await office.ask("list_contacts", **owner)).json()["items"] == []
    answer = await office.send("enroll_contacts", {"filter": owner})
    assert (answer.json()["enrolled"], answer.json()["left_out"]) == (0, [])


@pytest.mark.parametrize("path", ["/nothing", "/contacts/", "/contacts//activities", "/docs/assets/nothing", "/%00"])
async def test_an_unknown_address_is_a_problem(office: Office, path: str) -> None:
    assert problem(await office.client.get(path), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("OPTIONS", "/contacts", "GET, POST"),
        ("PUT", "/me", "GET, PATCH"),
        ("PATCH", "/contacts/statuses", "GET"),
        ("DELETE", "/salesflows/fields", "GET"),
        ("TRACE", "/salesflows", "GET, POST"),
        ("QUERY", "/openapi.json", "GET, HEAD"),
        ("POST", "/app/", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
    ],
)
async def test_an_unknown_method_is_a_problem_that_names_the_others(
    office: Office, method: str, path: str, allowed: str
) -> None:
    answer = await office.client.request(method, path)
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["allow"] == allowed
