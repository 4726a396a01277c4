"""ID tokens (OpenID Connect Core §3.1.3.7): signed by the provider's keys, for us, now, and for this very question."""

from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "ES256")
KEY_TYPES = frozenset({"RSA", "EC"})
LEEWAY_SECONDS = 60


class InvalidToken(Exception):
    """It proves nothing."""


class UnknownKey(InvalidToken):
    """None of the keys has signed it; the provider may have newer ones."""


def keys_of(document: Any) -> KeySet:
    """The public keys that sign. Raises InvalidToken."""
    try:
        keys = [key for key in document["keys"] if key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"]
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as failure:
        raise InvalidToken("no keys") from failure


def claims_of(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, access_token: str, now: int
) -> dict[str, Any]:
    """What the token says. Raises InvalidToken, UnknownKey."""
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as failure:
        raise UnknownKey(type(failure).__name__) from failure
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "sub": {"essential": True},
            "aud": {"essential": True, "value": client_id},
            "exp": {"essential": True},
            "iat": {"essential": True},
        },
        params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=now, leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as failure:
        raise InvalidToken(type(failure).__name__) from failure
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise InvalidToken("subject")
    return dict(claims)
