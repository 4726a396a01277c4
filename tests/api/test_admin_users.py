"""Users as Administrators see and change them."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.accounts.model import NewUser
from domain.accounts.one_time_links import LinkKind
from domain.shared.ids import UserId
from domain.shared.principal import Principal, Role
from tests.api.links import newest_link
from tests.mailing import eventually

pytestmark = pytest.mark.anyio

PASSWORD = "a long enough password"


@pytest.fixture
async def second(organization: Any) -> Principal:
    """Another Administrator."""
    email = f"second.{uuid4().hex[:8]}@example.com"
    user = await organization.running.container.accounts.create_user(
        organization.administrator, NewUser("Sue Second", email, Role.ADMINISTRATOR, PASSWORD), any_password=True
    )
    return Principal(organization.administrator.organization_id, user.id, user.role)


def newcomer(**more: str) -> dict[str, str]:
    return {"email": f"new.{uuid4().hex[:8]}@example.com", "name": "Nora New", "role": "contributor", **more}


async def invite(client: httpx.AsyncClient, **more: str) -> dict[str, Any]:
    answer = await client.post("/admin/users", json=newcomer(**more))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def acts(organization: Any) -> list[tuple[str, str]]:
    """Action and name of the target, of everything on record."""
    async with organization.running.container.database.application(
        organization.administrator.organization_id
    ) as transaction:
        rows = await transaction.driver.fetch("select action, target_name from audit_entries order by seq")
    return [(row["action"], row["target_name"]) for row in rows]


async def test_users_are_listed_by_name(administrator: httpx.AsyncClient, organization: Any) -> None:
    made = await invite(administrator)

    items = (await administrator.get("/admin/users")).json()["items"]

    assert [(one["name"], one["role"], one["state"]) for one in items] == [
        ("Ada Admin", "administrator", "active"),
        ("Nora New", "contributor", "invited"),
        ("Rob Rep", "contributor", "active"),
    ]
    assert items[1] == made
    assert made["invitation"]["sent_at"] is None
    assert made["last_seen_at"] is None
    assert items[2]["invitation"] is None


async def test_users_are_found_by_name_address_and_state(administrator: httpx.AsyncClient) -> None:
    made = await invite(administrator)

    async def found(**query: str) -> list[str]:
        return [one["name"] for one in (await administrator.get("/admin/users", params=query)).json()["items"]]

    assert await found(q="NORA") == ["Nora New"]
    assert await found(q=made["email"]) == ["Nora New"]
    assert await found(state="invited") == ["Nora New"]
    assert await found(state="deleted") == []


async def test_users_come_in_pages(administrator: httpx.AsyncClient) -> None:
    first = (await administrator.get("/admin/users", params={"limit": 1})).json()
    second = (await administrator.get("/admin/users", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert [page["items"][0]["name"] for page in (first, second)] == ["Ada Admin", "Rob Rep"]
    assert second["next_cursor"] is None


async def test_contributors_administer_nothing(client: httpx.AsyncClient, organization: Any) -> None:
    path = f"/admin/users/{organization.contributor.user_id}"
    answers = [
        await client.get("/admin/users"),
        await client.post("/admin/users", json=newcomer(role="administrator")),
        await client.get(path),
        await client.patch(path, json={"role": "administrator"}),
        await client.delete(path),
        await client.post(f"{path}/invitations"),
        await client.delete(f"{path}/invitations"),
        await client.get(f"{path}/handover"),
        await client.get("/admin/handovers"),
        await client.post(f"{path}/handover", json={"to": str(uuid4())}),
    ]
    # Tokens of Contributors have no such scope at all.
    assert [answer.status_code for answer in answers] == [403] * len(answers)


async def test_a_contributor_with_a_session_administers_nothing(running: Any, organization: Any) -> None:
    async with running.client() as browser:
        await browser.post("/auth/login", json={"email": organization.contributor_email, "password": PASSWORD})
        answers = [
            await browser.get("/admin/users"),
            await browser.post("/admin/users", json=newcomer(role="administrator")),
            await browser.delete(f"/admin/users/{organization.administrator.user_id}"),
        ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "forbidden")}


# Inviting.


async def test_an_address_is_invited_once(administrator: httpx.AsyncClient) -> None:
    made = await invite(administrator)
    again = await administrator.post("/admin/users", json=newcomer(email=made["email"].upper()))
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")


async def test_where_else_an_address_signs_in_is_not_told(
    administrator: httpx.AsyncClient, organization: Any, new_organization: Any
) -> None:
    elsewhere = await new_organization()
    here = await administrator.post("/admin/users", json=newcomer(email=organization.contributor_email))
    there = await administrator.post("/admin/users", json=newcomer(email=elsewhere.contributor_email))

    assert here.status_code == there.status_code == 409
    assert {**here.json(), "request_id": ""} == {**there.json(), "request_id": ""}


@pytest.mark.parametrize(
    ("wrong", "pointer"), [({"email": "nobody"}, "/email"), ({"name": " "}, "/name"), ({"role": "boss"}, "/role")]
)
async def test_a_wrong_invitation_is_refused(
    administrator: httpx.AsyncClient, wrong: dict[str, str], pointer: str
) -> None:
    answer = await administrator.post("/admin/users", json=newcomer(**wrong))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_an_invitation_is_sent_again_with_another_link(
    running: Any, administrator: httpx.AsyncClient, organization: Any
) -> None:
    made = await invite(administrator)
    where = running.container, organization.administrator.organization_id, UserId(UUID(made["id"]))
    first = await newest_link(*where, LinkKind.INVITATION)

    again = await administrator.post(f"/admin/users/{made['id']}/invitations")

    second = await newest_link(*where, LinkKind.INVITATION)
    assert again.status_code == 201
    assert first != second
    async with running.client() as visitor:
        codes = [(await visitor.get(f"/auth/invitations/{token}")).status_code for token in (first, second)]
    assert codes == [404, 200]
    assert ("user.invitation_sent_again", "Nora New") in await acts(organization)


async def test_a_revoked_invitation_serves_no_more(
    running: Any, administrator: httpx.AsyncClient, organization: Any
) -> None:
    made = await invite(administrator)
    token = await newest_link(
        running.container,
        organization.administrator.organization_id,
        UserId(UUID(made["id"])),
        LinkKind.INVITATION,
    )

    answers = [await administrator.delete(f"/admin/users/{made['id']}/invitations") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    async with running.client() as visitor:
        assert (await visitor.get(f"/auth/invitations/{token}")).status_code == 404
    assert (await administrator.get(f"/admin/users/{made['id']}")).json()["invitation"] is None
    assert [act for act in await acts(organization) if act[0] == "user.invitation_revoked"] == [
        ("user.invitation_revoked", "Nora New")
    ]


async def test_who_has_joined_is_not_invited(administrator: httpx.AsyncClient, organization: Any) -> None:
    path = f"/admin/users/{organization.contributor.user_id}/invitations"
    answers = [await administrator.post(path), await administrator.delete(path)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "not_allowed_in_state")}


# Changing.


async def test_what_an_administrator_may_change_changes(administrator: httpx.AsyncClient, organization: Any) -> None:
    path = f"/admin/users/{organization.contributor.user_id}"
    changes = {"name": "Robin Rep", "start_salesflow_on_behalf": True}

    answer = await administrator.patch(path, json=changes)

    assert answer.json() == {**answer.json(), **changes}
    assert (await administrator.get(path)).json() == answer.json()
    assert ("user.changed", "Robin Rep") in await acts(organization)


async def test_nothing_is_on_record_when_nothing_changed(administrator: httpx.AsyncClient, organization: Any) -> None:
    await administrator.patch(f"/admin/users/{organization.contributor.user_id}", json={"role": "contributor"})
    assert "user.changed" not in [action for action, _ in await acts(organization)]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"role": None}, "/role"),
        ({"start_salesflow_on_behalf": "yes"}, "/start_salesflow_on_behalf"),
        ({"email": "other@example.com"}, "/email"),
        ({"state": "active"}, "/state"),
        ({"organization_id": str(uuid4())}, "/organization_id"),
    ],
)
async def test_a_wrong_change_is_refused(
    administrator: httpx.AsyncClient, organization: Any, wrong: dict[str, Any], pointer: str
) -> None:
    answer = await administrator.patch(f"/admin/users/{organization.contributor.user_id}", json=wrong)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_another_role_ends_the_sessions(
    running: Any, administrator: httpx.AsyncClient, organization: Any
) -> None:
    async with running.client() as browser, await organization.as_contributor() as script:
        await browser.post("/auth/login", json={"email": organization.contributor_email, "password": PASSWORD})
        assert (await browser.get("/me")).status_code == 200

        await administrator.patch(f"/admin/users/{organization.contributor.user_id}", json={"role": "administrator"})

        assert (await browser.get("/me")).status_code == 401
        await browser.post("/auth/login", json={"email": organization.contributor_email, "password": PASSWORD})
        assert (await browser.get("/admin/users")).status_code == 200
        assert (await script.get("/me")).status_code == 200


async def test_a_demoted_administrator_s_token_administers_no_more(
    administrator: httpx.AsyncClient, organization: Any, second: Principal, running: Any
) -> None:
    email = (await administrator.get(f"/admin/users/{second.user_id}")).json()["email"]
    async with running.client(authorization=f"Bearer {await organization.token(email)}") as script:
        assert (await script.get("/admin/users")).status_code == 200
        await administrator.patch(f"/admin/users/{second.user_id}", json={"role": "contributor"})

        async def refused() -> bool:
            return (await script.get("/admin/users")).status_code == 403

        await eventually("the token is refused", refused)


async def test_the_last_administrator_stays_one(administrator: httpx.AsyncClient, organization: Any) -> None:
    await invite(administrator, role="administrator")
    path = f"/admin/users/{organization.administrator.user_id}"

    answers = [await administrator.patch(path, json={"role": "contributor"}), await administrator.delete(path)]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "last_administrator")}
    assert (await administrator.patch(path, json={"name": "Ada Boss"})).status_code == 200


async def test_two_administrators_who_demote_each_other_leave_one(
    running: Any, organization: Any, second: Principal
) -> None:
    first = organization.administrator
    change = running.container.user_administration.change
    for _ in range(5):
        outcomes = await asyncio.gather(
            change(first, second.user_id, {"role": Role.CONTRIBUTOR}),
            change(second, first.user_id, {"role": Role.CONTRIBUTOR}),
            return_exceptions=True,
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert [getattr(one, "code", one) for one in refused] == ["last_administrator"]
        loser = second.user_id if isinstance(outcomes[1], BaseException) else first.user_id
        winner = first if loser == second.user_id else second
        await change(winner, loser, {"role": Role.ADMINISTRATOR})


async def test_two_administrators_who_delete_each_other_leave_one(
    running: Any, organization: Any, second: Principal
) -> None:
    first, delete = organization.administrator, running.container.offboarding.delete
    outcomes = await asyncio.gather(
        delete(first, second.user_id), delete(second, first.user_id), return_exceptions=True
    )
    assert sorted(getattr(one, "code", "done") for one in outcomes) == ["done", "last_administrator"]


# Deleting.


async def test_a_deleted_user_gets_in_no_more(
    running: Any, administrator: httpx.AsyncClient, organization: Any
) -> None:
    login = {"email": organization.contributor_email, "password": PASSWORD}
    async with running.client() as browser, await organization.as_contributor() as script:
        await browser.post("/auth/login", json=login)
        assert (await browser.get("/me")).status_code == (await script.get("/me")).status_code == 200

        answer = await administrator.delete(f"/admin/users/{organization.contributor.user_id}")

        assert (answer.status_code, answer.content) == (204, b"")
        assert (await browser.get("/me")).status_code == (await script.get("/contacts")).status_code == 401
        assert (await browser.post("/auth/login", json=login)).json()["code"] == "invalid_credentials"
    assert ("user.deleted", "Rob Rep") in await acts(organization)


async def test_a_deleted_user_stays_in_the_history(administrator: httpx.AsyncClient, organization: Any) -> None:
    path = f"/admin/users/{organization.contributor.user_id}"
    answers = [await administrator.delete(path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    shown = (await administrator.get(path)).json()
    assert (shown["name"], shown["state"]) == ("Rob Rep", "deleted")
    listed = [(await administrator.get("/admin/users", params=query)).json()["items"] for query in ({}, {"q": "Rob"})]
    assert "Rob Rep" not in [one["name"] for items in listed for one in items]
    deleted = (await administrator.get("/admin/users", params={"state": "deleted"})).json()["items"]
    assert [one["name"] for one in deleted] == ["Rob Rep"]
    assert [act for act in await acts(organization) if act[0] == "user.deleted"] == [("user.deleted", "Rob Rep")]


async def test_nothing_that_opens_a_door_is_left(
    running: Any, administrator: httpx.AsyncClient, organization: Any
) -> None:
    made = await invite(administrator)
    for user_id in (made["id"], organization.contributor.user_id):
        await administrator.delete(f"/admin/users/{user_id}")

    async with running.container.database.application(organization.administrator.organization_id) as transaction:
        for table in ("credentials", "sessions", "access_tokens", "one_time_links", "passkeys", "totp_secrets"):
            query = f"select 1 from {table} where user_id = any($1)"
            assert await transaction.driver.fetch(query, [made["id"], organization.contributor.user_id]) == [], table


async def test_the_address_of_a_deleted_user_is_free(administrator: httpx.AsyncClient, organization: Any) -> None:
    await administrator.delete(f"/admin/users/{organization.contributor.user_id}")
    again = await invite(administrator, email=organization.contributor_email)
    assert again["id"] != str(organization.contributor.user_id)


async def test_a_deleted_user_is_not_changed(administrator: httpx.AsyncClient, organization: Any) -> None:
    path = f"/admin/users/{organization.contributor.user_id}"
    await administrator.delete(path)
    answers = [
        await administrator.patch(path, json={"name": "Zombie"}),
        await administrator.post(f"{path}/invitations"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "not_allowed_in_state")}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"enrollments": "hand_over"}, 422, "invalid_input"),
        ({"enrollments": "hand_over", "to": str(uuid4())}, 422, "invalid_input"),
        ({"to": str(uuid4())}, 422, "invalid_input"),
        ({"enrollments": "burn"}, 422, "invalid_input"),
        ({"enrollments": "hand_over", "to": "administrator"}, 409, "not_connected"),
        ({"enrollments": "hand_over", "to": "contributor"}, 422, "invalid_input"),
    ],
)
async def test_nobody_is_deleted_when_nobody_can_take_over(
    administrator: httpx.AsyncClient, organization: Any, query: dict[str, str], status: int, code: str
) -> None:
    path = f"/admin/users/{organization.contributor.user_id}"
    if query.get("to") in ("administrator", "contributor"):
        query = {**query, "to": str(getattr(organization, query["to"]).user_id)}

    answer = await administrator.delete(path, params=query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await administrator.get(path)).json()["state"] == "active"


async def test_who_is_still_there_hands_nothing_over(administrator: httpx.AsyncClient, organization: Any) -> None:
    path = f"/admin/users/{organization.contributor.user_id}/handover"
    left = await administrator.get(path)
    refused = await administrator.post(path, json={"to": str(organization.administrator.user_id)})

    assert left.json() == {"enrollments": 0, "salesflows": []}
    assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed_in_state")
