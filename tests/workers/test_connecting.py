"""Access to accounts: given, renewed, lost, given back."""

import asyncio
from datetime import timedelta

import pytest

from domain.connections.model import ConnectionRefused, ConnectionState, Provider
from domain.shared.errors import NotFound, ProviderAccessLost, ProviderUnavailable
from tests.mailing import Firm, Prospects, Representative

GMAIL = "https://www.googleapis.com/auth/gmail.modify"


async def grow_old(firm: Firm) -> None:
    """Every access token is about to run out."""
    await firm.sql("update connections set expires_at = clock_timestamp() + interval '4 minutes'")


async def test_tokens_are_sealed(firm: Firm, rep: Representative) -> None:
    [row] = await firm.sql("select access_token, refresh_token from connections")

    assert b"ya29" not in row["access_token"]
    assert b"1//" not in row["refresh_token"]


async def test_a_consent_is_used_once(firm: Firm) -> None:
    rep = await firm.hire()
    location = await rep.connect()
    await rep.come_back(location)

    with pytest.raises(ConnectionRefused) as refused:
        await rep.come_back(location)

    assert refused.value.reason == "state_invalid"


async def test_a_consent_belongs_to_the_user_who_asked_for_it(firm: Firm) -> None:
    rep, other = await firm.hire(), await firm.hire()
    location = await rep.connect()

    with pytest.raises(ConnectionRefused) as refused:
        await other.come_back(location)

    assert refused.value.reason == "state_invalid"


async def test_a_consent_takes_at_most_ten_minutes(firm: Firm) -> None:
    rep = await firm.hire()
    location = await rep.connect()
    await firm.sql("update connection_attempts set expires_at = clock_timestamp() - interval '1 second'")

    with pytest.raises(ConnectionRefused) as refused:
        await rep.come_back(location)

    assert refused.value.reason == "state_invalid"


async def test_a_denied_consent_connects_nothing(firm: Firm) -> None:
    rep = await firm.hire()

    with pytest.raises(ConnectionRefused) as refused:
        await rep.come_back(await rep.connect(decision="deny"))

    assert refused.value.reason == "access_denied"
    assert await rep.services.connections.list(rep.principal) == []


async def test_a_partial_consent_is_refused_and_says_what_is_missing(firm: Firm) -> None:
    rep = await firm.hire()

    with pytest.raises(ConnectionRefused) as refused:
        await rep.come_back(await rep.connect(scopes="openid"))

    assert (refused.value.reason, refused.value.missing) == ("missing_permission", (GMAIL,))
    assert await rep.services.connections.list(rep.principal) == []


async def test_connecting_the_same_account_again_goes_on_with_its_mailbox(firm: Firm, rep: Representative) -> None:
    before = await rep.mailbox()

    after = await rep.connected()

    assert (after.id, after.history_cursor) == (before.id, before.history_cursor)


async def test_connecting_another_account_begins_another_mailbox(firm: Firm, rep: Representative) -> None:
    before = await rep.mailbox()

    after = await rep.connected(f"other.{rep.address}")

    assert after.id != before.id
    states = await firm.sql("select address, state from mailboxes order by created_at")
    assert [tuple(row) for row in states] == [(before.address, "disconnected"), (after.address, "connected")]


async def test_of_fifty_who_need_a_new_token_one_asks_for_it(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    [connection] = await rep.services.connections.list(rep.principal)
    await grow_old(firm)
    prospects.forget_requests()
    tokens = rep.services.mail_access.tokens

    found = await asyncio.gather(
        *(tokens.of(rep.principal.organization_id, connection.id, rep.address).current() for _ in range(50))
    )

    assert len(set(found)) == 1
    assert prospects.requests("/token") == 1


async def test_a_refused_token_is_renewed_once_and_the_request_repeated(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    prospects.faults({"path": "/profile", "kind": "status", "status": 401, "count": 1})

    profile = await rep.services.mail_access.open(await rep.mailbox()).profile()

    assert profile.address == rep.address


async def test_a_withdrawn_access_marks_the_connection_and_its_mailbox(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    prospects.revoke(rep.address)

    assert not await rep.read()

    [connection] = await rep.services.connections.list(rep.principal)
    assert connection.state is ConnectionState.NEEDS_RECONNECT
    assert connection.lost_reason == "access_withdrawn"
    assert (await rep.mailbox()).state.value == "needs_reconnect"


@pytest.mark.parametrize("kind", [{"kind": "status", "status": 503}, {"kind": "reset"}, {"kind": "garbage"}])
async def test_a_sign_in_that_is_away_marks_nobody(
    firm: Firm, rep: Representative, prospects: Prospects, kind: dict[str, object]
) -> None:
    await grow_old(firm)
    prospects.faults({"path": "/token", **kind})

    with pytest.raises(ProviderUnavailable):
        await rep.services.mail_access.open(await rep.mailbox()).profile()

    prospects.faults()
    assert await rep.read()


async def test_a_disconnected_account_is_not_used_and_the_provider_is_told(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    mailbox = await rep.mailbox()
    await rep.services.connections.disconnect(rep.principal, Provider.GOOGLE)

    with pytest.raises(ProviderAccessLost):
        await rep.services.mail_access.open(mailbox).profile()
    prospects.forget_requests()
    [row] = await firm.sql("select id from revocations")
    await rep.services.connections.revoke(rep.principal.organization_id, row["id"])

    assert prospects.requests("/revoke") == 1
    assert await firm.sql("select id from revocations") == []
    with pytest.raises(NotFound):
        await rep.services.connections.disconnect(rep.principal, Provider.GOOGLE)


async def test_a_provider_that_cannot_be_told_is_told_later(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await rep.services.connections.disconnect(rep.principal, Provider.GOOGLE)
    [row] = await firm.sql("select id from revocations")
    prospects.faults({"path": "/revoke", "kind": "status", "status": 503})

    with pytest.raises(ProviderUnavailable):
        await rep.services.connections.revoke(rep.principal.organization_id, row["id"])

    [waiting] = await firm.sql("select attempts, next_try_at from revocations")
    assert waiting["attempts"] == 1
    assert waiting["next_try_at"] - rep.services.clock.system() > timedelta(seconds=10)


async def test_access_that_is_given_again_is_not_taken_back_by_a_late_revocation(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await rep.services.connections.disconnect(rep.principal, Provider.GOOGLE)
    [row] = await firm.sql("select id from revocations")
    await rep.connected()
    prospects.forget_requests()

    await rep.services.connections.revoke(rep.principal.organization_id, row["id"])

    assert prospects.requests("/revoke") == 0
    assert await firm.sql("select id from revocations") == []


async def test_a_mailbox_is_never_opened_with_the_access_to_another_account(firm: Firm, rep: Representative) -> None:
    former = await rep.mailbox()
    await rep.connected(f"other.{rep.address}")

    with pytest.raises(ProviderAccessLost):
        await rep.services.mail_access.open(former).profile()

    assert (await rep.mailbox()).state.value == "connected"


async def test_a_refusal_of_old_tokens_does_not_mark_the_new_ones(firm: Firm, rep: Representative) -> None:
    [connection] = await rep.services.connections.list(rep.principal)
    tokens = rep.services.mail_access.tokens
    access = tokens.of(rep.principal.organization_id, connection.id, rep.address)
    await access.current()
    await rep.connected()

    await access.lost("provider_access_lost")

    assert (await rep.mailbox()).state.value == "connected"
