"""Which email a message answers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.threading import (
    Clues,
    Match,
    MatchedBy,
    SentMessage,
    believed_ids,
    match_sent,
    normalised_subject,
    thread_subject,
)

SENT_AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def sent(email: UUID = FIRST, **other: Any) -> SentMessage:
    values: dict[str, Any] = {
        "message_ids": (f"<{email.int}@mail.example>", f"<{email.int}@contoso.example>"),
        "thread_id": "thread-1",
        "recipient": "ann@fabrikam.example",
        "subject": "Hello",
        "sent_at": SENT_AT + timedelta(days=email.int),
    }
    return SentMessage(email, **(values | other))


def clues(**other: Any) -> Clues:
    values: dict[str, Any] = {
        "message_ids": (),
        "thread_id": None,
        "address": "stranger@else.example",
        "subject": "Something else",
        "at": SENT_AT + timedelta(days=5),
    }
    return Clues(**(values | other))


def test_headers_name_the_email() -> None:
    found = match_sent(clues(message_ids=("<1@contoso.example>",)), [sent(FIRST), sent(SECOND)])
    assert found == Match(FIRST, MatchedBy.HEADERS)


def test_the_id_that_is_believed_most_decides() -> None:
    ids = ("<2@mail.example>", "<1@mail.example>")
    assert match_sent(clues(message_ids=ids), [sent(FIRST), sent(SECOND)]) == Match(SECOND, MatchedBy.HEADERS)


def test_references_are_believed_from_the_last() -> None:
    assert believed_ids(["<c>"], ["<a>", "<b>", "<c>"]) == ("<c>", "<b>", "<a>")


def test_the_providers_thread_names_its_latest_email() -> None:
    found = match_sent(clues(thread_id="thread-1"), [sent(FIRST), sent(SECOND)])
    assert found == Match(SECOND, MatchedBy.THREAD)


def test_a_thread_says_nothing_about_what_the_owner_wrote() -> None:
    own = clues(thread_id="thread-1", address="Sam@contoso.example")
    assert match_sent(own, [sent()], ["sam@Contoso.example"]) is None


def test_headers_are_stronger_than_the_thread() -> None:
    found = match_sent(
        clues(message_ids=("<1@mail.example>",), thread_id="thread-2"),
        [sent(FIRST), sent(SECOND, thread_id="thread-2")],
    )
    assert found == Match(FIRST, MatchedBy.HEADERS)


def test_the_recipient_with_the_same_subject_is_recognised() -> None:
    found = match_sent(clues(address="Ann@Fabrikam.example", subject="AW: hello"), [sent()])
    assert found == Match(FIRST, MatchedBy.SENDER)


def test_the_recipient_with_another_subject_is_not() -> None:
    assert match_sent(clues(address="ann@fabrikam.example"), [sent()]) is None


def test_after_thirty_days_a_subject_is_not_enough() -> None:
    late = clues(address="ann@fabrikam.example", subject="Hello", at=SENT_AT + timedelta(days=30, minutes=1))
    assert match_sent(late, [sent(sent_at=SENT_AT)]) is None
    assert match_sent(late, [sent(sent_at=SENT_AT + timedelta(minutes=1))]) is not None


def test_nothing_answers_an_email_before_it_was_sent() -> None:
    early = clues(address="ann@fabrikam.example", subject="Hello", at=SENT_AT)
    assert match_sent(early, [sent()]) is None


def test_a_bounce_needs_the_recipient_alone() -> None:
    bounce = clues(address="ann@fabrikam.example", subject=None, within=timedelta(days=7))
    assert match_sent(bounce, [sent()]) == Match(FIRST, MatchedBy.SENDER)


def test_a_stranger_answers_nothing() -> None:
    assert match_sent(clues(), [sent()]) is None
    assert match_sent(clues(address="", subject="Hello"), [sent(recipient="")]) is None


@pytest.mark.parametrize(
    "prefix",
    [
        "Re: ",
        "RE:",
        "Fwd: ",
        "FW: ",
        "AW: ",
        "WG: ",
        "SV: ",
        "VS: ",
        "VB: ",
        "TR: ",
        "RV: ",
        "Antw: ",
        "Odp: ",
        "Ynt: ",
        "RIF: ",
        "R: ",
        "回复：",
        "回覆: ",
        "答复: ",
        "返信: ",
        "转发: ",
        "Re[2]: ",
        "Re(3): ",
        "Re: AW: Fwd: ",
        " re : ",
    ],
)
def test_a_subject_is_the_same_with_any_prefix(prefix: str) -> None:
    assert normalised_subject(f"{prefix}Hello  World") == "hello world"


@pytest.mark.parametrize("subject", ["Regarding: prices", "Re", "Your trip", "Recap: Monday"])
def test_a_word_that_begins_like_a_prefix_is_none(subject: str) -> None:
    assert normalised_subject(subject) == subject.lower()


@given(st.text(max_size=300))
def test_any_subject_is_normalised(subject: str) -> None:
    assert normalised_subject(f"Re: {subject}") == normalised_subject(subject) or subject.strip()[:1] in "[(:："


def test_of_thousands_of_ids_the_most_believable_are_kept() -> None:
    references = [f"<{number}@x>" for number in range(33_000)]
    assert believed_ids(["<a@x>"], references) == ("<a@x>", *reversed(references[-49:]))


def test_a_thread_keeps_the_spelling_of_its_subject() -> None:
    assert thread_subject("Re: AW: Fwd: Our Prices") == "Our Prices"
    assert thread_subject("Retail: Our Prices") == "Retail: Our Prices"
