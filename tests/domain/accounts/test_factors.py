"""Codes of an app and recovery codes."""

from datetime import UTC, datetime, timedelta
from math import log2

import pyotp
import pytest

from domain.accounts.factors import (
    RECOVERY_ALPHABET,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    hash_of_code,
    is_totp,
    new_recovery_codes,
    new_totp_secret,
    plain_code,
    step_of,
)

NOW = datetime(2027, 3, 1, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
SECRET = new_totp_secret()


def code_at(steps: int) -> str:
    return pyotp.TOTP(SECRET).at(int((NOW + timedelta(seconds=30 * steps)).timestamp()))


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(steps: int) -> None:
    assert step_of(SECRET, code_at(steps), NOW, 0) == STEP + steps


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_but_not_more(steps: int) -> None:
    assert step_of(SECRET, code_at(steps), NOW, 0) is None


def test_a_step_that_was_taken_is_over_with_all_before_it() -> None:
    assert step_of(SECRET, code_at(0), NOW, STEP) is None
    assert step_of(SECRET, code_at(-1), NOW, STEP) is None
    assert step_of(SECRET, code_at(1), NOW, STEP) == STEP + 1


def test_a_secret_has_160_bits() -> None:
    assert len(SECRET) * 5 == 160


def test_recovery_codes_cannot_be_guessed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    assert RECOVERY_LENGTH * log2(len(set(RECOVERY_ALPHABET))) >= 112
    assert all(len(plain_code(code)) == RECOVERY_LENGTH for code in codes)


def test_a_code_is_the_same_however_it_is_written_down() -> None:
    [code, *_] = new_recovery_codes()
    assert hash_of_code(code) == hash_of_code(code.upper().replace("-", " "))
    assert plain_code(" 123 456 ") == "123456"


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""])
def test_what_no_app_shows_is_told_apart(code: str) -> None:
    assert not is_totp(code)
    assert step_of(SECRET, code, NOW, 0) is None
