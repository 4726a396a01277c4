"""All that is served below /google, under Google's own paths."""

from starlette.routing import Mount, Route

from adapters.sandbox.google.gmail import routes as gmail
from adapters.sandbox.google.oauth import consent, tokens


def mount() -> Mount:
    return Mount(
        "/google",
        routes=[
            Route("/o/oauth2/v2/auth", consent.show, methods=["GET"]),
            Route("/o/oauth2/v2/auth", consent.decide, methods=["POST"]),
            Route("/token", tokens.token, methods=["POST"]),
            Route("/revoke", tokens.revoke, methods=["POST"]),
            Route("/oauth2/v3/userinfo", tokens.userinfo, methods=["GET", "POST"]),
            Route("/oauth2/v3/certs", tokens.certificates, methods=["GET"]),
            Route("/.well-known/openid-configuration", tokens.configuration, methods=["GET"]),
            *gmail.routes(),
        ],
    )
