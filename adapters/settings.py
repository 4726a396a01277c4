"""All configuration: one tree, read once from ENGAGE_* variables, passed down.

`load_settings` is the one door. A system started by `engage run` leaves its addresses in `<data_dir>/state.json`;
they fill what the environment leaves open, so that every command finds it by the data directory alone.
"""

import base64
import binascii
import ipaddress
import json
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.running import read_state

PREFIX = "ENGAGE_"
SPA_BESIDE_THE_PACKAGE = Path(__file__).resolve().parent.parent / "frontend" / "dist"


class InvalidSettings(Exception):
    """The configuration cannot be used; the message is one sentence for the person at the terminal."""


class Settings(BaseSettings):
    """What an installation decides. Variables are the names below in capitals, with ENGAGE_ before them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    database_url: str = Field("", repr=False, description="PostgreSQL as the login role; empty: embedded")
    database_owner_url: str = Field("", repr=False, description="PostgreSQL as the owner, for migrations alone")
    database_superuser_url: str = Field(
        "", repr=False, description="PostgreSQL as a role that bypasses row-level security, for backup and restore"
    )
    database_pool_size: int = Field(10, ge=1, le=200, description="connections that one process keeps at most")
    database_statement_cache: int = Field(100, ge=0, description="prepared statements kept; 0: PgBouncer < 1.21")
    redis_url: str = Field("", repr=False, description="Redis >= 6.2 or Valkey; empty: embedded")

    data_dir: Path = Field(Path(".engage"), description="where `engage run` keeps servers, logs and its state")
    host: str = Field("127.0.0.1", description="address that the API listens on")
    port: int = Field(8000, ge=0, le=65535, description="port of the API; 0: any free one")
    public_url: str = Field("http://127.0.0.1:8000", description="how browsers, mails and providers reach Engage")
    trusted_proxies: str = Field("127.0.0.1", description="comma-separated addresses whose X-Forwarded-* are believed")
    spa_dist: Path = Field(SPA_BESIDE_THE_PACKAGE, description="the built SPA, served under /app")

    requests_per_minute: int = Field(12_000, ge=1, description="requests that one user may make, at each API process")

    secret_keys: SecretStr = Field(
        SecretStr(""), description="key ring `id:base64 of 32 bytes,…`; the first encrypts, all decrypt"
    )

    # Together 100 to 250 ms a password on two cores (argon2id, one lane); never below OWASP's 19 MiB in production.
    password_memory_kib: int = Field(65_536, ge=64, description="memory that checking one password takes")
    password_passes: int = Field(2, ge=1, le=20, description="how often that memory is gone through")

    demo: bool = Field(False, description="demo organization; listens on loopback only")
    demo_password: SecretStr = Field(SecretStr("engage-demo"), description="password of the demo users")

    clock_file: Path | None = Field(None, description="offset of business time, written by the sandbox alone")
    sandbox_host: str = Field("127.0.0.1", description="address that the sandbox listens on")
    sandbox_port: int = Field(8900, ge=0, le=65535, description="port of the sandbox; 0: any free one")
    sandbox_url: str = Field("", description="where the running sandbox answers; empty: there is none")
    sandbox_smtp_port: int = Field(0, ge=0, le=65535, description="port of the sandbox's mail server; 0: any free one")
    sandbox_clients: SecretStr = Field(SecretStr(""), description="OAuth clients of the sandbox: `id:secret,…`")

    smtp_host: str = Field("", description="mail server for mail of our own; empty: such mail is off")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_username: str = Field("", description="what Engage signs in with there; empty: it does not sign in")
    smtp_password: SecretStr = Field(SecretStr(""), description="the password for it")
    smtp_security: Literal["none", "starttls", "tls"] = Field("starttls", description="how the line is secured")
    smtp_ca_file: Path | None = Field(
        None, description="CA certificates (PEM) that the mail server may be vouched for by, beside the system's"
    )
    mail_from: str = Field("", description="who writes, like `Engage <engage@example.com>`; empty: the public host")

    sso_loopback: bool = Field(False, description="single sign-on through a provider on this machine, to try it out")

    google_base_url: str = Field("", description="stands in for Google's hosts; empty: the real ones")
    google_client_id: str = Field("", description="OAuth client of this installation at Google")
    google_client_secret: SecretStr = Field(SecretStr(""), description="its secret")

    mailbox_poll_seconds: float = Field(60, gt=0, description="how often a connected mailbox is read")
    reconcile_after_seconds: float = Field(120, gt=0, description="age at which an unknown send is looked up")
    lease_seconds: float = Field(60, gt=0, description="how long a worker owns what it claimed, a job 15 at most")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="least level written")
    log_format: Literal["auto", "json", "console"] = Field("auto", description="auto: console on a terminal, else json")

    @field_validator("database_url", "database_owner_url", "database_superuser_url")
    @classmethod
    def _with_driver(cls, url: str) -> str:
        scheme, _, rest = url.partition("://")
        if not url or scheme == "postgresql+asyncpg":
            return url
        if scheme not in ("postgresql", "postgres") or not rest:
            raise ValueError("must begin with postgresql://")
        return f"postgresql+asyncpg://{rest}"

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, url: str) -> str:
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return url

    @field_validator("public_url", "sandbox_url", "google_base_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("must be an address like https://engage.example")
        return url.rstrip("/")

    @field_validator("mail_from")
    @classmethod
    def _mail_address(cls, sender: str) -> str:
        local, _, host = parseaddr(sender)[1].rpartition("@")
        if sender and not (local and host):
            raise ValueError("must be an address like `Engage <engage@example.com>`")
        return sender

    @field_validator("smtp_ca_file")
    @classmethod
    def _has_certificates(cls, file: Path | None) -> Path | None:
        """Now rather than at the first letter."""
        try:
            if file:
                ssl.create_default_context(cafile=file)
        except OSError as failure:
            raise ValueError("must be a file with CA certificates (PEM)") from failure
        return file

    @field_validator("secret_keys")
    @classmethod
    def _ring_is_readable(cls, ring: SecretStr) -> SecretStr:
        _parse_ring(ring.get_secret_value())
        return ring

    @model_validator(mode="after")
    def _demo_stays_at_home(self) -> Self:
        if self.demo and not is_loopback(self.host):
            raise ValueError(f"demo mode listens on loopback only, not on {self.host}")
        return self

    @property
    def secret_key_ring(self) -> tuple[tuple[str, bytes], ...]:
        """(key id, 32 bytes), current first. Raises InvalidSettings when there is none: no secret has a default."""
        ring = _parse_ring(self.secret_keys.get_secret_value())
        if not ring:
            raise InvalidSettings("ENGAGE_SECRET_KEYS is not set (make one with: engage doctor --new-secret-key).")
        return ring

    @property
    def mail_sender(self) -> str:
        """Who writes mail of our own, with the address of the public host when nothing else is said."""
        return self.mail_from or f"Engage <engage@{urlsplit(self.public_url).hostname}>"

    @property
    def mail_host(self) -> str:
        """The right half of that address."""
        return parseaddr(self.mail_sender)[1].rpartition("@")[2]

    # The real addresses: https://accounts.google.com/.well-known/openid-configuration, Gmail API discovery document.
    @property
    def google_authorize_url(self) -> str:
        return f"{self.google_base_url or 'https://accounts.google.com'}/o/oauth2/v2/auth"

    @property
    def google_token_url(self) -> str:
        return f"{self.google_base_url or 'https://oauth2.googleapis.com'}/token"

    @property
    def google_revoke_url(self) -> str:
        return f"{self.google_base_url or 'https://oauth2.googleapis.com'}/revoke"

    @property
    def google_api_url(self) -> str:
        """Ends in /gmail/v1; paths go on with /users/me/…."""
        return f"{self.google_base_url or 'https://gmail.googleapis.com'}/gmail/v1"


@dataclass(frozen=True, slots=True)
class DocumentedSetting:
    """One line of `engage doctor`; secrets and passwords in addresses are masked."""

    variable: str
    default: str
    current: str
    description: str


def load_settings(data_dir: Path | None = None, **given: Any) -> Settings:
    """Settings from `given`, then the environment, then a running embedded system, then defaults.

    Raises InvalidSettings with one sentence.
    """
    directory = (data_dir or Path(os.environ.get(f"{PREFIX}DATA_DIR") or ".engage")).absolute()
    known = {name: value for name, value in _running_system(directory).items() if not _in_environment(name)}
    try:
        return Settings(**{**known, "data_dir": directory, **given})
    except ValidationError as invalid:
        raise InvalidSettings(_sentence(invalid)) from invalid


def keep_data_dir(data_dir: Path) -> None:
    """Makes `data_dir` the one that later `load_settings()` calls of this process and its children find."""
    os.environ[f"{PREFIX}DATA_DIR"] = str(data_dir.absolute())


def is_given(name: str) -> bool:
    """Whether the environment itself says something about the setting `name`."""
    return _in_environment(name)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def documented(settings: Settings) -> Iterator[DocumentedSetting]:
    """Every setting with its variable, default, current value and meaning, in the order above."""
    for name, field in Settings.model_fields.items():
        yield DocumentedSetting(
            variable=PREFIX + name.upper(),
            default=_shown(field.default),
            current=_shown(getattr(settings, name)),
            description=field.description or "",
        )


def _running_system(directory: Path) -> dict[str, Any]:
    try:
        state = read_state(directory)
    except PermissionError as denied:
        raise InvalidSettings(f"The data directory {directory} cannot be read: permission denied.") from denied
    if state is None:
        return {}
    elsewhere = os.environ.get(f"{PREFIX}DATABASE_URL")
    if elsewhere and elsewhere.partition("://")[2] != str(state.settings.get("database_url", "")).partition("://")[2]:
        return {}
    return {**state.settings, **json.loads(state.secrets_file.read_text())}


def _in_environment(name: str) -> bool:
    return bool(os.environ.get(PREFIX + name.upper()))


def _parse_ring(ring: str) -> tuple[tuple[str, bytes], ...]:
    return tuple(_parse_key(entry.strip()) for entry in ring.split(",") if entry.strip())


def _parse_key(entry: str) -> tuple[str, bytes]:
    key_id, separator, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if not key_id or not separator or len(key) != 32:
        raise ValueError("must be `id:base64 of 32 bytes`, several separated by commas")
    return key_id, key


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "********" if value.get_secret_value() else ""
    if isinstance(value, str) and "://" in value and urlsplit(value).password:
        return value.replace(f":{urlsplit(value).password}@", ":********@")
    return "" if value is None else str(value)


def _sentence(invalid: ValidationError) -> str:
    first = invalid.errors(include_input=False, include_url=False)[0]
    reason = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return reason[:1].upper() + reason[1:] + "."
    return f"{PREFIX}{str(first['loc'][0]).upper()}: {reason}."
