"""Which passwords may be chosen."""

import unicodedata

import pytest

from domain.accounts.password_rules import check_password, common_passwords, exact
from domain.shared.errors import InvalidField


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "Zug nach Pankow 19 Uhr",
        "xK9#mQ2$vL7pW",
        "ж" * 3 + "опять весна",
        "a" * 8 + "bcxqzdnm",
    ],
)
def test_long_unusual_passwords_are_taken(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "xK9#mQ2$vL7"])
def test_short_ones_are_not(password: str) -> None:
    with pytest.raises(InvalidField) as refused:
        check_password(password)
    assert refused.value.errors[0].code == "too_short"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "P@ssw0rd1234",
        "passwordpassword",
        "123456789012",
        "qwertyuiop123",
        "aaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "letmein123456",
        "Welcome2024!!",
        "1qaz2wsx3edc",
        "Sunflower2024!",
        "monkeymonkey",
        "--c0rv3tt3--",
        "CORVETTE--1987",
    ],
)
def test_guessable_ones_are_not(password: str) -> None:
    with pytest.raises(InvalidField) as refused:
        check_password(password)
    assert refused.value.errors[0].code == "guessable"


def test_the_most_common_ones_are_known() -> None:
    assert len(common_passwords()) > 9_900
    assert {"123456", "qwerty", "iloveyou", "1qaz2wsx3edc"} <= common_passwords()


def test_a_common_word_among_others_is_no_fault() -> None:
    check_password("sunflower over elizabeth bridge")


def test_what_everybody_knows_of_the_user_counts_for_nothing() -> None:
    with pytest.raises(InvalidField):
        check_password("annexample2026", ("Ann Example", "ann@example.com"))
    with pytest.raises(InvalidField):
        check_password("northwind-123", ("Northwind",))


def test_very_long_ones_are_refused_rather_than_cut() -> None:
    check_password("correct horse battery staple " * 8)
    with pytest.raises(InvalidField):
        check_password("correct horse battery staple " * 9)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert exact(unicodedata.normalize("NFD", "Übergrößenträger")) == exact("Übergrößenträger")
