"""What users gave to clients: codes, access tokens, refresh tokens. All lifetimes run on real time."""

import secrets
from dataclasses import dataclass

from adapters.sandbox.clock import MovableClock
from adapters.sandbox.store import Store

SCHEMA = """
create table if not exists google_codes (
  code text primary key, client_id text not null, redirect_uri text not null, account text not null,
  scope text not null, challenge text, challenge_method text, nonce text, offline integer not null,
  expires_at real not null, used_by text
);
create table if not exists google_consents (
  client_id text not null, account text not null, scope text not null, primary key (client_id, account)
);
create table if not exists google_refresh_tokens (
  number integer primary key autoincrement, token text not null unique, client_id text not null,
  account text not null, scope text not null
);
create index if not exists google_refresh_tokens_by_account on google_refresh_tokens (account);
create table if not exists google_access_tokens (
  token text primary key, client_id text not null, account text not null, scope text not null,
  expires_at real not null, refresh_token text
);
create index if not exists google_access_tokens_by_account on google_access_tokens (account);
"""
CODE_SECONDS = 600
REFRESH_TOKENS_KEPT = 100
"""Live refresh tokens of one account for one client; with one more the oldest dies silently."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a user consented to, as the code stands for it."""

    client_id: str
    redirect_uri: str
    account: str
    scope: str
    offline: bool
    challenge: str | None = None
    challenge_method: str | None = None
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What a bearer of a token may do."""

    account: str
    scopes: frozenset[str]
    client_id: str


@dataclass(frozen=True, slots=True)
class Issued:
    access_token: str
    refresh_token: str | None
    scope: str
    account: str
    expires_in: int
    nonce: str | None = None


class Grants:
    def __init__(self, store: Store, clock: MovableClock) -> None:
        self._store, self._clock = store, clock

    def consented(self, client_id: str, account: str) -> str | None:
        """The scopes that this user has given to this client so far."""
        found = self._store.row(
            "select scope from google_consents where client_id = ? and account = ?", client_id, account
        )
        return found["scope"] if found else None

    def consent(self, asked: AskedFor) -> str:
        """Records a user's consent and gives the code for it."""
        code = "4/0" + secrets.token_urlsafe(48)
        with self._store.transaction():
            self._store.run(
                "insert or replace into google_consents (client_id, account, scope) values (?, ?, ?)",
                asked.client_id, asked.account, asked.scope,
            )  # fmt: skip
            self._store.insert(
                "google_codes", code=code, client_id=asked.client_id, redirect_uri=asked.redirect_uri,
                account=asked.account, scope=asked.scope, challenge=asked.challenge,
                challenge_method=asked.challenge_method, nonce=asked.nonce, offline=int(asked.offline),
                expires_at=self._seconds() + CODE_SECONDS,
            )  # fmt: skip
        return code

    def redeemable(self, code: str) -> AskedFor | None:
        """What a code stands for, unless it is unknown, too old or used. A used one takes its tokens with it."""
        found = self._store.row("select * from google_codes where code = ?", code)
        if found is None:
            return None
        if found["used_by"] is not None:
            self.revoke_token(found["used_by"])
            return None
        if found["expires_at"] < self._seconds():
            return None
        return AskedFor(
            found["client_id"], found["redirect_uri"], found["account"], found["scope"], bool(found["offline"]),
            found["challenge"], found["challenge_method"], found["nonce"],
        )  # fmt: skip

    def redeem(self, code: str, asked: AskedFor, seconds: int) -> Issued:
        with self._store.transaction():
            issued = self.issue(asked, seconds)
            self._store.run(
                "update google_codes set used_by = ? where code = ?", issued.refresh_token or issued.access_token, code
            )
        return issued

    def issue(self, asked: AskedFor, seconds: int) -> Issued:
        """New tokens; a refresh token only for offline access."""
        refresh = "1//0" + secrets.token_urlsafe(64) if asked.offline else None
        with self._store.transaction():
            if refresh is not None:
                self._store.insert(
                    "google_refresh_tokens", token=refresh, client_id=asked.client_id, account=asked.account,
                    scope=asked.scope,
                )  # fmt: skip
                self._drop_oldest(asked.client_id, asked.account)
            access = self._access_token(asked.client_id, asked.account, asked.scope, refresh, seconds)
        return Issued(access, refresh, asked.scope, asked.account, seconds, asked.nonce)

    def refresh(self, client_id: str, token: str, seconds: int) -> Issued | None:
        """A new access token, or None when the refresh token is dead or another client's."""
        found = self._store.row(
            "select * from google_refresh_tokens where token = ? and client_id = ?", token, client_id
        )
        if found is None:
            return None
        access = self._access_token(client_id, found["account"], found["scope"], token, seconds)
        return Issued(access, None, found["scope"], found["account"], seconds)

    def access(self, token: str) -> Access | None:
        found = self._store.row("select * from google_access_tokens where token = ?", token)
        if found is None or found["expires_at"] < self._seconds():
            return None
        return Access(found["account"], frozenset(found["scope"].split()), found["client_id"])

    def revoke_token(self, token: str) -> bool:
        """Ends a grant by either of its tokens; False when there is nothing to end."""
        found = self._store.row("select refresh_token from google_access_tokens where token = ?", token)
        refresh = (found["refresh_token"] if found else None) or token
        with self._store.transaction():
            ended = self._store.run("delete from google_access_tokens where token = ?", token)
            ended += self._store.run("delete from google_access_tokens where refresh_token = ?", refresh)
            ended += self._store.run("delete from google_refresh_tokens where token = ?", refresh)
        return ended > 0

    def revoke_account(self, account: str) -> int:
        """The user takes back every consent; tells how many tokens died."""
        with self._store.transaction():
            self._store.run("delete from google_consents where account = ?", account)
            self._store.run("delete from google_codes where account = ? and used_by is null", account)
            ended = self._store.run("delete from google_access_tokens where account = ?", account)
            return ended + self._store.run("delete from google_refresh_tokens where account = ?", account)

    def connected_accounts(self) -> set[str]:
        return {row["account"] for row in self._store.rows("select distinct account from google_refresh_tokens")}

    def _access_token(self, client_id: str, account: str, scope: str, refresh: str | None, seconds: int) -> str:
        token = "ya29.a0" + secrets.token_urlsafe(96)
        self._store.insert(
            "google_access_tokens", token=token, client_id=client_id, account=account, scope=scope,
            expires_at=self._seconds() + seconds, refresh_token=refresh,
        )  # fmt: skip
        return token

    def _drop_oldest(self, client_id: str, account: str) -> None:
        self._store.run(
            "delete from google_refresh_tokens where client_id = ? and account = ? and number not in (select number"
            " from google_refresh_tokens where client_id = ? and account = ? order by number desc limit ?)",
            client_id, account, client_id, account, REFRESH_TOKENS_KEPT,
        )  # fmt: skip

    def _seconds(self) -> float:
        return self._clock.system().timestamp()
