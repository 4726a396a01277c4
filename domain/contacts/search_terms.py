"""What a contact is found by, and what a query looks for: every word of it has to begin a term of the contact."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import pairwise

from domain.contacts.folding import fold
from domain.contacts.model import Contact
from domain.contacts.phones import as_phone, phone_terms
from domain.shared.errors import InvalidField

MOST_WORDS = 10
LONGEST_TERM = 64
# Names, companies and domains come again and again where people come by the thousands.
REMEMBERED = 16_384
# Sorts behind whatever begins with a digit, and before all letters.
BEHIND_DIGITS = ":"

_SEPARATORS = re.compile(r"[\s,;/|()\[\]{}<>\"]+")
_PARTS = re.compile(r"[^\W_]+")
_EDGES = "'`.:!?*#&+-_=~^%$@"
_EDGES_AFTER = _EDGES.replace("@", "")


def terms_of(contact: Contact) -> set[str]:
    """The words of names, company and address, whole and in their parts, and the digits of phones.

    Words are looked for by their beginnings, so one that begins another one is not needed beside it. Phones are all
    there: by them people are matched, too.
    """
    return terms_of_fields(
        (contact.first_name, contact.last_name, contact.company),
        contact.email,
        (contact.business_phone, contact.mobile_phone),
    )


def looked_up(terms: Iterable[str], keys: Iterable[str]) -> set[str]:
    """Those of a contact's terms that have to be kept for the search: what begins one of its sort keys is found there.
    Of digits all are kept, by which people are matched, too.
    """
    # No key has a line break.
    beginnings = "\n" + "\n".join(keys)
    return {term for term in terms if term < BEHIND_DIGITS or f"\n{term}" not in beginnings}


def terms_of_fields(texts: Iterable[str | None], email: str | None, phones: Iterable[str | None]) -> set[str]:
    """The same of fields that are no contact yet."""
    terms = set(_address_terms(email)) if email else set[str]()
    for text in texts:
        if text:
            terms.update(_text_terms(text))
    needed = {term for term, following in pairwise([*sorted(terms), ""]) if not following.startswith(term)}
    for phone in phones:
        if phone:
            needed |= phone_terms(phone)
    return needed


def _text_terms(text: str) -> Collection[str]:
    """Most texts are plain words."""
    if len(text) <= LONGEST_TERM and text.isascii() and text.replace(" ", "").isalnum():
        return text.lower().split()
    return _odd_terms(text)


@lru_cache(maxsize=REMEMBERED)
def _odd_terms(text: str) -> frozenset[str]:
    return _cut(term for word in _words(text) for term in (word, word.replace("'", ""), *_parts(word)))


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
    return without_shorter({word[:LONGEST_TERM] for word in words})


def _words(text: str) -> list[str]:
    return _split(fold(text))


def _split(folded: str) -> list[str]:
    """At spaces and brackets, not inside: `o'brien`, `amazon.com` and `ann@x.example` are typed as one."""
    parts = _SEPARATORS.split(folded)
    return [word for word in (part.lstrip(_EDGES).rstrip(_EDGES_AFTER) for part in parts) if word]


def _address_terms(email: str) -> Collection[str]:
    """The address, its domain, and the words of both but for the top-level domain."""
    address = fold(email)
    local, _, domain = address.rpartition("@")
    if not local:
        return ()
    terms = [address, *_parts(local), domain, *_parts(domain.rpartition(".")[0])]
    return terms if domain and len(address) <= LONGEST_TERM else _cut(terms)


def _parts(folded: str) -> list[str]:
    """What stands between signs: most often between dots."""
    parts = folded.replace(".", " ").split()
    return parts if "".join(parts).isalnum() else _PARTS.findall(folded)


def _cut(terms: Iterable[str]) -> frozenset[str]:
    return frozenset([term[:LONGEST_TERM] for term in terms if term])


def without_shorter(words: set[str]) -> tuple[str, ...]:
    """A word that begins another one asks for nothing more."""
    return tuple(sorted(word for word in words if not any(other != word and other.startswith(word) for other in words)))
