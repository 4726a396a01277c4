"""What people show beside a password: codes of an app (TOTP, RFC 6238), recovery codes, passkeys."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import pyotp

from domain.shared.ids import OrganizationId, PasskeyId, UserId

ISSUER = "Engage"
STEP_SECONDS = 30
# A clock may be one step off in either direction (RFC 6238 §5.2).
TOLERANCE = 1

RECOVERY_CODES = 10
# 32 characters that are not mistaken for each other: 5 bits each, 120 bits a code.
RECOVERY_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
RECOVERY_LENGTH = 24
RECOVERY_GROUP = 6

PASSKEYS_AT_MOST = 20


class Way(StrEnum):
    """By what a user shows who he is."""

    PASSWORD = "password"  # noqa: S105 - a way
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "single_sign_on"


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """The secret of a user's app, sealed; it counts once a code of it was shown (`confirmed_at`)."""

    user_id: UserId
    secret: bytes = field(repr=False)
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """What the app has to be told, shown until the first code comes back."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FactorStatus:
    """What a user has beside the password, and whether the organization asks for it."""

    totp: bool
    passkeys: int
    recovery_codes_left: int
    required: bool

    @property
    def enabled(self) -> bool:
        return self.totp or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key pair of a user's device: it signs in alone, since the device asks its owner first (user verification)."""

    id: PasskeyId
    user_id: UserId
    name: str
    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """Whose a passkey is, found before an organization is known."""

    organization_id: OrganizationId
    user_id: UserId
    public_key: bytes = field(repr=False)
    sign_count: int


def new_totp_secret() -> str:
    """160 random bits in base 32 (RFC 4226 §4)."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, email: str) -> str:
    """What the app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The time step of which the code is, of those later than `after`; None for a wrong code."""
    if not is_totp(code):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    for step in range(current - TOLERANCE, current + TOLERANCE + 1):
        if step > after and hmac.compare_digest(app.generate_otp(step), code):
            return step
    return None


def plain_code(given: str) -> str:
    """A code without the spaces and dashes that people read it with."""
    return re.sub(r"[\s-]", "", given).lower()


def is_totp(code: str) -> bool:
    """Whether it looks like what an app shows."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def new_recovery_codes() -> list[str]:
    """A sheet of codes, each good once."""
    return [
        _in_groups("".join(map(secrets.choice, [RECOVERY_ALPHABET] * RECOVERY_LENGTH))) for _ in range(RECOVERY_CODES)
    ]


def hash_of_code(code: str) -> bytes:
    """SHA-256 is enough for 120 random bits."""
    return hashlib.sha256(plain_code(code).encode(errors="replace")).digest()


def _in_groups(code: str) -> str:
    return "-".join(code[start : start + RECOVERY_GROUP] for start in range(0, len(code), RECOVERY_GROUP))
