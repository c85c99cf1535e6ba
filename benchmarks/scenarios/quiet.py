"""A quiet city: what a wall costs the network when nothing happens but that its sources live."""

from __future__ import annotations

import socket
import time

from benchmarks.bars import Measured
from benchmarks.bench import Bench

SETTLED_S = 6.0
LISTENED_S = 60.0
REQUEST = "GET /api/feed HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n"


def run(bench: Bench) -> list[Measured]:
    """One feed connection, its bytes counted on the socket: some beats, and frames only where time alone tells."""
    district = bench.district()
    seconds = bench.seconds(LISTENED_S)
    with (
        bench.web(district) as web,
        bench.writer(district, rate=0),
        socket.create_connection(("127.0.0.1", web.port)) as connection,
    ):
        connection.sendall(REQUEST.format(port=web.port).encode())
        _received(connection, bench.seconds(SETTLED_S))
        received = _received(connection, seconds)
    return [Measured("quiet.bytes", received / seconds)]


def _received(connection: socket.socket, seconds: float) -> int:
    """Bytes that come within so many seconds."""
    until_s, count = time.monotonic() + seconds, 0
    while (left_s := until_s - time.monotonic()) > 0:
        connection.settimeout(left_s)
        try:
            count += len(connection.recv(65_536))
        except TimeoutError:
            break
    return count
