"""What is typed into the search finds who is meant."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts import search_terms
from domain.contacts.folding import fold, sort_key
from domain.contacts.model import Contact, ContactStatusId
from domain.contacts.search_terms import LONGEST_TERM, MOST_WORDS, looked_up, search_words, terms_of
from domain.shared.errors import InvalidField
from domain.shared.ids import ContactId

WORDY = st.text(st.sampled_from("abAB 3-'.@éß("), max_size=8)
NOW = datetime(2026, 11, 2, tzinfo=UTC)


def a_contact(last_name: str = "Miller", **more: Any) -> Contact:
    return Contact(ContactId(uuid4()), last_name, ContactStatusId(uuid4()), "New", NOW, NOW, NOW, **more)


def is_found(contact: Contact, q: str) -> bool:
    """As the store does it: every word begins a term."""
    terms = terms_of(contact)
    words = search_words(q)
    return words is None or (words != () and all(any(term.startswith(word) for term in terms) for word in words))


JURGEN = a_contact(
    "Müller-Lüdenscheidt",
    first_name="Jürgen",
    email="J7.abc@prospect.example",
    company="Süd\nGmbH & Co. (Amazon.com)",
    business_phone="+16175004900",
    mobile_phone="+491711234567",
)


@pytest.mark.parametrize(
    "q",
    [
        "jürgen müller",
        "JURGEN",
        "jur mul",
        "lüdenscheidt",
        "müller-lüd",
        "müller jürgen",
        "j7.abc@",
        "J7.ABC@prospect.example",
        "<j7.abc@prospect.example>",
        "j7.ab",
        "abc",
        "@prospect.example",
        "prospect.ex",
        "prospect",
        "süd gmbh",
        "amazon.com",
        "amazon",
        "617 500 4900",
        "(617) 500-49",
        "617-500",
        "617",
        "+1 617 500 4900",
        "001 617 500 4900",
        "0171 1234567",
        "+49 (0)171 1234567",
        "0049 171 123",
        "jürgen 617-500-4900",
        "Jürgen, Müller",
    ],
)
def test_people_are_found_by(q: str) -> None:
    assert is_found(JURGEN, q)


@pytest.mark.parametrize("q", ["jürgen meier", "ürgen", "4900", "example", "+44 617 500", "!!!", "jürgen @ x"])
def test_people_are_not_found_by(q: str) -> None:
    assert not is_found(JURGEN, q)


@pytest.mark.parametrize("name", ["O'Brien", "O’Brien"])
@pytest.mark.parametrize("q", ["o'brien", "o’brien", "obrien", "brien"])
def test_apostrophes_do_not_matter(name: str, q: str) -> None:
    assert is_found(a_contact(name), q)


def test_nothing_typed_searches_for_nothing() -> None:
    assert search_words(None) is None
    assert search_words("  ") is None


def test_what_has_no_letter_matches_nobody() -> None:
    assert search_words("!?") == ()


def test_too_many_words_are_refused() -> None:
    with pytest.raises(InvalidField):
        search_words(" ".join(f"word{number}x" for number in range(MOST_WORDS + 1)))


words = st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=20)


@given(st.lists(words, min_size=1, max_size=5), st.sampled_from([" ", "-", "'", ".", ", ", "/"]))
def test_everybody_is_found_by_the_own_name(parts: list[str], between: str) -> None:
    name = between.join(parts)
    assert is_found(a_contact(name), name)


@given(st.text(max_size=255), st.text(max_size=255))
def test_terms_fit_into_an_index_and_can_be_stored(name: str, company: str) -> None:
    for term in terms_of(a_contact(name, company=company)):
        assert 1 <= len(term) <= LONGEST_TERM
        assert "\0" not in term
        assert term.encode()


@given(st.one_of(WORDY, st.text(max_size=80)), st.one_of(WORDY, st.text(max_size=80)))
def test_plain_words_are_taken_apart_as_all_others(text: str, name: str) -> None:
    assert set(search_terms._text_terms(text)) == search_terms._odd_terms(text)
    folded = fold(name)
    assert search_terms._parts(folded) == search_terms._PARTS.findall(folded)


@given(st.text(max_size=255))
def test_any_query_is_read_or_refused(q: str) -> None:
    try:
        words = search_words(q)
    except InvalidField:
        return
    for word in words or ():
        assert 1 <= len(word) <= LONGEST_TERM
        assert "\0" not in word
        assert word.encode()


@given(WORDY, WORDY, WORDY, st.sampled_from([None, "ab.a3@ba.example", "3b@a.example", "Éa@b.example"]), WORDY)
def test_what_begins_a_sort_key_is_found_by_it(first: str, last: str, company: str, email: str | None, q: str) -> None:
    contact = a_contact(last, first_name=first, company=company, email=email, business_phone="+16175004900")
    keys = (sort_key(contact.name), contact.email_key, sort_key(contact.company))
    kept = looked_up(terms_of(contact), keys)

    for word in search_words(q) or ():
        is_term = any(term.startswith(word) for term in terms_of(contact))
        assert is_term == any(found.startswith(word) for found in (*kept, *keys))
    assert {"16175004900", "6175004900"} <= kept
