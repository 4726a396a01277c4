"""Somebody who imports people, beside a worker that does what is asked for."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from domain.shared.ids import BackgroundJobId
from tests.api.conftest import Organization

ANN = ["Ann", "Lee", "ann@x.example", "(617) 500-4900", "Boston"]
BOB = ["Bob", "Ray", "bob@x.example", "+49 171 1234567", "Köln"]
HEADER = ["First name", "Last name", "Email", "Business phone", "City"]
NOTHING = {"total": 0, "created": 0, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0}
Rows = Sequence[Sequence[str]]


def a_file(rows: Rows, header: Sequence[str] = HEADER, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def as_file(content: bytes, name: str = "people.csv") -> dict[str, Any]:
    return {"file": (name, content, "text/csv")}


def counted(**counts: int) -> dict[str, int]:
    return {**NOTHING, **counts, "total": sum(counts.values())}


@dataclass(frozen=True)
class Desk:
    """A user at work, beside a worker that does what is asked for."""

    client: httpx.AsyncClient
    organization: Organization

    async def upload(self, content: bytes, name: str = "people.csv") -> dict[str, Any]:
        answer = await self.client.post("/contacts/imports", files=as_file(content, name))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def ask_to_start(self, import_: dict[str, Any], **options: Any) -> httpx.Response:
        mapping = {column["name"]: column["suggestion"] for column in import_["columns"] if column["suggestion"]}
        asked = {"mapping": mapping, "default_country": "US", **options}
        return await self.client.post(f"/contacts/imports/{import_['id']}/start", json=asked)

    async def take_in(self, content: bytes, **options: Any) -> dict[str, Any]:
        import_ = await self.upload(content)
        started = await self.ask_to_start(import_, **options)
        assert started.status_code == 202, started.text
        return await self.done(started.json())

    async def undo(self, import_: dict[str, Any]) -> dict[str, Any]:
        answer = await self.client.post(f"/contacts/imports/{import_['id']}/undo")
        assert answer.status_code == 202, answer.text
        return await self.done(answer.json())

    async def done(self, import_: dict[str, Any]) -> dict[str, Any]:
        work = self.organization.running.container.background_work
        await work.run(self.organization.contributor.organization_id, BackgroundJobId(UUID(import_["job_id"])))
        return dict((await self.client.get(f"/contacts/imports/{import_['id']}")).json())

    async def errors(self, import_: dict[str, Any]) -> list[dict[str, str]]:
        answer = await self.client.get(f"/contacts/imports/{import_['id']}/errors.csv")
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))

    async def people(self, **asked: Any) -> list[dict[str, Any]]:
        answer = await self.client.get("/contacts", params={"sort": "email", "limit": 200, **asked})
        return list(answer.json()["items"])

    async def person(self, q: str) -> dict[str, Any]:
        [found] = await self.people(q=q)
        return found

    async def happened(self, contact: dict[str, Any]) -> list[str]:
        items = (await self.client.get(f"/contacts/{contact['id']}/activities")).json()["items"]
        return [item["type"] for item in items]
