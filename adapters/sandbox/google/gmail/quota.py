"""How much one user may ask for: quota units a minute (real time), messages in 24 hours (sandbox time)."""

from datetime import timedelta

from adapters.sandbox.clock import MovableClock
from adapters.sandbox.google.behaviour import Switches
from adapters.sandbox.google.errors import GoogleError, rate_limited
from adapters.sandbox.store import Store

_DAY = timedelta(hours=24)


class Quota:
    def __init__(self, store: Store, clock: MovableClock, switches: Switches) -> None:
        self._store, self._clock, self._switches = store, clock, switches
        self._spent: dict[str, tuple[int, int]] = {}

    def spend(self, account: str, units: int) -> None:
        """Refuses when the units of this minute are used up; what was refused costs nothing."""
        minute = int(self._clock.system().timestamp()) // 60
        began, spent = self._spent.get(account, (minute, 0))
        spent = spent if began == minute else 0
        if spent + units > self._switches.limits.units_per_minute:
            raise self._refusal()
        self._spent[account] = (minute, spent + units)

    def send(self, account: str) -> None:
        """Counts one sent message; 429 with the time when the oldest of the last 24 hours drops out."""
        now = self._clock.now()
        since = (now - _DAY).timestamp()
        limit = self._switches.limits.sends_per_day
        oldest = self._store.row(
            "select at from gmail_sends where account = ? and at > ? order by at desc limit 1 offset ?",
            account, since, max(limit - 1, 0),
        )  # fmt: skip
        if oldest is not None or limit == 0:
            left = (oldest["at"] if oldest else now.timestamp()) - since
            raise rate_limited(self._clock.system() + timedelta(seconds=left), "Mail sending")
        self._store.insert("gmail_sends", account=account, at=now.timestamp())

    def _refusal(self) -> GoogleError:
        message = (
            "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
            "'gmail.googleapis.com' for consumer 'project_number:1000000000'."
        )
        if self._switches.behaviour.quota_status == 403:
            return GoogleError(403, message, "userRateLimitExceeded", "usageLimits")
        return GoogleError(429, message, "rateLimitExceeded", "usageLimits")
