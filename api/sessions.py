"""Reads who asks from a request: a bearer token, or the session cookie of a page of our own."""

from urllib.parse import urlsplit

from starlette.requests import Request

from adapters.bootstrap import Container
from domain.shared.errors import Forbidden, SecondFactorSetupRequired, Unauthenticated
from domain.shared.principal import Principal

COOKIE = "eng_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What somebody reaches who has yet to set up the second factor that the organization requires.
SETUP = ("/me/second-factor", "/me/passkeys", "/me/sessions", "/auth/confirmation")


def cookie_name(public_url: str) -> str:
    """`__Host-` binds the cookie to this host over TLS; plain HTTP on loopback cannot have it."""
    return f"__Host-{COOKIE}" if public_url.startswith("https://") else COOKIE


async def authenticate(request: Request, container: Container) -> Principal:
    """The principal of a request, who is counted once for it. A bearer token wins, and cookies are then ignored.

    Raises Unauthenticated, TooManyRequests, SecondFactorSetupRequired, and Forbidden for a change that a cookie carries
    but another site sent.
    """
    known: Principal | None = request.scope.get("principal")
    if known is not None:
        return known
    authorization = request.headers.get("authorization")
    if authorization is not None:
        found = await _by_bearer(authorization, container)
    else:
        refuse_foreign_sites(request, container)
        token = request.cookies.get(cookie_name(container.settings.public_url))
        found = await container.signing_in.principal_of_session(token) if token else None
    if found is None:
        raise Unauthenticated
    request.scope["standing"] = request.app.state.limits.take(found.user_id)
    if found.must_set_up_second_factor and not _leads_to_second_factor(request.url.path):
        raise SecondFactorSetupRequired
    request.scope["principal"] = found
    return found


def _leads_to_second_factor(path: str) -> bool:
    return path == "/me" or any(path == begin or path.startswith(f"{begin}/") for begin in SETUP)


async def _by_bearer(authorization: str, container: Container) -> Principal | None:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    return await container.signing_in.principal_of_token(token.strip())


def refuse_foreign_sites(request: Request, container: Container) -> None:
    """Raises Forbidden when a browser says that another site caused the change (Fetch Metadata, else Origin).

    Scripts send neither header; they bring the cookie themselves and cannot be tricked into it.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise Forbidden("This request came from another site.", "foreign_site")
    if origin is not None and origin not in own_origins(request, container):
        raise Forbidden("This request came from another site.", "foreign_site")


def own_origins(request: Request, container: Container) -> frozenset[str]:
    """Where our own pages live: the public address, and the address asked at when that is this very host."""
    public = urlsplit(container.settings.public_url)
    return frozenset({f"{public.scheme}://{public.netloc}", f"{request.url.scheme}://{request.url.netloc}"})
