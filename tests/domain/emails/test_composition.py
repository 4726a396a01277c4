"""Outgoing messages: what they say, and what can't be smuggled into them."""

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.emails.composition import Envelope, Footer, compose, reply_subject, write_body
from domain.emails.header_text import clean_header
from domain.emails.headers import MOST_REFERENCES
from domain.emails.merge_fields import MERGE_FIELDS
from domain.emails.templates import TemplateKind, compile_template
from domain.shared.errors import InvalidField

FOOTER = Footer("Contoso", "1 Main Street\nSpringfield", "https://t.example/u/TOKEN")
PLAIN_HEADERS = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "X-Engage-Send-Id",
)


def envelope(**other: Any) -> Envelope:
    values: dict[str, Any] = {
        "send_id": "0123456789abcdef",
        "message_id": "<0123456789abcdef@contoso.example>",
        "sender_name": "Sam Taylor",
        "sender_address": "sam@contoso.example",
        "recipient_name": "Ann",
        "recipient_address": "ann@fabrikam.example",
        "subject": "Hello",
        "date": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        "unsubscribe_url": FOOTER.unsubscribe_url,
    }
    return Envelope(**(values | other))


def raw_message(html: str = "<p>Hi</p>", **other: Any) -> bytes:
    body = write_body(html, FOOTER)
    return compose(envelope(**other), body.html, body.text)


def parsed(raw: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_text_and_html_say_the_same_in_any_script() -> None:
    message = parsed(raw_message("<p>Grüße, Ann ☕ 你好</p>"))
    assert "Grüße, Ann ☕ 你好" in part(message, "plain")
    assert "<p>Grüße, Ann ☕ 你好</p>" in part(message, "html")


def test_the_text_shows_where_links_lead_and_how_to_leave() -> None:
    text = part(parsed(raw_message('<p><a href="https://example.com/">Prices</a></p>')), "plain")
    assert "Prices (https://example.com/)" in text
    assert "Unsubscribe (https://t.example/u/TOKEN)" in text


def test_the_footer_names_the_sender_and_the_postal_address() -> None:
    body = write_body("<p>Hi</p>", FOOTER)
    assert "Contoso<br>1 Main Street<br>Springfield" in body.footer_html
    assert "1 Main Street\nSpringfield" in body.text


@pytest.mark.parametrize(("culture", "word"), [("de-AT", "Abmelden"), ("fi-FI", "Unsubscribe")])
def test_the_footer_says_how_to_leave_in_the_language_of_the_sender(culture: str, word: str) -> None:
    footer = Footer("Contoso", "1 Main Street", "https://t.example/u/TOKEN", culture)
    assert f"{word} (https://t.example/u/TOKEN)" in write_body("<p>Hi</p>", footer).text


def test_the_footer_is_text_not_html() -> None:
    assert "<b>" not in Footer("<b>A</b>", "<b>", "https://t.example/u/1").html()


def test_tracked_html_tracks_links_but_not_the_unsubscribe_link() -> None:
    body = write_body('<a href="https://example.com/?a=1&amp;b=2">A</a><a href="mailto:x@y.example">M</a>', FOOTER)
    html = body.tracked_html(lambda position: f"https://t.example/c/{position}", "https://t.example/o/1")
    assert 'href="https://t.example/c/0"' in html
    assert "https://example.com" not in html
    assert 'href="mailto:x@y.example"' in html
    assert 'href="https://t.example/u/TOKEN"' in html
    assert [link.url for link in body.links] == ["https://example.com/?a=1&b=2"]


def test_the_pixel_comes_last() -> None:
    html = write_body("<p>Hi", FOOTER).tracked_html(str, "https://t.example/o/1")
    assert html.endswith('<img src="https://t.example/o/1" width="1" height="1" alt="" style="border:0">')


def test_what_a_user_wrote_is_harmless_when_it_leaves() -> None:
    assert "script" not in part(parsed(raw_message("<script>alert(1)</script><p>Hi</p>")), "html")


def test_leaving_takes_one_click() -> None:
    message = parsed(raw_message())
    assert message["List-Unsubscribe"] == "<https://t.example/u/TOKEN>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_silences_out_of_office_answers() -> None:
    message = parsed(raw_message())
    for name in ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress"):
        assert message[name] is None


def test_the_message_can_be_found_again() -> None:
    message = parsed(raw_message())
    assert message["X-Engage-Send-Id"] == "0123456789abcdef"
    assert message["Message-ID"] == "<0123456789abcdef@contoso.example>"
    assert message["Date"] == "Tue, 24 Nov 2026 09:30:00 +0000"


def test_a_reply_names_what_it_answers() -> None:
    message = parsed(raw_message(in_reply_to="<b@x>", references=("<a@x>",)))
    assert message["In-Reply-To"] == "<b@x>"
    assert message["References"].split() == ["<a@x>", "<b@x>"]


def test_a_new_thread_names_nothing() -> None:
    message = parsed(raw_message(references=("<a@x>",)))
    assert message["In-Reply-To"] is None
    assert message["References"] is None


def test_of_a_long_thread_the_first_and_the_latest_are_named() -> None:
    ids = tuple(f"<{number}@x>" for number in range(50))
    named = parsed(raw_message(in_reply_to="<last@x>", references=ids))["References"].split()
    assert len(named) == MOST_REFERENCES
    assert (named[0], named[-2:]) == ("<0@x>", ["<49@x>", "<last@x>"])


@pytest.mark.parametrize(
    ("thread", "reply"),
    [("Hello", "Re: Hello"), ("Re: Hello", "Re: Hello"), ("RE:Hello", "RE:Hello"), ("a\r\nBcc: x@y", "Re: a Bcc: x@y")],
)
def test_a_reply_has_the_subject_of_its_thread(thread: str, reply: str) -> None:
    assert reply_subject(thread) == reply


def test_an_international_domain_is_written_in_ascii() -> None:
    assert "ann@xn--bcher-kva.example" in parsed(raw_message(recipient_address="ann@bücher.example"))["To"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@",
        "@x.example",
        "a b@x.example",
        "a\r\nb@x.example",
        "a@x.example, b@y.example",
        "a@-x.example",
        "a@@x.example",
        "ä@x.example",
        "a@" + "x" * 64 + ".example",
        "a" * 65 + "@x.example",
        "<a@x.example>",
        "a@x..example",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidField) as refused:
        raw_message(recipient_address=address)
    assert (refused.value.errors[0].pointer, refused.value.errors[0].code) == ("/to", "invalid_address")


def test_an_encoded_line_break_in_a_subject_stays_harmless() -> None:
    message = parsed(raw_message(subject="=?utf-8?q?a=0D=0ABcc=3A_x=40y.example?="))
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]


