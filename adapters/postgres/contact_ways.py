"""Which way leads to a page the soonest, judged by how many contacts meet each condition.

The prices are microseconds, as in `contact_counted`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import prod

from adapters.postgres.contact_conditions import BY_ID, BY_ROW, TOLD_BY_ORDERS, Kind
from adapters.postgres.contact_counted import ASKED, ASKED_FOR_WORDS, HASHED, TRIED, Counted

# How many contacts may be passed along an order: few values make few statements, and too long a way is cut off.
REACHES = (1_000, 3_000, 10_000, 30_000, 60_000, 120_000)
PATIENCE = 36_000

PASSED, READ, LOOKED_AT, LEFT_OUT = 0.13, 0.2, 0.13, 1.5
# Who is found by a word may be found by it in several places.
ONCE = 0.15
# Rows stand in the order of creation, and in no other.
SEEN, SEEN_APART = 1.0, 5.0
TOLD_BY_ROWS = (Kind.STATUS, Kind.OWNER)
# Who are alike in one thing stand in groups by another one: all who have a last name among those of a first name.
A_GROUP = 10_000
# So much of an order is looked at to see what it is like, for so long at most. So many who are met say as much as what
# was believed before, and more of them say it alone.
SEEN_AT_ONCE, WORTH_SEEING = (300, 100, 50), 450.0
FEW_MET = 5
# How fast the risk falls that a way is too short, as it goes on: faster where somebody was met on it, if there is room.
FALLING, FALLING_FAST, ROOMY = 1.5, 3.0, 2.0
# What more of everybody meet is asked late.
MOST = 0.6
# What an order tells of whom it passes.
TOLD = 0.07


class Way(StrEnum):
    """To the contacts of a page."""

    # Along the index of the order, all who are met.
    ALONG = "along"
    # In the order of creation: along the first condition's own members, who are in it.
    NATIVE = "native"
    # The first condition's members all together, then in their order.
    WHOLE = "whole"
    # Along the index of the order, with the first condition's members at hand.
    HASHED = "hashed"
    # Along the index of the order, asking about each who is met.
    PROBED = "probed"


@dataclass(frozen=True, slots=True)
class Near:
    """What was seen of an order from where the page begins: how many were passed, and how many of them match."""

    passed: int
    met: int


@dataclass(frozen=True, slots=True)
class Route:
    """A way, the conditions by their numbers in the order to take them, and how many after the first are read whole,
    too. `reach` is how many contacts are passed along the order before the set of the first condition is read: all of
    its members in their order, or where it `goes_on`, along the order: with them at hand, if `at_hand` is one then.
    Without a reach the way has no other end than its own.
    `few_elsewhere` tells that next to all members are sorted under the word that is the first condition. So many as
    `late` at the end are asked about only when those who are left are in their order, until the page is full."""

    way: Way
    order: tuple[int, ...]
    at_hand: int = 0
    reach: int = 0
    goes_on: bool = False
    few_elsewhere: bool = False
    late: int = 0


# A way with its price.
Offer = tuple[float, Route]


def chosen(
    counted: Sequence[Counted], fetched: int, *, by_creation: bool, descending: bool = False, near: Near | None = None
) -> Offer:
    """The cheapest route to the first `fetched` who meet all conditions."""
    offers = routes(counted, fetched, by_creation=by_creation, descending=descending, near=near)
    return min(offers, key=_price)


def routes(
    counted: Sequence[Counted], fetched: int, *, by_creation: bool, descending: bool = False, near: Near | None = None
) -> Iterator[Offer]:
    """All there are, each with its price: of what is enough mostly, and of what has to be done where it is not."""
    matching = max(min(one.size * _passing(counted, one, one.share) for one in counted), 1.0)
    along = _along(counted, fetched, matching, near, descending=descending)
    farther = _farther(counted, descending=descending)
    offers = [_whole(counted, first, fetched, matching, by_creation=by_creation) for first in range(len(counted))]
    yield from offers
    for (rescue, whole), one in zip(offers, counted, strict=True):
        if by_creation and one.kind in BY_ID:
            asked = sum(_asking(one, other) for other in counted if other is not one)
            met = fetched / _passing(counted, one, one.share_from(descending=descending))
            price, reach = _Along(met, met).walked(READ + asked, rescue)
            # Where nobody is asked, the way to its end costs no more than reading them whole.
            yield price, replace(whole, way=Way.NATIVE, reach=reach if asked else 0)
            if asked:
                yield _native_with(counted, counted.index(one), fetched, descending=descending)
        looked_at = _looked_at(counted, by_creation=by_creation, at_hand=one)
        # Who has them at hand may go on with them.
        rescue, route = min((rescue, whole), _followed_with(counted, one, farther, by_creation=by_creation), key=_price)
        price, reach = along.walked(looked_at, rescue)
        yield one.at_hand + price, replace(route, way=Way.HASHED, reach=0 if route.goes_on else reach)
    followed = [_followed_with(counted, one, farther, by_creation=by_creation) for one in counted]
    rescue, route = min([*offers, *followed, *_followed(counted, fetched, farther)], key=_price)
    looked_at = _looked_at(counted, by_creation=by_creation)
    price, reach = along.walked(looked_at, rescue)
    same = route.goes_on and not route.at_hand
    yield price, replace(route, way=Way.PROBED, reach=0 if same else reach)


@dataclass(frozen=True, slots=True)
class _Along:
    """About how many are passed along an order, as far as something was seen of it, and if nothing had been; how
    likely it leads past those who are looked for; and how fast the risk falls that it is too short."""

    passed: float
    unseen: float
    astray: float = 0.0
    falling: float = FALLING

    def walked(self, looked_at: float, rescue: float) -> tuple[float, int]:
        """The price, and how far to go."""
        reach = _reach(self.unseen, looked_at, rescue)
        falling = self.falling if reach > ROOMY * self.unseen else FALLING
        price = self.passed * looked_at + _risk(self.passed, reach, falling) * rescue
        return price + self.astray * (reach * looked_at + rescue), reach


def _along(counted: Sequence[Counted], fetched: int, matching: float, near: Near | None, *, descending: bool) -> _Along:
    unseen = _passed(counted, fetched, matching, descending=descending)
    if near and near.met:
        return _Along(_passed_by_what_was_seen(near, fetched, unseen), unseen, falling=FALLING_FAST)
    return _Along(unseen, unseen, max(one.astray for one in counted))


def _passed_by_what_was_seen(near: Near, fetched: int, unseen: float) -> float:
    """Where few were met, what was believed before counts as much as FEW_MET of them."""
    if near.met >= FEW_MET:
        return min(unseen, fetched * near.passed / near.met)
    return (fetched * near.passed + FEW_MET * unseen) / (near.met + FEW_MET)


def seen(counted: Sequence[Counted], *, by_creation: bool) -> int:
    """How much of an order is looked at to see what it is like: less where many are asked about."""
    looked_at = _looked_at(counted, by_creation=by_creation)
    return next((reach for reach in SEEN_AT_ONCE if reach * looked_at <= WORTH_SEEING), SEEN_AT_ONCE[-1])


def _price(offer: Offer) -> float:
    return offer[0]


def _passed(counted: Sequence[Counted], fetched: int, matching: float, *, descending: bool) -> float:
    """About how many stand before the last of the page, along the order: those who are sorted under a word are all
    together, at a place of it that is known."""
    scattered = fetched * counted[0].among / matching / min(one.scattered for one in counted)
    together = [
        one.passed_before(descending=descending) + fetched / _passing(counted, one, one.share)
        for one in counted
        if one.under * _passing(counted, one, one.share) > fetched
    ]
    return min([scattered, *together])


def _followed_with(counted: Sequence[Counted], one: Counted, farther: float, *, by_creation: bool) -> Offer:
    """Along as much of the order as it takes, with the members of a set at hand."""
    looked_at = LOOKED_AT + _looked_at(counted, by_creation=by_creation, at_hand=one)
    route = Route(Way.PROBED, _order(counted, counted.index(one)), at_hand=1, goes_on=True)
    return HASHED * one.size + farther * looked_at, route


def _followed(counted: Sequence[Counted], fetched: int, farther: float) -> Iterator[Offer]:
    """The same by what the order tells: those who do not match are passed, but for a few, and all others are asked
    for."""
    told = [one for one in counted if one.kind in TOLD_BY_ORDERS]
    asked = [one for one in counted if one.kind not in TOLD_BY_ORDERS]
    if told:
        share = prod(one.share_of_all for one in told)
        mistaken = prod(one.told or one.share_of_all for one in told) - prod(one.least_share for one in told)
        passing = PASSED + TOLD + ASKED_FOR_WORDS * max(mistaken, 0.0) + ASKED * len(asked) * share
        route = Route(Way.PROBED, _order(counted, counted.index(told[0])), goes_on=True)
        yield farther * passing + fetched * sum(one.price for one in counted), route


def _farther(counted: Sequence[Counted], *, descending: bool) -> float:
    """How many stand before the last of the page where they do not stand just anywhere: those before the ones who stand
    together; else the fewer, the more match."""
    together = [one.passed_before(descending=descending) for one in counted if one.stands_together]
    everybody = counted[0].among
    if together:
        return min(everybody, max(together) + A_GROUP)
    return min(everybody, 0.25 * everybody * (1.0 - prod(one.share_of_all for one in counted)) + A_GROUP)


def _looked_at(counted: Sequence[Counted], *, by_creation: bool, at_hand: Counted | None = None) -> float:
    """The price of passing somebody along an order: what it tells decides first, then the set that is at hand, and
    about who is left is asked. Rows are read for it where no words are looked for."""
    others = [one for one in counted if one is not at_hand]
    told = [one for one in others if one.kind in TOLD_BY_ORDERS]
    reads_rows = at_hand is None and not told
    by_rows = [one for one in others if reads_rows and one.kind in TOLD_BY_ROWS]
    left = prod(one.told_of for one in (*told, *by_rows, *([at_hand] if at_hand else [])))
    asked = [one for one in others if one.kind is Kind.WORD or one not in (*told, *by_rows)]
    seen = (SEEN if by_creation else SEEN_APART) if by_rows else 0.0
    return PASSED + TOLD * bool(told) + seen + left * sum(one.price for one in asked)


def _whole(counted: Sequence[Counted], first: int, fetched: int, matching: float, *, by_creation: bool) -> Offer:
    """Those who stand together under a word are left out of the others before these are looked up, or afterwards."""
    one = counted[first]
    if by_creation:
        return _narrowed(counted, first, one.size, matching)
    if not one.under:
        return _looked_up(counted, first, fetched, one.size, matching)
    read, share = max(one.size - one.under, one.elsewhere), one.elsewhere / max(one.size, 1)
    before, left_out = _looked_up(counted, first, fetched, one.elsewhere, matching * share)
    before += HASHED * one.under if one.silent else 0.0
    afterwards, route = _looked_up(counted, first, fetched, min(read, one.silent + one.elsewhere), matching)
    price, route = (before, left_out) if before < afterwards else (afterwards, replace(route, few_elsewhere=True))
    return READ * read + price, route


def _narrowed(counted: Sequence[Counted], first: int, size: float, matching: float) -> Offer:
    """So many of the first are read, and the other conditions are asked about each of them, or their members are read
    as well, whichever costs less."""
    read = READ + ONCE * (counted[first].kind is Kind.WORD)
    price, at_hand, asked, left = read * size, list[int](), list[int](), size
    for number in _order(counted, first)[1:]:
        other = counted[number]
        told = _left_by_order(counted[first], other) * left
        by_id = _asking(counted[first], other) * told
        (at_hand if other.at_hand < by_id else asked).append(number)
        price += min(other.at_hand, by_id)
        left = max(told / 2, matching)
    return price, Route(Way.WHOLE, (first, *at_hand, *asked), len(at_hand))


def _native_with(counted: Sequence[Counted], first: int, fetched: int, *, descending: bool) -> Offer:
    """Along the first one's members, at worst to their end, with those of the smallest other set at hand."""
    one, others = counted[first], _order(counted, first)[1:]
    least = min(others, key=lambda number: counted[number].at_hand)
    asked = [number for number in others if number != least]
    left = counted[least].told_of * sum(_asking(one, counted[number]) for number in asked)
    # Whom nobody is asked about may be many: what a few who were tried leave possible is not believed.
    chance = prod(counted[number].share_of_all for number in others)
    passing = max(one.share_from(descending=descending), chance)
    passed = min(one.size, 2 * fetched / passing) if passing else one.size
    price = counted[least].at_hand + passed * (READ + LOOKED_AT + left)
    return price, Route(Way.NATIVE, (first, least, *asked), at_hand=1)


