"""The consent page and the tokens that it leads to."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

MODIFY = "https://www.googleapis.com/auth/gmail.modify"
REDIRECT = "http://127.0.0.1:8000/me/connections/google/callback"
VERIFIER = "a-verifier-that-is-long-enough-to-be-taken-seriously"


def authorize_query(**changes: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": "sandbox-client",
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": f"openid email profile {MODIFY}",
        "state": "st&te",
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (query | changes).items() if value}


def decide(sandbox: Any, query: dict[str, str], **form: Any) -> httpx.Response:
    answered = {"account": "rep@demo.example", "decision": "allow"} | form
    response: httpx.Response = sandbox.http.post("/google/o/oauth2/v2/auth", params=query, data=answered)
    return response


def returned(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 302, response.text
    location = urlsplit(response.headers["location"])
    assert response.headers["location"].startswith(REDIRECT)
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def redeem(sandbox: Any, given: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": given,
        "redirect_uri": REDIRECT,
        "client_id": "sandbox-client",
        "client_secret": "sandbox-secret",
        "code_verifier": VERIFIER,
    }
    response: httpx.Response = sandbox.http.post("/google/token", data=form | changes)
    return response


def refresh(sandbox: Any, token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    response: httpx.Response = sandbox.http.post("/google/token", data=form, auth=("sandbox-client", "sandbox-secret"))
    return response


def connected(sandbox: Any, **changes: str) -> dict[str, Any]:
    code = returned(decide(sandbox, authorize_query(**changes)))["code"]
    tokens: dict[str, Any] = redeem(sandbox, code).json()
    return tokens


def test_the_page_is_a_form_that_posts_account_and_decision_to_its_own_address(sandbox: Any) -> None:
    page = sandbox.http.get("/google/o/oauth2/v2/auth", params=authorize_query())
    assert page.status_code == 200
    assert 'name="account"' in page.text
    assert 'name="decision" value="allow"' in page.text
    assert "action=" not in page.text


def test_allowing_leads_back_with_a_code_and_the_state(sandbox: Any) -> None:
    answer = returned(decide(sandbox, authorize_query()))
    assert answer["code"]
    assert answer["state"] == "st&te"


def test_denying_leads_back_with_an_error_and_the_state(sandbox: Any) -> None:
    answer = returned(decide(sandbox, authorize_query(), decision="deny"))
    assert answer == {"error": "access_denied", "state": "st&te"}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"redirect_uri": "https://evil.example/callback"}, 400),
        ({"client_id": "somebody-else"}, 401),
        ({"response_type": "token"}, 400),
        ({"scope": "https://www.googleapis.com/auth/nonsense"}, 400),
        ({"code_challenge_method": "S512"}, 400),
    ],
)
def test_a_request_that_is_out_of_order_is_never_sent_back(sandbox: Any, change: dict[str, str], status: int) -> None:
    response = decide(sandbox, authorize_query(**change))
    assert response.status_code == status
    assert "location" not in response.headers


def test_the_tokens_tell_what_was_granted(sandbox: Any) -> None:
    tokens = connected(sandbox)
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3599
    assert tokens["refresh_token"]
    assert MODIFY in tokens["scope"].split()
    assert "https://www.googleapis.com/auth/userinfo.email" in tokens["scope"].split()


def test_the_identity_token_is_signed_with_a_published_key(sandbox: Any) -> None:
    tokens = connected(sandbox, nonce="n-1")
    keys = KeySet.import_key_set(sandbox.http.get("/google/oauth2/v3/certs").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    configuration = sandbox.http.get("/google/.well-known/openid-configuration").json()
    assert claims["iss"] == configuration["issuer"]
    assert claims["aud"] == "sandbox-client"
    assert claims["email"] == "rep@demo.example"
    assert claims["nonce"] == "n-1"


def test_userinfo_names_the_same_subject(sandbox: Any, claims: Callable[[str], dict[str, Any]]) -> None:
    tokens = connected(sandbox)
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    info = sandbox.http.get("/google/oauth2/v3/userinfo", headers=headers).json()
    assert info["sub"] == claims(tokens["id_token"])["sub"]
    assert info["email"] == "rep@demo.example"


def test_a_code_serves_once_and_its_second_use_ends_the_first(sandbox: Any) -> None:
    code = returned(decide(sandbox, authorize_query()))["code"]
    tokens = redeem(sandbox, code).json()
    again = redeem(sandbox, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert refresh(sandbox, tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"code_verifier": "another-verifier-that-is-long-enough-as-well-yes"}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8000/other"}, 400, "redirect_uri_mismatch"),
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": "4/invented"}, 400, "invalid_grant"),
    ],
)
def test_a_code_is_not_redeemed(sandbox: Any, change: dict[str, str], status: int, error: str) -> None:
    code = returned(decide(sandbox, authorize_query()))["code"]
    refused = redeem(sandbox, code, **change)
    assert (refused.status_code, refused.json()["error"]) == (status, error)


def test_a_refresh_gives_a_new_access_token_and_no_new_refresh_token(sandbox: Any) -> None:
    tokens = connected(sandbox)
    again = refresh(sandbox, tokens["refresh_token"]).json()
    assert again["access_token"] != tokens["access_token"]
    assert "refresh_token" not in again


def test_without_the_consent_screen_a_known_user_gets_no_refresh_token(sandbox: Any) -> None:
    connected(sandbox)
    assert "refresh_token" not in connected(sandbox, prompt="")


def test_without_offline_access_there_is_no_refresh_token(sandbox: Any) -> None:
    assert "refresh_token" not in connected(sandbox, access_type="")


def test_an_unticked_permission_is_missing_from_the_token(sandbox: Any) -> None:
    response = decide(sandbox, authorize_query(), granular="1")
    tokens = redeem(sandbox, returned(response)["code"]).json()
    assert MODIFY not in tokens["scope"]
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    profile = sandbox.http.get("/google/gmail/v1/users/me/profile", headers=headers)
    assert profile.status_code == 403
    assert profile.json()["error"]["errors"][0]["reason"] == "insufficientPermissions"


def test_a_revoked_token_is_dead_and_cannot_be_revoked_again(sandbox: Any) -> None:
    tokens = connected(sandbox)
    assert sandbox.http.post("/google/revoke", data={"token": tokens["refresh_token"]}).status_code == 200
    assert sandbox.http.post("/google/revoke", data={"token": tokens["refresh_token"]}).status_code == 400
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    assert sandbox.http.get("/google/gmail/v1/users/me/profile", headers=headers).status_code == 401


def test_when_the_provider_withdraws_access_refreshing_is_an_invalid_grant(sandbox: Any) -> None:
    tokens = connected(sandbox)
    sandbox.control("POST", "accounts/revoke", json={"provider": "google", "account": "rep@demo.example"})
    refused = refresh(sandbox, tokens["refresh_token"])
    assert refused.status_code == 400
    assert refused.json() == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }


def test_a_jump_of_the_clock_expires_no_token(sandbox: Any) -> None:
    tokens = connected(sandbox)
    sandbox.control("POST", "clock", json={"advance": "P30D"})
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    assert sandbox.http.get("/google/gmail/v1/users/me/profile", headers=headers).status_code == 200


def test_an_access_token_expires_after_its_seconds(sandbox: Any, eventually: Callable[..., Any]) -> None:
    sandbox.control("PUT", "google", json={"access_token_seconds": 1})
    headers = {"authorization": f"Bearer {connected(sandbox)['access_token']}"}
    eventually(lambda: sandbox.http.get("/google/gmail/v1/users/me/profile", headers=headers).status_code == 401)


def test_of_more_than_a_hundred_refresh_tokens_the_oldest_dies(sandbox: Any) -> None:
    account = {"provider": "google", "account": "collector@demo.example"}
    first, *others = [sandbox.control("POST", "tokens", json=account)["refresh_token"] for _ in range(101)]
    assert refresh(sandbox, first).status_code == 400
    assert refresh(sandbox, others[0]).status_code == 200
