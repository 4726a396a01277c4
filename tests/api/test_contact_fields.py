"""Fields that an organization adds to its contacts: defined by Administrators, filled, found and named by everybody."""

import csv
import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.shared.ids import BackgroundJobId
from tests.api.conftest import Organization
from tests.api.importing import Desk, a_file

pytestmark = pytest.mark.anyio

KINDS = {
    "note": {"label": "Note", "kind": "text"},
    "seats": {"label": "Seats", "kind": "number"},
    "renewal": {"label": "Renewal", "kind": "date"},
    "tier": {"label": "Tier", "kind": "choice", "choices": ["Gold", "Silver"]},
    "homepage": {"label": "Homepage", "kind": "url"},
    "vip": {"label": "VIP", "kind": "checkbox"},
}
VALUES = {
    "note": "Likes tea",
    "seats": 12.5,
    "renewal": "2027-03-31",
    "tier": "Gold",
    "homepage": "https://example.com/a",
    "vip": True,
}


@dataclass(frozen=True)
class Office:
    """An Administrator who defines fields, and a user who works with them."""

    boss: httpx.AsyncClient
    user: httpx.AsyncClient
    organization: Organization

    async def define(self, **field: Any) -> dict[str, Any]:
        answer = await self.boss.post("/admin/contact-fields", json=field)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def define_all(self) -> dict[str, dict[str, Any]]:
        return {key: await self.define(**field) for key, field in KINDS.items()}

    async def contact(self, **body: Any) -> dict[str, Any]:
        answer = await self.user.post("/contacts", json={"last_name": "Lee", **body})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def found(self, *fields: str) -> list[str]:
        answer = await self.user.get("/contacts", params={"field": list(fields), "sort": "name"})
        assert answer.status_code == 200, answer.text
        return [contact["last_name"] for contact in answer.json()["items"]]

    async def known(self) -> dict[str, dict[str, Any]]:
        return {field["key"]: field for field in (await self.user.get("/contacts/fields")).json()["items"]}


@pytest.fixture
async def office(organization: Organization, administrator: httpx.AsyncClient, client: httpx.AsyncClient) -> Office:
    return Office(administrator, client, organization)


def faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}


async def test_every_kind_is_kept_shown_and_listed(office: Office) -> None:
    await office.define_all()
    made = await office.contact(custom=VALUES)

    assert made["custom"] == VALUES
    assert (await office.user.get(f"/contacts/{made['id']}")).json()["custom"] == VALUES
    [listed] = (await office.user.get("/contacts")).json()["items"]
    assert listed["custom"] == VALUES


async def test_a_patch_changes_what_it_names_and_null_clears(office: Office) -> None:
    await office.define_all()
    made = await office.contact(custom=VALUES)
    answer = await office.user.patch(f"/contacts/{made['id']}", json={"custom": {"seats": 3, "vip": None}})

    after = {**VALUES, "seats": 3}
    del after["vip"]
    assert answer.json()["custom"] == after
    assert answer.json()["version"] == made["version"] + 1
    same = await office.user.patch(f"/contacts/{made['id']}", json={"custom": {"seats": 3.0}})
    assert same.json()["version"] == made["version"] + 1


async def test_what_does_not_fit_is_refused_at_its_key_beside_all_other_faults(office: Office) -> None:
    await office.define_all()
    body = {"last_name": "Lee", "email": "a@b", "custom": {"seats": "many", "tier": "Bronze", "unknown": 1}}

    assert faults(await office.user.post("/contacts", json=body)) == {
        "/email": "invalid_email",
        "/custom/seats": "not_a_number",
        "/custom/tier": "unknown_choice",
        "/custom/unknown": "unknown_field",
    }
    assert faults(await office.user.post("/contacts", json={"last_name": "Lee", "custom": {"note": [1]}}))
    assert (await office.user.get("/contacts")).json()["items"] == []


@pytest.mark.parametrize(
    "asked",
    ["note:LIKES TEA", "seats:12,5", "renewal:31.3.2027", "tier:gold", "homepage:example.com/a", "vip:yes"],
)
async def test_contacts_are_found_by_every_kind_however_it_is_written(office: Office, asked: str) -> None:
    await office.define_all()
    await office.contact(last_name="Found", custom=VALUES)
    await office.contact(last_name="Other", custom={"vip": False, "seats": 12})

    assert await office.found(asked) == ["Found"]


async def test_a_contact_is_found_by_the_value_that_it_has_now(office: Office) -> None:
    await office.define(label="Seats", kind="number")
    made = await office.contact(custom={"seats": 1})
    await office.user.patch(f"/contacts/{made['id']}", json={"custom": {"seats": 2}})
    assert (await office.found("seats:1"), await office.found("seats:2")) == ([], ["Lee"])

    await office.user.patch(f"/contacts/{made['id']}", json={"custom": {"seats": None}})
    assert await office.found("seats:2") == []


