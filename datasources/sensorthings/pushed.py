"""SensorThings with its MQTT extension: Things by REST now and then, Observations as they happen.

Topics (OGC 18-088, 14): `v1.1/Datastreams(19)/Observations` for one datastream, `v1.1/Observations` for all, whose
messages say of which datastream they are only where the topic asks for it (`?$expand=Datastream`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from datasources.contract import (
    Batch,
    Deliver,
    FetchContext,
    Manifest,
    Rejection,
    SourceDataError,
    SourceSettings,
    SourceUnavailable,
)
from datasources.decode import decode_json
from datasources.http import HttpClient
from datasources.mqtt.broker import Broker, Message, Subscription, broker_of
from datasources.sensorthings.options import MqttOptions
from datasources.sensorthings.pages import stream_key_of
from datasources.sensorthings.readings import normalise_observations, without_duplicates
from datasources.sensorthings.source import SensorThingsSource, build_rest
from situation.records import Sensor

AT_ONCE = 5_000
ALIVE_EVERY_S = 10.0
LOOK_S = 0.5
_OF_ONE = re.compile(r"Datastreams\('?(.+?)'?\)/Observations")


@dataclass(frozen=True, slots=True)
class SensorThingsPush:
    """A server that is asked for its Things and tells its Observations by itself."""

    rest: SensorThingsSource
    broker: Broker
    options: MqttOptions
    manifest: Manifest

    @property
    def key(self) -> str:
        """The source's key."""
        return self.rest.key

    def check(self) -> None:
        """Try the server, then the broker, under another name than the running session's."""
        from datasources.mqtt.client import MqttClient

        self.rest.check()
        broker = replace(self.broker, client_id=f"{self.broker.client_id}-check", is_lasting=False)
        client = MqttClient(broker, self._subscriptions(()), self.rest.http.clock)
        client.open()
        client.close()

    def listen(self, deliver: Deliver, stop: threading.Event) -> None:
        """Keep what comes, and ask for everything every few minutes; a server that fails then costs only that."""
        from datasources.mqtt.client import MqttClient

        clock = self.rest.http.clock
        client = MqttClient(self.broker, self._subscriptions(()), clock)
        client.open()
        try:
            cursor, is_first = None, True
            asked_s = alive_s = float("-inf")
            while not stop.is_set():
                if clock.monotonic() - asked_s >= self._every_s():
                    batch = self._everything(cursor, is_first)
                    client.subscribe(self._subscriptions(batch.records))
                    deliver(batch)
                    cursor, is_first, asked_s = batch.cursor or cursor, False, clock.monotonic()
                messages = client.read(AT_ONCE, LOOK_S)
                if messages:
                    deliver(self._batch(messages))
                    client.acknowledge(messages)
                elif clock.monotonic() - alive_s >= ALIVE_EVERY_S:
                    deliver(Batch(not_modified=True))
                    alive_s = clock.monotonic()
        finally:
            client.close()

    def _every_s(self) -> float:
        city_s = max(self.manifest.interval_s, self.rest.options.full_every_s)
        return max(self.rest.http.clock.real_s(city_s), 1.0)

    def _everything(self, cursor: Any, is_first: bool) -> Batch:
        clock = self.rest.http.clock
        context = FetchContext(
            now=clock.now(), cursor=cursor, deadline_monotonic_s=clock.monotonic() + self.manifest.timeout_s
        )
        try:
            return self.rest.fetch(context)
        except (SourceUnavailable, SourceDataError) as error:
            if is_first:
                raise
            return Batch(rejected=(Rejection("Things", error.safe_text),))

    def _subscriptions(self, records: Sequence[Any]) -> list[Subscription]:
        """The configured topics; without them, one for each datastream of sensors that are known."""
        if self.options.topics:
            return [(topic, self.options.qos) for topic in self.options.topics] if not records else []
        ids = (
            stream.id.removeprefix(f"{self.key}.")
            for record in records
            if isinstance(record, Sensor)
            for stream in record.datastreams
        )
        path = self.rest.options.path
        return [(f"{path}/Datastreams({_literal(each)})/Observations", self.options.qos) for each in ids]

    def _batch(self, messages: Sequence[Message]) -> Batch:
        rows: list[Any] = []
        rejected: list[Rejection] = []
        for message in messages:
            try:
                rows.append(_row(message, self.options.largest_bytes))
            except SourceDataError as error:
                rejected.append(Rejection(message.topic[:100], error.safe_text))
        found, refused = normalise_observations(rows, self.key, self.rest.server.zone)
        kept = without_duplicates(found)
        return Batch(
            observations=kept,
            rejected=(*rejected, *refused),
            content_at=kept[-1].observed_at if kept else None,
        )


def _row(message: Message, largest_bytes: int) -> Any:
    """An Observation that names its Datastream: by itself, by its link, or by its topic."""
    if len(message.payload) > largest_bytes:
        raise SourceDataError("too_large")
    row = decode_json(message.payload)
    if not isinstance(row, dict) or isinstance(row.get("Datastream"), dict):
        return row
    of_one = _OF_ONE.search(message.topic)
    key = of_one[1] if of_one else stream_key_of(row.get("Datastream@iot.navigationLink"))
    return {**row, "Datastream": {"@iot.id": key}} if key else row


def _literal(key: str) -> str:
    return key if key.isdecimal() else "'" + key.replace("'", "''") + "'"


def build(settings: SourceSettings, http: HttpClient) -> SensorThingsSource | SensorThingsPush:
    """Make the source, with its broker where it has one; raises OptionsError, or ValueError for a wrong address."""
    rest = build_rest(settings, http)
    options = rest.options.mqtt
    if options is None:
        return rest
    manifest = replace(rest.manifest, mode="push", resumes=False)
    broker = broker_of(options.url, options, rest.key)
    return SensorThingsPush(rest, broker, options, manifest)
