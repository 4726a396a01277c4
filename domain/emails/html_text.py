"""HTML that people wrote or sent: made harmless, and made readable as plain text."""

import re
from collections.abc import Callable, Mapping, Set
from html import unescape

import nh3
from inscriptis import get_text  # type: ignore[import-untyped]
from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
from inscriptis.model.html_document_state import HtmlDocumentState  # type: ignore[import-untyped]
from inscriptis.model.tag import CustomHtmlTagHandlerMapping  # type: ignore[import-untyped]

_TAGS = (
    "a abbr b blockquote br caption center code col colgroup div em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img"
    " li ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr u ul"
)
ALLOWED = frozenset(_TAGS.split())
ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"style", "align", "dir", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"width", "height", "colspan", "rowspan", "bgcolor", "valign"},
    "th": {"width", "height", "colspan", "rowspan", "bgcolor", "valign"},
}
_STYLES = (
    "background-color border border-bottom border-collapse border-left border-radius border-right border-spacing"
    " border-top color direction display font font-family font-size font-style font-weight height letter-spacing"
    " line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width min-width padding"
    " padding-bottom padding-left padding-right padding-top text-align text-decoration text-transform vertical-align"
    " white-space width"
)


def cleaner(
    tags: Set[str] = ALLOWED,
    attributes: Mapping[str, set[str]] = ATTRIBUTES,
    relative: Callable[[str], bool] = lambda url: url.startswith("#"),
) -> nh3.Cleaner:
    """Leaves what an email needs; `relative` says which addresses without a scheme are left, too."""
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags={"script", "style", "title"},
        attributes=dict(attributes),
        filter_style_properties=set(_STYLES.split()),
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative=lambda url: url if relative(url) else None,
        link_rel=None,
    )


_CLEANER = cleaner()
_TEXT_CLEANER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "title"})
_LINE_ENDS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b", re.IGNORECASE)

# What has no place in a text: control characters but tab and line break, and halves of surrogate pairs.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_SELF_NAMED = re.compile(r"(?<!\S)(\S{1,2000}) \((?:https?://|mailto:)?\1/?\)")


def printable(text: str) -> str:
    """The text without control characters, its lines ended by `\\n`."""
    return _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text))


def sanitise(html: str) -> str:
    """The HTML with what an email needs and no more: no scripts, forms, frames, handlers or relative addresses.

    Well-formed whatever it was before, so it can be put beside other HTML.
    """
    return _CLEANER.clean(printable(html))


class EmailMarkup:
    """Implements domain.accounts.own_settings.Markup: what goes for emails goes for signatures."""

    def harmless(self, html: str) -> str:
        return sanitise(html)

    def text(self, html: str) -> str:
        return plain_text(html)


def plain_text(html: str) -> str:
    """The HTML as a person would type it: links as `text (url)`, at most one blank line in a row. Never raises."""
    try:
        text = get_text(printable(html), _link_config()) or _stripped(html)
    except Exception:  # lxml and inscriptis give up on odd or deep trees; some text is better than none
        text = _stripped(html)
    text = _SELF_NAMED.sub(r"\1", text)
    lines = (line.rstrip() for line in printable(text).replace("\xa0", " ").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _link_config() -> ParserConfig:
    targets: list[str] = []

    def opened(state: HtmlDocumentState, attributes: dict[str, str]) -> None:
        targets.append(attributes.get("href", "").strip())

    def closed(state: HtmlDocumentState) -> None:
        target = targets.pop() if targets else ""
        if target.startswith(("http://", "https://", "mailto:")):
            state.tags[-1].write(f" ({target})")

    handlers = CustomHtmlTagHandlerMapping({"a": opened}, {"a": closed})
    return ParserConfig(css=CSS_PROFILES["strict"], custom_html_tag_handler_mapping=handlers)


def _stripped(html: str) -> str:
    """The text alone, for HTML that can't be laid out. (The parser of the standard library takes too long on some.)"""
    return unescape(_TEXT_CLEANER.clean(_LINE_ENDS.sub(r"\n\g<0>", html)))
