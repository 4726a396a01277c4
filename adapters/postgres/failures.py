"""What PostgreSQL refuses, in the domain's words. The one place where its errors are translated."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy import exc

from domain.shared.errors import Unavailable

UNREACHABLE = (
    ConnectionError,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.TooManyConnectionsError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Raises Unavailable for a database that is away; everything else passes as it is."""
    try:
        yield
    except exc.TimeoutError as error:
        raise Unavailable from error
    except exc.DBAPIError as error:
        if error.connection_invalidated or isinstance(error.orig and error.orig.__cause__, UNREACHABLE):
            raise Unavailable from error
        raise
    except UNREACHABLE as error:
        raise Unavailable from error


def violated(error: exc.IntegrityError) -> str | None:
    """The name of the constraint that a statement violated."""
    cause = error.orig.__cause__ if error.orig else None
    return getattr(cause, "constraint_name", None)
