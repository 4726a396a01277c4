"""How the stand-in behaves where Google's real behaviour is unknown or varies; changed by PUT /control/google."""

from dataclasses import asdict, dataclass
from typing import Any

from adapters.sandbox.store import Store

_BEHAVIOUR = "google.behaviour"
_LIMITS = "google.limits"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`keep_message_id`: sending leaves the caller's Message-ID alone.
    `search_lag_seconds`: real time until a new message is found by messages.list and threads.list.
    `access_token_seconds`: lifetime of access tokens, in real time.
    `quota_status`: 429 or 403, with which Google refuses what exceeds the units of a minute.
    """

    keep_message_id: bool = False
    search_lag_seconds: float = 0.0
    access_token_seconds: int = 3599
    quota_status: int = 429


@dataclass(frozen=True, slots=True)
class Limits:
    """`units_per_minute` of quota for one user, `sends_per_day` in any 24 hours of sandbox time."""

    units_per_minute: int = 15_000
    sends_per_day: int = 2_000


class Switches:
    """The settings in force, kept across restarts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.behaviour = Behaviour(**store.switch(_BEHAVIOUR, asdict(Behaviour())))
        self.limits = Limits(**store.switch(_LIMITS, asdict(Limits())))

    def change_behaviour(self, changes: dict[str, Any]) -> Behaviour:
        self.behaviour = Behaviour(**(asdict(self.behaviour) | changes))
        self._store.set_switch(_BEHAVIOUR, asdict(self.behaviour))
        return self.behaviour

    def change_limits(self, changes: dict[str, Any]) -> Limits:
        self.limits = Limits(**(asdict(self.limits) | changes))
        self._store.set_switch(_LIMITS, asdict(self.limits))
        return self.limits