def _looked_up(counted: Sequence[Counted], first: int, fetched: int, size: float, matching: float) -> Offer:
    """The same where those who are left are looked up. What their rows tell is known then, so it is asked for before
    only where that saves more; and what most of them meet is asked late, as far as the page goes. Each other condition
    is believed to leave the same share, down to those who match."""
    price, at_hand, asked, others = READ * size, list[int](), list[int](), _order(counted, first)[1:]
    matching = min(matching, max(size, 1.0))
    left = max(size * prod(_left_by_order(counted[first], counted[number]) for number in others), matching)
    late = [number for number in others if _is_late(counted[number])]
    telling = [number for number in others if number not in late]
    leaves = (matching / left) ** (1 / len(telling)) if telling else 1.0
    for number in telling:
        other = counted[number]
        by_row = other.kind in BY_ROW and other.kind not in TOLD_BY_ROWS
        by_id = counted[first].looked_up(left) * (1 - leaves) if by_row else _left_out(counted[first], other, left)
        (at_hand if other.at_hand < by_id else asked).append(number)
        if not by_row or other.at_hand < by_id:
            price, left = price + min(other.at_hand, by_id), left * leaves
    price += counted[first].looked_up(left) + sum(counted[number].price * min(left, 2 * fetched) for number in late)
    return price, Route(Way.WHOLE, (first, *at_hand, *asked, *late), len(at_hand), late=len(late))


