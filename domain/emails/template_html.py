"""The HTML of a template, made harmless before it is kept; what its language says stays, to the letter.

Each of the language's tags is exchanged for a word that HTML has no opinion about; the HTML is cleaned; the tags are
put back. Tables go by another name meanwhile: HTML moves words out of them that stand between their rows.

What is kept is harmless before it is filled and after: a tag does not leave the quotes of an attribute, and brings no
element along but plain ones such as `<br>`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.emails.html_text import ALLOWED, ATTRIBUTES, cleaner, printable
from domain.emails.templates import LONGEST_SOURCE, TemplateKind, TemplateProblem, compile_template, position_in

_OPENING = re.compile(r"\{[{%]")
_CLOSINGS = {"{{": "}}", "{%": "%}"}

_IN_TABLES = ("caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr")
_ALIAS = "kept-"
_TABLES = re.compile(rf"<(/?)({'|'.join(_IN_TABLES)})(?![\w-])", re.IGNORECASE)
# In the value of an attribute it is no element, and has another name all the same.
_ALIASES = re.compile(rf"(<|&lt;)(/?){_ALIAS}({'|'.join(_IN_TABLES)})(?![\w-])", re.IGNORECASE)

# An underscore is in no scheme: an address that begins with a word has none yet.
_WORD = re.compile(r"field_(\d+)_\d+e")
_SCHEME = re.compile(r"[^:/?#]*")
_PIECES = re.compile(r"<[^>]*>|[^<]+")
_VALUES = re.compile(r'="([^"]*)"')
_ELEMENT = re.compile(r"<[a-z/!?]", re.IGNORECASE)
_PLAIN_ELEMENT = re.compile(rf"</?(?:{'|'.join(sorted(ALLOWED))})\s*/?>", re.IGNORECASE)

# The time that cleaning takes grows with the square of the depth.
DEEPEST = 500
_START_OR_END = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# What has no end, or need not say where it is.
_WITHOUT_END = {"br", "col", "hr", "img", "li", "p", "td", "th", "tr"}

_DEEP = f"the HTML is nested in more than {DEEPEST} elements"
_LOST = "this can't stand here: fields and conditions go into texts and into the values of attributes such as href"
_TOO_LONG = "this is too long"
_MIXED = "both kinds of quotes can't stand in one attribute"
_MARKUP = 'this would bring HTML along: write it outside of the braces, and a "<" with a space behind it'


def harmless_template(source: str) -> str:
    """The template as it is kept. Doing it again changes nothing. Raises TemplateProblem."""
    compile_template(source, TemplateKind.BODY)
    _refuse_depth(source)
    kept = _Cleaning(source).kept()
    compile_template(kept, TemplateKind.BODY)
    return kept


def _refuse_depth(source: str) -> None:
    depth, open_ = 0, dict[str, int]()
    for mark in _START_OR_END.finditer(source):
        name = mark[2].lower()
        if name in _WITHOUT_END or (mark[1] and not open_.get(name)):
            continue
        step = -1 if mark[1] else 1
        open_[name] = open_.get(name, 0) + step
        depth += step
        if depth > DEEPEST:
            place = position_in(source, mark.start())
            raise TemplateProblem(TemplateKind.BODY, "template_too_costly", _DEEP, *place)


def _stays(url: str) -> bool:
    """Where it leads is known when the words in front are filled."""
    scheme = _SCHEME.match(url)
    return url.startswith("#") or bool(scheme and _WORD.search(scheme[0]))


_CLEANER = cleaner(
    ALLOWED | {_ALIAS + name for name in _IN_TABLES},
    {**ATTRIBUTES, **{_ALIAS + name: ATTRIBUTES[name] for name in _IN_TABLES if name in ATTRIBUTES}},
    _stays,
)


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag of the language, and where it begins."""

    start: int
    text: str


def _tags_of(source: str) -> list[_Tag]:
    """In order. What is opened twice before it is closed is one of them, as for the language."""
    found, end = [], 0
    unclosed: set[str] = set()
    while opening := _OPENING.search(source, end):
        start, end = opening.span()
        if opening[0] in unclosed:
            continue
        closing = source.find(_CLOSINGS[opening[0]], end)
        if closing < 0:
            unclosed.add(opening[0])
        else:
            end = closing + 2
            found.append(_Tag(start, source[start:end]))
    return found


class _Cleaning:
    """One source on its way."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tags = _tags_of(source)
        taken = set(re.findall(r"field_(\d+)_", source))
        self._key = next(key for key in range(len(taken) + 1) if str(key) not in taken)
        self._words = re.compile(rf"field_{self._key}_(\d+)e")

    def kept(self) -> str:
        cleaned = _CLEANER.clean(_TABLES.sub(rf"<\1{_ALIAS}\2", printable(self._marked())))
        self._check(self._numbers(cleaned))
        return _PIECES.sub(lambda piece: self._restored(piece[0]), _ALIASES.sub(r"\1\2\3", cleaned))

    def _marked(self) -> str:
        """The source with words for tags."""
        pieces, copied = [], 0
        for number, tag in enumerate(self._tags):
            pieces += [self._source[copied : tag.start], f"field_{self._key}_{number}e"]
            copied = tag.start + len(tag.text)
        return "".join([*pieces, self._source[copied:]])

    def _numbers(self, text: str) -> list[int]:
        return [number for number in map(int, self._words.findall(text)) if number < len(self._tags)]

    def _check(self, found: Sequence[int]) -> None:
        """What is left has to be all of it, in order; an attribute may be there twice."""
        left = iter([*dict.fromkeys(found), None])
        for number in range(len(self._tags)):
            if next(left) != number:
                raise TemplateProblem(TemplateKind.BODY, "template_misplaced", _LOST, *self._position(number))
        if sum(len(self._tags[number].text) for number in found) > LONGEST_SOURCE[TemplateKind.BODY]:
            raise TemplateProblem(TemplateKind.BODY, "template_too_long", _TOO_LONG)

    def _restored(self, piece: str) -> str:
        if piece.startswith("<"):
            return _VALUES.sub(lambda value: self._quoted(value[1]), piece)
        for number in self._numbers(piece):
            tag = self._tags[number].text
            if any(not _PLAIN_ELEMENT.match(tag, element.start()) for element in _ELEMENT.finditer(tag)):
                raise TemplateProblem(TemplateKind.BODY, "template_markup", _MARKUP, *self._position(number))
        return self._filled(piece)

    def _quoted(self, value: str) -> str:
        """The value in quotes that no tag in it uses."""
        numbers = self._numbers(value)
        inside = "".join(self._tags[number].text for number in numbers)
        if '"' not in inside:
            return f'="{self._filled(value)}"'
        if "'" in inside:
            raise TemplateProblem(TemplateKind.BODY, "template_quotes", _MIXED, *self._position(numbers[0]))
        return "='" + self._filled(value.replace("'", "&#39;")) + "'"

    def _filled(self, text: str) -> str:
        def tag(word: re.Match[str]) -> str:
            number = int(word[1])
            return self._tags[number].text if number < len(self._tags) else word[0]

        return self._words.sub(tag, text)

    def _position(self, number: int) -> tuple[int, int]:
        return position_in(self._source, self._tags[number].start)