names = st.text(max_size=120)
ids = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="<>"), min_size=1, max_size=400
).map(lambda text: f"<{text}>")


@given(subject=st.text(max_size=400), sender=names, recipient=names, html=st.text(max_size=500))
def test_whatever_people_write_the_message_has_its_headers_and_no_others(
    subject: str, sender: str, recipient: str, html: str
) -> None:
    raw = raw_message(html, subject=subject, sender_name=sender, recipient_name=recipient)
    message = parsed(raw)
    assert [name.lower() for name in message] == [
        *(
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "x-engage-send-id",
            "list-unsubscribe",
            "list-unsubscribe-post",
        ),
        *("mime-version", "content-type"),
    ]
    assert message["Subject"].split() == clean_header(subject).split()
    assert [address.addr_spec for address in message["From"].addresses] == ["sam@contoso.example"]
    assert [address.addr_spec for address in message["To"].addresses] == ["ann@fabrikam.example"]
    assert [kind.get_content_type() for kind in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects
    assert_well_formed(raw)


@settings(max_examples=100)
@given(
    message_id=ids, in_reply_to=ids, references=st.lists(ids, max_size=30), token=st.text("abcXYZ019-_", max_size=300)
)
def test_identifiers_are_never_encoded_however_long(
    message_id: str, in_reply_to: str, references: list[str], token: str
) -> None:
    url = f"https://t.example/u/{token}"
    raw = raw_message(message_id=message_id, in_reply_to=in_reply_to, references=tuple(references), unsubscribe_url=url)
    assert_well_formed(raw)
    lines = unfolded(raw)
    assert lines["message-id"] == message_id
    assert lines["in-reply-to"] == in_reply_to
    assert lines["list-unsubscribe"] == f"<{url}>"
    assert set(lines["references"].split()) <= {*references, in_reply_to}


@settings(max_examples=100)
@given(values=st.fixed_dictionaries({field.name: st.text(max_size=60) for field in MERGE_FIELDS}))
def test_any_merge_values_make_a_message_that_can_be_read(values: dict[str, str]) -> None:
    groups: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        group, field = name.split(".")
        groups.setdefault(group, {})[field] = value
    fields = [f"{{{{ {field.name} | default: 'x' }}}}" for field in MERGE_FIELDS]
    subject = compile_template("; ".join(fields[:6]), TemplateKind.SUBJECT).render(groups)
    html = compile_template("<p>" + "</p><p>".join(fields) + "</p>", TemplateKind.BODY).render(groups)
    raw = raw_message(html, subject=subject)
    assert_well_formed(raw)
    assert parsed(raw)["Bcc"] is None


def assert_well_formed(raw: bytes) -> None:
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    raw.decode("ascii")
    for name, value in unfolded(raw).items():
        if name in {plain.lower() for plain in PLAIN_HEADERS}:
            assert "=?utf-8?" not in value.lower()


def unfolded(raw: bytes) -> dict[str, str]:
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii").replace("\r\n ", " ").replace("\r\n\t", " ")
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n"))}
