"""Which variant a contact gets."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.salesflows.variants import pick_variant

STEP, OTHER_STEP = UUID(int=1), UUID(int=2)


def contacts(number: int) -> list[UUID]:
    return [UUID(int=1_000_003 * position) for position in range(number)]


@given(contact=st.uuids(), step=st.uuids(), weights=st.lists(st.integers(0, 100), min_size=1).filter(any))
def test_the_answer_is_the_same_however_often_it_is_asked(contact: UUID, step: UUID, weights: list[int]) -> None:
    picked = pick_variant(contact, step, weights)
    assert picked == pick_variant(contact, step, weights)
    assert weights[picked] > 0


def test_it_does_not_change_from_version_to_version() -> None:
    assert [pick_variant(contact, STEP, [50, 50]) for contact in contacts(8)] == [1, 1, 0, 0, 0, 0, 0, 1]


def test_contacts_are_split_as_weighed() -> None:
    split = Counter(pick_variant(contact, STEP, [70, 30]) for contact in contacts(5_000))
    assert 3_350 < split[0] < 3_650


def test_a_variant_without_weight_takes_nobody() -> None:
    assert {pick_variant(contact, STEP, [0, 1, 0]) for contact in contacts(200)} == {1}


def test_the_arms_of_two_steps_are_independent() -> None:
    both = Counter((pick_variant(c, STEP, [1, 1]), pick_variant(c, OTHER_STEP, [1, 1])) for c in contacts(2_000))
    assert min(both.values()) > 400


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_choose_nobody_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        pick_variant(UUID(int=7), STEP, weights)
