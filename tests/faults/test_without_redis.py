"""Redis forgets everything again and again, and goes away: mail leaves on time and once all the same."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from adapters.embedded.redis import EmbeddedRedis
from adapters.settings import Settings
from tests.faults.workers_of_a_test import Nursery
from tests.mailing import Firm, Prospects, eventually

CONTACTS = 30
LATE_SECONDS = 15.0


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A Redis that may be harmed."""
    with tempfile.TemporaryDirectory(prefix="eng") as sockets:
        server = EmbeddedRedis(tmp_path / "redis", Path(sockets), tmp_path / "redis.log")
        server.start()
        yield server
        server.stop()


async def test_mail_leaves_while_redis_forgets_and_goes(
    settings: Settings, firm: Firm, prospects: Prospects, own_redis: EmbeddedRedis
) -> None:
    flow, rep = await firm.salesflow(), await firm.hire()
    with Nursery(settings.model_copy(update={"redis_url": own_redis.url})) as nursery:
        nursery.start()
        nursery.start()
        await rep.connected()
        forgetful = redis.Redis(unix_socket_path=own_redis.url.removeprefix("unix://"))
        for round_ in range(4):
            contacts = await firm.contacts(CONTACTS)
            began = time.monotonic()
            await firm.enroll(rep, flow, contacts)
            if round_ == 2:
                own_redis.stop()
            if round_ == 3:
                own_redis.restart()

            async def all_arrived() -> bool:
                if own_redis.process and own_redis.process.poll() is None:
                    await asyncio.to_thread(forgetful.flushall)
                counts = [len(prospects.inbox(contact.email or "")) for contact in contacts]  # noqa: B023
                assert max(counts) <= 1
                return min(counts) == 1

            await eventually(f"all have got it in round {round_}", all_arrived)
            assert time.monotonic() - began < LATE_SECONDS
        forgetful.close()

        async def all_noted() -> bool:
            return await firm.states() == {"sent": 4 * CONTACTS}

        # An email is there a moment before its worker can say so.
        await eventually("all are noted as sent", all_noted)
