"""What letters say: in both forms, in the reader's language, with values that stay values."""

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from html.parser import HTMLParser
from typing import Any

import pytest

from adapters.smtp.letters import TEXTS, as_html, as_text, languages, subject, write
from domain.accounts.notices import Notice
from domain.providers.mailer import Letter, LetterKind

VALUES = {"organization": "Northwind", "days": "7", "minutes": "30", "account": "ann@northwind.example"}
LINK = "https://engage.test/app/invitations/a_token-of-64"
WORDINGS = [
    *((kind, "") for kind in LetterKind),
    *((LetterKind.SECURITY_NOTICE, notice.value) for notice in Notice),
    *((LetterKind.NOTIFICATION, about) for about in ("email_opened", "email_clicked", "email_failed")),
]


def letter(kind: LetterKind = LetterKind.INVITATION, about: str = "", culture: str = "en-US", **values: str) -> Letter:
    told = {**VALUES, "contact": "Pat Prospect", "email": "Our prices", **values}
    return Letter(kind, "ann@northwind.example", "Ann Example", culture, LINK, about, told)


class Shown(HTMLParser):
    """The text of a page, and its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.links, self.tags = "", list[str](), list[str]()
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden = tag == "style"
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data


@pytest.mark.parametrize("culture", ["en-US", "de-DE"])
@pytest.mark.parametrize(("kind", "about"), WORDINGS)
def test_every_wording_is_whole_in_both_forms(kind: LetterKind, about: str, culture: str) -> None:
    written = letter(kind, about, culture)

    assert subject(written)
    assert LINK in as_text(written).splitlines()
    shown = Shown(as_html(written))
    assert shown.links == [LINK, LINK]
    assert LINK in shown.text
    assert "{" not in as_text(written) + shown.text


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize("language", sorted(languages()))
def test_every_notice_has_words_of_its_own(notice: Notice, language: str) -> None:
    texts = tomllib.loads((TEXTS / f"{language}.toml").read_text())

    assert notice.value in texts["security_notice"]["about"]


def test_the_languages_have_the_same_wordings() -> None:
    def shape(texts: Any) -> Any:
        if isinstance(texts, list):
            return [shape(one) for one in texts]
        if not isinstance(texts, dict):
            return sorted(re.findall(r"{{ (\w+) }}", texts))
        return {name: shape(inner) for name, inner in texts.items() if name != "after"}

    english, german = (tomllib.loads((TEXTS / f"{language}.toml").read_text()) for language in ("en", "de"))

    # A name may stand in another line of a translation, but not be lost.
    assert english.keys() == german.keys()
    assert {kind: english[kind].keys() for kind in english} == {kind: german[kind].keys() for kind in german}
    assert shape(english["welcome"]).keys() == shape(german["welcome"]).keys()


def test_the_welcome_has_a_button_that_opens_the_app() -> None:
    written = letter(LetterKind.WELCOME)

    assert subject(written) == "Welcome to Engage"
    assert re.search(rf'<a href="{re.escape(LINK)}"[^>]*>Open the app</a>', as_html(written))
    assert f"Open the app:\n{LINK}\n" in as_text(written)


@pytest.mark.parametrize(
    ("culture", "expected"),
    [
        ("en-US", "You are invited to Northwind on Engage"),
        ("de-AT", "Einladung zu Northwind auf Engage"),
        ("de", "Einladung zu Northwind auf Engage"),
        ("fr-FR", "You are invited to Northwind on Engage"),
        ("", "You are invited to Northwind on Engage"),
        ("../de", "You are invited to Northwind on Engage"),
    ],
)
def test_the_language_is_that_of_the_culture_or_english(culture: str, expected: str) -> None:
    assert subject(letter(culture=culture)) == expected


def test_the_organization_names_itself() -> None:
    assert "Northwind" in as_text(letter())
    assert "Northwind" in Shown(as_html(letter())).text


EVIL = '</p><script>alert(1)</script><img src=x onerror="alert(1)">{{ link }}{% raw %}'


@pytest.mark.parametrize("name", ["organization", "contact", "email"])
def test_values_stay_values(name: str) -> None:
    kind, about = (LetterKind.NOTIFICATION, "email_opened")
    shown = Shown(as_html(letter(kind, about, **{name: EVIL})))

    assert not {"script", "img"} & set(shown.tags)
    assert EVIL in shown.text
    assert EVIL in as_text(letter(kind, about, **{name: EVIL}))


def test_a_link_with_quotes_stays_in_its_place() -> None:
    shown = Shown(as_html(replace(letter(), link='https://x.example/"><script>alert(1)</script>')))

    assert "script" not in shown.tags


def test_a_name_of_several_lines_is_one_line() -> None:
    written = replace(letter(organization="North\r\nwind: \u202egood"), name="Ann\nExample")

    assert subject(written) == "You are invited to North wind: good on Engage"
    assert "Hello Ann Example," in as_text(written).splitlines()


def test_the_message_is_plain_ascii_with_crlf_and_both_parts() -> None:
    sender, reader = Address("Engage", "engage", "engage.test"), Address("Ann Müller", "ann", "northwind.example")
    raw = write(
        letter(culture="de-DE"), sender, reader, "<1.invitation@engage.test>", datetime(2026, 11, 23, tzinfo=UTC)
    )
    content = raw.as_bytes()

    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    read = message_from_bytes(content, policy=policy.default)
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert read["Message-ID"] == "<1.invitation@engage.test>"
    assert read["To"] == "Ann Müller <ann@northwind.example>"
    text = read.get_body(("plain",))
    assert text is not None
    assert LINK in text.get_content()


def test_a_page_needs_nothing_from_elsewhere() -> None:
    page = as_html(letter())

    assert "src=" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
