"""Which variant of a step a contact gets: chance by weight, but the same answer however often it is asked."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID


def pick_variant(contact_id: UUID, step_id: UUID, weights: Sequence[int]) -> int:
    """The position of the contact's variant among `weights` (variants with weight 0 take no new people).

    Fixed by a hash of contact and step, so a retry, another worker and the preview agree, and so that the arms of two
    steps are independent. Raises ValueError when no weight is positive or one is negative.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("A step needs a variant with a positive weight, and none with a negative one.")
    drawn = int.from_bytes(sha256(contact_id.bytes + step_id.bytes).digest()[:8]) * total >> 64
    for position, weight in enumerate(weights):
        if drawn < weight:
            return position
        drawn -= weight
    raise AssertionError("The draw is below the sum of the weights.")
