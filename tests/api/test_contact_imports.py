"""Importing people: what a file may be, what is said of it and refused, and whose it is."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from api.middleware import LARGER_BODIES
from domain.contacts.imports.model import MOST_ROWS
from tests.adapters.tabular.workbooks import a_workbook
from tests.api.importing import ANN, BOB, HEADER, NOTHING, Desk, a_file, as_file, counted

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(new_organization: Any) -> AsyncIterator[Desk]:
    organization = await new_organization()
    async with await organization.as_contributor() as client:
        yield Desk(client, organization)


@pytest.fixture
async def boss(desk: Desk) -> AsyncIterator[Desk]:
    async with await desk.organization.as_administrator() as client:
        yield Desk(client, desk.organization)


async def files_of(desk: Desk) -> int:
    """How many are kept."""
    container = desk.organization.running.container
    async with container.units.of(desk.organization.contributor.organization_id) as unit:
        return int(await unit._transaction.driver.fetchval("select count(*) from files"))


# The file


async def test_an_upload_tells_what_was_found_out(desk: Desk) -> None:
    found = await desk.upload(a_file([ANN, BOB], delimiter=";", encoding="cp1252"), "Süd.csv")

    assert (found["name"], found["format"], found["state"], found["job_id"]) == ("Süd.csv", "csv", "uploaded", None)
    assert found["detected"] == {"encoding": "cp1252", "delimiter": ";", "header": True, "rows": 2}
    assert found["columns"][4] == {"name": "City", "samples": ["Boston", "Köln"], "suggestion": "city"}
    assert (found["counts"], found["done"], found["total"], found["errors_url"]) == (NOTHING, 0, 2, None)
    assert (await desk.client.get(f"/contacts/imports/{found['id']}")).json() == found


async def test_nobody_is_taken_in_before_it_is_started(desk: Desk) -> None:
    await desk.upload(a_file([ANN]))

    assert await desk.people() == []


async def test_the_limits_are_said_before(desk: Desk) -> None:
    limits = (await desk.client.get("/contacts/imports/limits")).json()

    assert (limits["rows"], limits["columns"], limits["formats"]) == (MOST_ROWS, 500, ["csv", "xlsx"])
    assert {"last_name", "email", "name", "status", "owner"} <= set(limits["fields"])


async def test_a_workbook_is_read_as_well(desk: Desk) -> None:
    found = await desk.upload(
        a_workbook([HEADER, ANN, ["", "", "", "", ""], ["", "Ray", "nonsense", "", ""]]), "a.xlsx"
    )
    done = await desk.done((await desk.ask_to_start(found, default_country="US")).json())

    assert (found["format"], found["detected"]["rows"]) == ("xlsx", 3)
    assert done["counts"] == counted(created=1, failed=1)
    assert [row["line"] for row in await desk.errors(done)] == ["4"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 100, "not_a_table"),
        (b"Name\x00,City\nAnn,Oslo\n", "not_a_table"),
        (a_file([]), "no_rows"),
        (b"x" * 3_000_000, "not_a_table"),
        (b"Name," + b"y" * 3_000_000 + b"\nAnn,x\n", "not_a_table"),
        (",".join(f"c{number}" for number in range(2_000)).encode() + b"\nx\n", "too_many_columns"),
        (b"Email\n" + b"a@b.example\n" * (MOST_ROWS + 1), "too_many_rows"),
        (b"PK\x03\x04" + b"\0" * 1000, "workbook_unreadable"),
    ],
)
async def test_what_is_no_table_is_refused(desk: Desk, content: bytes, code: str) -> None:
    answer = await desk.client.post("/contacts/imports", files=as_file(content))

    assert answer.status_code == 422, answer.text
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/file", code)]
    assert (await desk.client.get("/contacts/imports")).json()["items"] == []


async def test_a_file_that_is_too_large_is_refused_before_it_comes(desk: Desk) -> None:
    announced = str(LARGER_BODIES["POST", "/contacts/imports"] + 1)
    answer = await desk.client.post("/contacts/imports", content=b"", headers={"content-length": announced})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"file": "x"}}, 415),
        ({"content": b"a,b", "headers": {"content-type": "text/csv"}}, 415),
        ({"content": b"", "headers": {"content-type": "multipart/form-data"}}, 415),
        ({"content": b"nonsense", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 422),
        ({"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 422),
        ({"files": {"other": ("a.csv", b"a,b", "text/csv")}}, 422),
        ({"data": {"note": "x"}, "files": as_file(a_file([ANN]))}, 422),
    ],
)
async def test_what_is_no_form_with_a_file_is_refused(desk: Desk, sent: dict[str, Any], status: int) -> None:
    answer = await desk.client.post("/contacts/imports", **sent)

    assert answer.status_code == status, answer.text


async def test_an_upload_that_breaks_off_leaves_nothing(desk: Desk) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName,City\n'
        yield b"Ann,Oslo\n" * 100_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await desk.client.post("/contacts/imports", content=body(), headers=headers)

    assert [error["code"] for error in answer.json()["errors"]] == ["incomplete"]
    assert (await desk.client.get("/contacts/imports")).json()["items"] == []
    assert await files_of(desk) == 0


async def test_a_connection_that_is_lost_during_the_upload_leaves_nothing(desk: Desk) -> None:
    start = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName,City\n'
    came = [start, b"Ann,Oslo\n" * 100_000]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if came:
            return {"type": "http.request", "body": came.pop(0), "more_body": True}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    token = desk.client.headers["authorization"].encode()
    headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"authorization", token)]
    scope = {"type": "http", "method": "POST", "path": "/contacts/imports", "headers": headers, "query_string": b""}
    more = {"http_version": "1.1", "scheme": "http", "root_path": "", "raw_path": b"/contacts/imports"}
    where = {"server": ("engage.test", 80), "client": ("127.0.0.1", 1)}
    await desk.organization.running.app({**scope, **more, **where}, receive, send)  # type: ignore[operator]

    assert sent[0]["status"] == 422
    assert (await desk.client.get("/contacts/imports")).json()["items"] == []
    assert await files_of(desk) == 0


async def test_a_line_without_an_end_is_refused_before_it_fills_anything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.tabular.glances.MOST_BYTES", 4 * 1024**2)
    sent: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName,City\n'
        for number in range(1_000):
            sent.append(number)
            yield b"x" * 1024**2

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await desk.client.post("/contacts/imports", content=body(), headers=headers)

    assert [error["code"] for error in answer.json()["errors"]] == ["file_too_large"]
    assert len(sent) < 10
    assert await files_of(desk) == 0


async def test_somebody_may_know_better_how_to_read_it(desk: Desk) -> None:
    found = await desk.upload("Łódź;x|y\nŁukasz;a|b\n".encode("cp1250"))
    path = f"/contacts/imports/{found['id']}"
    changed = await desk.client.patch(path, json={"encoding": "cp1250", "delimiter": "|", "header": False})

    assert changed.status_code == 200, changed.text
    assert [column["name"] for column in changed.json()["columns"]] == ["Column 1", "Column 2"]
    assert changed.json()["columns"][0]["samples"] == ["Łódź;x", "Łukasz;a"]
    for body, pointer in (({"encoding": "ebcdic"}, "/encoding"), ({"delimiter": "x"}, "/delimiter")):
        answer = await desk.client.patch(path, json=body)
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_file_without_names_of_columns_is_taken_in_from_its_first_row(desk: Desk) -> None:
    done = await desk.take_in(
        b"ann@x.example,Lee\nbob@x.example,Ray\n", mapping={"Column 1": "email", "Column 2": "last_name"}
    )

    assert done["counts"] == counted(created=2)


async def test_a_file_can_be_thrown_away_before_it_is_started(desk: Desk) -> None:
    found = await desk.upload(a_file([ANN]))
    path = f"/contacts/imports/{found['id']}"

    assert (await desk.client.delete(path)).status_code == 204
    assert (await desk.client.get(path)).status_code == 404


# What is said of it


async def test_a_preview_shows_what_would_be_kept_and_what_is_wrong_with_each_cell(desk: Desk) -> None:
    found = await desk.upload(a_file([ANN, ["", "Ray", "nonsense", "12", ""], [], *[BOB] * 30]))
    mapping = {"Last name": "last_name", "Email": "email", "Business phone": "business_phone"}
    answer = await desk.client.post(
        f"/contacts/imports/{found['id']}/preview", json={"mapping": mapping, "default_country": "US"}
    )
    rows = answer.json()["items"]

    assert len(rows) == 19
    assert rows[0] == {
        "line": 2,
        "cells": ANN,
        "values": {"last_name": "Lee", "email": "ann@x.example", "business_phone": "+16175004900"},
        "errors": [],
    }
    assert [(error["column"], error["code"]) for error in rows[1]["errors"]] == [
        ("Email", "invalid_email"),
        ("Business phone", "invalid_phone"),
    ]
    assert await desk.people() == []


@pytest.mark.parametrize("route", ["preview", "start"])
@pytest.mark.parametrize(
    ("options", "pointer", "code"),
    [
        ({"mapping": {"Nobody": "email"}}, "/mapping/Nobody", "unknown_column"),
        ({"mapping": {"Email": "shoe_size"}}, "/mapping/Email", "unknown_field"),
        ({"mapping": {"Email": "email", "City": "email"}}, "/mapping", "mapped_twice"),
        ({"mapping": {"City": "city"}}, "/mapping", "required"),
        ({"mapping": {"First name": "name", "Last name": "last_name"}}, "/mapping", "name_twice"),
        ({"mapping": {}}, "/mapping", "required"),
        ({"default_country": "Atlantis"}, "/default_country", "unknown_country"),
        ({"owner_id": str(uuid4())}, "/owner_id", "unknown_user"),
        ({"status": "Nonsense"}, "/status", "unknown_status"),
        ({"list_id": str(uuid4())}, "/list_id", "unknown_list"),
        ({"on_existing": "guess"}, "/on_existing", "enum"),
        ({"unknown": 1}, "/unknown", "extra_forbidden"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    desk: Desk, route: str, options: dict[str, Any], pointer: str, code: str
) -> None:
    found = await desk.upload(a_file([ANN]))
    asked = {"mapping": {"Email": "email", "Last name": "last_name"}, **options}
    answer = await desk.client.post(f"/contacts/imports/{found['id']}/{route}", json=asked)

    assert answer.status_code == 422, answer.text
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_phones_are_read_as_of_the_users_country_unless_another_is_said(desk: Desk) -> None:
    found = await desk.upload(a_file([ANN]))
    started = (await desk.ask_to_start(found, default_country=None)).json()

    assert started["options"]["default_country"] == "US"
    assert started["state"] == "running"


async def test_an_import_is_started_once(desk: Desk) -> None:
    found = await desk.upload(a_file([ANN]))
    await desk.ask_to_start(found)
    path = f"/contacts/imports/{found['id']}"
    refusals = [
        await desk.ask_to_start(found),
        await desk.client.delete(path),
        await desk.client.patch(path, json={"header": False}),
        await desk.client.post(f"{path}/preview", json={"mapping": {"Email": "email"}}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refusals] == [(409, "not_allowed_in_state")] * 4


async def test_what_was_not_started_cannot_be_taken_back(desk: Desk) -> None:
    found = await desk.upload(a_file([ANN]))

    assert (await desk.client.post(f"/contacts/imports/{found['id']}/undo")).status_code == 409


# Whose it is


async def test_imports_are_seen_by_who_began_them_and_by_administrators(desk: Desk, boss: Desk) -> None:
    own, bosses = await desk.upload(a_file([ANN])), await boss.upload(a_file([BOB]))

    assert [one["id"] for one in (await desk.client.get("/contacts/imports")).json()["items"]] == [own["id"]]
    assert {one["id"]: one["user_id"] for one in (await boss.client.get("/contacts/imports")).json()["items"]} == {
        own["id"]: str(desk.organization.contributor.user_id),
        bosses["id"]: str(desk.organization.administrator.user_id),
    }
    for path in ("", "/errors.csv"):
        assert (await desk.client.get(f"/contacts/imports/{bosses['id']}{path}")).status_code == 404
        assert (await boss.client.get(f"/contacts/imports/{own['id']}{path}")).status_code == 200


async def test_imports_are_listed_page_by_page(desk: Desk) -> None:
    ids = [(await desk.upload(a_file([ANN])))["id"] for _ in range(3)]
    first = (await desk.client.get("/contacts/imports", params={"limit": 2})).json()
    second = (await desk.client.get("/contacts/imports", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [one["id"] for one in (*first["items"], *second["items"])] == ids[::-1]
    assert second["next_cursor"] is None


async def test_the_job_of_an_import_tells_how_far_it_is_and_where_the_errors_are(desk: Desk) -> None:
    done = await desk.take_in(a_file([ANN, ["", "Bad", "nonsense", "", ""]]))
    job = (await desk.client.get(f"/jobs/{done['job_id']}")).json()

    assert (job["kind"], job["state"], job["done"], job["total"]) == ("contact_import", "done", 2, 2)
    assert (job["errors_url"], job["can_undo"]) == (done["errors_url"], True)


async def test_an_import_that_is_stopped_counts_what_it_did_and_can_be_taken_back(desk: Desk) -> None:
    found = await desk.upload(a_file([ANN]))
    started = (await desk.ask_to_start(found)).json()
    await desk.client.post(f"/jobs/{started['job_id']}/cancel")
    stopped = await desk.done(started)

    assert (stopped["state"], stopped["counts"], stopped["can_undo"]) == ("cancelled", NOTHING, True)
    assert (await desk.undo(stopped))["state"] == "undone"


async def test_an_import_whose_user_has_left_ends(desk: Desk, boss: Desk) -> None:
    found = await desk.upload(a_file([ANN]))
    started = (await desk.ask_to_start(found)).json()
    await boss.client.delete(f"/admin/users/{desk.organization.contributor.user_id}")
    await boss.done(started)
    ended = (await boss.client.get(f"/contacts/imports/{found['id']}")).json()

    assert (ended["state"], ended["error"]) == ("failed", "forbidden_user_left")
