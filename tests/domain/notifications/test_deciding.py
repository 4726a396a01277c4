"""Who is told what, what belongs together, and what is worth an email."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.accounts.model import User, UserState
from domain.accounts.preferences import Frequency, NotificationChoices
from domain.activities.followers import ACTIVITIES_OF_A_JOB, Follower, bells, named_in
from domain.activities.model import Activity, ActivityType
from domain.notifications.deciding import FOLLOWER, by_importance, grouped, is_mailed, news_of
from domain.notifications.model import Happened, News, NotificationKind, Told
from domain.shared.ids import ActivityId, ContactId, EmailId, NotificationId, OrganizationId, UserId
from domain.shared.principal import Role

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
USER, CONTACT, EMAIL = UserId(uuid4()), ContactId(uuid4()), EmailId(uuid4())
ORGANIZATION = OrganizationId(uuid4())


def activity(type_: ActivityType = ActivityType.EMAIL_OPENED, **more: Any) -> Activity:
    return replace(Activity(type_, NOW, CONTACT, user_id=USER, email_id=EMAIL), **more)


def told(type_: ActivityType = ActivityType.EMAIL_OPENED, **more: Any) -> News | None:
    return news_of(Happened(ActivityId(uuid4()), activity(type_, **more)))


def news(minutes: int = 0, **more: Any) -> News:
    return News(
        **{
            "kind": NotificationKind.EMAIL_OPENED,
            "user_id": USER,
            "group": "a",
            "at": NOW + timedelta(minutes=minutes),
            **more,
        }
    )


def user(state: UserState = UserState.ACTIVE, **choices: Frequency) -> User:
    person = User(USER, "a@example.com", "Ann", Role.CONTRIBUTOR, NOW, NOW, state)
    return replace(person, notifications=NotificationChoices(**choices))


@pytest.mark.parametrize("type_", sorted(FOLLOWER.kinds))
def test_the_sender_is_told_of_whatever_is_followed(type_: ActivityType) -> None:
    one = told(type_)

    assert one is not None
    assert (one.kind.value, one.user_id, one.contact_id, one.email_id) == (type_.value, USER, CONTACT, EMAIL)


def test_machines_are_not_told_of() -> None:
    assert told(detail={"by": "machine"}) is None
    assert told(detail={"by": "person"}) is not None


def test_what_nobody_sent_is_told_to_nobody() -> None:
    assert told(user_id=None) is None


def test_an_automatic_answer_and_a_sent_email_ring_no_bell() -> None:
    appended = [
        (ActivityId(uuid4()), activity(type_)) for type_ in (ActivityType.EMAIL_AUTO_REPLIED, ActivityType.EMAIL_SENT)
    ]

    assert bells([FOLLOWER], ORGANIZATION, appended) == []


def test_each_follower_has_a_bell_that_names_what_it_follows() -> None:
    opened, sent = (
        (ActivityId(uuid4()), activity(one)) for one in (ActivityType.EMAIL_OPENED, ActivityType.EMAIL_SENT)
    )
    others = Follower("others.follow", frozenset({ActivityType.EMAIL_OPENED, ActivityType.EMAIL_SENT}))

    first, second = bells([FOLLOWER, others], ORGANIZATION, [opened, sent])

    assert (first.kind, named_in(first)) == ("notifications.follow", [opened[0]])
    assert (second.kind, named_in(second)) == ("others.follow", [opened[0], sent[0]])


def test_a_large_batch_rings_in_parts() -> None:
    appended = [(ActivityId(uuid4()), activity()) for _ in range(2 * ACTIVITIES_OF_A_JOB + 1)]

    jobs = bells([FOLLOWER], ORGANIZATION, appended)

    assert [len(named_in(job)) for job in jobs] == [ACTIVITIES_OF_A_JOB, ACTIVITIES_OF_A_JOB, 1]


def test_the_same_kind_about_the_same_email_is_one_group() -> None:
    first, again, other = told(), told(), told(email_id=EmailId(uuid4()))
    clicked = told(ActivityType.EMAIL_CLICKED)

    assert first is not None
    assert again is not None
    assert other is not None
    assert clicked is not None
    assert first.group == again.group
    assert len({first.group, other.group, clicked.group}) == 3


def test_a_group_counts_and_the_newest_tells_the_rest() -> None:
    [one] = grouped([news(0, detail={"url": "first"}), news(5, detail={"url": "last"}), news(2, detail={"url": "mid"})])

    assert (one.count, one.at, one.detail) == (3, NOW + timedelta(minutes=5), {"url": "last"})


def test_groups_come_in_one_order_whatever_the_order_of_the_news() -> None:
    groups = [news(group=name) for name in ("b", "a", "c")]

    assert [one.group for one in grouped(groups)] == [one.group for one in grouped(reversed(groups))] == ["a", "b", "c"]


def test_a_long_reply_is_cut_and_a_click_keeps_its_link() -> None:
    replied = told(ActivityType.EMAIL_REPLIED, detail={"text": "Sounds\n\n good. " * 100})
    clicked = told(ActivityType.EMAIL_CLICKED, detail={"url": "https://a.example", "link_text": "A", "by": "person"})

    assert replied is not None
    assert clicked is not None
    text = str(replied.detail["text"])
    assert (len(text), text[:12], text[-1]) == (200, "Sounds good.", "…")
    assert clicked.detail == {"url": "https://a.example", "link_text": "A"}


@pytest.mark.parametrize("kind", ["email_opened", "email_clicked", "email_failed"])
def test_each_choice_decides_about_its_own_kind(kind: str) -> None:
    assert is_mailed(user(), NotificationKind(kind))
    assert not is_mailed(user(**{kind: Frequency.NEVER}), NotificationKind(kind))


@pytest.mark.parametrize("kind", ["email_replied", "contact_unsubscribed", "connection_lost", "user_joined"])
def test_the_rest_shows_in_the_feed_alone(kind: str) -> None:
    assert not is_mailed(user(), NotificationKind(kind))


def test_only_who_can_sign_in_is_written_to() -> None:
    assert not is_mailed(user(UserState.INVITED), NotificationKind.EMAIL_OPENED)
    assert not is_mailed(user(UserState.DELETED), NotificationKind.EMAIL_OPENED)


def test_of_one_contact_the_most_important_is_written_about_first() -> None:
    kinds = [NotificationKind(kind) for kind in ("email_opened", "email_replied", "email_failed", "email_clicked")]
    each = [Told(NotificationId(uuid4()), kind, USER, CONTACT, 1, 0) for kind in kinds]

    assert [one.kind.value for one in by_importance(each)] == ["email_failed", "email_clicked", "email_opened"]
