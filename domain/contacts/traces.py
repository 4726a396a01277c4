"""By what a person is found in texts that are not filed under their contact: files, rows that an import left out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from domain.accounts.model import email_key
from domain.contacts.folding import fold
from domain.contacts.model import Contact
from domain.contacts.search_terms import search_words, terms_of

# A row is not longer; what is longer is looked through in parts that overlap by this.
LONGEST_ROW = 64 * 1024
# Phones are written in many ways: only their digits count, and the last of them are enough.
FEWEST_DIGITS = 7

_WORDS = re.compile(r"[^\W_]+(?:['’‘ʼ][^\W_]+)*")
_NUMBERS = re.compile(r"[+(]?\d[\d\s()+\-./]*\d")


@dataclass(frozen=True, slots=True)
class Traces:
    """Addresses in their one form, the last digits of phones, names as (first, last), and all that is searched by."""

    addresses: frozenset[str]
    phones: frozenset[str]
    names: frozenset[tuple[str, str]]
    terms: frozenset[str] = frozenset()

    def answer_to(self, q: str) -> bool:
        """Whether who searched for this was shown the person."""
        words = search_words(q)
        return bool(words) and all(any(term.startswith(word) for term in self.terms) for word in words or ())

    def silenced(self, q: str, instead: str) -> str:
        """The search without the person's whole name and phones, `instead` behind what is left: it must not find more.

        A name of one word stays: it tells nobody by itself, and others search for the word as well.
        """
        text = normalize("NFC", q)
        told = [*self._phones_in(text), *self._names_in(text)]
        if not told:
            return q
        kept = "".join(" " if any(at in one for one in told) else letter for at, letter in enumerate(text))
        return " ".join([*(word for word in kept.split() if _WORDS.search(word)), instead])

    def _phones_in(self, text: str) -> Iterator[range]:
        spelled = {term for term in self.terms if term.isdigit() and len(term) >= FEWEST_DIGITS} | self.phones
        for found in _NUMBERS.finditer(text):
            digits = re.sub(r"\D", "", found.group())
            if any(phone in digits for phone in spelled):
                yield range(*found.span())

    def _names_in(self, text: str) -> Iterator[range]:
        """In whatever order, with or without accents."""
        words = [(_plain(found.group()), range(*found.span())) for found in _WORDS.finditer(text)]
        said = {word for word, _ in words}
        for name in self.names:
            parts = {_plain(part) for part in _WORDS.findall(" ".join(name))}
            if len(parts) > 1 and parts <= said:
                yield from (place for word, place in words if word in parts)

    def are_in(self, cells: Iterable[str]) -> bool:
        """Whether a row is about the person: by address, by phone, or by the whole name."""
        texts = [cell.strip().casefold() for cell in cells]
        if any(address in text for text in texts for address in self.addresses):
            return True
        digits = [re.sub(r"\D", "", text) for text in texts]
        if any(text.endswith(phone) for text in digits for phone in self.phones):
            return True
        return any(_names(first, last, texts) for first, last in self.names)


def traces_of(contacts: Iterable[Contact]) -> Traces:
    """Of all records that there ever were of the person."""
    known = list(contacts)
    phones = {phone for one in known for phone in (one.business_phone, one.mobile_phone) if phone}
    return Traces(
        addresses=frozenset(email_key(one.email) for one in known if one.email),
        phones=frozenset(phone.removeprefix("+")[-9:] for phone in phones if len(phone) > FEWEST_DIGITS),
        names=frozenset(
            ((one.first_name or "").casefold(), one.last_name.casefold()) for one in known if one.last_name
        ),
        terms=frozenset(term for one in known for term in terms_of(one)),
    )


def mentions(content: bytes, traces: Traces) -> bool:
    """Whether any line of the text is about the person. Cheap for what is not."""
    folded = content.decode(errors="replace").casefold()
    if any(address in folded for address in traces.addresses):
        return True
    digits = re.sub(r"\D", "", folded)
    if not (any(last in folded for _, last in traces.names) or any(phone in digits for phone in traces.phones)):
        return False
    return any(traces.are_in(re.split(r"[,;\t]", line.replace('"', ""))) for line in folded.splitlines())


def _plain(word: str) -> str:
    return fold(word).replace("'", "")


def _names(first: str, last: str, texts: list[str]) -> bool:
    """In cells of their own, or in one."""
    whole = f"{first} {last}".strip()
    return any(text in (whole, f"{last}, {first}", f"{last} {first}") for text in texts) or (
        last in texts and (not first or first in texts)
    )
