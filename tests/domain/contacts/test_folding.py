"""Words are compared in one form, however they are written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.folding import LONGEST_KEY, fold, sort_key


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Müller", "muller"),
        ("MU\u0308LLER", "muller"),
        ("Straße", "strasse"),
        ("Søren Łukasz", "soren lukasz"),
        ("  Ann\t\n Mary ", "ann mary"),
        ("O\u2019Brien", "o'brien"),
        ("Ｆｕｌｌ", "full"),
        ("Ann\u200bMary", "ann mary"),
        ("ΑΘΉΝΑ", "αθηνα"),
    ],
)
def test_accents_case_and_spaces_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_all_normal_forms_are_folded_alike(text: str) -> None:
    assert len({fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}) == 1


@given(st.text())
def test_what_is_folded_can_be_stored(text: str) -> None:
    assert "\0" not in fold(text)
    fold(text).encode()


@given(st.text(alphabet=st.characters(max_codepoint=0x31F)))
def test_latin_letters_are_folded_each_by_itself_as_they_are_together(text: str) -> None:
    """A mark in the text has it folded as a whole."""
    assert fold(text) == fold(text + "\u0301")


@given(st.text(min_size=1) | st.text(alphabet="\ufdfa", min_size=200))
def test_a_sort_key_fits_into_an_index(text: str) -> None:
    assert len(sort_key(text)) <= LONGEST_KEY


def test_nothing_is_sorted_first() -> None:
    assert sort_key(None) == ""