async def test_all_fields_are_told_with_what_they_can_be_used_for(office: Office) -> None:
    await office.define_all()
    known = await office.known()

    assert list(known)[-6:] == list(KINDS)
    assert known["last_name"]["required"] is True
    assert (known["status"]["kind"], known["status"]["choices"][0], known["status"]["filterable"]) == (
        "choice",
        "New",
        True,
    )
    assert known["tier"] == {
        "key": "tier",
        "label": "Tier",
        "kind": "choice",
        "required": False,
        "custom": True,
        "choices": ["Gold", "Silver"],
        "max_length": None,
        "filterable": True,
        "mergeable": True,
        "importable": True,
    }


async def test_labels_are_in_the_language_of_who_asks(office: Office) -> None:
    await office.user.patch("/me", json={"culture": "de-DE"})

    assert (await office.known())["first_name"]["label"] == "Vorname"


async def test_fields_are_renamed_put_in_order_archived_and_brought_back(office: Office) -> None:
    fields = await office.define_all()
    made = await office.contact(custom=VALUES)
    ids = [field["id"] for field in reversed(fields.values())]
    ordered = await office.boss.put("/admin/contact-fields/order", json={"ids": ids})
    assert [field["id"] for field in ordered.json()["items"]] == ids
    assert list(await office.known())[-6:] == list(reversed(KINDS))

    path = f"/admin/contact-fields/{fields['seats']['id']}"
    renamed = await office.boss.patch(path, json={"label": "Licences"})
    assert (renamed.json()["key"], renamed.json()["label"]) == ("seats", "Licences")

    assert (await office.boss.delete(path)).status_code == 204
    assert "seats" not in await office.known()
    assert faults(await office.user.patch(f"/contacts/{made['id']}", json={"custom": {"seats": 1}}))
    archived = (await office.boss.get("/admin/contact-fields")).json()["items"][-1]
    assert (archived["key"], archived["archived_at"] is not None) == ("seats", True)

    assert (await office.boss.patch(path, json={"archived": False})).json()["archived_at"] is None
    assert (await office.user.get(f"/contacts/{made['id']}")).json()["custom"]["seats"] == 12.5
    assert await office.found("seats:12.5") == ["Lee"]


async def test_what_can_be_no_field_is_refused(office: Office) -> None:
    post = office.boss.post
    path = "/admin/contact-fields"
    assert faults(await post(path, json={"label": " ", "kind": "text"})) == {"/label": "required"}
    assert faults(await post(path, json={"label": "Tier", "kind": "choice"})) == {"/choices": "out_of_range"}
    assert faults(await post(path, json={"label": "Tier", "kind": "text", "choices": ["a"]})) == {
        "/choices": "not_a_choice"
    }
    twice = {"label": "Tier", "kind": "choice", "choices": ["a", "A", " "]}
    assert faults(await post(path, json=twice)) == {"/choices/1": "twice", "/choices/2": "required"}

    await office.define(label="Tier", kind="text")
    taken = await post(path, json={"label": "TIER", "kind": "number"})
    assert (taken.status_code, taken.json()["code"], taken.json()["reason"]) == (409, "already_exists", "field_label")
    assert faults(await office.boss.put(f"{path}/order", json={"ids": []})) == {"/ids": "incomplete_order"}
    missing = await office.boss.patch(f"{path}/{uuid4()}", json={"label": "x"})
    assert missing.status_code == 404


async def test_there_are_at_most_fifty(office: Office) -> None:
    for number in range(50):
        await office.define(label=f"Field {number}", kind="text")

    answer = await office.boss.post("/admin/contact-fields", json={"label": "One more", "kind": "text"})
    assert faults(answer) == {"/label": "too_many"}


async def test_only_administrators_define_fields_and_it_is_on_record(office: Office) -> None:
    answer = await office.user.post("/admin/contact-fields", json={"label": "Mine", "kind": "text"})
    assert answer.status_code == 403

    await office.define(label="Seats", kind="number")
    entries = (await office.boss.get("/admin/audit-log", params={"action": "contact_fields.changed"})).json()["items"]
    assert [(entry["target"]["name"], entry["detail"]) for entry in entries] == [("Seats", {"change": "added"})]


async def test_emails_name_own_fields_that_there_are(office: Office) -> None:
    await office.define(label="Seats", kind="number")
    labels = {field["name"]: field["label"] for field in (await office.user.get("/salesflows/fields")).json()["items"]}
    assert labels["custom.seats"] == "Seats"

    flow = (await office.user.post("/salesflows", json={"name": "Own"})).json()
    path = f"/salesflows/{flow['id']}"
    good, bad = (_step(f"{{{{ custom.{key} }}}} seats") for key in ("seats", "chairs"))
    assert (await office.user.put(f"{path}/steps", json={"steps": [good]})).status_code == 200
    assert faults(await office.user.put(f"{path}/steps", json={"steps": [bad]})) == {
        "/steps/0/variants/0/subject": "template_unknown_field"
    }

    having = await office.contact(custom={"seats": 40})
    lacking = await office.contact(last_name="Ray", email="ray@prospect.example")
    preview = f"{path}/preview"
    shown = (await office.user.post(preview, json={"step": good, "contact_id": having["id"]})).json()
    assert (shown["subject"], shown["missing"]) == ("40 seats", [])
    shown = (await office.user.post(preview, json={"step": good, "contact_id": lacking["id"]})).json()
    assert (shown["subject"], shown["missing"]) == ("[Seats] seats", ["custom.seats"])
    shown = (await office.user.post(preview, json={"step": good})).json()
    assert shown["subject"] == "42 seats"


