"""What a user may write into his profile, and the form in which it is kept."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.model import User, email_key
from domain.accounts.profile import changed, email_address, phone
from domain.accounts.working_hours import WorkingHours
from domain.shared.errors import InvalidField, Rejected
from domain.shared.ids import UserId
from domain.shared.principal import Role

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ANN = User(UserId(uuid4()), "ann@example.com", "Ann Example", Role.CONTRIBUTOR, NOW, NOW, phone="+12025550123")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("+1 202 555 0123", "+12025550123"), ("(202) 555-0123", "+12025550123"), ("+49 30 901820", "+4930901820")],
)
def test_phones_are_kept_as_e164(given: str, kept: str) -> None:
    assert changed(ANN, {"phone": given}, NOW).phone == kept


def test_a_phone_without_country_code_is_of_the_cultures_country() -> None:
    assert changed(ANN, {"phone": "030 901820", "culture": "de-DE"}, NOW).phone == "+4930901820"


@pytest.mark.parametrize("given", ["123", "call me", "+1 202 555 0123 0123 0123 0123", "+999 1234567"])
def test_what_is_no_phone_is_refused(given: str) -> None:
    with pytest.raises(InvalidField):
        phone(given, "US")


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_what_may_be_empty_can_be_cleared(nothing: str | None) -> None:
    cleared = changed(ANN, {"phone": nothing, "job_title": nothing, "company": nothing}, NOW)
    assert (cleared.phone, cleared.job_title, cleared.company) == (None, None, None)


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_name_cannot_be_cleared(nothing: str | None) -> None:
    with pytest.raises(Rejected) as refused:
        changed(ANN, {"name": nothing}, NOW)
    assert refused.value.errors[0].pointer == "/name"


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Rejected) as refused:
        changed(ANN, {"time_zone": "Mars/Olympus", "culture": "klingon", "phone": "x", "name": "fine"}, NOW)
    assert {error.pointer for error in refused.value.errors} == {"/time_zone", "/culture", "/phone"}


@pytest.mark.parametrize(("given", "kept"), [("de-de", "de-DE"), ("en_US", "en-US"), ("zh-hans-cn", "zh-Hans-CN")])
def test_cultures_are_kept_in_one_spelling(given: str, kept: str) -> None:
    assert changed(ANN, {"culture": given}, NOW).culture == kept


def test_working_hours_move_with_the_time_zone() -> None:
    working = replace(ANN, working_hours=WorkingHours("America/New_York"))
    assert changed(working, {"time_zone": "Europe/Berlin"}, NOW).hours.time_zone == "Europe/Berlin"


def test_hours_that_were_never_set_follow_the_profile() -> None:
    hours = changed(ANN, {"time_zone": "Europe/Berlin", "culture": "de-DE"}, NOW).hours
    assert (hours.time_zone, hours.country) == ("Europe/Berlin", "DE")


def test_a_field_of_two_lines_is_refused() -> None:
    with pytest.raises(Rejected):
        changed(ANN, {"job_title": "Buyer\r\nBcc: all@example.com"}, NOW)


@pytest.mark.parametrize("given", ["ann", "ann@", "@example.com", "ann@example", "a b@example.com", "ann@exa mple.com"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(InvalidField):
        email_address("/email", given)


@given(st.sampled_from(["Ann@Example.com", " ann@example.COM ", "ANN@EXAMPLE.COM"]))
def test_all_spellings_of_an_address_are_one(given: str) -> None:
    assert email_key(given) == "ann@example.com"
