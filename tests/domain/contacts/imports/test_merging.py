"""What a file does to somebody whom we know, and that taking it back leaves what was changed since."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.imports.merging import IDS, Given, Met, difference, merged, restored
from domain.contacts.imports.model import OnExisting
from domain.contacts.imports.preparing import TEXTS
from domain.contacts.model import Contact, ContactStatus, ContactStatusId, EmailState
from domain.shared.ids import ContactId, UserId

NOW = datetime(2026, 11, 2, tzinfo=UTC)
STATUSES = {
    status.id: status
    for status in (ContactStatus(ContactStatusId(uuid4()), label, "", 0) for label in ("New", "Open", "Closed"))
}
NEW, OPEN, CLOSED = STATUSES.values()
USERS = [UserId(uuid4()) for _ in range(3)]
COMPLETE, OVERWRITE = OnExisting.COMPLETE, OnExisting.OVERWRITE


def a_contact(**more: Any) -> Contact:
    known = {"id": ContactId(uuid4()), "last_name": "Lee", "status_id": NEW.id, "status": NEW.label}
    return Contact(**{**known, "created_at": NOW, "updated_at": NOW, "last_activity_at": NOW, **more})


def told(on_existing: OnExisting, contact: Contact, **more: Any) -> Contact:
    ids = {name: more.pop(name, None) for name in IDS}
    return merged(contact, Given(2, {**dict.fromkeys(TEXTS), **more}, **ids), on_existing, STATUSES)


def test_what_is_missing_is_filled_in() -> None:
    after = told(COMPLETE, a_contact(city="Oslo"), city="Bergen", company="Contoso", email="ann@x.example")

    assert (after.city, after.company, after.email) == ("Oslo", "Contoso", "ann@x.example")
    assert after.email_state is EmailState.OK


def test_what_the_file_says_overwrites() -> None:
    assert told(OVERWRITE, a_contact(city="Oslo"), city="Bergen").city == "Bergen"


@pytest.mark.parametrize("on_existing", [COMPLETE, OVERWRITE])
def test_an_empty_cell_takes_nothing_away(on_existing: OnExisting) -> None:
    contact = a_contact(city="Oslo", owner_id=USERS[0])

    assert told(on_existing, contact) == contact


def test_another_spelling_of_the_same_address_is_no_change() -> None:
    contact = a_contact(email="Ann@x.example", email_state=EmailState.BOUNCED)

    assert told(OVERWRITE, contact, email="ann@x.example") == contact


def test_an_owner_is_filled_in_and_a_status_is_never_missing() -> None:
    after = told(COMPLETE, a_contact(), owner_id=USERS[1], status_id=OPEN.id)

    assert (after.owner_id, after.status) == (USERS[1], "New")


def test_status_and_owner_overwrite() -> None:
    after = told(OVERWRITE, a_contact(owner_id=USERS[0]), owner_id=USERS[1], status_id=OPEN.id)

    assert (after.owner_id, after.status, after.status_id) == (USERS[1], "Open", OPEN.id)


def met(before: Contact, after: Contact) -> Met:
    former, put = difference(before, after)
    return Met(before.id, False, former, put, after.version, False)


def test_what_somebody_has_changed_since_stays() -> None:
    before = a_contact(city="Oslo", company="Contoso")
    after = told(OVERWRITE, before, city="Bergen", company="Fabrikam")
    since = replace(after, city="Trondheim")

    assert restored(since, met(before, after), STATUSES, USERS) == replace(since, company="Contoso")


def test_a_status_that_is_gone_is_not_put_back() -> None:
    before = a_contact()
    after = told(OVERWRITE, before, status_id=OPEN.id, city="Oslo")

    assert restored(after, met(before, after), {OPEN.id: OPEN}, USERS) == replace(after, city=None)


def test_an_owner_who_is_gone_is_not_put_back() -> None:
    before = a_contact(owner_id=USERS[0])
    after = told(OVERWRITE, before, owner_id=USERS[1])

    assert restored(after, met(before, after), STATUSES, USERS[1:]) == after


texts = st.none() | st.sampled_from(["one", "two", "three"])
values = st.fixed_dictionaries(
    {
        **{name: texts for name in TEXTS if name not in ("last_name", "email")},
        "last_name": st.sampled_from(["Lee", "Ray"]),
        "email": st.none() | st.sampled_from(["a@x.example", "b@x.example"]),
        "owner_id": st.none() | st.sampled_from(USERS),
        "status_id": st.sampled_from([NEW.id, OPEN.id, CLOSED.id]),
    }
)


def with_values(contact: Contact, given_: dict[str, Any]) -> Contact:
    state = EmailState.OK if given_["email"] else EmailState.NONE
    return replace(contact, **given_, status=STATUSES[given_["status_id"]].label, email_state=state)


@given(values, values, values, st.sampled_from([COMPLETE, OVERWRITE]), st.sets(st.sampled_from([*TEXTS, *IDS])))
def test_taking_back_restores_each_field_that_nobody_has_touched(
    was: dict[str, Any], says: dict[str, Any], other: dict[str, Any], on_existing: OnExisting, touched: set[str]
) -> None:
    before = with_values(a_contact(), was)
    after = told(on_existing, before, **says)
    since = with_values(after, {name: other[name] if name in touched else getattr(after, name) for name in was})
    back = restored(since, met(before, after), STATUSES, USERS)

    for name in (*TEXTS, *IDS):
        was_touched = getattr(since, name) != getattr(after, name)
        assert getattr(back, name) == getattr(since if was_touched else before, name), name
    assert back.email_state is (EmailState.OK if back.email else EmailState.NONE)
    assert back.status == STATUSES[back.status_id].label
