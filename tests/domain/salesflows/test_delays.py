"""Delays have bounds."""

import pytest

from domain.salesflows.delays import Delay, DelayUnit
from domain.shared.errors import InvalidField


@pytest.mark.parametrize("unit", DelayUnit)
def test_a_year_is_the_longest_delay(unit: DelayUnit) -> None:
    longest = Delay.longest(unit)
    assert Delay(longest, unit).amount == longest
    with pytest.raises(InvalidField):
        Delay(longest + 1, unit)


def test_a_delay_is_never_negative() -> None:
    with pytest.raises(InvalidField) as refused:
        Delay(-1, DelayUnit.DAYS)
    assert refused.value.errors[0].pointer == "/delay/amount"
