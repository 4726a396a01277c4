"""What a user sets about himself: signature, notifications, how far he went through the wizard."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from domain.accounts.model import User
from domain.accounts.onboarding import WizardUnit, moved, standing
from domain.accounts.ports import Users
from domain.accounts.preferences import (
    NotificationChoices,
    Onboarding,
    Signature,
    SignatureKind,
    StepState,
    WizardStep,
)
from domain.accounts.signatures import TEMPLATES, signature_html, template_html
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField
from domain.shared.principal import Principal
from domain.shared.units import Units

SHOWS_SOMETHING = "<img"


class SettingsUnit(WizardUnit, Protocol):
    """A transaction of one organization, as a user's own settings see it."""

    @property
    def users(self) -> Users: ...


class Markup(Protocol):
    """What is done to HTML that people write."""

    def harmless(self, html: str) -> str:
        """Well-formed, without scripts, forms, frames, handlers."""
        ...

    def text(self, html: str) -> str:
        """What a reader sees of it."""
        ...


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """The choice, how it looks, how the templates would look. `custom` is kept while another kind is chosen."""

    kind: SignatureKind
    template: int | None
    html: str
    custom: str | None
    templates: tuple[tuple[int, str], ...]


class OwnSettings:
    """The use cases; each concerns the principal alone."""

    def __init__(self, *, units: Units[SettingsUnit], markup: Markup, clock: Clock) -> None:
        self._units = units
        self._markup = markup
        self._clock = clock

    async def signature(self, principal: Principal) -> ShownSignature:
        """How the own emails end."""
        return self._shown(await self._user(principal))

    async def set_signature(
        self, principal: Principal, kind: SignatureKind, template: int | None, html: str | None
    ) -> ShownSignature:
        """Chooses a signature; HTML of the user's own is made harmless first. Raises Rejected."""

        def chosen(user: User) -> User:
            own = self._harmless(html) if kind is SignatureKind.CUSTOM else user.signature.html
            return replace(user, signature=Signature(kind, _template(kind, template), own))

        return self._shown(await self._change(principal, chosen))

    async def notifications(self, principal: Principal) -> NotificationChoices:
        """About what the user gets an email."""
        return (await self._user(principal)).notifications

    async def set_notifications(self, principal: Principal, choices: NotificationChoices) -> NotificationChoices:
        """Replaces all of them."""
        return (await self._change(principal, lambda user: replace(user, notifications=choices))).notifications

    async def onboarding(self, principal: Principal) -> Onboarding:
        """How far the user is."""
        async with self._units.of(principal.organization_id) as unit:
            return await standing(unit, await unit.users.get(principal.user_id))

    async def go_on(
        self, principal: Principal, step: WizardStep | None, state: StepState | None, tour: StepState | None
    ) -> Onboarding:
        """Remembers the state of a step, of the tour, or of both. Raises Rejected."""
        if (step is None) != (state is None):
            missing = "/state" if state is None else "/step"
            raise InvalidField(missing, "required", "A step and its state belong together.")
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            changed = user.onboarding
            if step and state:
                changed = moved(changed, step, state)
            changed = replace(changed, tour=tour or changed.tour)
            if changed != user.onboarding:
                user = await unit.users.save(replace(user, onboarding=changed, updated_at=self._clock.system()))
            return await standing(unit, user)

    async def _user(self, principal: Principal) -> User:
        async with self._units.of(principal.organization_id) as unit:
            return await unit.users.get(principal.user_id)

    async def _change(self, principal: Principal, change: Callable[[User], User]) -> User:
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            return await unit.users.save(replace(change(user), updated_at=self._clock.system()))

    def _harmless(self, html: str | None) -> str:
        harmless = self._markup.harmless(html or "").strip()
        if SHOWS_SOMETHING not in harmless and not self._markup.text(harmless):
            raise InvalidField("/html", "required", "Write something, or choose no signature.")
        return harmless

    def _shown(self, user: User) -> ShownSignature:
        chosen = user.signature
        return ShownSignature(
            kind=chosen.kind,
            template=chosen.template,
            html=self._markup.harmless(signature_html(chosen, user)),
            custom=chosen.html,
            templates=tuple((number, self._markup.harmless(template_html(number, user))) for number in TEMPLATES),
        )


def _template(kind: SignatureKind, template: int | None) -> int | None:
    if kind is not SignatureKind.TEMPLATE:
        return None
    if template not in TEMPLATES:
        raise InvalidField("/template", "required", "Choose template 1 or 2.")
    return template
