"""The socket under an MQTT client: reads in large pieces and sends acknowledgements together.

paho reads a packet in three pieces and sends each acknowledgement by itself; with a system call for each of them,
10,000 messages a second would cost half a core for nothing.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import MQTTErrorCode

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

_PIECE = 262_144


class BufferedSocket:
    """A connected socket as paho uses it (its `SocketLike`, with `pending` as TLS sockets have it)."""

    def __init__(self, socket: socket.socket, patience_s: float) -> None:
        """`patience_s`: how long a broker may take to accept our acknowledgements."""
        self._socket = socket
        self._patience_s = patience_s
        self._piece = b""
        self._at = 0
        self._held: bytearray | None = None

    def recv(self, buffer_size: int) -> bytes:
        """At most `buffer_size` bytes; what else came with them is kept for the next time."""
        if self._at == len(self._piece):
            self._piece = self._socket.recv(_PIECE)
            self._at = 0
        found = self._piece[self._at : self._at + buffer_size]
        self._at += len(found)
        return found

    def pending(self) -> int:
        """How many bytes can be read although the system's socket shows none."""
        inside = self._socket.pending() if isinstance(self._socket, ssl.SSLSocket) else 0
        return len(self._piece) - self._at + inside

    def send(self, buffer: bytes | bytearray) -> int:
        """Send, or keep for `flush` while sending is held back."""
        if self._held is not None:
            self._held += buffer
            return len(buffer)
        return self._socket.send(buffer)

    def hold(self) -> None:
        """Hold back what is sent until `flush`."""
        self._held = bytearray()

    def flush(self) -> None:
        """Send what was held back; raises OSError when it can't be."""
        held, self._held = self._held, None
        if not held:
            return
        self._socket.settimeout(self._patience_s)
        try:
            self._socket.sendall(held)
        finally:
            self._socket.setblocking(False)

    def fileno(self) -> int:
        """For `select`."""
        return self._socket.fileno()

    def setblocking(self, flag: bool) -> None:
        """As the socket's own."""
        self._socket.setblocking(flag)

    def close(self) -> None:
        """As the socket's own."""
        self._socket.close()


Take = Callable[[bytes, bytes, bool, int, int], None]
"""What is done with a message: topic, payload, whether it was retained, its number, its QoS."""


class BufferedClient(Client):
    """paho's client over a BufferedSocket."""

    tls: ssl.SSLContext | None = None
    take: Take | None = None

    def _handle_publish(self) -> MQTTErrorCode:
        """The usual message, of QoS 0 or 1 without properties, goes straight to `take`.

        paho makes a table of properties for each, which costs as much as all the rest of it.
        """
        command, packet = self._in_packet["command"], self._in_packet["packet"]
        is_retained, qos = bool(command & 1), command >> 1 & 3
        named = 2 + int.from_bytes(packet[:2], "big")
        begins = named + 2 * bool(qos)
        if self.protocol == MQTTv5:
            begins += 1
        is_usual = (
            qos < 2 and named > 2 and len(packet) >= begins and (self.protocol != MQTTv5 or not packet[begins - 1])
        )
        if self.take is None or not is_usual:
            return super()._handle_publish()
        mid = int.from_bytes(packet[named : named + 2], "big") if qos else 0
        self.take(bytes(packet[2:named]), bytes(packet[begins:]), is_retained, mid, qos)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        """As paho does, and the socket is closed when the two don't agree."""
        if self.tls is None:
            raise ValueError("TLS without a context")
        wrapped = self.tls.wrap_socket(tcp_sock, server_hostname=self.host, do_handshake_on_connect=False)
        try:
            wrapped.settimeout(self.connect_timeout)
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped

    def _create_socket(self) -> SocketLike:
        plain = super()._create_socket()
        if not isinstance(plain, socket.socket):  # only over websockets, which we don't offer
            raise TypeError(type(plain).__name__)
        self.wire = BufferedSocket(plain, self.connect_timeout)
        return self.wire
