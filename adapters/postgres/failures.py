"""What PostgreSQL refuses, in the domain's words. The one place where its errors are translated."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy import exc

from domain.shared.errors import Contended, Unavailable

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
# 40P01 and 40001: the transaction was undone so that another could go on.
CONTENDED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@contextmanager
def translated() -> Iterator[None]:
    """Raises Unavailable for a database that is away, Contended for a lost conflict; all else passes as it is."""
    try:
        yield
    except exc.TimeoutError as error:
        raise Unavailable from error
    except exc.DBAPIError as error:
        cause = error.orig and error.orig.__cause__
        if isinstance(cause, CONTENDED):
            raise Contended from error
        if error.connection_invalidated or isinstance(cause, UNREACHABLE):
            raise Unavailable from error
        raise
    except CONTENDED as error:
        raise Contended from error
    except UNREACHABLE as error:
        raise Unavailable from error


def violated(error: exc.IntegrityError) -> str | None:
    """The name of the constraint that a statement violated."""
    cause = error.orig.__cause__ if error.orig else None
    return getattr(cause, "constraint_name", None)
