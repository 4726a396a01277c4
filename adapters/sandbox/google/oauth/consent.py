"""The consent page: which account, which permissions, allow or deny; then back to the client."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.sandbox.google import scopes
from adapters.sandbox.google.oauth import pages
from adapters.sandbox.google.oauth.grants import AskedFor
from adapters.sandbox.options import RegisteredClient
from adapters.sandbox.world import World

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CHALLENGE_LENGTH = range(43, 129)


class PageError(Exception):
    """A request that must not be sent back to the client, because who it is or where it lives is in doubt."""

    def __init__(self, code: str, said: str, status: int = 400) -> None:
        super().__init__(said)
        self.code, self.said, self.status = code, said, status


@dataclass(frozen=True, slots=True)
class Question:
    """An authorization request that was found in order."""

    client: RegisteredClient
    redirect_uri: str
    scope: list[str]
    state: str | None
    offline: bool
    prompt: frozenset[str]
    login_hint: str
    nonce: str | None
    challenge: str | None
    challenge_method: str | None
    include_granted: bool


async def show(request: Request) -> Response:
    world: World = request.app.state.world
    try:
        question = _question(world, request.query_params)
    except PageError as refused:
        return HTMLResponse(pages.refusal(refused.code, refused.said), refused.status)
    known = [account.address for account in world.google.accounts.all()]
    return HTMLResponse(pages.consent(question.client.client_id, question.scope, question.login_hint, known))


async def decide(request: Request) -> Response:
    """The form's answer. Without a field `scopes` everything that was asked for is given."""
    world: World = request.app.state.world
    form = await request.form()
    try:
        question = _question(world, request.query_params)
        account = _account(form)
    except PageError as refused:
        return HTMLResponse(pages.refusal(refused.code, refused.said), refused.status)
    granted = _granted(question, form)
    if form.get("decision") != "allow" or not granted:
        return _back(question, {"error": "access_denied"})
    return _back(question, _allowed(world, question, account, granted))


def _allowed(world: World, question: Question, account: str, granted: list[str]) -> dict[str, str]:
    google = world.google
    before = google.grants.consented(question.client.client_id, account)
    if question.include_granted and before:
        granted = list(dict.fromkeys([*granted, *before.split()]))
    # A refresh token is certain only when the consent screen was asked for; later rounds go without.
    offline = question.offline and (before is None or "consent" in question.prompt)
    scope = " ".join(granted)
    with world.store.transaction():
        google.accounts.ensure(account)
        google.mailboxes.history_id(account)
        code = google.grants.consent(
            AskedFor(
                question.client.client_id, question.redirect_uri, account, scope, offline,
                question.challenge, question.challenge_method, question.nonce,
            )
        )  # fmt: skip
    return {"iss": google.issuer, "code": code, "scope": scope, "authuser": "0", "prompt": "consent"}


def _question(world: World, query: QueryParams) -> Question:
    client = world.google.client(query.get("client_id", ""))
    if client is None:
        raise PageError("invalid_client", "The OAuth client was not found.", 401)
    redirect_uri = query.get("redirect_uri", "")
    if not _may_redirect(client, redirect_uri):
        raise PageError("redirect_uri_mismatch", f"The redirect URI in the request, {redirect_uri}, is not registered.")
    if query.get("response_type") != "code":
        raise PageError("invalid_request", "Invalid response_type: only code is imitated.")
    asked = scopes.expanded(query.get("scope", ""))
    unknown = [scope for scope in asked if not scopes.known(scope)]
    if not asked or unknown:
        raise PageError("invalid_scope", f"Some requested scopes were invalid. {{invalid={unknown}}}")
    challenge, method = _challenge(query)
    return Question(
        client, redirect_uri, asked, query.get("state"), query.get("access_type") == "offline",
        frozenset(query.get("prompt", "").split()), query.get("login_hint", ""), query.get("nonce"),
        challenge, method, query.get("include_granted_scopes") == "true",
    )  # fmt: skip


def _challenge(query: QueryParams) -> tuple[str | None, str | None]:
    challenge = query.get("code_challenge")
    if challenge is None:
        return None, None
    method = query.get("code_challenge_method", "plain")
    if method not in ("S256", "plain"):
        raise PageError("invalid_request", f"Invalid code_challenge_method: {method}")
    if len(challenge) not in _CHALLENGE_LENGTH:
        raise PageError("invalid_request", "Invalid length of code_challenge")
    return challenge, method


def _may_redirect(client: RegisteredClient, uri: str) -> bool:
    if uri in client.redirect_uris:
        return True
    parts = urlsplit(uri)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and not parts.fragment and not parts.username


def _account(form: FormData) -> str:
    account = str(form.get("account", "")).strip().lower()
    local, _, domain = account.rpartition("@")
    if not local or not domain or any(char.isspace() for char in account):
        raise PageError("invalid_account", "Couldn't find your account: enter an email address.")
    return account


def _granted(question: Question, form: FormData) -> list[str]:
    """What the user left ticked. Signing in itself cannot be unticked."""
    ticked = [scope for value in form.getlist("scopes") for scope in str(value).split()]
    if not ticked and "granular" not in form:
        return question.scope
    return [scope for scope in question.scope if scope in ticked or scopes.is_sign_in(scope)]


def _back(question: Question, answer: dict[str, str]) -> Response:
    state = {"state": question.state} if question.state is not None else {}
    parts = urlsplit(question.redirect_uri)
    query = "&".join(part for part in (parts.query, urlencode(state | answer)) if part)
    return RedirectResponse(urlunsplit(parts._replace(query=query)), 302)
