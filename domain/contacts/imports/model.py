"""An import: a file, how it is read, what its columns mean, and what is done with whom we know already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.background.model import BackgroundJob, JobState
from domain.shared.errors import NotAllowedInState
from domain.shared.ids import BackgroundJobId, ContactImportId, FileId, UserId

MOST_ROWS = 1_000_000
MOST_BYTES = 300 * 1024 * 1024
# A workbook is read as a whole: its packed size, and the size that it claims to unfold to.
MOST_WORKBOOK_BYTES = 50 * 1024 * 1024
MOST_COLUMNS = 500
DELIMITERS = (",", ";", "\t", "|")
# Pages of the Latin script, which a few names do not tell apart: what is more common comes first.
OLD_LATIN = ("mac_roman", "cp850")
LATIN = ("cp1252", "cp1254", "cp1250", *OLD_LATIN)
# Of other scripts. All are supersets of ASCII, so that lines and delimiters can be told before they are known.
SCRIPTS = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
ENCODINGS = ("utf-8", *LATIN, *SCRIPTS, "cp1257", "iso8859_2", "iso8859_15")
LONGEST_NAME = 255

# The kind of background job in which an import is done.
KIND = "contact_import"

Document = Mapping[str, object]


class FileFormat(StrEnum):
    """What was uploaded; a workbook is kept as the text of its first sheet."""

    CSV = "csv"
    XLSX = "xlsx"


class OnExisting(StrEnum):
    """What is done with a person whom we know already: fill in what is missing, put the file's values, or nothing."""

    COMPLETE = "complete"
    OVERWRITE = "overwrite"
    SKIP = "skip"


class ImportState(StrEnum):
    """Where an import is: its file was uploaded, and then as its job."""

    UPLOADED = "uploaded"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text of a file is to be read. `rows` is an estimate.

    `begins` is the byte at which the rows do, after the header, and `line` the number of the line there. Of a workbook
    the rows are counted instead of lines.
    """

    encoding: str
    delimiter: str
    header: bool
    rows: int
    begins: int = 0
    line: int = 1
    by_lines: bool = True

    @property
    def kept_in(self) -> str:
        """Wide characters are narrowed when a file comes in."""
        return "utf-8" if self.encoding.startswith(("utf-16", "utf-32")) else self.encoding


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column by its name, which is unique, what stands in it, and the field that it looks like."""

    name: str
    samples: Sequence[str]
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import is done. `mapping` leads from columns to fields; owner and status are those of new contacts."""

    mapping: Mapping[str, str]
    default_country: str | None = None
    on_existing: OnExisting = OnExisting.COMPLETE
    owner_id: UserId | None = None
    status: str | None = None
    list_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows: `total` is the sum of the others, always."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.created + self.updated + self.unchanged + self.skipped + self.failed


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an import that was taken back: `kept` were changed since."""

    removed: int = 0
    restored: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class ContactImport:
    """A file that somebody uploaded, and the job that takes its people in once it was started."""

    id: ContactImportId
    user_id: UserId | None
    name: str
    format: FileFormat
    bytes: int
    file_id: FileId | None
    layout: Layout
    columns: Sequence[ImportColumn]
    created_at: datetime
    options: ImportOptions | None = None
    job_id: BackgroundJobId | None = None
    job: BackgroundJob | None = field(default=None, compare=False)

    @property
    def state(self) -> ImportState:
        if self.job is None:
            return ImportState.UPLOADED
        return ImportState.RUNNING if self.job.state is JobState.QUEUED else ImportState(self.job.state.value)

    def require_uploaded(self) -> None:
        """Raises NotAllowedInState once it was started."""
        if self.state is not ImportState.UPLOADED or self.file_id is None:
            raise NotAllowedInState("This import was started already.", "import_started")
