"""By which address a person of a provider may become a user the first time."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.accounts.identities import IdentityProvider, vouched_address
from domain.providers.identity import Person

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ADDRESS = "ann@northwind.example"


def provider(*, trust_email: bool) -> IdentityProvider:
    return IdentityProvider(UUID(int=1), "https://login.example.com", "engage", b"", True, trust_email, NOW, NOW)


@pytest.mark.parametrize(
    ("verified", "trust_email", "address"),
    [
        (True, False, ADDRESS),
        (True, True, ADDRESS),
        (None, True, ADDRESS),
        (None, False, None),
        (False, False, None),
        (False, True, None),
    ],
)
def test_an_address_counts_when_the_provider_verified_it_or_is_trusted_and_does_not_deny_it(
    verified: bool | None, trust_email: bool, address: str | None
) -> None:
    person = Person("https://login.example.com", "subject", ADDRESS, verified)

    assert vouched_address(person, provider(trust_email=trust_email)) == address


def test_without_an_address_there_is_nothing_to_vouch_for() -> None:
    assert vouched_address(Person("https://login.example.com", "subject"), provider(trust_email=True)) is None
