"""The audit log: who did what, to whom, when and from where, for every administrative or security-relevant act.

Entries of an organization are numbered and chained: each carries the hash of the one before, so that a change, a hole
or a swap anywhere shows (`engage audit verify`). They are written in the transaction of the act itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.accounts.origin import Origin, origin
from domain.accounts.ports import Users
from domain.shared.ids import OrganizationId, UserId
from domain.shared.principal import Principal

BEGINNING = bytes(32)


class Action(StrEnum):
    """What is recorded, in the words of the API."""

    ORGANIZATION_CREATED = "organization.created"
    SETTINGS_CHANGED = "settings.changed"
    SSO_CHANGED = "sso.changed"
    USER_INVITED = "user.invited"
    INVITATION_SENT_AGAIN = "user.invitation_sent_again"
    INVITATION_REVOKED = "user.invitation_revoked"
    USER_JOINED = "user.joined"
    USER_CHANGED = "user.changed"
    USER_DELETED = "user.deleted"
    ENROLLMENTS_HANDED_OVER = "user.enrollments_handed_over"
    SESSION_OPENED = "session.opened"
    SESSION_ENDED = "session.ended"
    SESSION_CONFIRMED = "session.confirmed"
    SESSION_NOT_CONFIRMED = "session.not_confirmed"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - an action
    PASSWORD_RESET = "password.reset"  # noqa: S105 - an action
    SECOND_FACTOR_ENABLED = "second_factor.enabled"
    SECOND_FACTOR_DISABLED = "second_factor.disabled"
    RECOVERY_CODES_MADE = "second_factor.recovery_codes_made"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_REMOVED = "passkey.removed"
    TOKEN_CREATED = "token.created"  # noqa: S105 - an action
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - an action
    CONNECTION_CONNECTED = "connection.connected"
    CONNECTION_DISCONNECTED = "connection.disconnected"
    STARTED_ON_BEHALF = "salesflow.started_on_behalf"
    CONTACT_FIELDS_CHANGED = "contact_fields.changed"
    CONTACT_STATUSES_CHANGED = "contact_statuses.changed"
    SUPPRESSION_ADDED = "suppression.added"
    SUPPRESSION_REMOVED = "suppression.removed"
    CONTACT_OPTED_OUT = "contact.opted_out"
    CONTACT_OPT_OUT_TAKEN_BACK = "contact.opt_out_taken_back"
    PERSONAL_DATA_EXPORTED = "contact.personal_data_exported"
    CONTACT_ERASED = "contact.erased"
    AUDIT_EXPORTED = "audit.exported"


class ActorKind(StrEnum):
    """By what means somebody acted."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 - a kind
    SYSTEM = "system"
    COMMAND_LINE = "command_line"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, by the name of then."""

    kind: ActorKind
    name: str
    id: UserId | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What was acted on: a user, a token, …; by the name of then."""

    kind: str
    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be recorded. `detail` has names of fields and plain values, never secrets or what people wrote."""

    action: Action
    target: Target | None = None
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    on_behalf_of: Actor | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded act; `seq` counts from 1 in each organization."""

    organization_id: OrganizationId
    seq: int
    id: UUID
    at: datetime
    actor: Actor
    act: Act
    origin: Origin
    previous: bytes
    hash: bytes


class AuditLog(Protocol):
    """The entries of the unit's organization."""

    async def append(self, actor: Actor, act: Act, origin: Origin, at: datetime) -> None:
        """Adds an entry at the end of the chain; whoever comes meanwhile waits until the unit ends."""
        ...


class AuditedUnit(Protocol):
    """A transaction in which something is recorded."""

    @property
    def users(self) -> Users: ...

    @property
    def audit(self) -> AuditLog: ...


async def record(unit: AuditedUnit, principal: Principal, act: Act, at: datetime) -> None:
    """Records what the principal does, last in the unit."""
    user = await unit.users.get(principal.user_id)
    kind = ActorKind.USER if principal.scopes is None else ActorKind.TOKEN
    await unit.audit.append(Actor(kind, user.name, user.id), act, origin(), at)


async def record_by_system(unit: AuditedUnit, act: Act, at: datetime, kind: ActorKind = ActorKind.SYSTEM) -> None:
    """Records what nobody signed in does."""
    await unit.audit.append(Actor(kind, kind.value), act, origin(), at)


def hash_of(entry: Entry) -> bytes:
    """Over everything but the hash itself, in one spelling."""
    act, where = entry.act, entry.origin
    told = {
        "organization_id": str(entry.organization_id),
        "seq": entry.seq,
        "id": str(entry.id),
        "at": entry.at.isoformat(),
        "actor": _actor(entry.actor),
        "on_behalf_of": _actor(act.on_behalf_of),
        "action": act.action,
        "target": [act.target.kind, str(act.target.id), act.target.name] if act.target else None,
        "detail": dict(act.detail),
        "origin": [where.address, where.user_agent, where.request_id],
    }
    spelled = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hashlib.sha256(entry.previous + spelled).digest()


def _actor(actor: Actor | None) -> list[str] | None:
    return [actor.kind, str(actor.id), actor.name] if actor else None
