"""The dialect of Liquid in which users write: text filters and plain blocks, nothing that costs much or reaches far.

Left out on purpose: filters that switch escaping off or tell the time of the machine, tags that load other templates or
keep state, and everything that multiplies text without a bound.
"""

from collections.abc import Callable, Iterator, MutableSet
from functools import wraps
from typing import Any

from liquid import Environment, FalsyStrictUndefined, Undefined
from liquid.exceptions import FilterValueError

LONGEST_TEXT = 200_000

_TEXT_FILTERS = (
    "append capitalize default downcase escape escape_once first join last lstrip newline_to_br prepend remove"
    " remove_first remove_last replace replace_first replace_last rstrip size slice split squish strip strip_html"
    " strip_newlines truncate truncatewords upcase url_encode"
    " abs at_least at_most ceil divided_by floor minus modulo plus round times"
)
_FORBIDDEN_TAGS = ("include", "render", "tablerow", "cycle", "ifchanged", "increment", "decrement")

# Filters that give an answer for a field without a value; the others hand it on, for a later `default` to catch.
_ANSWERS_FOR_MISSING = frozenset({"default", "size"})


class MissingField(Undefined):
    """A field for which there is no value: false in conditions, caught by `default`, noted when it is to be shown."""

    __slots__ = ("_noted",)

    force_liquid_default = True

    def __init__(self, name: str, noted: MutableSet[str]) -> None:
        super().__init__(name)
        self._noted = noted

    def __str__(self) -> str:
        self._noted.add(self.name)
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._noted.add(self.name)
        return iter(())

    def __int__(self) -> int:
        self._noted.add(self.name)
        return 0


class _Dialect(Environment):
    loop_iteration_limit = 1_000
    output_stream_limit = LONGEST_TEXT
    local_namespace_limit = LONGEST_TEXT
    context_depth_limit = 20
    block_nesting_limit = 20

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for tag in _FORBIDDEN_TAGS:
            del self.tags[tag]
        self.filters = {name: _bounded(name, self.filters[name]) for name in _TEXT_FILTERS.split()}


def dialect(*, escaping: bool) -> Environment:
    """The language with or without HTML escaping of the values. A field that does not exist is an error."""
    return _Dialect(autoescape=escaping, undefined=FalsyStrictUndefined)


def _bounded(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, refusing what would grow without bound, and handing on a missing field untouched."""

    @wraps(original)
    def bounded(value: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(value, MissingField) and name not in _ANSWERS_FOR_MISSING:
            return value
        if isinstance(value, range):
            raise FilterValueError(f"{name}: a range can only be looped over", token=None)
        if name.startswith("replace") and len(arguments) == 2:
            _check_length(str(value).count(str(arguments[0])) * len(str(arguments[1])), name)
        result = original(value, *arguments, **options)
        if isinstance(result, str | list):
            _check_length(len(result), name)
        return result

    return bounded


def _check_length(length: int, name: str) -> None:
    if length > LONGEST_TEXT:
        raise FilterValueError(f"{name}: the text gets too long", token=None)
