"""When a message belongs to a thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.sandbox import mime


@dataclass(frozen=True, slots=True)
class Letter:
    """What matters of a message of the thread: its Message-ID and its subject."""

    rfc822_id: str
    subject: str


def same_thread(thread: Sequence[Letter], headers: mime.Headers) -> bool:
    """Gmail asks for both: In-Reply-To or References names a message of the thread, and the subjects agree."""
    named = set(mime.message_ids(headers, "In-Reply-To", "References"))
    subject = mime.base_subject(mime.header(headers, "Subject"))
    return any(letter.rfc822_id in named for letter in thread) and any(
        mime.base_subject(letter.subject) == subject for letter in thread
    )
