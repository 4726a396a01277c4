"""Which passwords may be chosen. Length carries the strength; nothing is asked about kinds of characters.

After OWASP ASVS 5.0 §6.2: at least 12, at least 64 allowed, no composition rules, no well-known words.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from domain.shared.errors import InvalidField

MINIMUM = 12
MAXIMUM = 256
# What is left of a password without its guessable parts has to be this long.
UNGUESSABLE = 5
# So many characters around a common password hide it from nobody.
DRESSING = 6
MOST_COMMON = Path(__file__).with_name("common_passwords.txt")

LEET = str.maketrans("013457@$!", "oleastasi")
# The words that lists of leaked passwords are made of, and runs of the keyboard.
# fmt: off
COMMON = (
    "access", "admin", "administrator", "asdfgh", "asdfghjkl", "azerty", "baseball", "batman", "changeme",
    "default", "dragon", "engage", "football", "hello", "iloveyou", "jennifer", "letmein", "login", "master",
    "michael", "monkey", "passwd", "password", "passwort", "princess", "qwerty", "qwertyuiop", "qwertz", "sales",
    "salesflow", "secret", "shadow", "sunshine", "superman", "trustno", "welcome", "willkommen", "zxcvbnm",
)
# fmt: on
RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "09876543210")


def check_password(password: str, own_words: Iterable[str] = (), pointer: str = "/password") -> None:
    """Raises InvalidField for a password that is too short, too long or easily guessed.

    `own_words` are what everybody knows of the user: name, address, organization.
    """
    if len(password) < MINIMUM:
        raise InvalidField(pointer, "too_short", f"Choose at least {MINIMUM} characters.", minimum=MINIMUM)
    if len(password) > MAXIMUM:
        raise InvalidField(pointer, "too_long", f"Choose at most {MAXIMUM} characters.", maximum=MAXIMUM)
    if _is_common(password.casefold()) or len(set(_rest(password, own_words))) < UNGUESSABLE:
        raise InvalidField(pointer, "guessable", "This password is easily guessed. Several unusual words are better.")


def exact(password: str) -> str:
    """The one form in which a password is hashed, whatever the keyboard composed it of."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The ten thousand that people choose most, folded."""
    return frozenset(MOST_COMMON.read_text().casefold().split())


def _is_common(password: str) -> bool:
    """A common password itself, said twice, spelled with digits for letters, or dressed with a few characters."""
    common = common_passwords()
    twice, odd = divmod(len(password), 2)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
    dressed = core if len(password) - len(core) <= DRESSING else ""
    spelled = re.sub(r"^[\W_]+|[\W_]+$", "", password).translate(LEET)
    said_twice = "" if odd or password[:twice] != password[twice:] else password[:twice]
    return not common.isdisjoint({password, dressed, spelled, said_twice})


def _rest(password: str, own_words: Iterable[str]) -> str:
    """The password without known words, runs and repetitions."""
    rest = password.casefold()
    words = [*COMMON, *(part for word in own_words for part in re.findall(r"\w{3,}", word.casefold()))]
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
        if word in rest.translate(LEET):
            start = rest.translate(LEET).index(word)
            rest = rest[:start] + " " + rest[start + len(word) :]
    for run in RUNS:
        for length in range(len(run), 2, -1):
            for start in range(len(run) - length + 1):
                rest = rest.replace(run[start : start + length], " ")
    rest = re.sub(r"(.)\1{2,}", r"\1", rest)
    return re.sub(r"\s+", "", rest)
