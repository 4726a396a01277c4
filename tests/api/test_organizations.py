"""What an organization begins with, and who may begin one."""

from typing import Any
from uuid import uuid4

import pytest

from domain.accounts.model import NewOrganization, NewUser
from domain.shared.errors import AlreadyExists, Forbidden, NotFound, Rejected
from domain.shared.principal import Role

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery staple"


def new(**changes: str) -> NewOrganization:
    fields = {
        "name": "Fabrikam",
        "administrator_name": "Ada Admin",
        "administrator_email": f"{uuid4().hex}@example.com",
        "password": PASSWORD,
    }
    return NewOrganization(**{**fields, **changes})


async def test_a_new_organization_has_its_statuses(client: Any) -> None:
    statuses = (await client.get("/contacts/statuses")).json()["items"]
    assert [status["label"] for status in statuses] == [
        "New",
        "Closed",
        "Contacted",
        "Disqualified",
        "Open",
        "Prospecting",
        "Qualified",
        "Unqualified",
    ]
    assert [status["label"] for status in statuses if status["is_default"]] == ["New"]


async def test_its_administrator_can_sign_in(running: Any) -> None:
    beginning = new(time_zone="Europe/Berlin", culture="de-DE")
    await running.container.accounts.create_organization(beginning)
    async with running.client() as browser:
        body = {"email": beginning.administrator_email, "password": PASSWORD}
        me = (await browser.post("/auth/login", json=body)).json()
    assert (me["role"], me["time_zone"], me["organization"]["name"]) == ("administrator", "Europe/Berlin", "Fabrikam")


async def test_an_address_signs_in_to_one_organization(running: Any, organization: Any) -> None:
    accounts = running.container.accounts
    with pytest.raises(AlreadyExists):
        await accounts.create_organization(new(administrator_email=organization.contributor_email.upper()))
    assert await accounts.principal_of(organization.contributor_email) == organization.contributor


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"password": "short"}, "/password"),
        ({"password": "Fabrikam2026"}, "/password"),
        ({"name": " "}, "/name"),
        ({"administrator_name": ""}, "/name"),
        ({"administrator_email": "nobody"}, "/email"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"culture": "xx"}, "/culture"),
    ],
)
async def test_what_makes_no_organization_leaves_nothing(running: Any, change: dict[str, str], pointer: str) -> None:
    accounts = running.container.accounts
    beginning = new(**change)
    with pytest.raises(Rejected) as refused:
        await accounts.create_organization(beginning)
    assert refused.value.errors[0].pointer == pointer
    with pytest.raises(NotFound):
        await accounts.principal_of(beginning.administrator_email)


async def test_only_administrators_add_colleagues(running: Any, organization: Any) -> None:
    colleague = NewUser("New Comer", f"{uuid4().hex}@example.com", Role.CONTRIBUTOR, PASSWORD)
    with pytest.raises(Forbidden):
        await running.container.accounts.create_user(organization.contributor, colleague)
    added = await running.container.accounts.create_user(organization.administrator, colleague)
    assert added.email == colleague.email
