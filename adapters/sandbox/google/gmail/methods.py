"""The methods of the Gmail API that are imitated: path, accepted scopes, price in quota units, known parameters.

Taken from Google's discovery document of gmail v1 (scopes, parameters) and its page on usage limits (units).
"""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.sandbox.google.gmail import account, drafts, history, labels, messages, threads
from adapters.sandbox.google.gmail.call import Call, Json
from adapters.sandbox.google.scopes import gmail

_READ = gmail("metadata", "modify", "readonly")
_COMPOSE = gmail("compose", "modify")
_COMPOSE_OR_READ = gmail("compose", "modify", "readonly")
_SETTINGS = gmail("modify", "readonly", "settings.basic")
_MODIFY = gmail("modify")
_LABELS = gmail("labels", "metadata", "modify", "readonly")

_LIST = frozenset({"q", "labelIds", "maxResults", "pageToken", "includeSpamTrash"})
_GET = frozenset({"format", "metadataHeaders"})
MESSAGE_FIELDS = frozenset(
    {"id", "threadId", "labelIds", "snippet", "historyId", "internalDate", "payload", "sizeEstimate", "raw"}
)
_DRAFT = frozenset({"id", "message"})
_CHANGES = frozenset({"addLabelIds", "removeLabelIds"})


@dataclass(frozen=True, slots=True)
class Method:
    """`path` is what follows `users/{userId}/`; `body` names the fields that a request may hold."""

    verb: str
    path: str
    act: Callable[[Call], Json | None]
    scopes: frozenset[str]
    units: int
    query: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()
    uploads: bool = False


METHODS = (
    Method("GET", "profile", account.profile, gmail("compose", "metadata", "modify", "readonly"), 1),
    Method("POST", "watch", account.watch, _READ, 100,
           body=frozenset({"topicName", "labelIds", "labelFilterAction", "labelFilterBehavior"})),
    Method("POST", "stop", account.stop, _READ, 50),
    Method("GET", "drafts", drafts.list_, _COMPOSE_OR_READ, 5, _LIST - {"labelIds"}),
    Method("POST", "drafts", drafts.create, _COMPOSE, 10, body=_DRAFT, uploads=True),
    Method("POST", "drafts/send", drafts.send, _COMPOSE, 100, body=_DRAFT, uploads=True),
    Method("GET", "drafts/{id}", drafts.get, _COMPOSE_OR_READ, 5, frozenset({"format"})),
    Method("PUT", "drafts/{id}", drafts.update, _COMPOSE, 15, body=_DRAFT, uploads=True),
    Method("DELETE", "drafts/{id}", drafts.delete, _COMPOSE, 10),
    Method("GET", "messages", messages.list_, _READ, 5, _LIST),
    Method("POST", "messages/send", messages.send, gmail("compose", "modify", "send"), 100, body=MESSAGE_FIELDS,
           uploads=True),
    Method("POST", "messages/batchModify", messages.batch_modify, _MODIFY, 50, body=_CHANGES | {"ids"}),
    Method("GET", "messages/{id}", messages.get, _READ, 5, _GET),
    Method("DELETE", "messages/{id}", messages.delete, gmail(), 10),
    Method("POST", "messages/{id}/modify", messages.modify, _MODIFY, 5, body=_CHANGES),
    Method("POST", "messages/{id}/trash", messages.trash, _MODIFY, 5),
    Method("POST", "messages/{id}/untrash", messages.untrash, _MODIFY, 5),
    Method("GET", "messages/{messageId}/attachments/{id}", messages.attachment, gmail("modify", "readonly"), 5),
    Method("GET", "history", history.list_, _READ, 2,
           frozenset({"startHistoryId", "historyTypes", "labelId", "maxResults", "pageToken"})),
    Method("GET", "threads", threads.list_, _READ, 10, _LIST),
    Method("GET", "threads/{id}", threads.get, _READ, 10, _GET),
    Method("POST", "threads/{id}/modify", threads.modify, _MODIFY, 10, body=_CHANGES),
    Method("POST", "threads/{id}/trash", threads.trash, _MODIFY, 10),
    Method("POST", "threads/{id}/untrash", threads.untrash, _MODIFY, 10),
    Method("GET", "labels", labels.list_, _LABELS, 1),
    Method("POST", "labels", labels.create, gmail("labels", "modify"), 5,
           body=frozenset({"name", "labelListVisibility", "messageListVisibility", "color", "type", "id"})),
    Method("GET", "labels/{id}", labels.get, _LABELS, 1),
    Method("GET", "settings/sendAs", account.send_as_list, _SETTINGS, 1),
    Method("GET", "settings/sendAs/{sendAsEmail}", account.send_as_get, _SETTINGS, 1),
    Method("GET", "settings/vacation", account.vacation, _SETTINGS, 1),
)  # fmt: skip
