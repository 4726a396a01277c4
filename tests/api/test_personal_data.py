"""All that is held on a person, for the person; and nothing of it once the person was erased."""

import random
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from adapters.postgres.tables import activities, email_links, emails, inbound_messages, mailboxes
from adapters.postgres.tables import tracking_hits as hits
from domain.shared.ids import BackgroundJobId
from tests.api.conftest import Organization
from tests.api.importing import a_file, as_file

pytestmark = pytest.mark.anyio

ROWS = "select t::text as told from {} t"
DIGITS = "0123456789"


def fields_of(mark: str, phone: str) -> dict[str, str]:
    """Of a contact, each with the mark."""
    return {
        "first_name": f"{mark}first",
        "last_name": f"{mark}last",
        "salutation": f"{mark}dr",
        "email": f"{mark}@prospect.example",
        "company": f"{mark} Ltd",
        "job_title": f"{mark} officer",
        "street": f"1 {mark} Road",
        "city": f"{mark}ville",
        "state": f"{mark}shire",
        "zip": f"{mark}1",
        "business_phone": f"+491{phone}23",
        "mobile_phone": f"+491{phone}24",
    }


@dataclass
class Person:
    """A person of whom something is everywhere, and whoever looks after them."""

    organization: Organization
    client: httpx.AsyncClient
    administrator: httpx.AsyncClient
    owner_url: str
    mark: str = field(default_factory=lambda: f"Zy{uuid4().hex[:10]}")
    phone: str = field(default_factory=lambda: "5" + "".join(random.choices(DIGITS, k=7)))
    contact_id: str = ""

    @property
    def fields(self) -> dict[str, str]:
        return fields_of(self.mark, self.phone)

    async def done(self, job_id: str) -> dict[str, Any]:
        work = self.organization.running.container.background_work
        await work.run(self.organization.administrator.organization_id, BackgroundJobId(UUID(job_id)))
        return dict((await self.administrator.get(f"/jobs/{job_id}")).json())

    async def sql(self, statement: Any) -> None:
        units = self.organization.running.container.database
        async with units.application(self.organization.administrator.organization_id) as transaction:
            await transaction.execute(statement)

    async def dump(self) -> dict[str, list[str]]:
        """Every row of every table, as whoever owns the server reads them: no policy hides any."""
        url = self.owner_url.replace("+asyncpg", "").replace("engage_owner@", "postgres@")
        connection = await asyncpg.connect(url)
        try:
            tables = await connection.fetch(
                "select oid::regclass::text as name from pg_class where relkind in ('r', 'm') "
                "and relnamespace = 'public'::regnamespace"
            )
            return {
                row["name"]: [
                    one["row"] for one in await connection.fetch(f"select t::text as row from {row['name']} t")
                ]
                for row in tables
            }
        finally:
            await connection.close()

    async def places(self) -> set[str]:
        """The tables in which something of the person stands, also as bytes."""
        told = re.compile(f"{self.mark}|{self.phone}", re.IGNORECASE)
        spelled = [self.mark, self.mark.lower(), self.mark.upper(), self.phone]
        in_bytes = re.compile("|".join(one.encode().hex() for one in spelled))
        dump = await self.dump()
        return {name for name, rows in dump.items() if any(told.search(row) or in_bytes.search(row) for row in rows)}


@pytest.fixture
async def person(
    organization: Organization, client: httpx.AsyncClient, administrator: httpx.AsyncClient, owner_url: str
) -> Person:
    """Added with a key, noted about, imported, merged, searched for, exported, written to and heard from."""
    found = Person(organization, client, administrator, owner_url)
    key = {"idempotency-key": "once"}
    added = await client.post("/contacts", json=found.fields, headers=key)
    found.contact_id = added.json()["id"]
    await has_own_values(found)
    await is_noted_about(found)
    await is_imported(found)
    await is_merged(found)
    await is_searched_for(found)
    await is_exported(found)
    await corresponds(found)
    return found