def _left_out(one: Counted, other: Counted, left: float) -> float:
    """The price of leaving out who does not meet the other condition before anybody is looked up: a status and an owner
    have their members in the order of the ids that are looked up."""
    return min(LEFT_OUT * left, one.looked_up(left)) if other.kind in TOLD_BY_ROWS else other.price * left


def _is_late(one: Counted) -> bool:
    """Whether most meet it, and it is told elsewhere than in their rows."""
    return one.share_of_all > MOST and one.kind not in BY_ROW


def _asking(one: Counted, other: Counted) -> float:
    """The price of asking whether somebody of a set meets the other condition: nothing where that is told."""
    return 0.0 if _is_told(one, other) else other.price


def _is_told(one: Counted, other: Counted) -> bool:
    """Whether it is told with the members of a set when they were last active."""
    return other.kind is Kind.ACTIVITY and one.kind in TOLD_BY_ROWS


def _left_by_order(one: Counted, other: Counted) -> float:
    """Which share of a set's members is left by what is told of the other condition where they are read: of those who
    are found by a word in an order."""
    if _is_told(one, other):
        return other.told_of
    if not {one.kind, other.kind} <= {*TOLD_BY_ORDERS}:
        return 1.0
    untold = min(1.0, one.untold / max(one.size - one.under, 1))
    return untold + (1.0 - untold) * other.told_of


