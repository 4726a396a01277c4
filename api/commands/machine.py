"""What the machine at hand is set to: the language of its terminal, the time zone of its clock."""

from babel import Locale, UnknownLocaleError
from babel.core import default_locale
from babel.localtime import get_localzone

from domain.accounts.civil_time import zone_names
from domain.accounts.model import DEFAULT_CULTURE

UTC = "UTC"


def culture() -> str:
    """Like de-DE; the default one where the machine speaks no language of people."""
    try:
        locale = Locale.parse(default_locale() or "")
    except (UnknownLocaleError, ValueError):
        return DEFAULT_CULTURE
    return f"{locale.language}-{locale.territory}" if locale.territory else DEFAULT_CULTURE


def time_zone() -> str:
    """Like Europe/Berlin; UTC where the clock follows none by name."""
    try:
        name = str(get_localzone())
    except LookupError:
        return UTC
    return name if name in zone_names() and not name.endswith(f"/{UTC}") else UTC
