"""What is typed about a contact is kept in one form, or refused with the place and the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.model import UNSET, ContactChanges, NewContact
from domain.contacts.normalisation import LONGEST, has_local_phone, normalised
from domain.shared.errors import Rejected


def faults(given_: NewContact | ContactChanges) -> dict[str, str]:
    with pytest.raises(Rejected) as refused:
        normalised(given_, "US")
    return {error.pointer: error.code for error in refused.value.errors}


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("(617) 500-4900", "US", "+16175004900"),
        ("+1 617 555 0100", None, "+16175550100"),
        ("0171 1234567", "DE", "+491711234567"),
        ("+49 (0)171 1234567", "US", "+491711234567"),
        ("020 7946 0958", "GB", "+442079460958"),
    ],
)
def test_phones_are_kept_as_e164(written: str, country: str | None, kept: str) -> None:
    assert normalised(NewContact("Miller", business_phone=written), country).business_phone == kept


def test_the_contacts_country_decides_about_the_phone() -> None:
    kept = normalised(NewContact("Müller", mobile_phone="0171 1234567", country="de"), "US")
    assert (kept.mobile_phone, kept.country) == ("+491711234567", "de")


@pytest.mark.parametrize("phone", ["12", "500-4900", "call me", "+1 617", "617 500 4900 ext. 12", "٠"])
def test_what_nobody_can_dial_is_refused(phone: str) -> None:
    assert set(faults(NewContact("Miller", business_phone=phone))) == {"/business_phone"}


def test_a_local_phone_needs_a_country() -> None:
    assert has_local_phone(NewContact("Miller", mobile_phone="617 500 4900"))
    assert not has_local_phone(NewContact("Miller", mobile_phone="+1 617 500 4900"))
    assert not has_local_phone(ContactChanges(mobile_phone=None))


@pytest.mark.parametrize("email", ["a@b", "not-an-address", "a b@prospect.example", "@prospect.example", "a@[1.2.3.4]"])
def test_what_is_no_address_is_refused(email: str) -> None:
    assert faults(NewContact("Miller", email=email)) == {"/email": "invalid_email"}


def test_an_address_is_kept_as_its_owner_writes_it() -> None:
    assert normalised(NewContact("Miller", email=" Ann@Prospect.EXAMPLE "), None).email == "Ann@prospect.example"


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_last_name_is_required(name: str | None) -> None:
    assert faults(NewContact(name or "")) == {"/last_name": "required"}
    assert faults(ContactChanges(last_name=name)) == {"/last_name": "required"}


@pytest.mark.parametrize("field", LONGEST)
def test_texts_have_a_longest(field: str) -> None:
    assert faults(ContactChanges(**{field: "x" * (LONGEST[field] + 1)})) == {f"/{field}": "too_long"}


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_postgresql_cannot_keep_is_refused(text: str) -> None:
    assert faults(NewContact(text, city=text)) == {
        "/last_name": "invalid_characters",
        "/city": "invalid_characters",
    }


def test_every_fault_is_told() -> None:
    assert set(faults(NewContact("", email="x", business_phone="1", time_zone="Mars/Base"))) == {
        "/last_name",
        "/email",
        "/business_phone",
        "/time_zone",
    }


def test_spaces_alone_are_nothing() -> None:
    assert normalised(NewContact(" Miller ", city="  "), None) == NewContact("Miller")


def test_a_line_break_in_a_company_stays() -> None:
    assert normalised(NewContact("Miller", company="Süd\nGmbH"), None).company == "Süd\nGmbH"


def test_what_a_patch_does_not_mention_stays_unset() -> None:
    kept = normalised(ContactChanges(city=None), None)
    assert (kept.city, kept.company) == (None, UNSET)


def test_a_patch_cannot_clear_the_status() -> None:
    assert faults(ContactChanges(status=None)) == {"/status": "required"}


@given(
    last_name=st.text(max_size=150),
    email=st.none() | st.text(max_size=80) | st.emails(),
    phone=st.none() | st.text(max_size=40) | st.from_regex(r"\+?[\d ()\-]{3,20}", fullmatch=True),
    company=st.none() | st.text(max_size=300),
)
def test_what_was_kept_once_is_kept_as_it_is(
    last_name: str, email: str | None, phone: str | None, company: str | None
) -> None:
    try:
        once = normalised(NewContact(last_name, email=email, business_phone=phone, company=company), "US")
    except Rejected:
        return
    assert normalised(once, "DE") == once