def _passing(counted: Sequence[Counted], one: Counted, tried: float) -> float:
    """Which share of a set meets all other conditions, as it was of those who were tried. They may be alike, as people
    of one name are: what a search by chance would find is believed as well, since a way that is too short costs
    little. Whom one time has in common are like those who were tried."""
    chance = 0.0 if one.is_of_one_time else prod(other.share_of_all for other in counted if other is not one)
    return max(tried, chance, 0.5 / TRIED)


def _risk(passed: float, reach: int, falling: float) -> float:
    """Of a way that is too short: people who are alike may stand together in the order, far from its beginning."""
    return min(1.0, passed / reach) ** falling if reach else 0.0


def _reach(passed: float, price: float, rescue: float) -> int:
    """Far enough for sets that are somewhat unlike the order, but no farther than what comes to the rescue is
    worth: people who are alike may be nowhere near, and then both are paid."""
    allowed = [reach for reach in REACHES if reach * price <= min(PATIENCE, rescue)] or REACHES[:1]
    return next((reach for reach in allowed if reach >= 10 * passed), allowed[-1])


def _order(counted: Sequence[Counted], first: int) -> tuple[int, ...]:
    """The first, then the others from the rarest on."""
    others = sorted(range(len(counted)), key=lambda number: counted[number].size)
    return first, *(number for number in others if number != first)
