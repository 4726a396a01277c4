"""What Gmail's words for a refusal mean: the message, the account, or nothing that is certain."""

import httpx
import pytest

from adapters.clock import SystemClock
from adapters.google.adapter import Gmail
from domain.shared.errors import ProviderError, ProviderRejected, ProviderThrottled, ProviderUnknown
from tests.adapters.google.conftest import GivenToken


@pytest.mark.parametrize(
    ("status", "reason", "meaning"),
    [
        (400, "invalidArgument", ProviderRejected),
        (400, "failedPrecondition", ProviderThrottled),
        (400, "badRequest", ProviderUnknown),
        (403, "accessNotConfigured", ProviderThrottled),
        (412, "conditionNotMet", ProviderUnknown),
    ],
)
async def test_only_a_refusal_of_the_message_itself_is_final(
    status: int, reason: str, meaning: type[ProviderError]
) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"error": {"code": status, "errors": [{"reason": reason}]}})

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http:
        mailbox = Gmail(http, "https://gmail.example", SystemClock()).open(GivenToken("token"))
        with pytest.raises(ProviderError) as refused:
            await mailbox.send_draft("r-1")

    assert type(refused.value) is meaning
