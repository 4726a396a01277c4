"""What a contact is when another record of the person becomes part of it, and when it leaves again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.joining import CHOOSABLE, PLAIN, joined, left_behind, parted
from domain.contacts.model import Contact, ContactStatusId, EmailState
from domain.shared.errors import InvalidField
from domain.shared.ids import ContactId, UserId

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KEPT, OTHER = ContactId(UUID(int=1)), ContactId(UUID(int=2))

texts = st.none() | st.sampled_from(["a", "b", "c"])
times = st.none() | st.sampled_from([NOW, NOW + timedelta(days=1)])
customs = st.dictionaries(st.sampled_from(["tier", "size"]), st.sampled_from(["x", 1.0, True]), max_size=2)


@st.composite
def contacts(draw: st.DrawFn, contact_id: ContactId) -> Contact:
    number = draw(st.integers(1, 3))
    owner = draw(st.none() | st.integers(1, 2))
    plain = {name: draw(texts) for name in PLAIN}
    plain["last_name"] = draw(st.sampled_from(["Doe", "Roe"]))
    return Contact(
        id=contact_id,
        status_id=ContactStatusId(UUID(int=number)),
        status=f"Status {number}",
        created_at=NOW,
        updated_at=NOW,
        last_activity_at=NOW,
        owner_id=UserId(UUID(int=owner)) if owner else None,
        owner_name=f"User {owner}" if owner else None,
        email_state=draw(st.sampled_from(EmailState)),
        opted_out_at=draw(times),
        do_not_call_at=draw(times),
        custom=draw(customs),
        **plain,  # type: ignore[arg-type]
    )


choices = st.dictionaries(st.sampled_from(CHOOSABLE), st.sampled_from([KEPT, OTHER]))


@given(contacts(KEPT), contacts(OTHER), choices)
def test_merging_and_taking_it_back_changes_nothing(kept: Contact, other: Contact, chosen: Any) -> None:
    after = joined(kept, other, chosen)
    assert parted(after, kept, after) == kept


@given(contacts(KEPT), contacts(OTHER), contacts(KEPT))
def test_what_was_changed_since_stays(kept: Contact, other: Contact, edited: Contact) -> None:
    after = joined(kept, other, {})
    now = replace(after, city=edited.city, custom=edited.custom)
    back = parted(now, kept, after)
    assert back.city == (kept.city if edited.city == after.city else edited.city)
    for key in {*edited.custom, *after.custom, *kept.custom}:
        changed = edited.custom.get(key) != after.custom.get(key)
        assert back.custom.get(key) == (edited.custom.get(key) if changed else kept.custom.get(key))


@given(contacts(KEPT), contacts(OTHER))
def test_nothing_is_lost_where_nobody_chooses(kept: Contact, other: Contact) -> None:
    after = joined(kept, other, {})
    for name in PLAIN:
        mine, theirs = getattr(kept, name), getattr(other, name)
        assert getattr(after, name) == (theirs if mine is None else mine)
    assert {*kept.custom, *other.custom} == set(after.custom)


@given(contacts(KEPT), contacts(OTHER), choices)
def test_an_opt_out_and_do_not_call_of_either_hold(kept: Contact, other: Contact, chosen: Any) -> None:
    after = joined(kept, other, chosen)
    assert after.opted_out == (kept.opted_out or other.opted_out)
    assert after.do_not_call == (kept.do_not_call or other.do_not_call)


@given(contacts(KEPT), contacts(OTHER), choices)
def test_whether_an_address_works_comes_with_it(kept: Contact, other: Contact, chosen: Any) -> None:
    after = joined(kept, other, chosen)
    taken = chosen.get("email") == OTHER or ("email" not in chosen and kept.email is None and other.email is not None)
    assert after.email_state == (other if taken else kept).email_state


@given(contacts(KEPT), contacts(OTHER), choices)
def test_every_address_is_kept_or_left_behind(kept: Contact, other: Contact, chosen: Any) -> None:
    after = joined(kept, other, chosen)
    left = left_behind(kept, other, after)
    assert {*left, after.email_key} - {""} == {kept.email_key, other.email_key} - {""}
    assert after.email_key not in left
    assert "" not in left


def test_a_choice_of_what_does_not_exist_is_refused() -> None:
    kept = Contact(KEPT, "Doe", ContactStatusId(UUID(int=1)), "New", NOW, NOW, NOW)
    with pytest.raises(InvalidField):
        joined(kept, replace(kept, id=OTHER), {"nothing": OTHER})
