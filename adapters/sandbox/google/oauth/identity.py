"""OpenID Connect: who the user is, in a token signed with RS256, and the key to check it with."""

import base64
import hashlib
import os
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from adapters.sandbox.google.accounts import Account

_KEY_BITS = 2048


class IdentityKey:
    """The signing key: made at the first start, kept readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            _write_new_key(path)
        loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(loaded, rsa.RSAPrivateKey):
            raise TypeError(f"{path} holds no RSA key")
        self._key = loaded
        numbers = loaded.public_key().public_numbers()
        self._modulus, self._exponent = _number(numbers.n), _number(numbers.e)
        self._id = hashlib.sha256(self._modulus.encode()).hexdigest()[:40]

    def key_set(self) -> dict[str, Any]:
        """The public half as a JSON Web Key Set."""
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self._id, "n": self._modulus, "e": self._exponent}
        return {"keys": [key]}

    def signed(self, claims: dict[str, Any]) -> str:
        """A JSON Web Token with these claims."""
        header = {"alg": "RS256", "kid": self._id, "typ": "JWT"}
        content = f"{_url64(orjson.dumps(header))}.{_url64(orjson.dumps(claims))}"
        return f"{content}.{_url64(self._key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def claims_of(account: Account, scopes: frozenset[str]) -> dict[str, Any]:
    """What the userinfo endpoint and the id_token tell, as far as the scopes go."""
    claims: dict[str, Any] = {"sub": account.subject}
    if any("userinfo.email" in scope for scope in scopes):
        claims |= {"email": account.address, "email_verified": True, "hd": account.address.split("@")[1]}
    if any("userinfo.profile" in scope for scope in scopes):
        claims |= {"name": account.name, "given_name": account.name.split(" ")[0]}
    return claims


def _write_new_key(path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)


def _number(value: int) -> str:
    return _url64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _url64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
