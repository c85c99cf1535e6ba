"""`python -m benchmarks.crowd PORT CLIENTS SECONDS`: many walls' worth of feed connections in one process.

Speaks plain HTTP over real sockets. Prints one line of JSON: lags of all frames after everybody was connected,
how many connections broke or were told to start over, and bytes received.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from functools import partial

from benchmarks.bars import percentile

OLDEST_AT = re.compile(rb'"oldest_at":(\d+)')
RESET = b"event: reset"
REQUEST = "GET /api/feed HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n"
AT_ONCE = 50
PAUSE_S = 0.05


@dataclass
class Tally:
    """What all clients saw together. `is_counting` is off while they are still connecting."""

    is_counting: bool = False
    is_over: bool = False
    lags: list[float] = field(default_factory=list)
    received: int = 0
    broken: set[int] = field(default_factory=set)


class Client(asyncio.Protocol):
    """One feed connection. Every frame is told apart by its `oldest_at`, without reading the rest."""

    def __init__(self, number: int, port: int, tally: Tally) -> None:
        self._number = number
        self._port = port
        self._tally = tally
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the feed."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(REQUEST.format(port=self._port).encode())

    def data_received(self, data: bytes) -> None:
        """Note the age of each frame in it."""
        tally = self._tally
        if tally.is_counting:
            now_ms = time.time() * 1000
            tally.received += len(data)
            text = self._tail + data  # a frame's head may lie across two pieces
            tally.lags += [(now_ms - int(found)) / 1000 for found in OLDEST_AT.findall(text)]
            end = text.rfind(b'"oldest_at"')
            self._tail = text[end:] if end >= 0 and not OLDEST_AT.match(text, end) else b""
        if RESET in data:
            tally.broken.add(self._number)

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection that ends before the measurement does is a lost wall."""
        if not self._tally.is_over:
            self._tally.broken.add(self._number)


async def crowd(port: int, clients: int, seconds: float) -> Tally:
    """Connect everybody, listen for so long, hang up."""
    loop, tally = asyncio.get_running_loop(), Tally()
    transports = []
    for first in range(0, clients, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, clients))
        made = [loop.create_connection(partial(Client, number, port, tally), "127.0.0.1", port) for number in numbers]
        transports += [transport for transport, _ in await asyncio.gather(*made)]
        await asyncio.sleep(PAUSE_S)
    await asyncio.sleep(1.0)
    print("connected", flush=True)
    tally.is_counting = True
    await asyncio.sleep(seconds)
    tally.is_over, tally.is_counting = True, False
    for transport in transports:
        transport.abort()
    return tally


def main() -> None:
    """Print what they saw."""
    port, clients, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    tally = asyncio.run(crowd(port, clients, seconds))
    frames = len(tally.lags)
    told = {
        "frames": frames,
        "p50": percentile(tally.lags, 0.5) if frames else None,
        "p99": percentile(tally.lags, 0.99) if frames else None,
        "lost": len(tally.broken),
        "bytes_per_s": tally.received / clients / seconds,
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
