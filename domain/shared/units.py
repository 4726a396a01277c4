"""The unit of work as services see it: what is read and written inside is one transaction of one organization."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from domain.shared.errors import Contended
from domain.shared.ids import OrganizationId

U_co = TypeVar("U_co", covariant=True)
T = TypeVar("T")

PATIENCE = 5


class Units(Protocol[U_co]):
    """Opens units of work. Leaving one cleanly commits, leaving it by an exception rolls back."""

    def of(self, organization_id: OrganizationId) -> AbstractAsyncContextManager[U_co]:
        """A unit that sees and changes this organization's rows alone."""
        ...


class ReadingUnits(Units[U_co], Protocol[U_co]):
    """Opens units for lists that people wait for as well."""

    def reading(self, organization_id: OrganizationId) -> AbstractAsyncContextManager[U_co]:
        """A unit to read from alone: what is written in it is rolled back, and its end costs no time."""
        ...


class SystemUnits(Protocol[U_co]):
    """Opens units for sweepers, which see all organizations."""

    def system(self) -> AbstractAsyncContextManager[U_co]:
        """A unit across organizations: for finding what is due, never for answering a user."""
        ...


async def repeated(work: Callable[[], Awaitable[T]]) -> T:
    """Does `work`, again when another transaction was in its way. Raises Contended when that does not end.

    For work that is one whole unit, so that nothing is left of a vain try. PostgreSQL waits before it calls a circle a
    deadlock, so the other one has gone on by then.
    """
    for _ in range(PATIENCE - 1):
        try:
            return await work()
        except Contended:
            continue
    return await work()
