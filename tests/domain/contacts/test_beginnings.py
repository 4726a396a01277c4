"""What is said of the beginnings of words: whoever has a word is never said not to have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.beginnings import HALF, beginnings_of

terms = st.text(st.characters(exclude_categories=["Cs", "Zs"]), min_size=1, max_size=12)


def may_have(told: tuple[int, int], word: str) -> bool:
    """As the store asks."""
    asked = beginnings_of([word])
    return all(half & bits == bits for half, bits in zip(told, asked, strict=True))


@given(st.lists(terms, min_size=1, max_size=20), st.data())
def test_whoever_has_a_word_is_not_passed_over(has: list[str], data: st.DataObject) -> None:
    term = data.draw(st.sampled_from(has))
    length = data.draw(st.integers(1, len(term)))
    assert may_have(beginnings_of(has), term[:length])


@given(st.lists(terms, max_size=20))
def test_both_halves_are_numbers_that_postgresql_keeps(has: list[str]) -> None:
    assert all(-(2 ** (HALF - 1)) <= half < 2 ** (HALF - 1) for half in beginnings_of(has))


@given(st.lists(terms, max_size=20))
def test_the_order_of_words_does_not_matter(has: list[str]) -> None:
    assert beginnings_of(has) == beginnings_of(reversed(has)) == beginnings_of(set(has))


@pytest.mark.parametrize("word", ["mul", "joh", "x", "joanna", "617"])
def test_most_who_do_not_have_a_word_are_known(word: str) -> None:
    people = [["anna", f"smith{number}", f"c{number}.example", "16175004900", "ltd"] for number in range(100)]
    assert sum(may_have(beginnings_of(has), word) for has in people) < 40


def test_whoever_has_no_word_has_none_of_the_beginnings() -> None:
    assert beginnings_of([]) == (0, 0)
    assert not may_have((0, 0), "ann")
    assert may_have((-1, -1), "ann")
