"""Links that come by mail: what they open, once, and what they tell nobody."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.accounts.inviting import Invited
from domain.accounts.one_time_links import LinkKind
from domain.shared.ids import UserId
from domain.shared.principal import Role
from tests.api.links import asks_answered, newest_link, run_out

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse staple"
OLD_PASSWORD = "a long enough password"


@pytest.fixture
async def visitor(running: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which nobody is signed in, at an address of its own."""
    transport = httpx.ASGITransport(running.app, raise_app_exceptions=False, client=(f"10.9.{uuid4().int % 250}.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://engage.test") as browser:
        yield browser


@pytest.fixture
def email() -> str:
    return f"new.{uuid4().hex[:8]}@example.com"


@pytest.fixture
async def invited(running: Any, organization: Any, email: str) -> Any:
    entry = await running.container.inviting.invite(
        organization.administrator, Invited(email, "Nora Newcomer", Role.CONTRIBUTOR)
    )
    return entry.user


@pytest.fixture
async def token(running: Any, organization: Any, invited: Any) -> str:
    found = await newest_link(
        running.container, organization.administrator.organization_id, invited.id, LinkKind.INVITATION
    )
    assert found
    return found


async def accept(browser: httpx.AsyncClient, token: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.post(f"/auth/invitations/{token}/accept", json={"password": password})


async def reset_token(running: Any, organization: Any, browser: httpx.AsyncClient) -> str:
    """As the Contributor finds it in the mail."""
    await browser.post("/auth/password-resets", json={"email": organization.contributor_email})
    await asks_answered(running.container)
    who = organization.contributor
    found = await newest_link(running.container, who.organization_id, who.user_id, LinkKind.PASSWORD_RESET)
    assert found
    return found


def told(answer: httpx.Response) -> tuple[int, Any, dict[str, str]]:
    """All that an answer tells, without what is different each time."""
    body = answer.json() if answer.content else None
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in ("request_id", "instance")}
    # The length is that of the address, which the answer repeats.
    own = ("x-request-id", "content-length")
    return answer.status_code, body, {name: value for name, value in answer.headers.items() if name not in own}


# Looking.


async def test_an_invitation_says_whom_it_is_for_as_often_as_one_looks(
    visitor: httpx.AsyncClient, token: str, email: str
) -> None:
    answers = [await visitor.get(f"/auth/invitations/{token}") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[0].json()["email"] == email
    assert answers[0].json()["name"] == "Nora Newcomer"
    assert answers[0].json()["kind"] == "invitation"
    assert (await accept(visitor, token)).status_code == 200


async def test_what_serves_no_more_is_answered_as_what_never_did(
    running: Any, organization: Any, visitor: httpx.AsyncClient, token: str, invited: Any
) -> None:
    who = organization.administrator
    forged = token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB")
    reset = await reset_token(running, organization, visitor)
    again = await running.container.inviting.invite_again(who, invited.id)
    revoked, used = token, await newest_link(running.container, who.organization_id, again.user.id, LinkKind.INVITATION)
    assert used
    assert (await accept(visitor, used)).status_code == 200

    tokens = (forged, revoked, used, reset, "x", "x" * 64, "%20", "-" * 64)
    looked = [told(await visitor.get(f"/auth/invitations/{one}")) for one in tokens]
    tried = [told(await accept(visitor, one)) for one in tokens]

    assert {answer[0] for answer in looked + tried} == {404}
    assert all(answer == looked[0] for answer in looked)
    assert all(answer == tried[0] for answer in tried)


async def test_an_invitation_runs_out(running: Any, organization: Any, visitor: httpx.AsyncClient, token: str) -> None:
    await run_out(running.container, organization.administrator.organization_id)

    assert (await visitor.get(f"/auth/invitations/{token}")).status_code == 404
    assert (await accept(visitor, token)).status_code == 404


async def test_a_token_is_bound_to_its_kind(running: Any, organization: Any, visitor: httpx.AsyncClient) -> None:
    reset = await reset_token(running, organization, visitor)

    assert (await accept(visitor, reset)).status_code == 404
    assert (await visitor.post(f"/auth/password-resets/{reset}", json={"password": PASSWORD})).status_code == 204


# Accepting.


async def test_accepting_signs_in_with_the_chosen_password(visitor: httpx.AsyncClient, token: str, email: str) -> None:
    answer = await accept(visitor, token)

    assert answer.status_code == 200, answer.text
    assert answer.json()["email"] == email
    assert (await visitor.get("/me")).json()["email"] == email
    visitor.cookies.clear()
    assert (await visitor.post("/auth/login", json={"email": email, "password": PASSWORD})).status_code == 200


async def test_who_was_only_invited_cannot_sign_in(visitor: httpx.AsyncClient, invited: Any, email: str) -> None:
    answer = await visitor.post("/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.json()["code"] == "invalid_credentials"


@pytest.mark.parametrize("password", ["short", "password1234", "Nora Newcomer 12", "x" * 257])
async def test_a_weak_password_uses_nothing_up(visitor: httpx.AsyncClient, token: str, password: str) -> None:
    refused = await accept(visitor, token, password)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/password"]
    assert "set-cookie" not in refused.headers
    assert (await accept(visitor, token)).status_code == 200


async def test_of_fifty_who_accept_at_once_one_wins(running: Any, token: str, invited: Any, organization: Any) -> None:
    passwords = [f"correct horse staple {number}" for number in range(50)]
    async with running.client() as client:
        answers = await asyncio.gather(*(accept(client, token, password) for password in passwords))

    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1
    assert set(codes) <= {200, 404, 429}
    winner = codes.index(200)
    async with running.client() as client:
        login = await client.post("/auth/login", json={"email": invited.email, "password": passwords[winner]})
    assert login.status_code == 200


async def test_accepting_gives_a_session_of_its_own(
    running: Any, visitor: httpx.AsyncClient, token: str, organization: Any
) -> None:
    """Whatever cookie somebody planted in the browser, nobody knows the one afterwards; a session before it ends."""
    login = {"email": organization.contributor_email, "password": OLD_PASSWORD}
    await visitor.post("/auth/login", json=login)
    planted = visitor.cookies["eng_session"]

    await accept(visitor, token)

    assert visitor.cookies["eng_session"] != planted
    async with running.client(cookie=f"eng_session={planted}") as other:
        assert (await other.get("/me")).status_code == 401


async def test_another_site_cannot_accept(visitor: httpx.AsyncClient, token: str) -> None:
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    for path in (f"/auth/invitations/{token}/accept", f"/auth/password-resets/{token}"):
        answer = await visitor.post(path, json={"password": PASSWORD}, headers=foreign)
        assert answer.status_code == 403
    assert (await accept(visitor, token)).status_code == 200


async def test_an_address_that_signs_in_elsewhere_by_now_is_refused(
    running: Any, new_organization: Any, visitor: httpx.AsyncClient, token: str, email: str
) -> None:
    elsewhere = await new_organization()
    entry = await running.container.inviting.invite(elsewhere.administrator, Invited(email, "Nora", Role.CONTRIBUTOR))
    organization_id = elsewhere.administrator.organization_id
    other = await newest_link(running.container, organization_id, entry.user.id, LinkKind.INVITATION)
    assert other
    assert (await accept(visitor, other)).status_code == 200

    refused = await accept(visitor, token)

    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    assert elsewhere.administrator_email not in refused.text


async def test_joining_is_on_record(running: Any, organization: Any, visitor: httpx.AsyncClient, token: str) -> None:
    me = (await accept(visitor, token)).json()

    async with running.container.database.application(organization.administrator.organization_id) as transaction:
        rows = await transaction.driver.fetch("select action, actor_id, target_id from audit_entries order by seq")
    told = [(row["action"], str(row["actor_id"])) for row in rows]
    assert ("user.invited", str(organization.administrator.user_id)) in told
    assert ("user.joined", me["id"]) in told


async def test_a_newcomer_begins_where_the_inviter_is(
    running: Any, organization: Any, visitor: httpx.AsyncClient, email: str
) -> None:
    async with await organization.as_administrator() as administrator:
        await administrator.patch("/me", json={"culture": "de-AT", "time_zone": "Europe/Vienna"})
        body = {"email": email, "name": "Nora Newcomer", "role": "contributor"}
        user = (await administrator.post("/admin/users", json=body)).json()
    organization_id = organization.administrator.organization_id
    token = await newest_link(running.container, organization_id, UserId(UUID(user["id"])), LinkKind.INVITATION)
    assert token

    me = (await accept(visitor, token)).json()

    assert (me["culture"], me["time_zone"]) == ("de-AT", "Europe/Vienna")


async def test_whoever_joins_may_say_where_that_is(visitor: httpx.AsyncClient, token: str) -> None:
    body = {"password": PASSWORD, "culture": "de-DE", "time_zone": "Europe/Berlin"}
    me = (await visitor.post(f"/auth/invitations/{token}/accept", json=body)).json()
    assert (me["culture"], me["time_zone"]) == ("de-DE", "Europe/Berlin")


@pytest.mark.parametrize(
    ("place", "pointer"), [({"culture": "xx"}, "/culture"), ({"time_zone": "Mars/Olympus"}, "/time_zone")]
)
async def test_a_place_that_is_not_known_uses_nothing_up(
    visitor: httpx.AsyncClient, token: str, place: dict[str, str], pointer: str
) -> None:
    refused = await visitor.post(f"/auth/invitations/{token}/accept", json={"password": PASSWORD, **place})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await accept(visitor, token)).status_code == 200


async def test_a_welcome_opens_the_app(running: Any, visitor: httpx.AsyncClient) -> None:
    email = f"first.{uuid4().hex[:8]}@example.com"
    link = await running.container.inviting.found("Fabrikam", Invited(email, "Fay First", Role.ADMINISTRATOR))
    token = running.container.link_tokens.token_of(link)

    shown = (await visitor.get(f"/auth/invitations/{token}")).json()
    me = (await accept(visitor, token)).json()

    assert (shown["organization"], shown["kind"]) == ("Fabrikam", "welcome")
    assert (me["role"], me["organization"]["name"], me["email"]) == ("administrator", "Fabrikam", email)


# Forgotten passwords.


async def test_asking_tells_nobody_who_exists(
    running: Any, organization: Any, visitor: httpx.AsyncClient, email: str
) -> None:
    asked = [organization.contributor_email, email, organization.contributor_email.upper(), "no address at all"]
    answers = [await visitor.post("/auth/password-resets", json={"email": one}) for one in asked]

    assert {answer.status_code for answer in answers} == {202}
    assert all(told(answer) == told(answers[0]) for answer in answers)
    assert answers[0].json() == {}


async def test_asking_takes_as_long_for_nobody_as_for_somebody(running: Any, new_organization: Any) -> None:
    async def seconds(email: str) -> float:
        began = time.perf_counter()
        await running.container.password_resets.ask(email, f"10.8.{uuid4().int % 250}.{uuid4().int % 250}")
        return time.perf_counter() - began

    known = [await seconds((await new_organization()).contributor_email) for _ in range(9)]
    unknown = [await seconds(f"{uuid4().hex}@example.com") for _ in range(9)]

    assert abs(statistics.median(known) - statistics.median(unknown)) < 0.010


async def test_asking_is_slowed_down_alike_for_everybody(
    organization: Any, visitor: httpx.AsyncClient, email: str
) -> None:
    for address in (organization.contributor_email, email):
        answers = [await visitor.post("/auth/password-resets", json={"email": address}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [202] * 5 + [429]
        assert int(answers[-1].headers["retry-after"]) >= 1


async def test_a_reset_ends_all_sessions_and_signs_nobody_in(
    running: Any, organization: Any, visitor: httpx.AsyncClient
) -> None:
    login = {"email": organization.contributor_email, "password": OLD_PASSWORD}
    async with running.client() as browser, await organization.as_contributor() as script:
        await browser.post("/auth/login", json=login)
        assert (await browser.get("/me")).status_code == 200
        token = await reset_token(running, organization, visitor)

        answer = await visitor.post(f"/auth/password-resets/{token}", json={"password": PASSWORD})

        assert (answer.status_code, answer.content) == (204, b"")
        assert "set-cookie" not in answer.headers
        assert (await browser.get("/me")).status_code == 401
        assert (await script.get("/me")).status_code == 200
    assert (await visitor.post("/auth/login", json=login)).status_code == 401
    assert (await visitor.post("/auth/login", json={**login, "password": PASSWORD})).status_code == 200


async def test_a_reset_serves_once(running: Any, organization: Any, visitor: httpx.AsyncClient) -> None:
    token = await reset_token(running, organization, visitor)
    path = f"/auth/password-resets/{token}"
    passwords = [f"correct horse staple {number}" for number in range(10)]

    answers = await asyncio.gather(*(visitor.post(path, json={"password": password}) for password in passwords))

    assert sorted({answer.status_code for answer in answers}) == [204, 404]
    assert [answer.status_code for answer in answers].count(204) == 1


async def test_a_newer_link_voids_the_one_before(running: Any, organization: Any, visitor: httpx.AsyncClient) -> None:
    first = await reset_token(running, organization, visitor)
    second = await reset_token(running, organization, visitor)

    refused = await visitor.post(f"/auth/password-resets/{first}", json={"password": PASSWORD})
    served = await visitor.post(f"/auth/password-resets/{second}", json={"password": PASSWORD})

    assert (refused.status_code, served.status_code) == (404, 204)


async def test_a_weak_new_password_is_refused(running: Any, organization: Any, visitor: httpx.AsyncClient) -> None:
    token = await reset_token(running, organization, visitor)
    refused = await visitor.post(f"/auth/password-resets/{token}", json={"password": "password1234"})
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/password"]


async def test_who_was_only_invited_gets_no_reset(
    running: Any, organization: Any, visitor: httpx.AsyncClient, invited: Any
) -> None:
    await visitor.post("/auth/password-resets", json={"email": invited.email})
    await asks_answered(running.container)

    organization_id = organization.administrator.organization_id
    assert await newest_link(running.container, organization_id, invited.id, LinkKind.PASSWORD_RESET) is None


async def test_the_user_is_told_that_the_password_was_reset(
    running: Any, organization: Any, visitor: httpx.AsyncClient
) -> None:
    token = await reset_token(running, organization, visitor)
    await visitor.post(f"/auth/password-resets/{token}", json={"password": PASSWORD})

    async with running.container.database.application(organization.contributor.organization_id) as transaction:
        rows = await transaction.driver.fetch("select payload ->> 'notice' as notice, payload from outbox_jobs")
        acts = await transaction.driver.fetch("select actor_id from audit_entries where action = 'password.reset'")
    assert "password_reset" in [row["notice"] for row in rows]
    assert token not in str([row["payload"] for row in rows])
    assert [UserId(UUID(str(act["actor_id"]))) for act in acts] == [organization.contributor.user_id]
