"""An entry of the suppression list."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.shared.ids import SuppressionId, UserId


class SuppressionKind(StrEnum):
    """What is suppressed: an address, all addresses of a domain, a phone number."""

    EMAIL = "email"
    DOMAIN = "domain"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Suppression:
    """An entry. Only a domain can be read back; nobody in `created_by` means that the person asked for it."""

    id: SuppressionId
    kind: SuppressionKind
    reason: str
    created_at: datetime
    domain: str | None = None
    created_by: UserId | None = None
    created_by_name: str | None = None

    @property
    def by_person(self) -> bool:
        return self.created_by is None
