"""What a person wrote, without what is quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.quoting import own_html, without_quotes


@pytest.mark.parametrize(
    "intro",
    [
        "On Tue, 24 Nov 2026 at 09:30, Sam Taylor <sam@contoso.example> wrote:",
        "On Tue, 24 Nov 2026 at 09:30, Sam Taylor\n<sam@contoso.example> wrote:",
        "Am 24.11.2026 um 09:30 schrieb Sam Taylor:",
        "Le mar. 24 nov. 2026 à 09:30, Sam a écrit :",
        "El mar, 24 nov 2026 a las 9:30, Sam escribió:",
        "Il giorno mar 24 nov 2026 Sam ha scritto:",
        "Em ter., 24 de nov. de 2026, Sam escreveu:",
        "Op di 24 nov 2026 om 09:30 schreef Sam:",
        "Den tis 24 nov. 2026 skrev Sam:",
    ],
)
@pytest.mark.parametrize("quote", ["> Hello\n> World", "Hello\nWorld", "\n> Hello\n\n> World"])
def test_the_introduction_and_the_quote_are_dropped(intro: str, quote: str) -> None:
    assert without_quotes(f"Sounds good.\n\nCall me.\n\n{intro}\n{quote}\n") == "Sounds good.\n\nCall me."


@pytest.mark.parametrize(
    "divider",
    [
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "________________________________",
        "---- Message d'origine ----",
    ],
)
def test_the_divider_of_outlook_ends_the_answer(divider: str) -> None:
    assert without_quotes(f"Yes.\n\n{divider}\nFrom: Sam\nHello") == "Yes."


def test_a_block_of_headers_ends_the_answer() -> None:
    assert without_quotes("Yes.\n\nVon: Sam Taylor\nGesendet: Dienstag\nAn: Ann\nBetreff: Hello\n\nHello") == "Yes."


def test_a_line_that_begins_with_from_is_no_block_of_headers() -> None:
    assert without_quotes("From: what I see\nthis works.") == "From: what I see\nthis works."


def test_answers_between_the_quoted_lines_are_kept() -> None:
    text = "On Tuesday, Sam <sam@contoso.example> wrote:\n> One?\nYes.\n> Two?\nNo."
    assert without_quotes(text) == "Yes.\nNo."


def test_an_answer_below_the_quote_is_kept() -> None:
    assert without_quotes("On Tuesday, Sam <sam@contoso.example> wrote:\n> Hello\n\nSounds good.") == "Sounds good."


def test_the_signature_and_the_devices_greeting_are_dropped() -> None:
    assert without_quotes("Yes.\n\nSent from my iPhone\n-- \nAnn\nFabrikam") == "Yes."


def test_a_bare_quote_is_kept_as_it_is() -> None:
    assert without_quotes("> Hello") == "> Hello"


def test_an_html_answer_ends_at_the_quote() -> None:
    assert own_html('<div>Yes</div><div class="gmail_quote">Hello</div>') == "<div>Yes</div>"
    assert own_html('<div>Yes</div><div id="divRplyFwdMsg">From: Sam</div>') == "<div>Yes</div>"


@given(st.text(st.sampled_from("> \nab:On wrote-_FromSent"), max_size=200))
def test_something_is_left_of_any_text(text: str) -> None:
    assert bool(without_quotes(text)) == bool(text.strip())
