"""What PostgreSQL refuses, in the domain's words. The one place where its errors are translated."""

from contextlib import AbstractContextManager

import asyncpg
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi

from domain.shared.errors import Contended, Unavailable

# With what a server says that was stopped for a while: it ends what has taken too long, and who was idle for too long.
# Where one dies in the middle of an answer, the driver does not know any more where it is.
UNREACHABLE = (
    ConnectionError,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,
)
# As which the pool passes on that the server refused a connection, while it starts or is full.
NOT_CONNECTED = AsyncAdapt_asyncpg_dbapi.Error
# 40P01 and 40001: the transaction was undone so that another could go on.
CONTENDED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class _Translated:
    """One for all: it is entered with every statement."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, CONTENDED):
            raise Contended from error
        if isinstance(error, (exc.TimeoutError, *UNREACHABLE)):
            raise Unavailable from error
        if isinstance(error, NOT_CONNECTED) and isinstance(error.__cause__, UNREACHABLE):
            raise Unavailable from error
        if isinstance(error, exc.DBAPIError):
            cause = error.orig and error.orig.__cause__
            if isinstance(cause, CONTENDED):
                raise Contended from error
            if error.connection_invalidated or isinstance(cause, UNREACHABLE):
                raise Unavailable from error


_TRANSLATED = _Translated()


def translated() -> AbstractContextManager[None]:
    """Raises Unavailable for a database that is away or too slow, Contended for a lost conflict; all else passes."""
    return _TRANSLATED


def violated(error: exc.IntegrityError) -> str | None:
    """The name of the constraint that a statement violated."""
    cause = error.orig.__cause__ if error.orig else None
    return getattr(cause, "constraint_name", None)
