"""The `mqtt` source: messages of any system at a broker, each by the mapping of its topic (docs/kinds/mqtt.md)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from datasources.contract import (
    Batch,
    Deliver,
    Manifest,
    SourceSettings,
    SourceUnavailable,
    configured,
)
from datasources.gathering import Reading, read_reading
from datasources.http import HttpClient
from datasources.mqtt.broker import Broker, Message, Subscription, broker_of
from datasources.mqtt.messages import MessageReader
from datasources.mqtt.options import MqttOptions, TopicOptions
from datasources.mqtt.topics import Filter, Router, read_filter
from datasources.options import OptionProblem, OptionsError, read_options
from situation.clock import Clock

MANIFEST = Manifest(
    kind="mqtt",
    mode="push",
    records=(),
    interval_s=60,
    timeout_s=10,
    stale_after_s=120,
    moves_within_s=1800,
)
AT_ONCE = 5_000
"""Messages that are kept together, at most."""

ALIVE_EVERY_S = 10.0
"""Real seconds between two signs of life of a connection on which nothing comes; pings watch over it."""

LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class MqttSource:
    """One session at one broker."""

    key: str
    manifest: Manifest
    broker: Broker
    subscriptions: tuple[Subscription, ...]
    reader: MessageReader
    available: Available | None
    clock: Clock

    def check(self) -> None:
        """Connect and subscribe once, under another name, so that the running session is left alone."""
        from datasources.mqtt.client import MqttClient  # here: paho is not for every start

        broker = replace(self.broker, client_id=f"{self.broker.client_id}-check", is_lasting=False)
        client = MqttClient(broker, self.subscriptions, self.clock)
        client.open()
        client.close()

    def listen(self, deliver: Deliver, stop: threading.Event) -> None:
        """Read, have kept, acknowledge; raises SourceError when the broker, or the system behind it, is away."""
        from datasources.mqtt.client import MqttClient

        client = MqttClient(self.broker, self.subscriptions, self.clock)
        client.open()
        try:
            deliver(Batch(not_modified=True))
            alive_s = self.clock.monotonic()
            while not stop.is_set():
                messages = client.read(AT_ONCE, LOOK_S)
                if messages:
                    deliver(self.reader.read(messages, self.clock.now(), self.clock.monotonic()))
                    client.acknowledge(messages)
                    self._judge(messages)
                elif self.clock.monotonic() - alive_s >= ALIVE_EVERY_S:
                    deliver(Batch(not_modified=True))
                    alive_s = self.clock.monotonic()
        finally:
            client.close()

    def _judge(self, messages: list[Message]) -> None:
        if self.available is not None:
            self.available.judge(messages)


@dataclass(frozen=True, slots=True)
class Available:
    """Whether the system behind the broker lives, by the topic of its last will."""

    filter: Filter
    online: frozenset[str]

    def judge(self, messages: list[Message]) -> None:
        """Raise SourceUnavailable when the last word on it is that it is gone."""
        words = [message.payload for message in messages if self.filter.matches(message.topic)]
        word = words[-1].decode("utf-8", "replace").strip().strip('"').lower() if words else ""
        if word and word not in self.online:
            raise SourceUnavailable("upstream_offline", f"the system behind the broker says {word[:40]!r}")


def build(settings: SourceSettings, http: HttpClient) -> MqttSource:
    """Make the source; raises OptionsError, or ValueError for an address that is none of a broker."""
    options = read_options(MqttOptions, settings)
    manifest = configured(MANIFEST, settings)
    routes = [
        (read_filter(each.topic), _reading(settings, number, manifest.crs))
        for number, each in enumerate(options.topics)
    ]
    filters = [found.subscription for found, _ in routes]
    available = None
    if options.available is not None:
        watched = read_filter(options.available.topic)
        available = Available(watched, frozenset(word.lower() for word in options.available.online))
        filters.append(watched.subscription)
    return MqttSource(
        key=settings.key,
        manifest=replace(manifest, records=tuple(sorted({route.mapping.record_type.kind for _, route in routes}))),
        broker=broker_of(settings.url, options, settings.key, manifest.timeout_s),
        subscriptions=tuple((each, options.qos) for each in dict.fromkeys(filters)),
        reader=MessageReader(Router(routes), options.largest_bytes),
        available=available,
        clock=http.clock,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _TopicSettings:
    """A source's block as it is for one topic."""

    key: str
    kind: str
    name: str
    department: str
    url: str
    crs: str | None
    timezone: str | None
    interval_s: float | None
    timeout_s: float | None
    stale_after_s: float | None
    options: Mapping[str, Any]


def _reading(settings: SourceSettings, number: int, crs: str) -> Reading:
    """How the messages of one topic are read: by its own options, else by those of the whole source."""
    topic = settings.options["topics"][number]
    own = {} if isinstance(topic, str) else {name: value for name, value in topic.items() if name != "topic"}
    shared = {name: value for name, value in settings.options.items() if name in TopicOptions.model_fields}
    given = {each.name: getattr(settings, each.name) for each in fields(_TopicSettings)}
    try:
        return read_reading(_TopicSettings(**given | {"options": shared | own}), crs)
    except OptionsError as error:
        problems = (_in_topic(problem, number, own) for problem in error.problems)
        raise OptionsError(settings.key, tuple(problems)) from error


def _in_topic(problem: OptionProblem, number: int, own: Mapping[str, Any]) -> OptionProblem:
    """A problem where it was written: in the topic, unless the topic leaves that option to the whole source."""
    _, name, *below = problem.path
    return replace(problem, path=("options", "topics", number, name, *below)) if name in own else problem
