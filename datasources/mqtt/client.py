"""One connection to a broker, driven by the thread that uses it: it has none of its own.

MQTT 5 and 3.1.1 by paho-mqtt. A message of QoS 1 is acknowledged by whoever read it, when it is kept; until then the
broker keeps it, over our restart and, when it stores its sessions, over its own.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Sequence
from typing import Any

from paho.mqtt.client import MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from datasources.contract import SourceAuthFailed, SourceError, SourceUnavailable
from datasources.mqtt.broker import Broker, Message, Subscription
from datasources.mqtt.wire import BufferedClient
from datasources.secrets import reveal
from situation.clock import Clock

UNACKNOWLEDGED = 10_000
"""How many messages a broker may send before we acknowledge the first (MQTT 5; before, its own setting)."""

LARGEST_PACKET = 17_000_000
"""What we ask a broker never to send more of at once, whatever our own limit is: it bounds the memory."""

SUBSCRIBED_AT_ONCE = 100

LINGER_S = 0.1
"""How long more messages are waited for after the first, so that they share a transaction."""

QUIET_S = 0.01
"""The same before MQTT 5, whose brokers stop after as few as twenty unacknowledged ones: until nothing more comes."""

_NO_ACCESS = frozenset({0x86, 0x87, 0x8A, 0x8C})
"""Reason codes: bad user name or password, not authorised, banned, bad authentication method."""


class MqttClient:
    """A session at one broker. Not thread-safe; raises only SourceError."""

    def __init__(self, broker: Broker, subscriptions: Sequence[Subscription], clock: Clock) -> None:
        self._broker = broker
        self._subscriptions = list(subscriptions)
        self._clock = clock
        self._messages: list[Message] = []
        self._refusal: SourceError | None = None
        self._asked_for: dict[int, list[Subscription]] = {}
        self._is_subscribed = False
        self._linger_s = LINGER_S if broker.options.protocol == "5" else QUIET_S
        self._client = _made(broker)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.take = self._take

    def open(self) -> None:
        """Connect and subscribe; raises SourceUnavailable or SourceAuthFailed."""
        deadline_s = self._clock.monotonic() + self._broker.connect_s
        try:
            self._connect()
            while not self._is_subscribed:
                left_s = deadline_s - self._clock.monotonic()
                if left_s <= 0:
                    raise SourceUnavailable("timeout", "the broker did not answer in time")
                self._turn(left_s)
        except BaseException:
            self.close()
            raise

    def subscribe(self, subscriptions: Sequence[Subscription]) -> None:
        """Subscribe to what is not subscribed to yet; a refusal is raised by whatever reads next."""
        known = {topic for topic, _ in self._subscriptions}
        new = [each for each in subscriptions if each[0] not in known]
        self._subscriptions += new
        self._ask_for(new)

    def _ask_for(self, subscriptions: Sequence[Subscription]) -> None:
        for at in range(0, len(subscriptions), SUBSCRIBED_AT_ONCE):
            some = list(subscriptions[at : at + SUBSCRIBED_AT_ONCE])
            _, mid = self._client.subscribe(some)
            self._asked_for[mid or 0] = some

    def read(self, most: int, wait_s: float) -> list[Message]:
        """What came, waiting at most `wait_s` for a first message; raises SourceUnavailable on a lost connection.

        While nobody reads, nothing more is taken from the broker than the system's buffers hold.
        """
        if not self._messages:
            self._turn(wait_s, most)
        deadline_s = self._clock.monotonic() + LINGER_S
        while 0 < len(self._messages) < most:
            before, left_s = len(self._messages), deadline_s - self._clock.monotonic()
            if left_s <= 0:
                break
            self._turn(min(left_s, self._linger_s), most)
            if len(self._messages) == before and self._linger_s < LINGER_S:
                break
        taken, self._messages = self._messages, []
        return taken

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Tell the broker that these are kept; raises SourceUnavailable when it can't be told (they come again)."""
        wire = self._client.wire
        wire.hold()
        for message in messages:
            if message.qos:
                self._client.ack(message.mid, message.qos)
        try:
            wire.flush()
        except OSError as error:
            raise SourceUnavailable("unreachable", f"acknowledging failed: {error}") from error

    def close(self) -> None:
        """End the connection in good order; the broker keeps the session as long as it promised."""
        self._client.disconnect()
        self._client.loop_misc()

    def _connect(self) -> None:
        broker, options = self._broker, self._broker.options
        given: dict[str, Any] = {}
        if options.protocol == "5":
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho gives it no types
            properties.SessionExpiryInterval = options.session_expiry_s if broker.is_lasting else 0
            properties.ReceiveMaximum = UNACKNOWLEDGED
            properties.MaximumPacketSize = LARGEST_PACKET
            given = {"clean_start": not broker.is_lasting, "properties": properties}
        if broker.is_tls:
            self._client.tls = broker.tls()
            self._client.tls_set_context(self._client.tls)
        try:
            self._client.connect(broker.host, broker.port, options.keepalive_s, **given)
        except ssl.SSLError as error:
            raise SourceUnavailable("tls", str(error)) from error
        except TimeoutError as error:
            raise SourceUnavailable("timeout", str(error)) from error
        except (OSError, socket.gaierror, ValueError) as error:
            raise SourceUnavailable("unreachable", str(error)) from error

    def _turn(self, wait_s: float, most: int = 1) -> None:
        """Read and write what can be, answer pings, notice a lost connection."""
        done = self._client.loop(wait_s)
        while done == MQTTErrorCode.MQTT_ERR_SUCCESS and len(self._messages) < most and self._client.wire.pending():
            done = self._client.loop_read()
        if self._refusal is not None:
            raise self._refusal
        if done != MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.socket() is None:
            raise SourceUnavailable("unreachable", f"the connection to the broker was lost: {done.name}")

    def _on_connect(self, client: Any, _: Any, flags: Any, reason: ReasonCode, properties: Any) -> None:
        if reason.is_failure:
            self._refusal = _refused(reason)
        elif self._subscriptions:
            self._ask_for(self._subscriptions)
        else:
            self._is_subscribed = True

    def _on_subscribe(self, client: Any, _: Any, mid: int, reasons: list[ReasonCode], properties: Any) -> None:
        for (topic, _), reason in zip(self._asked_for.pop(mid, ()), reasons, strict=False):
            if reason.is_failure:
                self._refusal = SourceAuthFailed(f"auth_failed:{reason.value}", f"subscribing to {topic}: {reason}")
        self._is_subscribed = not self._asked_for

    def _on_disconnect(self, client: Any, _: Any, flags: Any, reason: ReasonCode, properties: Any) -> None:
        if reason.is_failure and self._refusal is None:
            self._refusal = _refused(reason)

    def _on_message(self, client: Any, _: Any, message: MQTTMessage) -> None:
        """A message that is not usual (see `BufferedClient`)."""
        self._take(message._topic, bytes(message.payload), message.retain, message.mid, message.qos)

    def _take(self, topic: bytes, payload: bytes, is_retained: bool, mid: int, qos: int) -> None:
        self._messages.append(Message(topic.decode("utf-8", "replace"), payload, is_retained, mid, qos))


def _made(broker: Broker) -> BufferedClient:
    options, is_5 = broker.options, broker.options.protocol == "5"
    client = BufferedClient(
        CallbackAPIVersion.VERSION2,
        client_id=broker.client_id,
        protocol=MQTTv5 if is_5 else MQTTv311,
        clean_session=None if is_5 else not broker.is_lasting,
        manual_ack=True,
    )
    client.connect_timeout = broker.connect_s
    if options.username:
        client.username_pw_set(options.username, reveal(options.password) or None)
    return client


def _refused(reason: ReasonCode) -> SourceError:
    """Why a broker refused us or ended the connection."""
    code = int(reason.value)
    if code in _NO_ACCESS:
        return SourceAuthFailed(f"auth_failed:{code}", str(reason))
    if code == 0x80:  # "unspecified": also what paho says when a connection just broke
        return SourceUnavailable("unreachable", str(reason))
    return SourceUnavailable(f"upstream_code:{code}", str(reason))