def _step(subject: str) -> dict[str, Any]:
    return {"kind": "email", "variants": [{"subject": subject, "body_html": "<p>Hi</p>"}]}


SHEET = ["Last name", "Email", "Seats", "Tier", "VIP"]


async def test_an_import_fills_own_fields_and_is_taken_back(office: Office) -> None:
    await office.define_all()
    desk = Desk(office.user, office.organization)
    known = await office.contact(last_name="Known", email="known@x.example", custom={"seats": 1})
    rows = [
        ["New", "new@x.example", "1.000,5", "silver", "ja"],
        ["Known", "known@x.example", "2", "Gold", ""],
        ["Bad", "bad@x.example", "many", "", ""],
    ]
    done = await desk.take_in(a_file(rows, SHEET))

    assert done["counts"] == {"total": 3, "created": 1, "updated": 1, "unchanged": 0, "skipped": 0, "failed": 1}
    assert (await desk.person("new@x.example"))["custom"] == {"seats": 1000.5, "tier": "Silver", "vip": True}
    # What is there already stays, unless it is to be overwritten.
    assert (await desk.person("known@x.example"))["custom"] == {"seats": 1, "tier": "Gold"}
    assert (await desk.errors(done))[0]["reason"].startswith("Seats: ")
    assert await office.found("seats:1000.5") == ["New"]
    assert await office.found("tier:gold") == ["Known"]
    again = await desk.take_in(a_file(rows, SHEET))
    assert (again["counts"]["created"], again["counts"]["updated"]) == (0, 0)

    over = await desk.take_in(a_file(rows, SHEET), on_existing="overwrite")
    assert (await desk.person("known@x.example"))["custom"] == {"seats": 2, "tier": "Gold"}
    await desk.undo(over)
    assert (await desk.person("known@x.example"))["custom"] == {"seats": 1, "tier": "Gold"}
    await desk.undo(done)
    assert (await desk.person("known@x.example"))["custom"] == known["custom"]
    assert await office.found("tier:gold") == []


async def test_own_fields_are_suggested_previewed_and_have_to_exist(office: Office) -> None:
    await office.define_all()
    desk = Desk(office.user, office.organization)
    import_ = await desk.upload(a_file([["Lee", "lee@x.example", "3", "gold", "x"]], SHEET))
    assert [column["suggestion"] for column in import_["columns"]] == ["last_name", "email", "seats", "tier", "vip"]

    mapping = {"Last name": "last_name", "Seats": "seats", "Tier": "tier", "VIP": "vip"}
    path = f"/contacts/imports/{import_['id']}/preview"
    [row] = (await office.user.post(path, json={"mapping": mapping})).json()["items"]
    assert row["values"] == {"last_name": "Lee", "seats": "3", "tier": "Gold", "vip": "true"}
    unknown = await office.user.post(path, json={"mapping": {**mapping, "Email": "chairs"}})
    assert faults(unknown) == {"/mapping/Email": "unknown_field"}


async def test_an_export_has_a_column_for_each(office: Office) -> None:
    await office.define_all()
    made = await office.contact(custom=VALUES)
    action = {"kind": "export", "columns": ["last_name", *KINDS]}
    job = (await office.user.post("/contacts/bulk", json={"contact_ids": [made["id"]], "action": action})).json()
    work = office.organization.running.container.background_work
    await work.run(office.organization.contributor.organization_id, BackgroundJobId(UUID(job["id"])))
    file = await office.user.get(f"/jobs/{job['id']}/file")

    head, row = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert head == ["Last name", *(field["label"] for field in KINDS.values())]
    assert row == ["Lee", "Likes tea", "12.5", "2027-03-31", "Gold", "https://example.com/a", "true"]


async def test_another_organizations_fields_are_none_of_ours(office: Office, new_organization: Any) -> None:
    field = await office.define(label="Seats", kind="number")
    stranger = await new_organization()
    async with await stranger.as_administrator() as elsewhere:
        assert (await elsewhere.get("/admin/contact-fields")).json()["items"] == []
        missing = await elsewhere.patch(f"/admin/contact-fields/{field['id']}", json={"label": "Mine"})
        assert missing.status_code == 404
        body = {"last_name": "Lee", "custom": {"seats": 1}}
        assert faults(await elsewhere.post("/contacts", json=body)) == {"/custom/seats": "unknown_field"}
