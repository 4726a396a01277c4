"""The unit of work as services see it: what is read and written inside is one transaction of one organization."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from domain.shared.ids import OrganizationId

U_co = TypeVar("U_co", covariant=True)


class Units(Protocol[U_co]):
    """Opens units of work. Leaving one cleanly commits, leaving it by an exception rolls back."""

    def of(self, organization_id: OrganizationId) -> AbstractAsyncContextManager[U_co]:
        """A unit that sees and changes this organization's rows alone."""
        ...


class SystemUnits(Protocol[U_co]):
    """Opens units for sweepers, which see all organizations."""

    def system(self) -> AbstractAsyncContextManager[U_co]:
        """A unit across organizations: for finding what is due, never for answering a user."""
        ...
