"""Whether the servers that the settings name can be reached, said in one sentence before anything is started."""

import asyncio
import smtplib
import ssl
from contextlib import closing

import asyncpg
import redis
from sqlalchemy import make_url

from adapters.settings import Settings
from api.commands import CommandFailed

OLDEST_POSTGRESQL = 150_000
TRY_SECONDS = 5


def check_database(settings: Settings, *, as_owner: bool = False) -> str:
    """The server's version. Raises CommandFailed when there is no database, or none that will do."""
    url = (settings.database_owner_url or settings.database_url) if as_owner else settings.database_url
    if not url:
        raise CommandFailed(
            f"No database: set ENGAGE_DATABASE_URL, or start `engage run` (none runs on {settings.data_dir})."
        )
    try:
        number, version = asyncio.run(_server_version(url))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as failed:
        reason = str(failed).strip().split("\n")[0] or type(failed).__name__
        raise CommandFailed(f"The database at {_place(url)} cannot be reached: {reason}.") from failed
    if number < OLDEST_POSTGRESQL:
        raise CommandFailed(f"The database at {_place(url)} is PostgreSQL {version}; Engage needs 15 or newer.")
    return version


def check_redis(settings: Settings) -> str:
    """The server's version. Raises CommandFailed."""
    if not settings.redis_url:
        raise CommandFailed(
            f"No Redis: set ENGAGE_REDIS_URL, or start `engage run` (none runs on {settings.data_dir})."
        )
    client: redis.Redis = redis.Redis.from_url(
        settings.redis_url, socket_timeout=TRY_SECONDS, socket_connect_timeout=TRY_SECONDS
    )
    try:
        found = client.info("server")
        assert isinstance(found, dict)  # the client's types cover its asynchronous twin too
        return str(found["redis_version"])
    except redis.exceptions.RedisError as failed:
        raise CommandFailed(f"Redis cannot be reached: {failed}.") from failed
    finally:
        client.close()


def check_mail_server(settings: Settings) -> str:
    """How it is reached. Raises CommandFailed when it is not, or does not let us in."""
    place = f"{settings.smtp_host} port {settings.smtp_port}"
    secured = ssl.create_default_context() if settings.smtp_security == "tls" else None
    try:
        with closing(_mail_server(settings, secured)) as server:
            server.ehlo()
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if settings.smtp_username:
                server.login(settings.smtp_username, settings.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as failed:
        reason = str(failed).strip().split("\n")[0] or type(failed).__name__
        raise CommandFailed(f"The mail server at {place} cannot be used: {reason}.") from failed
    return f"by {place}, {settings.smtp_security}, as {settings.mail_sender}"


def _mail_server(settings: Settings, secured: ssl.SSLContext | None) -> smtplib.SMTP:
    if secured:
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=TRY_SECONDS, context=secured)
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TRY_SECONDS)


async def _server_version(url: str) -> tuple[int, str]:
    connection = await asyncpg.connect(plain(url), timeout=TRY_SECONDS)
    try:
        number = int(await connection.fetchval("show server_version_num"))
        return number, str(await connection.fetchval("show server_version"))
    finally:
        await connection.close()


def plain(url: str) -> str:
    """The address as PostgreSQL's own programs write it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def _place(url: str) -> str:
    parts = make_url(url)
    return f"{parts.host or parts.query.get('host', 'localhost')}{f':{parts.port}' if parts.port else ''}"
