"""How many contacts meet a condition, and what it costs to go by that.

The prices are microseconds with a million contacts. To pass an entry of an index takes the same always; to reach one
row at random takes as much as a hundred of them, and five times that where memory is slow: these prices are in between.
"""

from dataclasses import dataclass

from adapters.postgres.contact_conditions import Kind

# Up to so many of a set are counted, and so many are tried against the other conditions.
COUNTED = 500
TRIED = 50
# So many contacts there are where nobody asked: where all sets are small, every way is short.
EVERYBODY = 1_000_000
# More are not read at once.
MOST_AT_HAND = 150_000
COUNTED_TIMES, FEW_ELSEWHERE = 3, 5

HASHED, LOOKED_UP = 0.4, 4.0
# Who is looked up beside somebody else is on the same page of so many rows.
LOOKED_UP_NEXT, ON_A_PAGE = 0.7, 14
ASKED, ASKED_FOR_WORDS = 4.0, 6.0
# Who was created within such a share of everybody was created at one time.
ONE_TIME = 0.1


@dataclass(frozen=True, slots=True)
class Counted:
    """Of a condition: about how many meet it; which share of them meets all others, too; and of a word about how many
    of them are sorted under it, how many people before them, which share of everybody may have it by what an order
    tells, how many are found in no order, and how many in one that tells whether they are sorted under it. `among` is
    how many contacts there are, `between` how many were created since the first member and before the last one, and
    `astray` how likely it is that an order leads past the members: who was created at one time was active at one
    time. `of_last` is the share of its last ones that meets all others, if it is another one."""

    kind: Kind
    size: int
    share: float = 1.0
    under: int = 0
    before: int = 0
    told: float = 0.0
    untold: int = 0
    among: int = EVERYBODY
    between: int = EVERYBODY
    astray: float = 0.0
    beside: int = 0
    of_last: float | None = None

    def looked_up(self, left: float) -> float:
        """The price of looking up so many of them: who was created one after the other stands on the same pages."""
        on_a_page = ON_A_PAGE * min(1.0, left / max(self.between, 1))
        apart = 1.0 / max(1.0, on_a_page)
        return left * (LOOKED_UP_NEXT + (LOOKED_UP - LOOKED_UP_NEXT) * apart)

    @property
    def elsewhere(self) -> float:
        """How many are not sorted under it, as far as it is known: whoever is sorted under a name mostly is under an
        address as well, or has words of it, and is counted more than once."""
        return max(self.size - COUNTED_TIMES * self.under, 0.02 * self.size, 1.0)

    @property
    def silent(self) -> int:
        """How many are found where it is not told whether they are sorted under it."""
        return max(self.size - self.under - self.beside, 0)

    @property
    def is_of_one_time(self) -> bool:
        return self.between < ONE_TIME * self.among

    @property
    def scattered(self) -> float:
        """The share that is somewhere in the order: of those who stand together it is none."""
        return min(1.0, self.elsewhere / max(self.size, 1))

    @property
    def price(self) -> float:
        """Of asking whether one contact meets it."""
        return ASKED_FOR_WORDS if self.kind is Kind.WORD else ASKED

    def passed_before(self, *, descending: bool) -> int:
        """How many stand before those who are sorted under it."""
        return max(0, self.among - self.before - self.under) if descending else self.before

    def share_from(self, *, descending: bool) -> float:
        """Which share of those with whom it begins, or ends, meets all other conditions: as many of both were tried."""
        of_last = self.share if self.of_last is None else self.of_last
        return of_last if descending else max(0.0, 2 * self.share - of_last)

    @property
    def share_of_all(self) -> float:
        """The share of everybody who meets it."""
        return min(1.0, self.size / self.among)

    @property
    def least_share(self) -> float:
        """The same if everybody was counted as often as can be."""
        return self.share_of_all / (COUNTED_TIMES if self.kind is Kind.WORD else 1)

    @property
    def stands_together(self) -> bool:
        """Whether next to all who meet it are sorted under it."""
        return self.under > FEW_ELSEWHERE * self.elsewhere

    @property
    def told_of(self) -> float:
        """The share of everybody who may meet it, by what is told."""
        return max(self.told, self.share_of_all)

    @property
    def at_hand(self) -> float:
        """The price of having all of them at hand."""
        return HASHED * self.size if self.size <= MOST_AT_HAND else float("inf")
