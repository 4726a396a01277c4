"""Which way leads to a page: decided from how many contacts meet each condition."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.postgres.contact_conditions import TOLD_BY_ORDERS, Kind
from adapters.postgres.contact_counted import EVERYBODY, MOST_AT_HAND, Counted
from adapters.postgres.contact_ways import (
    REACHES,
    SEEN_AT_ONCE,
    Near,
    Route,
    Way,
    chosen,
    routes,
    seen,
)

RARE = [kind for kind in Kind if kind is not Kind.REACHABLE]
LARGE = MOST_AT_HAND + 1
TOLD_ELSEWHERE = [kind for kind in RARE if kind not in TOLD_BY_ORDERS]
AT_THE_END = int(0.8 * EVERYBODY)


def way(*counted: Counted, by_creation: bool = False, descending: bool = False) -> tuple[Way, Kind]:
    _, route = chosen(counted, 51, by_creation=by_creation, descending=descending)
    return route.way, counted[route.order[0]].kind


@pytest.mark.parametrize("kind", RARE)
def test_a_small_set_is_read_whole(kind: Kind) -> None:
    assert way(Counted(kind, 100)) == (Way.WHOLE, kind)


@pytest.mark.parametrize("kind", TOLD_BY_ORDERS)
def test_what_an_order_tells_is_met_on_the_way(kind: Kind) -> None:
    assert way(Counted(kind, 12_000)) == (Way.PROBED, kind)


def test_what_an_order_does_not_tell_well_is_kept_at_hand() -> None:
    """Many words begin alike, and go on differently."""
    assert way(Counted(Kind.WORD, 12_000, told=0.01)) == (Way.PROBED, Kind.WORD)
    assert way(Counted(Kind.WORD, 12_000, told=1.0)) == (Way.HASHED, Kind.WORD)


@pytest.mark.parametrize("kind", TOLD_ELSEWHERE)
def test_a_set_of_thousands_is_kept_at_hand_on_the_way_along_the_order(kind: Kind) -> None:
    assert way(Counted(kind, 6_000)) == (Way.HASHED, kind)


def test_a_set_is_followed_in_the_order_of_creation_with_a_smaller_one_at_hand() -> None:
    """Both are not read whole, and nobody is asked about each of many."""
    alike = [Counted(Kind.WORD, 300_000, 0.0, told=0.3), Counted(Kind.STATUS, 80_000, 0.0)]
    _, route = chosen([Counted(Kind.WORD, 40_000, 0.0, told=0.04), *alike], 51, by_creation=True)
    assert (route.way, route.order, route.at_hand, route.reach) == (Way.NATIVE, (2, 0, 1), 1, 0)


def test_whom_few_of_a_large_set_meet_is_read_whole_and_not_looked_for_among_them() -> None:
    rare, half = Counted(Kind.WORD, 5_000, 0.0, told=0.006), Counted(Kind.LIST, 500_000, 0.0)
    assert way(Counted(Kind.WORD, 200_000, 0.0, told=0.2), half, rare, by_creation=True) == (Way.WHOLE, Kind.WORD)


def test_of_two_sets_that_are_alike_one_is_followed_and_the_other_one_at_hand() -> None:
    alike = [Counted(Kind.LIST, 50_000, 0.0)] * 2
    orders = [route.order for _, route in routes(alike, 51, by_creation=True) if route.way is Way.NATIVE]
    assert orders
    assert all(sorted(order) == [0, 1] for order in orders)


@pytest.mark.parametrize("kind", RARE)
def test_of_few_people_a_share_is_met_on_the_way(kind: Kind) -> None:
    """In a directory of a million so many are better kept at hand, or read whole."""
    assert way(Counted(kind, 12_000, among=60_000, told=0.2)) == (Way.PROBED, kind)


def test_no_way_is_tried_for_longer_than_what_helps_where_it_ends() -> None:
    """Who is on a list may be nowhere near the beginning of the order, and fewer are soon looked up."""
    few, many = Counted(Kind.LIST, 1_500, among=75_000), Counted(Kind.LIST, 20_000, among=EVERYBODY)
    assert [probed(one).reach for one in (few, many)] == [1_000, 3_000]


def probed(one: Counted) -> Route:
    return next(route for _, route in routes([one], 51, by_creation=False) if route.way is Way.PROBED)


@pytest.mark.parametrize("kind", RARE)
def test_a_large_set_is_met_on_the_way(kind: Kind) -> None:
    assert way(Counted(kind, LARGE)) == (Way.PROBED, kind)


@pytest.mark.parametrize("kind", [Kind.STATUS, Kind.OWNER, Kind.LIST, Kind.FIELD, Kind.OPTED_OUT])
@pytest.mark.parametrize("size", [6_000, LARGE])
def test_in_the_order_of_creation_a_set_is_followed_itself(kind: Kind, size: int) -> None:
    together = (Counted(kind, size, 0.5), Counted(Kind.SALESFLOW, LARGE, 0.1))
    assert way(*together, by_creation=True) == (Way.NATIVE, kind)


def test_a_small_set_leads_to_those_in_a_large_one() -> None:
    assert way(Counted(Kind.STATUS, LARGE, 0.01), Counted(Kind.LIST, 300, 0.2)) == (Way.WHOLE, Kind.LIST)


def test_of_two_sets_that_have_few_in_common_both_are_read() -> None:
    _, route = chosen([Counted(Kind.LIST, 9_000, 0.01), Counted(Kind.FIELD, 4_000, 0.02)], 51, by_creation=False)
    assert (route.way, route.at_hand) == (Way.WHOLE, 1)


def whole(*counted: Counted) -> tuple[float, int]:
    """The price of reading the first set whole, and how many others are read with it."""
    offers = routes(counted, 51, by_creation=False)
    price, route = next((price, one) for price, one in offers if one.way is Way.WHOLE and one.order[0] == 0)
    return price, route.at_hand


def test_what_rows_tell_costs_no_more_than_to_look_them_up() -> None:
    few = Counted(Kind.LIST, 3_000, 0.01)
    one, another = Counted(Kind.WORD, 60_000, 0.001), Counted(Kind.ACTIVITY, 60_000, 0.001)
    assert whole(few, one) == whole(few, one, another) == (whole(few, one)[0], 0)


def test_what_rows_tell_is_read_before_where_many_would_be_looked_up_in_vain() -> None:
    many, others = Counted(Kind.LIST, 60_000, 0.001), Counted(Kind.STATUS, 70_000, 0.001)
    assert whole(many, others)[1] == 1
    assert whole(many, replace(others, size=LARGE))[1] == 0


def test_of_those_who_are_found_in_an_order_fewer_are_looked_up() -> None:
    """It is told there who does not have the other word."""
    found, other = Counted(Kind.WORD, 20_000, 0.01), Counted(Kind.WORD, LARGE, 0.002, told=0.2)
    assert whole(found, other)[0] < 0.5 * whole(replace(found, untold=20_000), other)[0]


def test_who_stands_in_another_order_is_left_out_by_what_that_tells() -> None:
    """Whoever is sorted under a first name mostly has an address that begins with it."""
    word = Counted(Kind.WORD, 50_000, under=25_000)
    assert whole(replace(word, beside=25_000))[0] < 0.6 * whole(word)[0]


def test_nobody_is_asked_what_is_told_with_the_members_of_a_set() -> None:
    active = Counted(Kind.ACTIVITY, LARGE, 0.01)
    told, asked = (
        min(price for price, _ in routes([Counted(kind, 60_000, 0.01), active], 51, by_creation=True))
        for kind in (Kind.STATUS, Kind.LIST)
    )
    assert told < asked / 2


def test_members_of_a_few_are_asked_about_one_by_one() -> None:
    _, route = chosen([Counted(Kind.LIST, 9_000, 0.01), Counted(Kind.OWNER, 200, 0.2)], 51, by_creation=False)
    assert (route.way, route.order, route.at_hand) == (Way.WHOLE, (1, 0), 0)


def test_two_large_sets_with_many_in_common_are_met_on_the_way() -> None:
    assert way(Counted(Kind.STATUS, LARGE, 0.6), Counted(Kind.OWNER, LARGE, 0.5))[0] is Way.PROBED


@pytest.mark.parametrize("size", [90_000, 200_000])
def test_those_who_stand_together_in_the_order_are_read_apart_from_the_others(size: int) -> None:
    assert way(Counted(Kind.WORD, size, under=size - 50, before=AT_THE_END)) == (Way.WHOLE, Kind.WORD)


def test_where_the_order_begins_with_those_who_stand_together_they_are_met_at_once() -> None:
    first = Counted(Kind.WORD, 20_000, under=10_000, before=1_000)
    last = replace(first, before=EVERYBODY - 11_000)
    assert [way(first), way(last, descending=True)] == 2 * [(Way.PROBED, Kind.WORD)]
    assert [way(first, descending=True), way(last)] == 2 * [(Way.WHOLE, Kind.WORD)]


def test_a_word_under_which_everybody_stands_is_met_on_the_way() -> None:
    assert way(Counted(Kind.WORD, EVERYBODY, under=EVERYBODY - 50_000)) == (Way.PROBED, Kind.WORD)


def test_nobody_is_asked_about_who_stands_before_a_word_that_all_stand_under() -> None:
    _, route = chosen(
        [Counted(Kind.WORD, 550_000, 0.9, 549_000), Counted(Kind.FIELD, 490_000, 0.5)], 51, by_creation=False
    )
    assert route.order[0] == 0


def test_those_of_one_time_are_believed_to_be_like_those_who_were_tried() -> None:
    """Whoever was imported last was not active long ago, however many others were."""
    long_ago, scattered = Counted(Kind.ACTIVITY, 300_000, 0.0), Counted(Kind.LIST, 20_000, 0.0)
    newest = replace(scattered, between=25_000)
    assert [way(one, long_ago)[0] for one in (scattered, newest)] == [Way.HASHED, Way.WHOLE]


def test_those_of_one_time_are_looked_up_on_the_same_pages() -> None:
    scattered = Counted(Kind.LIST, 20_000)
    assert whole(replace(scattered, between=25_000))[0] < 0.8 * whole(scattered)[0]


def test_what_rows_tell_is_asked_where_those_of_one_time_are_looked_up() -> None:
    """No other set is read to spare them."""
    scattered, others = Counted(Kind.LIST, 20_000, 0.1), Counted(Kind.STATUS, 60_000, 0.02)
    newest = replace(scattered, between=25_000)
    assert [whole(one, others)[1] for one in (scattered, newest)] == [1, 0]


def test_a_status_leaves_out_by_its_own_index_who_would_be_looked_up_in_vain() -> None:
    """As does an owner; its members are not read for a few thousand."""
    words = [Counted(Kind.WORD, 21_000, told=0.02), Counted(Kind.WORD, 315_000, told=0.32)]
    for kind in (Kind.STATUS, Kind.OWNER):
        prices = [whole(*words, Counted(kind, size, 0.01)) for size in (66_000, 82_000)]
        assert [at_hand for _, at_hand in prices] == [0, 0]
        assert max(prices)[0] < whole(*words)[0]


def test_no_order_is_followed_that_leads_past_those_of_one_time() -> None:
    """Who was imported long ago is not among the last who were active."""
    old = Counted(Kind.LIST, 20_000, between=25_000, astray=0.8)
    assert [way(old)[0], way(replace(old, astray=0.0))[0]] == [Way.WHOLE, Way.HASHED]


def test_where_many_were_met_the_order_is_followed_from_there() -> None:
    """As on the page behind the first one of a word that stands at the end of the order."""
    word = Counted(Kind.WORD, 200_000, under=100_000, before=AT_THE_END)
    found = [chosen([word], 51, by_creation=False, near=Near(300, met))[1].way for met in (40, 0)]
    assert found == [Way.PROBED, Way.WHOLE]


@pytest.mark.parametrize(("met", "expected"), [(0, Way.HASHED), (3, Way.PROBED)])
def test_whoever_is_met_at_the_beginning_is_a_sign_that_others_follow(met: int, expected: Way) -> None:
    found = Counted(Kind.LIST, 50_000)
    assert chosen([found], 51, by_creation=False, near=Near(100, met))[1].way is expected


def test_one_who_was_met_is_not_believed_where_the_way_ends_soon() -> None:
    """Both are paid if it is too short: the way, and what comes to the rescue."""
    met_by_chance, sets = Near(300, 1), [Counted(Kind.FIELD, 25_000, 0.5), Counted(Kind.ACTIVITY, 29_000, 0.04)]
    assert chosen(sets, 51, by_creation=False, near=met_by_chance)[1].way is Way.WHOLE


def test_a_way_is_no_shorter_for_many_who_were_met() -> None:
    """They may all stand at its beginning."""
    words = [Counted(Kind.WORD, 20_000, told=0.1)]
    _, unseen = chosen(words, 51, by_creation=False)
    _, followed = chosen(words, 51, by_creation=False, near=Near(300, 40))
    assert unseen == followed


def test_of_an_order_less_is_looked_at_where_many_are_asked_about() -> None:
    told, asked = Counted(Kind.WORD, 12_000, told=0.01), Counted(Kind.FIELD, LARGE)
    assert [seen([one], by_creation=False) for one in (told, asked)] == [SEEN_AT_ONCE[0], SEEN_AT_ONCE[-2]]


def a_set(kind: Kind, size: int, share: float, under: float, before: float, told: float) -> Counted:
    return Counted(kind, size, share, int(size * under), int(before * (EVERYBODY - size)), told)


counted = st.lists(
    st.builds(a_set, st.sampled_from(RARE), st.integers(0, EVERYBODY), *4 * [st.floats(0, 1)]),
    min_size=1,
    max_size=8,
)


@given(counted, st.sampled_from([26, 51, 101, 201]), st.booleans(), st.booleans())
def test_there_is_always_a_way_and_it_takes_every_condition_once(
    sets: list[Counted], fetched: int, by_creation: bool, descending: bool
) -> None:
    _, route = chosen(sets, fetched, by_creation=by_creation, descending=descending)
    assert sorted(route.order) == list(range(len(sets)))
    assert 0 <= route.at_hand < len(sets) + route.goes_on
    walked = route.way in (Way.HASHED, Way.PROBED) or (route.way is Way.NATIVE and len(sets) > 1)
    assert route.reach in REACHES if walked and route.reach else walked <= (route.goes_on or route.way is Way.NATIVE)
    assert isinstance(route, Route)


@given(counted, st.booleans(), st.booleans())
def test_no_way_is_cut_off_to_be_gone_again(sets: list[Counted], by_creation: bool, descending: bool) -> None:
    for _, route in routes(sets, 51, by_creation=by_creation, descending=descending):
        if route.goes_on:
            differs = route.way is Way.PROBED and route.at_hand
            assert bool(route.reach) is bool(differs), route


def test_members_of_whom_all_is_told_are_followed_to_their_end() -> None:
    active = Counted(Kind.ACTIVITY, LARGE, 0.5)
    for kind, is_cut_off in ((Kind.STATUS, False), (Kind.OWNER, False), (Kind.LIST, True)):
        followed = followed_natively(Counted(kind, LARGE, 0.5), active)
        assert (followed.order, followed.reach > 0) == ((0, 1), is_cut_off)


def followed_natively(*counted: Counted) -> Route:
    offers = routes(counted, 51, by_creation=True)
    return next(route for _, route in offers if route.way is Way.NATIVE and not route.at_hand)


def test_members_are_followed_from_the_end_where_those_who_match_are() -> None:
    """Whoever was added last was active lately."""
    added, active = Counted(Kind.FIELD, 13_000, 0.5, of_last=1.0), Counted(Kind.ACTIVITY, 29_000, 0.0)
    ways = [chosen([added, active], 51, by_creation=True, descending=last)[1].way for last in (True, False)]
    assert ways == [Way.NATIVE, Way.WHOLE]


def test_what_most_meet_is_asked_of_those_who_are_looked_up_in_their_order() -> None:
    """Until the page is full: nearly all who are looked up would be asked before."""
    word, most, few = Counted(Kind.WORD, 1_000), Counted(Kind.FIELD, 900_000), Counted(Kind.LIST, 200_000)
    [(_, looked_up), *_] = routes([word, most, few], 51, by_creation=False)
    assert (looked_up.order, looked_up.late) == ((0, 2, 1), 1)
    assert whole(word, most)[0] < whole(word, few)[0]
    [(_, by_rows), *_] = routes([word, replace(most, kind=Kind.STATUS)], 51, by_creation=False)
    assert by_rows.late == 0
