"""`python -m benchmarks.publisher PORT RATE COUNT FIRST`: so many messages a second at QoS 1, until the broker has all.

Speaks MQTT 3.1.1 by itself, for a fraction of what a client library costs: it must not be what is measured. A broker
that goes away is called again, and told again what it has not acknowledged. Prints when it began (epoch seconds) and,
at the end, how many messages the broker acknowledged.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from datetime import UTC, datetime, timedelta

DEVICES = 500
WINDOW = 5_000
TICK_S = 0.02
PATIENCE_S = 60.0
_DUPLICATE = 0x08


class Publisher:
    """Publishes numbered readings; `unacknowledged` holds what the broker must be told again after a fall."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.unacknowledged: dict[int, bytes] = {}
        self.acknowledged = 0
        self._base = datetime.now(UTC) - timedelta(minutes=30)
        self._rest = b""
        self._connect()

    def publish(self, number: int) -> bytes:
        """The packet of a reading: each is one of its device's and of a time of its own."""
        device, step = number % DEVICES, number // DEVICES
        at = (self._base + timedelta(milliseconds=step)).isoformat(timespec="milliseconds")
        payload = (
            f'{{"name":"窨井{device}","lon":{121.4 + device / 5000},"lat":31.4,"level":{number % 100},"at":"{at}"}}'
        )
        topic = f"city/street{device % 12}/drain/d{device}".encode()
        mid = number % 65_535 + 1
        body = struct.pack(">H", len(topic)) + topic + struct.pack(">H", mid) + payload.encode()
        packet = b"\x32" + _length(len(body)) + body
        self.unacknowledged[mid] = packet
        return packet

    def exchange(self, packets: bytes) -> None:
        """Send, and read what is acknowledged; connects again and sends again what may be lost."""
        try:
            self._socket.sendall(packets)
            self._read()
        except OSError:
            self._connect()
            again = (bytes([packet[0] | _DUPLICATE]) + packet[1:] for packet in self.unacknowledged.values())
            self._socket.sendall(b"".join(again))

    def _read(self) -> None:
        self._socket.settimeout(0.001)
        try:
            said = self._socket.recv(1 << 18)
        except TimeoutError:
            return
        finally:
            self._socket.settimeout(10)
        if not said:
            raise ConnectionResetError
        said = self._rest + said
        whole = len(said) // 4 * 4
        for (mid,) in struct.iter_unpack(">xxH", said[:whole]):
            self.acknowledged += self.unacknowledged.pop(mid, None) is not None
        self._rest = said[whole:]

    def _connect(self) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", self.port), 10)
                self._socket.sendall(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04pub1")
                if self._socket.recv(4)[:1] == b"\x20":
                    self._rest = b""
                    return
            except OSError:
                if time.monotonic() > until_s:
                    raise
            time.sleep(0.1)


def _length(size: int) -> bytes:
    return bytes([size]) if size < 128 else bytes([size % 128 | 128, size // 128])


def main() -> None:
    """Publish all of it."""
    port, rate, count, first = (int(word) for word in sys.argv[1:5])
    publisher = Publisher(port)
    print(time.time(), flush=True)
    began_s, made = time.monotonic(), 0
    while made < count or publisher.unacknowledged:
        due = min(count, int((time.monotonic() - began_s) * rate)) - made
        room = WINDOW - len(publisher.unacknowledged)
        packets = [publisher.publish(first + made + each) for each in range(max(0, min(due, room)))]
        made += len(packets)
        publisher.exchange(b"".join(packets))
        if len(packets) < WINDOW // 10:
            time.sleep(TICK_S)
    print(json.dumps({"acknowledged": publisher.acknowledged}), flush=True)


if __name__ == "__main__":
    main()
