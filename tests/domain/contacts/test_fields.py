"""Keys of own fields: words for programs that people understand, never one that is taken."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.fields import LONGEST_KEY, TAKEN, key_of


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Renewal date", "renewal_date"),
        ("Größe (m²)", "grosse_m2"),
        ("2nd phone", "field_2nd_phone"),
        ("電話", "field"),
        ("Email", "email_2"),
        ("Owner ID", "owner_id_2"),
        ("x" * 120, "x" * LONGEST_KEY),
    ],
)
def test_a_key_says_what_the_label_says(label: str, key: str) -> None:
    assert key_of(label, TAKEN) == key


@given(st.lists(st.text(max_size=130), max_size=30))
def test_no_two_fields_have_one_key(labels: list[str]) -> None:
    taken: set[str] = set(TAKEN)
    for label in labels:
        key = key_of(label, taken)
        assert key not in taken
        assert re.fullmatch(r"[a-z][a-z0-9_]*", key)
        assert len(key) <= LONGEST_KEY
        taken.add(key)
