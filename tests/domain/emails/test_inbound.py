"""What a message that came in is."""

from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.bounces import Bounce
from domain.emails.inbound import (
    AutomaticAnswer,
    Inbound,
    OutOfOffice,
    OwnMessage,
    Reply,
    UnsubscribeRequest,
    classify_message,
    read_message,
)
from domain.emails.message_parts import addresses

RECEIVED = datetime(2026, 12, 18, 9, 0, tzinfo=UTC)
OWN = ("sam@contoso.example",)


def message(
    text: str = "Sounds good.", subject: str = "Re: Hello", sender: str = "Ann <ann@fabrikam.example>", **headers: str
) -> bytes:
    made = EmailMessage()
    made["From"] = sender
    made["To"] = "Sam <sam@contoso.example>"
    made["Subject"] = subject
    made["Date"] = "Fri, 18 Dec 2026 09:00:00 +0000"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def kind(raw: bytes) -> Inbound:
    return classify_message(read_message(raw), OWN, RECEIVED)


def test_an_answer_is_a_reply() -> None:
    assert kind(message()) == Reply()


def test_what_the_owner_sent_is_no_reply() -> None:
    assert kind(message(sender="SAM@Contoso.example", Auto_Submitted="auto-replied")) == OwnMessage()


def test_headers_are_read_and_decoded() -> None:
    read = read_message(
        b"From: =?utf-8?q?Zo=C3=AB?= <Zoe@Fabrikam.example>\r\nTo: Sam <sam@contoso.example>, b@x.example\r\n"
        b"Subject: =?iso-8859-1?q?Gr=FC=DFe?=\r\n =?utf-8?q?_a=0D=0ABcc=3A_x?=\r\n"
        b"Date: Fri, 18 Dec 2026 10:00:00 +0100\r\n"
        b"Message-ID: <1@fabrikam.example>\r\nIn-Reply-To: <c@x>\r\nReferences: <a@x>\r\n <b@x> <c@x>\r\n\r\nHi"
    )
    assert (read.sender_name, read.sender) == ("Zoë", "zoe@fabrikam.example")
    assert read.recipients == ("sam@contoso.example", "b@x.example")
    assert read.subject == "Grüße a Bcc: x"
    assert read.at == RECEIVED
    assert read.message_id == "<1@fabrikam.example>"
    assert read.answers == ("<c@x>", "<b@x>", "<a@x>")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": 'auto-generated; owner-email="x"'},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "Hello"},
        {"X_Auto_Reply_From": "ann@fabrikam.example"},
        {"Precedence": "auto_reply"},
        {"X_FC_MachineGenerated": "true"},
        {"X_POST_MessageClass": "9; Autoresponder"},
        {"Return_Path": "<>"},
        {"Precedence": "bulk", "X_Auto_Response_Suppress": "All"},
    ],
)
def test_an_automatic_answer_is_known_by_its_headers(headers: dict[str, str]) -> None:
    assert kind(message("Ticket 4711 was opened.", **headers)) == AutomaticAnswer()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Autoreply": "no"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "list"},
        {"Precedence": "bulk"},
    ],
)
def test_weak_signs_do_not_make_an_automatic_answer(headers: dict[str, str]) -> None:
    assert kind(message(**headers)) == Reply()


def test_the_vacation_answer_of_gmail_is_an_absence() -> None:
    raw = message(
        "I'm on vacation until 4 January.", Precedence="bulk", X_Autoreply="yes", Auto_Submitted="auto-replied"
    )
    found = kind(raw)
    assert isinstance(found, OutOfOffice)
    assert found.absence.back_on == date(2027, 1, 5)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Hello",
        "Out of Office: Hello",
        "OOO - back Monday",
        "Automatische Antwort: Hello",
        "Abwesenheitsnotiz: Hello",
        "Réponse automatique : Hello",
        "Respuesta automática: Hello",
        "Risposta automatica: Hello",
        "Resposta automática: Hello",
        "Automatisch antwoord: Hello",
        "Autosvar: Hello",
        "Automatiskt svar: Hello",
        "Automatisk svar: Hello",
        "Automaattinen vastaus: Hello",
        "Automatyczna odpowiedź: Hello",
        "Automatická odpověď: Hello",
        "Otomatik Yanıt: Hello",
        "Автоответ: Hello",
        "自動応答: Hello",
        "自动回复: Hello",
        "자동 회신: Hello",
    ],
)
def test_an_absence_is_known_by_its_subject_where_there_are_no_headers(subject: str) -> None:
    assert isinstance(kind(message("Best, Ann", subject)), OutOfOffice)


def test_the_subject_of_our_own_email_makes_no_absence() -> None:
    assert kind(message(subject="Re: Out of office catering")) == Reply()
    assert kind(message(subject="AW: Automatic reply handling")) == Reply()


def test_a_person_who_mentions_a_vacation_is_a_person() -> None:
    assert kind(message("I am on vacation until Monday, let us talk then.")) == Reply()


def test_a_help_desk_that_answers_automatically_is_not_away() -> None:
    raw = message(
        "Your ticket was received. We'll get back to you.", "Automatic reply: Hello", Auto_Submitted="auto-replied"
    )
    assert kind(raw) == AutomaticAnswer()


def test_an_absence_without_end_has_no_date() -> None:
    found = kind(message("I am out of office until further notice.", "Automatic reply: Hello"))
    assert isinstance(found, OutOfOffice)
    assert found.absence.back_on is None