async def has_own_values(person: Person) -> None:
    field = await person.administrator.post("/admin/contact-fields", json={"label": "Hobby", "kind": "text"})
    custom = {"custom": {field.json()["key"]: f"{person.mark} chess"}}
    answer = await person.client.patch(f"/contacts/{person.contact_id}", json=custom)
    assert answer.status_code == 200, answer.text


async def is_noted_about(person: Person) -> None:
    for text in ("likes tea", "moved"):
        note = await person.client.post(f"/contacts/{person.contact_id}/notes", json={"text": f"{person.mark} {text}"})
        assert note.status_code == 201, note.text


async def is_imported(person: Person) -> None:
    """Changed by a file, left out of it the second time, and in one that nobody has started."""
    rows = [
        [person.fields["first_name"], person.fields["last_name"], person.fields["email"], "", f"{person.mark}town"]
    ] * 2
    bad = [["", f"{person.mark}last", f"{person.mark} at prospect", "", ""]]
    for starts in (True, False):
        import_ = (await person.client.post("/contacts/imports", files=as_file(a_file([*rows, *bad])))).json()
        mapping = {column["name"]: column["suggestion"] for column in import_["columns"] if column["suggestion"]}
        options = {"mapping": mapping, "on_existing": "overwrite", "default_country": "US"}
        if starts:
            started = await person.client.post(f"/contacts/imports/{import_['id']}/start", json=options)
            assert (await person.done(started.json()["job_id"]))["state"] == "done"


async def is_merged(person: Person) -> None:
    """One record is merged, another one was taken back."""
    for number in range(2):
        more = {
            "last_name": f"{person.mark}last",
            "email": f"{person.mark}{number}@prospect.example",
            "city": f"{person.mark}city",
        }
        other = (await person.client.post("/contacts", json=more)).json()
        body = {"keep": person.contact_id, "merge": [other["id"]]}
        merged = (await person.client.post("/contacts/merge", json=body)).json()
        assert merged["merge_ids"]


async def is_searched_for(person: Person) -> None:
    asked = {"q": person.fields["email"]}
    view = {"name": "Mine", "state": asked}
    assert (await person.client.post("/contacts/views", json=view)).status_code == 201
    assert (await person.client.post("/contacts/lists", json={"name": "One", "filter": asked})).status_code == 201
    for n, (who, q) in enumerate(
        (
            (person.client, f"{person.fields['last_name']}, {person.fields['first_name'].upper()}"),
            (person.administrator, f"0{person.fields['mobile_phone'][3:]} Berlin"),
        )
    ):
        view = {"name": f"Kept {n}", "state": {"q": q}}
        assert (await who.post("/contacts/views", json=view)).status_code == 201
        matching = {"name": f"Matching {n}", "filter": {"q": q, "status": "New"}}
        assert (await who.post("/contacts/lists", json=matching)).status_code == 201
    people = (await person.client.post("/contacts/lists", json={"name": "Some"})).json()
    members = {"contact_ids": [person.contact_id]}
    await person.client.post(f"/contacts/lists/{people['id']}/members", json=members)


async def is_exported(person: Person) -> None:
    for columns in (None, ["city", "last_name", "first_name"]):
        action = {"kind": "export", **({"columns": columns} if columns else {})}
        job = await person.client.post("/contacts/bulk", json={"filter": {"q": person.mark}, "action": action})
        assert (await person.done(job.json()["id"]))["result"]["rows"] >= 1


