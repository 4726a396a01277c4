"""What a contact is found by, and what a query looks for: every word of it has to begin a term of the contact."""

import re

from domain.contacts.folding import fold
from domain.contacts.model import Contact
from domain.contacts.phones import as_phone, phone_terms
from domain.shared.errors import InvalidField

MOST_WORDS = 10
LONGEST_TERM = 64

_SEPARATORS = re.compile(r"[\s,;/|()\[\]{}<>\"]+")
_PARTS = re.compile(r"[^\W_]+")
_EDGES = "'`.:!?*#&+-_=~^%$@"


def terms_of(contact: Contact) -> set[str]:
    """The words of names, company and address, whole and in their parts, and the digits of phones."""
    terms: set[str] = set()
    for text in (contact.first_name, contact.last_name, contact.company):
        for word in _words(text or ""):
            terms |= {word, word.replace("'", ""), *_PARTS.findall(word)}
    terms |= _address_terms(contact.email or "")
    for phone in (contact.business_phone, contact.mobile_phone):
        terms |= phone_terms(phone) if phone else set()
    return {term[:LONGEST_TERM] for term in terms}


def search_words(q: str | None) -> tuple[str, ...] | None:
    """The prefixes that all have to match; None when nothing is searched for, () when nothing can match.

    Raises InvalidField for more than 10 words.
    """
    if q is None or not q.strip():
        return None
    phone = as_phone(q.strip())
    if phone:
        return (phone[:LONGEST_TERM],)
    words = dict.fromkeys(as_phone(word) or word for word in _words(q))
    if len(words) > MOST_WORDS:
        raise InvalidField("/query/q", "too_many_words", f"Search for at most {MOST_WORDS} words.", maximum=MOST_WORDS)
    return _without_shorter({word[:LONGEST_TERM] for word in words})


def _words(text: str) -> list[str]:
    """Split at spaces and brackets, not inside: `o'brien`, `amazon.com` and `ann@x.example` are typed as one."""
    return [word for word in (part.lstrip(_EDGES).rstrip(_EDGES.replace("@", "")) for part in _split(text)) if word]


def _split(text: str) -> list[str]:
    return _SEPARATORS.split(fold(text))


def _address_terms(email: str) -> set[str]:
    """The address, its domain, and the words of both but for the top-level domain."""
    address = fold(email)
    local, _, domain = address.rpartition("@")
    if not local:
        return set()
    return {address, domain, *_PARTS.findall(local), *_PARTS.findall(domain.rpartition(".")[0])}


def _without_shorter(words: set[str]) -> tuple[str, ...]:
    """A word that begins another one asks for nothing more."""
    return tuple(sorted(word for word in words if not any(other != word and other.startswith(word) for other in words)))
