"""When somebody comes back."""

from datetime import UTC, date, datetime

import pytest

from domain.emails.out_of_office import Absence, read_absence

RECEIVED = datetime(2026, 12, 18, 9, 0, tzinfo=UTC)  # a Friday


def back_on(text: str) -> date | None:
    return read_absence(text, RECEIVED).back_on


@pytest.mark.parametrize(
    "text",
    [
        "I'll be back on 4 January 2027",
        "returning on January 4th",
        "I will return to the office on Monday, January 4",
        "Back 2027-01-04.",
        "Ich bin ab dem 4.1. wieder erreichbar",
        "Ich bin am 4. Januar wieder da; zurück am 4. Januar",
        "de retour le lundi 4 janvier",
        "vuelvo el 4 de enero",
        "rientrerò il 4 gennaio",
        "retorno no dia 4 de janeiro",
        "weer bereikbaar op 4 januari",
        "åter på kontoret den 4 januari",
        "tilbage den 4. januar",
        "tilbake den 4. januar",
        "wracam 4 stycznia",
        "вернусь 4 января",
        "1月4日に戻ります",
        "1월 4일 복귀",
    ],
)
def test_the_day_of_return_is_understood(text: str) -> None:
    assert back_on(text) == date(2027, 1, 4)


@pytest.mark.parametrize(
    "text",
    [
        "out until January 3",
        "away through 3 January 2027",
        "from 21 December to 3 January",
        "bis einschließlich 3. Januar",
        "vom 21.12. bis 3.1.2027",
        "jusqu'au 3 janvier",
        "hasta el 3 de enero",
        "fino al 3 gennaio",
        "até 3 de janeiro",
        "tot en met 3 januari",
        "till och med den 3 januari",
        "til og med 3. januar",
        "do 3 stycznia",
        "do 3. ledna",
        "1月3日まで不在です",
        "至1月3日为止",
    ],
)
def test_after_the_last_day_of_absence_comes_the_return(text: str) -> None:
    assert back_on(text) == date(2027, 1, 4)


def test_the_latest_day_is_the_safe_one() -> None:
    assert back_on("Away from 21 December until 3 January. I am back on the 5th of January.") == date(2027, 1, 5)


def test_a_weekday_is_the_next_one() -> None:
    assert back_on("I am back on Monday.") == date(2026, 12, 21)


@pytest.mark.parametrize("text", ["back on 1/4/2027", "until 01/04", "back on 04/01/2027"])
def test_a_date_with_two_readings_is_no_date(text: str) -> None:
    assert back_on(text) is None


def test_a_date_with_one_reading_is_one() -> None:
    assert back_on("back on 01/14/2027") == date(2027, 1, 14)
    assert back_on("back on 02/02/2027") == date(2027, 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "out of office until further notice",
        "I am away.",
        "",
        "until 2031-05-01",
        "back on 1 January 2020",
        "until 31 February",
        "back to you soon",
        "until then",
        "bis bald",
        "available until 5 pm",
    ],
)
def test_what_tells_no_believable_day_has_none(text: str) -> None:
    assert back_on(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Ann is no longer with the company.",
        "She has left the company",
        "hat das Unternehmen verlassen",
        "n'est plus dans l'entreprise",
        "ya no trabaja aquí",
        "non lavora più qui",
        "is niet meer werkzaam",
    ],
)
def test_who_left_the_company_is_told_apart(text: str) -> None:
    assert read_absence(text, RECEIVED) == Absence(None, left=True)