async def corresponds(person: Person) -> None:
    """An email that was sent, opened, clicked and answered, and one that may be leaving right now."""
    organization_id, contact_id = person.organization.administrator.organization_id, UUID(person.contact_id)
    mailbox_id, user_id = UUID(int=7), person.organization.contributor.user_id
    now = datetime.fromisoformat((await person.client.get(f"/contacts/{person.contact_id}")).json()["created_at"])
    of = {"organization_id": organization_id}
    box = {"connection_id": UUID(int=8), "address": "rep@example.com", "state": "connected", "created_at": now}
    await person.sql(mailboxes.insert().values(**of, id=mailbox_id, user_id=user_id, **box))
    for number, state in enumerate(("sent", "unknown")):
        email_id = UUID(int=number + 1)
        written = {
            name: f"{person.mark} {name}" for name in ("subject", "html", "body", "error", "thread_id", "message_id")
        }
        whose = {
            "mailbox_id": mailbox_id,
            "user_id": user_id,
            "contact_id": contact_id,
            "to_address": person.fields["email"],
        }
        times = {"due_at": now, "created_at": now, "sending_at": now}
        more = {
            "send_key": f"k{number}",
            "mime": person.mark.encode(),
            "reference_ids": [f"<{person.mark}@x>"],
            "state": state,
        }
        await person.sql(emails.insert().values(**of, id=email_id, **whose, **times, **written, **more))
        link = {"position": 0, "url": f"https://example.com/{person.mark}", "text": person.mark}
        await person.sql(email_links.insert().values(**of, email_id=email_id, **link))
        seen = {
            "kind": "click",
            "at": now,
            "method": "GET",
            "user_agent": person.mark,
            "address": person.mark,
            "prefetch": False,
        }
        await person.sql(
            hits.insert().values(**of, id=UUID(int=10 + number), email_id=email_id, **seen, actor="person")
        )
        heard = {
            "from_address": person.fields["email"],
            "subject": person.mark,
            "text": person.mark,
            "received_at": now,
            "created_at": now,
        }
        answer = {"mailbox_id": mailbox_id, "provider_message_id": f"m{number}", "kind": "reply", "email_id": email_id}
        await person.sql(inbound_messages.insert().values(**of, id=UUID(int=20 + number), **answer, **heard))
    told = {
        "url": f"https://example.com/{person.mark}",
        "link_text": person.mark,
        "text": person.mark,
        "reason": f"550 {person.fields['email']}",
    }
    happened = {"at": now, "type": "email_failed", "contact_id": contact_id, "detail": {**told, "code": "5.1.1"}}
    await person.sql(activities.insert().values(**of, id=UUID(int=30), **happened))


async def test_whoever_is_erased_is_nowhere_in_the_database(person: Person) -> None:
    before = await person.places()
    assert {"contacts", "emails", "contact_notes", "contact_merges", "file_pieces", "idempotency_keys"} <= before
    assert "contact_former_addresses" in before

    answer = await person.administrator.post(f"/contacts/{person.contact_id}/erasure")
    assert answer.status_code == 202, answer.text
    assert (await person.client.get(f"/contacts/{person.contact_id}")).status_code == 404
    job = await person.done(answer.json()["id"])

    assert (job["state"], job["error"]) == ("done", None)
    assert await person.places() == set()


async def test_numbers_stay_and_so_does_that_nobody_writes_to_them(person: Person) -> None:
    before = await counted(person)
    answer = await person.administrator.post(f"/contacts/{person.contact_id}/erasure")
    await person.done(answer.json()["id"])

    assert await counted(person) == before
    for address in (person.fields["email"], f"{person.mark}1@prospect.example"):
        asked = {"kind": "email", "value": address}
        [found] = [(await person.administrator.post("/admin/suppressions/check", json=asked)).json()]
        assert (found["suppression"]["reason"], found["suppression"]["by_person"]) == ("erased", True)
    refused = await person.administrator.delete(f"/admin/suppressions/{found['suppression']['id']}")
    assert (refused.status_code, refused.json()["reason"]) == (409, "suppressed_by_person")


async def counted(person: Person) -> dict[str, int]:
    dump = await person.dump()
    kept = (
        "emails",
        "tracking_hits",
        "inbound_messages",
        "contacts",
        "contact_import_changes",
        "contact_import_faults",
    )
    return {name: len(dump[name]) for name in kept}


