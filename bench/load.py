"""A client in a process of its own: keeps so many connections busy for so long, and tells how long answers took.

`python -m bench.load URL SECONDS CONNECTIONS TOKEN` reads paths from standard input, one a line, asks for them in
turn and prints {"answers", "seconds", "p50", "p95"} (milliseconds).
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import quantiles
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Load:
    """What the client saw; times in milliseconds."""

    answers: int
    seconds: float
    p50: float
    p95: float

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


def load(url: str, paths: Sequence[str], *, seconds: float, connections: int, token: str = "") -> Load:
    """Runs the client. Raises CalledProcessError when an answer was not 200."""
    command = [sys.executable, "-m", "bench.load", url, str(seconds), str(connections), token]
    done = subprocess.run(command, input="\n".join(paths), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return Load(**json.loads(done.stdout))


async def _client(url: str, requests: Iterator[bytes], deadline: float) -> list[float]:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    took = []
    while (began := time.perf_counter()) < deadline:
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        if b" 200 " not in lines[0]:
            raise RuntimeError(head.decode(errors="replace"))
        length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:"))
        await reader.readexactly(length)
        took.append((time.perf_counter() - began) * 1000)
    writer.close()
    return took


async def _run(url: str, paths: Sequence[str], seconds: float, connections: int, token: str) -> Load:
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    host = urlsplit(url).netloc
    requests = cycle([f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{authorization}\r\n".encode() for path in paths])
    began = time.perf_counter()
    took = await asyncio.gather(*(_client(url, requests, began + seconds) for _ in range(connections)))
    elapsed = time.perf_counter() - began
    times = [one for each in took for one in each]
    percentiles = quantiles(times, n=100)
    return Load(len(times), elapsed, percentiles[49], percentiles[94])


def main() -> None:
    """The process."""
    url, seconds, connections, token = sys.argv[1:5]
    paths = sys.stdin.read().splitlines()
    found = asyncio.run(_run(url, paths, float(seconds), int(connections), token))
    print(json.dumps({"answers": found.answers, "seconds": found.seconds, "p50": found.p50, "p95": found.p95}))


if __name__ == "__main__":
    main()
