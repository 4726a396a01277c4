"""The phone that a user calls from: it rings first, then who is called. A call shows that it is the user's."""

import re
from dataclasses import replace

from domain.accounts.model import User
from domain.accounts.public_holidays import country_of_culture
from domain.calls.model import DialerPhone, dialer_phone
from domain.calls.ports import CallsUnit
from domain.contacts.phones import phone_number
from domain.shared.clock import Clock
from domain.shared.errors import FieldError, InvalidField, Rejected
from domain.shared.principal import Principal
from domain.shared.units import Units

MOST_DIGITS = 10
EXTENSION = re.compile(f"[0-9]{{0,{MOST_DIGITS}}}")


class DialerPhones:
    """The use cases; each concerns the principal alone."""

    def __init__(self, *, units: Units[CallsUnit], clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def get(self, principal: Principal) -> DialerPhone | None:
        """The own one, if there is one."""
        async with self._units.of(principal.organization_id) as unit:
            return dialer_phone(await unit.users.get(principal.user_id))

    async def choose(self, principal: Principal, phone: str, extension: str | None) -> DialerPhone:
        """Another phone has yet to be verified, the same one stays as it is. Raises Rejected with one error a fault."""
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            before, after = dialer_phone(user), _chosen(user, phone, extension)
            if before and (before.phone, before.extension) == (after.phone, after.extension):
                return before
            await unit.users.save(replace(with_dialer_phone(user, after), updated_at=self._clock.system()))
        return after

    async def remove(self, principal: Principal) -> None:
        """May be repeated."""
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            if user.dialer_phone is not None:
                await unit.users.save(replace(with_dialer_phone(user, None), updated_at=self._clock.system()))


def with_dialer_phone(user: User, chosen: DialerPhone | None) -> User:
    """The user with this phone to call from, or none."""
    phone, extension, at = (chosen.phone, chosen.extension, chosen.verified_at) if chosen else (None, None, None)
    return replace(user, dialer_phone=phone, dialer_extension=extension, dialer_phone_verified_at=at)


def _chosen(user: User, phone: str, extension: str | None) -> DialerPhone:
    faults: list[FieldError] = []
    number, digits = "", None
    try:
        number = phone_number("/phone", phone, country_of_culture(user.culture))
    except Rejected as rejected:
        faults.extend(rejected.errors)
    try:
        digits = dialed_extension(extension)
    except Rejected as rejected:
        faults.extend(rejected.errors)
    if faults:
        raise Rejected(faults)
    return DialerPhone(number, digits)


def dialed_extension(given: str | None) -> str | None:
    """What is dialed once the phone was answered; nothing is None. Raises InvalidField."""
    text = (given or "").strip()
    if not EXTENSION.fullmatch(text):
        message = f"An extension is up to {MOST_DIGITS} digits."
        raise InvalidField("/extension", "invalid_extension", message, maximum=MOST_DIGITS)
    return text or None
