"""Emails left behind in a mailbox that their user disconnected: statements across organizations."""

from sqlalchemy import text

from adapters.postgres.connection import CompiledStatement

MOVED = CompiledStatement(
    text(
        """
update emails set mailbox_id = present.id, state = 'ready', draft_id = null, subject = null, html = null, body = null,
  mime = null, thread_id = null, reference_ids = '{}'
from mailboxes as former, mailboxes as present
where former.state = 'disconnected' and present.state = 'connected'
  and present.organization_id = former.organization_id and present.user_id = former.user_id
  and emails.organization_id = former.organization_id and emails.mailbox_id = former.id
  and emails.state in ('ready', 'drafted')
returning emails.id
"""
    )
)

STRANDED = CompiledStatement(
    text(
        """
update emails set state = 'needs_human', error = :error, next_check_at = null
from mailboxes
where mailboxes.state = 'disconnected'
  and emails.organization_id = mailboxes.organization_id and emails.mailbox_id = mailboxes.id
  and emails.state in ('sending', 'unknown') and emails.next_check_at <= clock_timestamp()
returning emails.id
"""
    )
)
