"""Voicemails have a place each, of twenty, and a name each."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from domain.calls.model import MOST_VOICEMAILS, Voicemail, VoicemailsFull, check_name, free_slot, voicemail_name
from domain.shared.errors import InvalidField
from domain.shared.ids import FileId, UserId, VoicemailId

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def voicemail(slot: int = 1, name: str = "Introduction") -> Voicemail:
    return Voicemail(VoicemailId(uuid4()), UserId(UUID(int=1)), slot, name, FileId(uuid4()), 12, NOW)


def refusal(name: str, *others: Voicemail) -> tuple[str, str]:
    with pytest.raises(InvalidField) as refused:
        check_name(voicemail_name(name), others)
    [fault] = refused.value.errors
    return fault.pointer, fault.code


def test_the_first_free_place_is_taken() -> None:
    assert free_slot([]) == 1
    assert free_slot([voicemail(1), voicemail(3)]) == 2
    assert free_slot([voicemail(slot) for slot in range(1, MOST_VOICEMAILS)]) == MOST_VOICEMAILS


def test_there_are_twenty_places() -> None:
    with pytest.raises(VoicemailsFull) as refused:
        free_slot([voicemail(slot) for slot in range(1, 21)])
    assert refused.value.params == {"maximum": 20}


def test_a_name_is_trimmed_and_kept_as_it_was_written() -> None:
    assert voicemail_name("  Übergabe – kurz 👋 ") == "Übergabe – kurz 👋"


@pytest.mark.parametrize("name", ["introduction", " INTRODUCTION ", "Intróduction", "Ｉｎｔｒｏｄｕｃｔｉｏｎ"])
def test_names_that_read_alike_are_the_same(name: str) -> None:
    assert refusal(name, voicemail()) == ("/name", "voicemail_name_taken")


def test_another_name_is_free() -> None:
    check_name("Introduction, short", [voicemail()])


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "required"), ("   ", "required"), ("\u0301", "required"), ("x" * 121, "too_long"), ("a\nb", "invalid_text")],
)
def test_a_name_is_one_line_that_can_be_read(name: str, code: str) -> None:
    assert refusal(name) == ("/name", code)