def test_a_bounce_is_a_bounce_although_it_is_automatic() -> None:
    raw = message(
        "550 5.1.1 unknown user", "Undeliverable: Hello", "postmaster@fabrikam.example", Auto_Submitted="auto-replied"
    )
    assert isinstance(kind(raw), Bounce)


@pytest.mark.parametrize(
    "text",
    [
        "Please unsubscribe me",
        "UNSUBSCRIBE",
        "Remove me from your list.",
        "Stop emailing me!",
        "Bitte abmelden",
        "Me désinscrire svp",
        "Quiero darme de baja",
        "please take me off this list\n\n> Hello Ann",
        "配信停止してください",
        "Don't contact me again",
    ],
)
def test_who_wants_to_leave_is_understood(text: str) -> None:
    assert kind(message(text)) == UnsubscribeRequest()


def test_an_empty_mail_with_the_subject_unsubscribe_is_a_request() -> None:
    assert kind(message("", "unsubscribe")) == UnsubscribeRequest()


def test_who_mentions_it_in_a_longer_text_is_answering() -> None:
    text = (
        "Thanks for the call. Could your product let our customers unsubscribe by themselves? "
        + "We have many of them. " * 8
    )
    assert kind(message(text)) == Reply()


def test_the_unsubscribe_link_of_the_quoted_email_is_no_request() -> None:
    text = "No thanks.\n\nOn Tue, 24 Nov 2026 at 09:30, Sam <sam@contoso.example> wrote:\n\n> Hello\n> Unsubscribe (https://t.example)"
    assert kind(message(text)) == Reply()


def test_a_message_that_is_only_html_has_a_text() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + (
        '<div>Grüße</div><div class="gmail_quote">On Tue Sam wrote:<blockquote>Hello</blockquote></div>'.encode()
    )
    assert read_message(raw).reply_text == "Grüße"


def test_an_attached_text_is_not_what_was_said() -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment\r\n\r\nattached\r\n--x\r\nContent-Type: text/plain\r\n\r\nsaid\r\n--x--"
    )
    assert read_message(raw).text == "said"


@pytest.mark.parametrize("charset", ["latin-1", "utf-8", "x-unknown", "utf-16-le\x00", "", "rot13", "idna"])
def test_a_text_in_any_charset_is_read(charset: str) -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\nGr\xfc\xdfe"
    assert "e" in read_message(raw).text


header_bytes = st.sampled_from(
    [
        b"From: ",
        b"Subject: ",
        b"To: ",
        b"Date: ",
        b"Content-Type: ",
        b"multipart/report; boundary=",
        b"report-type=delivery-status",
        b"x",
        b"\r\n",
        b"\n",
        b"\r\n\r\n",
        b"--x\r\n",
        b"--x--",
        b"message/delivery-status",
        b"message/rfc822",
        b"text/html; charset=",
        b"\xff\x00",
        b"=?utf-8?b?",
        b"?=",
        b"=?x?q?=FF?=",
        b"<a@b>",
        b"(",
        b")",
        b'"',
        b"@",
        b";",
        b"Content-Transfer-Encoding: base64",
        b"uuencode",
        b"Auto-Submitted: auto-replied",
        b"Final-Recipient: rfc822; ",
        b"Status: 5.1.1",
        b"Action: failed",
        b"filename*0*=",
        b"''",
        b"\x80",
        b"Out of office until 31/02/2027",
        b"X-Failed-Recipients: ",
        b"<div>",
        b"> ",
        b"On x wrote:",
        b"until 99999999-99-99",
    ]
)


@given(raw=st.one_of(st.binary(max_size=400), st.lists(header_bytes, max_size=40).map(b"".join)))
def test_any_bytes_are_read_and_classified(raw: bytes) -> None:
    read = read_message(raw)
    classify_message(read, OWN, RECEIVED)
    assert "\n" not in read.subject
    assert "\n" not in read.sender


NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(2_000))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body",
    [
        b"> " * 50_000,
        b"On " * 33_000,
        b"from:\n" * 16_000,
        b"<div " * 20_000,
        b"<" * 100_000,
        b"a@" * 50_000,
        b"(" * 100_000,
        b"until 5 " * 12_000,
        b"On a wrote" * 10_000,
        b"\n" * 100_000,
        b"-- " * 33_000,
        b"5.1." * 25_000,
        b"1" * 100_000,
        b"message-id:" * 9_000,
        b"user " * 20_000,
        b"_" * 100_000,
        b"- " * 50_000,
        "年".encode() * 33_000,
    ],
)
@pytest.mark.parametrize("kind_of_text", [b"plain", b"html"])
def test_no_text_takes_long_to_read(body: bytes, kind_of_text: bytes) -> None:
    for sender, subject in ((b"postmaster@x.example", b"Undeliverable"), (b"a@b.example", b"Automatic reply: x")):
        head = b"From: %s\r\nSubject: %s\r\nContent-Type: text/%s\r\n\r\n" % (sender, subject, kind_of_text)
        classify_message(read_message(head + body), OWN, RECEIVED)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "raw", [NESTED, b"From: " + b"(" * 50_000, b"Subject: " + b"=?utf-8?q?a?= " * 8_000, b"To: " + b"a@b, " * 20_000]
)
def test_no_header_takes_long_to_read(raw: bytes) -> None:
    classify_message(read_message(raw), OWN, RECEIVED)


def test_no_control_character_hides_in_an_address() -> None:
    assert addresses('"N\0" <a\0nn@fabrikam.example>') == (("N", "ann@fabrikam.example"),)
