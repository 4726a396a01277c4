"""How long a Salesflow waits before a step."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.shared.errors import InvalidField

_LONGEST = timedelta(days=365)


class DelayUnit(StrEnum):
    """Minutes and hours pass on any clock, days on the sender's calendar, business days only when the sender works."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True, slots=True)
class Delay:
    """A wait, counted from the completion of the step before. Raises InvalidField when negative or over a year."""

    amount: int
    unit: DelayUnit

    def __post_init__(self) -> None:
        longest = self.longest(self.unit)
        if not 0 <= self.amount <= longest:
            message = f"A delay is between 0 and {longest} {self.unit.value}."
            raise InvalidField("/delay/amount", "out_of_range", message, minimum=0, maximum=longest)

    @staticmethod
    def longest(unit: DelayUnit) -> int:
        """The greatest amount of a unit: about a year."""
        match unit:
            case DelayUnit.MINUTES:
                return _LONGEST // timedelta(minutes=1)
            case DelayUnit.HOURS:
                return _LONGEST // timedelta(hours=1)
            case _:
                return _LONGEST.days


NO_DELAY = Delay(0, DelayUnit.MINUTES)
