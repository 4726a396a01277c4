"""What is read quickly is read as the library reads it."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from domain.contacts.usual_phones import plain_e164, plain_terms

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
FORMATS = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)


def by_library(given: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not possible or number.extension:
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def terms_by_library(e164: str) -> set[str]:
    number = phonenumbers.parse(e164)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    digits = {"".join(filter(str.isdigit, text)) for text in (e164, national)}
    return {*digits, phonenumbers.national_significant_number(number)}


digits = st.text(alphabet="0123456789", min_size=1, max_size=16)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """One that could be of a region, as it is written there or abroad, with separators in other places."""
    region = draw(st.sampled_from(REGIONS))
    example = phonenumbers.example_number(region) or phonenumbers.parse("+16175004900")
    number = str(phonenumbers.format_number(example, draw(st.sampled_from(FORMATS))))
    changed = "".join(
        draw(st.sampled_from("0123456789")) if one.isdigit() and draw(st.booleans()) else one for one in number
    )
    return changed, draw(st.sampled_from([region, draw(st.sampled_from(REGIONS))]))


@st.composite
def written(draw: st.DrawFn) -> str:
    """Digits with what people put between them."""
    plus = draw(st.sampled_from(["", "", "+", "00", "0", "1"]))
    return plus + "".join(
        one + draw(st.sampled_from(["", "", "", " ", "-", ".", "/", "(", ")", " (0) "])) for one in draw(digits)
    )


@settings(max_examples=1500)
@given(numbers())
def test_numbers_of_every_region(number: tuple[str, str]) -> None:
    given_, region = number

    assert plain_e164(given_, region) in (None, by_library(given_, region))


@settings(max_examples=1500)
@given(written(), st.sampled_from([*REGIONS, None, "US", "US", "DE", "GB", "FR", "IT"]))
def test_numbers_however_written(number: str, region: str | None) -> None:
    assert plain_e164(number, region) in (None, by_library(number, region))


@settings(max_examples=1500)
@given(numbers() | st.tuples(st.builds("+{}".format, digits), st.just("US")))
def test_what_they_are_found_by(number: tuple[str, str]) -> None:
    e164 = by_library(*number)

    assert e164 is None or plain_terms(e164) in (None, terms_by_library(e164))


@pytest.mark.parametrize(
    ("number", "region", "read"),
    [
        ("(617) 500-4900", "US", "+16175004900"),
        ("617.500.4900", "CA", "+16175004900"),
        ("+1 617 500 4900", None, "+16175004900"),
        ("0171 1234567", "DE", "+491711234567"),
        ("+49 171 1234567", "US", "+491711234567"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("01 23 45 67 89", "FR", "+33123456789"),
    ],
)
def test_the_usual_ways_are_plain(number: str, region: str | None, read: str) -> None:
    assert plain_e164(number, region) == read == by_library(number, region)


@pytest.mark.parametrize("number", ["+49 (0)171 1234567", "1-800-FLOWERS", "06 6982", "+1 617 500 4900 ext. 5", "٠١٢"])
def test_what_is_not_plain_is_left_to_the_library(number: str) -> None:
    assert plain_e164(number, "IT") is None
