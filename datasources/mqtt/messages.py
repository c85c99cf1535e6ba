"""Messages to batches: each by the mapping of its topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from datasources.contract import Batch
from datasources.gathering import Gathering, Reading
from datasources.mqtt.broker import Message
from datasources.mqtt.topics import Router
from datasources.remembering import Remembered


@dataclass(frozen=True, slots=True)
class MessageReader:
    """Turns messages into batches; remembers what they said before."""

    router: Router[Reading]
    largest_bytes: int
    remembered: Remembered = field(default_factory=Remembered)

    def read(self, messages: Sequence[Message], now: datetime, now_s: float) -> Batch:
        """One batch of all messages. A retained one may be of any age: when it came says nothing of its content."""
        gathering, received_s = Gathering(), now.timestamp()
        for message in messages:
            route = self.router.find(message.topic)
            if route is None or not message.payload:  # of an earlier subscription; or a retained message taken back
                continue
            if len(message.payload) > self.largest_bytes:
                gathering.reject(message.topic, "too_large")
                continue
            reading, columns = route
            gathering.add(
                reading,
                message.topic,
                message.payload,
                columns=columns,
                received_s=None if message.is_retained else received_s,
            )
        batch = gathering.batch(self.remembered, now, now_s)
        if batch.content_at is None and not all(message.is_retained for message in messages):
            return replace(batch, content_at=now)
        return batch
