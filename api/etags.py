"""Versions as ETags: `"7"`."""

from domain.shared.errors import VersionMismatch


def version_of(if_match: str | None) -> int | None:
    """The version that a change was made on; None for any. Raises VersionMismatch for an ETag that was never ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    version = if_match.strip().removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit()):
        raise VersionMismatch
    return int(version)
