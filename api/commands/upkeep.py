"""`engage migrate`, `openapi`, `doctor`: what keeps an installation sound."""

import asyncio
import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.settings import InvalidSettings, Settings, documented, load_settings
from api.commands import CommandFailed
from api.commands.reachable import check_database, check_mail_server, check_redis

WELL = "All is well."
OPENAPI = Path(__file__).resolve().parent.parent.parent / "openapi" / "openapi.json"


def migrate(data_dir: Path | None) -> str:
    """Brings the database to the newest revision, which it returns. May be repeated and run from several machines."""
    from migrations.run import newest_revision, upgrade

    settings = load_settings(data_dir)
    check_database(settings, as_owner=True)
    owner_url = settings.database_owner_url or settings.database_url
    _kept(owner_url)
    asyncio.run(upgrade(owner_url))
    return newest_revision()


def ahead(owner_url: str) -> str | None:
    """What `migrate` is going to do with a database in use, for whoever waits; None if that is nothing."""
    from migrations.run import newest_revision

    kept = _kept(owner_url)
    if kept is None or kept == newest_revision():
        return None
    return f"The database is brought from revision {kept} to {newest_revision()}; a large one takes some minutes."


def _kept(owner_url: str) -> str | None:
    """The database's revision, if there is any. Fails for one that only a newer program knows."""
    from migrations.run import kept_revision, known_revisions, newest_revision

    kept = asyncio.run(kept_revision(owner_url))
    if kept is None or kept in known_revisions():
        return kept
    raise CommandFailed(
        f"The database is at revision {kept}, but this Engage knows none after {newest_revision()}: a newer Engage has "
        "used it. Start that one, or restore a backup from before."
    )


def openapi_text() -> str:
    """The document as it is kept in openapi/openapi.json; needs no database and no secret."""
    from api.app import build_api

    def no_services() -> Any:
        raise CommandFailed("The document is made without services.")

    return json.dumps(build_api(no_services).openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_openapi(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(openapi_text())


def check_openapi(target: Path) -> None:
    """Raises CommandFailed with the first differing lines when the kept document is not the code's."""
    kept = target.read_text() if target.exists() else ""
    current = openapi_text()
    if kept == current:
        return
    lines = difflib.unified_diff(kept.splitlines(), current.splitlines(), "kept", "code", n=0, lineterm="")
    first = "\n".join(list(lines)[:20])
    raise CommandFailed(f"{target} is not what the code says; write it with `engage openapi`.\n{first}")


def examination(data_dir: Path | None) -> Iterator[str]:
    """Lines for `engage doctor`: every setting, then what was found. The last line is the verdict."""
    settings = load_settings(data_dir)
    for setting in documented(settings):
        default = f" (default {setting.default})" if setting.default not in ("", setting.current) else ""
        yield f"{setting.variable:<36} {setting.current or '-'}{default}"
        yield f"{'':<36} {setting.description}"
    yield ""
    found = list(_findings(settings))
    for name, result, _ok in found:
        yield f"{name:<14} {result}"
    yield WELL if all(ok for _, _, ok in found) else "Not ready to run."


def _findings(settings: Settings) -> Iterator[tuple[str, str, bool]]:
    try:
        yield "PostgreSQL", check_database(settings), True
    except CommandFailed as failed:
        yield "PostgreSQL", str(failed), False
    try:
        yield "Redis", check_redis(settings), True
    except CommandFailed as failed:
        yield "Redis", str(failed), False
    try:
        yield "Secret keys", f"{len(settings.secret_key_ring)}", True
    except InvalidSettings as failed:
        yield "Secret keys", str(failed), False
    yield "Mail", *_mail(settings)
    built = (settings.spa_dist / "index.html").exists()
    yield "SPA", f"built in {settings.spa_dist}" if built else "not built (make install)", built


def _mail(settings: Settings) -> tuple[str, bool]:
    """Mail of our own. To be without is allowed; a server that is named has to answer."""
    if not settings.smtp_host:
        return "off: without ENGAGE_SMTP_HOST nobody gets invitations, new passwords or notices", True
    try:
        return check_mail_server(settings), True
    except CommandFailed as failed:
        return str(failed), False
