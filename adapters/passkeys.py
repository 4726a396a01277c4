"""WebAuthn over py_webauthn: what browsers are asked, and what their answers prove.

Everything is bound to the public address: the relying party is its host, the origin is the address itself. Browsers
have no passkeys for IP addresses, and none without TLS but on localhost (WebAuthn Level 2, §5.1.2; Secure Contexts).
"""

import ipaddress
import json
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
import webauthn
from webauthn.helpers import base64url_to_bytes, parse_registration_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from domain.accounts.factors import KnownPasskey, Passkey
from domain.accounts.model import User
from domain.shared.errors import InvalidPasskey, PasskeysUnavailable

log = structlog.get_logger(__name__)

NAME = "Engage"
MILLISECONDS = 5 * 60 * 1000
LONGEST_ID = 1023
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
TRANSPORTS = frozenset(transport.value for transport in AuthenticatorTransport)


class WebAuthn:
    """Implements domain.accounts.access_ports.Ceremonies."""

    def __init__(self, public_url: str) -> None:
        address = urlsplit(public_url)
        self._host = address.hostname or ""
        self._origin = f"{address.scheme}://{address.netloc}"
        self._is_secure = address.scheme == "https" or self._host == "localhost"

    @property
    def available(self) -> bool:
        return self._is_secure and not _is_ip(self._host)

    def registration(self, user: User, known: Sequence[Passkey]) -> tuple[bytes, dict[str, Any]]:
        self._require_available()
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name=NAME,
            user_id=user.id.bytes,
            user_name=user.email,
            user_display_name=user.name,
            timeout=MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_named(known),
            supported_pub_key_algs=ALGORITHMS,
        )
        return options.challenge, json.loads(webauthn.options_to_json(options))

    def registered(self, credential: dict[str, Any], challenge: bytes) -> tuple[bytes, bytes, int, tuple[str, ...]]:
        self._require_available()
        try:
            told = parse_registration_credential_json(credential).response.transports or ()
            proof = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
                supported_pub_key_algs=ALGORITHMS,
            )
        except Exception as failure:  # what strangers send ends in whatever the parsers of a dozen formats raise
            raise _refused("registration", failure) from failure
        transports = tuple(sorted({transport.value for transport in told} & TRANSPORTS))
        return proof.credential_id, proof.credential_public_key, proof.sign_count, transports

    def sign_in(self, known: Sequence[Passkey] = ()) -> tuple[bytes, dict[str, Any]]:
        self._require_available()
        options = webauthn.generate_authentication_options(
            rp_id=self._host,
            timeout=MILLISECONDS,
            allow_credentials=_named(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options.challenge, json.loads(webauthn.options_to_json(options))

    def credential_id(self, credential: dict[str, Any]) -> bytes:
        self._require_available()
        try:
            found = base64url_to_bytes(cast(str, credential["rawId"]))
        except Exception as failure:
            raise _refused("sign_in", failure) from failure
        if not 0 < len(found) <= LONGEST_ID:
            raise InvalidPasskey
        return found

    def signed_in(self, credential: dict[str, Any], challenge: bytes, known: KnownPasskey) -> int:
        self._require_available()
        try:
            proof = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
                require_user_verification=True,
            )
            whose = base64url_to_bytes(cast(str, credential["response"]["userHandle"]))
        except Exception as failure:
            raise _refused("sign_in", failure) from failure
        if whose != known.user_id.bytes or proof.credential_id != self.credential_id(credential):
            raise InvalidPasskey
        return proof.new_sign_count

    def _require_available(self) -> None:
        if not self.available:
            raise PasskeysUnavailable


def _named(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in known]


def _refused(ceremony: str, failure: Exception) -> InvalidPasskey:
    log.info("passkey.refused", ceremony=ceremony, error=type(failure).__name__)
    return InvalidPasskey()


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