async def test_the_audit_log_still_holds_and_names_nobody(person: Person) -> None:
    answer = await person.administrator.post(f"/contacts/{person.contact_id}/erasure")
    await person.done(answer.json()["id"])

    auditing = person.organization.running.container.auditing
    [verdict] = [one async for one in auditing.verify(person.organization.administrator.organization_id)]
    assert verdict.broken is None
    entries = (await person.administrator.get("/admin/audit-log")).json()["items"]
    [erased] = [one for one in entries if one["action"] == "contact.erased"]
    assert erased["target"]["id"] == person.contact_id


async def test_an_erasure_is_for_administrators_and_happens_once(person: Person) -> None:
    path = f"/contacts/{person.contact_id}/erasure"
    assert (await person.client.post(path)).status_code == 403
    await person.done((await person.administrator.post(path)).json()["id"])
    assert (await person.administrator.post(path)).status_code == 404


async def test_a_deleted_contact_can_be_erased_too(person: Person) -> None:
    await person.client.delete(f"/contacts/{person.contact_id}")
    answer = await person.administrator.post(f"/contacts/{person.contact_id}/erasure")
    await person.done(answer.json()["id"])
    assert await person.places() == set()


async def test_kept_searches_lose_the_person_and_nothing_else(person: Person) -> None:
    other = {"name": "Others", "filter": {"q": "Doe Berlin"}}
    await person.client.post("/contacts/lists", json=other)
    answer = await person.administrator.post(f"/contacts/{person.contact_id}/erasure")
    await person.done(answer.json()["id"])

    lists = (await person.client.get("/contacts/lists")).json()["items"]
    filters = {one["name"]: (one["filter"]["q"], one["filter"]["status"]) for one in lists if one["filter"]}
    assert filters == {
        "One": ("erased", None),
        "Matching 0": ("erased", "New"),
        "Matching 1": ("Berlin erased", "New"),
        "Others": ("Doe Berlin", None),
    }
    views = [*(await person.client.get("/contacts/views")).json()["items"]]
    views += (await person.administrator.get("/contacts/views")).json()["items"]
    assert {one["name"]: one["state"]["q"] for one in views} == {
        "Mine": "erased",
        "Kept 0": "erased",
        "Kept 1": "Berlin erased",
    }


async def test_others_keep_what_they_have(person: Person) -> None:
    other = (await person.client.post("/contacts", json={"last_name": "Doe", "email": "doe@prospect.example"})).json()
    await person.client.post(f"/contacts/{other['id']}/notes", json={"text": "Likes tea"})
    answer = await person.administrator.post(f"/contacts/{person.contact_id}/erasure")
    await person.done(answer.json()["id"])

    assert (await person.client.get(f"/contacts/{other['id']}")).json()["email"] == "doe@prospect.example"
    notes = (await person.client.get(f"/contacts/{other['id']}/notes")).json()["items"]
    assert [one["text"] for one in notes] == ["Likes tea"]


async def test_all_that_is_held_is_told_to_programs_and_to_people(person: Person) -> None:
    path = f"/contacts/{person.contact_id}/personal-data"
    document = (await person.administrator.get(path)).json()

    assert document["contact"]["email"].casefold() == person.fields["email"].casefold()
    assert [one["text"] for one in document["notes"]] == [f"{person.mark} moved", f"{person.mark} likes tea"]
    assert {one["subject"] for one in document["emails"]} == {f"{person.mark} subject"}
    assert len(document["merged_records"]) == 2
    assert {one["email"] for one in document["former_addresses"]} == {
        f"{person.mark.lower()}{number}@prospect.example" for number in range(2)
    }
    for section in ("activities", "answers", "opens_and_clicks", "links", "lists", "imports"):
        assert document[section], section

    page = await person.administrator.get(path, params={"format": "html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "attachment" in page.headers["content-disposition"]
    assert f"1 {person.mark} Road" in page.text
    assert "contact.personal_data_exported" in (await person.administrator.get("/admin/audit-log")).text
    assert (await person.client.get(path)).status_code == 403
