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
            seen = [(await client.get(path)).json() for path in paths]
        async with await organization.as_contributor() as client:
            return [*seen, (await client.get("/me/voicemails")).json()]


async def seed(organization: Any) -> Seeds:
    async with await organization.as_contributor() as client:
        email = f"{uuid4().hex[:8]}@prospect.example"
        contact = (await client.post("/contacts", json={"last_name": "Seed", "email": email})).json()
        flow = (await client.post("/salesflows", json={"name": "Seed"})).json()
        await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [STEP]})
        await client.post(f"/salesflows/{flow['id']}/activate")
        recording = {"file": ("seed.wav", wav(), "audio/wav")}
        voicemail = (await client.post("/me/voicemails", data={"name": "Seed"}, files=recording)).json()
    ids = {"contact_id": contact["id"], "salesflow_id": flow["id"], "voicemail_id": voicemail["id"]}
    return Seeds({**ids, "user_id": str(organization.contributor.user_id), "provider": "google"})
