"""What is dialed once the phone was answered; and what a user calls from."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.accounts.model import User
from domain.calls.dialer_phone import dialed_extension, with_dialer_phone
from domain.calls.model import DialerPhone, dialer_phone
from domain.shared.errors import InvalidField
from domain.shared.ids import UserId
from domain.shared.principal import Role

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ANN = User(UserId(UUID(int=1)), "ann@example.com", "Ann", Role.CONTRIBUTOR, NOW, NOW)


@pytest.mark.parametrize(("given", "kept"), [("12", "12"), (" 0012 ", "0012"), ("1234567890", "1234567890")])
def test_an_extension_is_digits(given: str, kept: str) -> None:
    assert dialed_extension(given) == kept


@pytest.mark.parametrize("given", [None, "", "  "])
def test_there_need_be_none(given: str | None) -> None:
    assert dialed_extension(given) is None


@pytest.mark.parametrize("given", ["12345678901", "12a", "1 2", "#5", "+1", "١٢", "1\n2"])
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(InvalidField) as refused:
        dialed_extension(given)
    [fault] = refused.value.errors
    assert (fault.pointer, fault.code) == ("/extension", "invalid_extension")


def test_a_user_calls_from_one_phone_or_none() -> None:
    phone = DialerPhone("+12025550143", "12", NOW)
    assert dialer_phone(ANN) is None
    assert dialer_phone(with_dialer_phone(ANN, phone)) == phone
    assert with_dialer_phone(with_dialer_phone(ANN, phone), None) == ANN
