"""The second step of signing in with a password: whether it is asked for, and whether a code passes."""

from datetime import datetime

from domain.accounts.access_ports import SignInUnit, Vault
from domain.accounts.factors import TotpSecret, Way, hash_of_code, is_totp, plain_code, step_of
from domain.accounts.model import Organization, User
from domain.accounts.notices import Notice, give_notice
from domain.shared.errors import InvalidCode, SecondFactorRequired
from domain.shared.ids import OrganizationId

TABLE = "totp_secrets"
FIELD = "secret"


class SecondStep:
    """An app is always asked for. Who has passkeys alone is asked where the organization requires a second factor."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def demand(
        self, unit: SignInUnit, organization: Organization, user: User, code: str | None, now: datetime
    ) -> bool:
        """Whether a second factor was shown; a code that passes is used up in the unit.

        Raises SecondFactorRequired without a code where one is needed, InvalidCode for a wrong or used one.
        """
        methods = await self._methods(unit, organization, user)
        if not methods:
            return False
        if not code:
            raise SecondFactorRequired(methods)
        if not await self.shown(unit, organization.id, user, code, now):
            raise InvalidCode
        return True

    async def shown(
        self, unit: SignInUnit, organization_id: OrganizationId, user: User, code: str, now: datetime
    ) -> Way | None:
        """What the code is of: the user's app, or a recovery code; it is used up in the unit. None for a wrong one."""
        plain = plain_code(code)
        if is_totp(plain):
            return Way.TOTP if await self._is_of_app(unit, organization_id, user, plain, now) else None
        if not await unit.factors.take_code(user.id, hash_of_code(plain), now):
            return None
        await give_notice(unit, organization_id, user.id, Notice.RECOVERY_CODE_USED)
        return Way.RECOVERY_CODE

    def seal(self, organization_id: OrganizationId, user: User, secret: str) -> bytes:
        """For the user's row alone."""
        return self._vault.seal(secret.encode(), organization_id=organization_id, table=TABLE, row=user.id, field=FIELD)

    def opened(self, organization_id: OrganizationId, totp: TotpSecret) -> str:
        """The secret itself."""
        return self._vault.open(
            totp.secret, organization_id=organization_id, table=TABLE, row=totp.user_id, field=FIELD
        ).decode()

    async def _methods(self, unit: SignInUnit, organization: Organization, user: User) -> list[str]:
        """What would pass; nothing when no second step is asked for."""
        if not user.second_factor:
            return []
        totp = await unit.factors.totp(user.id)
        app = ["totp"] if totp and totp.confirmed_at else []
        if not app and not organization.policy.require_second_factor:
            return []
        recovery = ["recovery_code"] if await unit.factors.codes_left(user.id) else []
        passkey = ["passkey"] if await unit.passkeys.of_user(user.id) else []
        return app + recovery + passkey

    async def _is_of_app(
        self, unit: SignInUnit, organization_id: OrganizationId, user: User, code: str, now: datetime
    ) -> bool:
        totp = await unit.factors.totp(user.id)
        if totp is None or totp.confirmed_at is None:
            return False
        step = step_of(self.opened(organization_id, totp), code, now, totp.last_step)
        return step is not None and await unit.factors.take_step(user.id, step)
