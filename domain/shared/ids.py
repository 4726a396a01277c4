"""Identifiers: UUIDv7, so that new rows land at the end of an index; a type each, so that they cannot be mixed up."""

from collections.abc import Sequence
from typing import NewType, Protocol
from uuid import UUID

OrganizationId = NewType("OrganizationId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
PasskeyId = NewType("PasskeyId", UUID)
TokenId = NewType("TokenId", UUID)
LinkId = NewType("LinkId", UUID)
ConnectionId = NewType("ConnectionId", UUID)
MailboxId = NewType("MailboxId", UUID)
ContactId = NewType("ContactId", UUID)
ContactListId = NewType("ContactListId", UUID)
ContactViewId = NewType("ContactViewId", UUID)
ContactFieldId = NewType("ContactFieldId", UUID)
ContactNoteId = NewType("ContactNoteId", UUID)
ContactImportId = NewType("ContactImportId", UUID)
ContactMergeId = NewType("ContactMergeId", UUID)
SuppressionId = NewType("SuppressionId", UUID)
BackgroundJobId = NewType("BackgroundJobId", UUID)
SalesflowId = NewType("SalesflowId", UUID)
StepId = NewType("StepId", UUID)
VariantId = NewType("VariantId", UUID)
EnrollmentId = NewType("EnrollmentId", UUID)
StepRunId = NewType("StepRunId", UUID)
EmailId = NewType("EmailId", UUID)
ActivityId = NewType("ActivityId", UUID)
NotificationId = NewType("NotificationId", UUID)
FileId = NewType("FileId", UUID)
VoicemailId = NewType("VoicemailId", UUID)


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> UUID:
        """A UUIDv7 that was never given before."""
        ...

    def many(self, count: int) -> Sequence[UUID]:
        """So many of them, in less time than one by one."""
        ...
