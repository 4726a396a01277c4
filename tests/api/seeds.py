"""One of everything that has an id, made through the API."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.recordings import wav

STEP = {
    "kind": "email",
    "mode": "automatic",
    "delay": {"amount": 0, "unit": "minutes"},
    "variants": [{"weight": 100, "subject": "Hello", "body_html": "<p>Hi</p>"}],
}


@dataclass(frozen=True)
class Seeds:
    """Ids by the name of their path parameter."""

    ids: dict[str, str]

    async def everything(self, organization: Any) -> list[Any]:
        """What the organization sees of it."""
        async with await organization.as_administrator() as client:
            paths = [f"/contacts/{self.ids['contact_id']}", f"/salesflows/{self.ids['salesflow_id']}", "/salesflows"]
            paths += [
                f"/contacts/{self.ids['contact_id']}/merges",
                "/admin/suppressions",
                f"/contacts/lists/{self.ids['list_id']}",
                "/contacts/lists",
                f"/jobs/{self.ids['job_id']}",
            ]
            paths += [f"/contacts/imports/{self.ids['import_id']}", f"/contacts/{self.ids['contact_id']}/notes"]
            paths += ["/admin/contact-fields", "/admin/contact-statuses"]
            seen = [(await client.get(path)).json() for path in paths]
        async with await organization.as_contributor() as client:
            return [*seen, *[(await client.get(path)).json() for path in ("/me/voicemails", "/contacts/views")]]


async def seed(organization: Any) -> Seeds:
    async with await organization.as_contributor() as client:
        email = f"{uuid4().hex[:8]}@prospect.example"
        contact = (await client.post("/contacts", json={"last_name": "Seed", "email": email})).json()
        note = (await client.post(f"/contacts/{contact['id']}/notes", json={"text": "Seed"})).json()
        flow = (await client.post("/salesflows", json={"name": "Seed"})).json()
        await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [STEP]})
        await client.post(f"/salesflows/{flow['id']}/activate")
        people = (await client.post("/contacts/lists", json={"name": "Seed"})).json()
        state = {"name": "Seed", "shared": True, "state": {}}
        view = (await client.post("/contacts/views", json=state)).json()
        action = {"kind": "add_to_list", "list_id": people["id"]}
        job = (await client.post("/contacts/bulk", json={"contact_ids": [contact["id"]], "action": action})).json()
        other = (await client.post("/contacts", json={"last_name": "Other seed"})).json()
        both = {"keep": contact["id"], "merge": [other["id"]]}
        [merge_id] = (await client.post("/contacts/merge", json=both)).json()["merge_ids"]
        sheet = {"file": ("seed.csv", b"Last name,Email\nSeed,seed@prospect.example\n", "text/csv")}
        import_ = (await client.post("/contacts/imports", files=sheet)).json()
        recording = {"file": ("seed.wav", wav(), "audio/wav")}
        voicemail = (await client.post("/me/voicemails", data={"name": "Seed"}, files=recording)).json()
    async with await organization.as_administrator() as client:
        field = (await client.post("/admin/contact-fields", json={"label": "Seed", "kind": "text"})).json()
        status = (await client.post("/admin/contact-statuses", json={"label": "Seed", "color": "#000000"})).json()
        domain = {"kind": "domain", "value": "seed.example", "reason": "Seed"}
        suppression = (await client.post("/admin/suppressions", json=domain)).json()
    ids = {"contact_id": contact["id"], "salesflow_id": flow["id"], "voicemail_id": voicemail["id"]}
    ids |= {"list_id": people["id"], "view_id": view["id"], "job_id": job["id"]}
    ids |= {"note_id": note["id"], "field_id": field["id"], "status_id": status["id"]}
    ids |= {"merge_id": merge_id, "first_id": contact["id"], "second_id": other["id"]}
    ids |= {"suppression_id": suppression["id"]}
    ids |= {"user_id": str(organization.contributor.user_id)}
    return Seeds({**ids, "import_id": import_["id"], "provider": "google"})
