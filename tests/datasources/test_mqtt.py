"""The `mqtt` source against a real Mosquitto: what comes is mapped, kept, then acknowledged, over every restart."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from mosquitto import Mosquitto
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from source_settings import Block

from datasources.contract import Batch, DeliveryFailed, SourceUnavailable
from datasources.http import HttpClient
from datasources.mqtt import build
from datasources.mqtt.source import MqttSource
from datasources.options import OptionsError
from situation.clock import CityClock
from situation.records import Camera, Officer, Sensor

SENSORS: dict[str, Any] = {
    "record": "sensor",
    "topics": ["city/{street}/water/{device}"],
    "fields": {"id": "{device}", "name": "name", "lon": "lon", "lat": "lat", "address": "{street}"},
    "readings": {"level": {"value": "level_cm", "unit": "cm", "observed_at": "at"}},
}
AT = "2026-08-09T14:00:00+08:00"
WAIT_S = 60.0


def payload(level: float = 12.5, at: str = AT, **more: Any) -> str:
    return json.dumps({"level_cm": level, "at": at, **more})


def source_of(broker: Mosquitto, options: dict[str, Any], **block: Any) -> MqttSource:
    return build(Block(kind="mqtt", url=broker.url, options=options, **block), HttpClient(clock=CityClock()))


@dataclass
class Listening:
    """A source that is listened to in a thread, and a store that keeps what it delivers, or refuses."""

    source: MqttSource
    kept: list[Batch] = field(default_factory=list)
    refuses: bool = False
    stop: threading.Event = field(default_factory=threading.Event)
    connected: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.source.listen(self._deliver, self.stop)
        except (SourceUnavailable, DeliveryFailed) as failure:
            self.failure = failure
        self.connected.set()
        with self.changed:
            self.changed.notify_all()

    def _deliver(self, batch: Batch) -> None:
        if not batch.not_modified and self.refuses:
            raise DeliveryFailed("disk full")
        with self.changed:
            if not batch.not_modified:
                self.kept.append(batch)
            self.changed.notify_all()
        self.connected.set()

    @property
    def values(self) -> list[float]:
        return [one.value for batch in self.kept for one in batch.observations]

    @property
    def records(self) -> list[Any]:
        return [record for batch in self.kept for record in batch.records]

    @property
    def rejected(self) -> list[Any]:
        return [bad for batch in self.kept for bad in batch.rejected]

    def wait_for(self, what: Any) -> None:
        with self.changed:
            assert self.changed.wait_for(what, WAIT_S), f"kept: {self.kept}, failure: {self.failure}"

    def end(self) -> None:
        self.stop.set()
        self.thread.join(WAIT_S)
        assert not self.thread.is_alive()


@pytest.fixture
def listen() -> Iterator[Any]:
    """Listens to sources; all of them are stopped in the end."""
    started: list[Listening] = []

    def start(source: MqttSource, **options: Any) -> Listening:
        started.append(Listening(source, **options))
        assert started[-1].connected.wait(WAIT_S)
        return started[-1]

    yield start
    for each in started:
        each.end()


def test_messages_become_sensors_and_readings_by_topic_and_payload(broker: Mosquitto, listen: Any) -> None:
    heard = listen(source_of(broker, SENSORS))
    broker.publish("city/友谊路/water/w1", payload(12.5, name="下立交", lon=121.48, lat=31.4))
    heard.wait_for(lambda: heard.values)
    sensor = heard.records[0]
    assert isinstance(sensor, Sensor)
    assert (sensor.id, sensor.name, sensor.address) == ("upstream.w1", "下立交", "友谊路")
    assert heard.kept[0].observations[0].observed_at == datetime(2026, 8, 9, 6, tzinfo=UTC)
    assert heard.kept[0].content_at == datetime(2026, 8, 9, 6, tzinfo=UTC)
    assert heard.rejected == []


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_nothing_is_lost_while_we_are_away_or_the_broker_is(broker: Mosquitto, listen: Any, protocol: str) -> None:
    options = SENSORS | {"protocol": protocol}
    first = listen(source_of(broker, options))
    broker.publish("city/a/water/w1", payload(1))
    first.wait_for(lambda: first.values == [1])
    first.end()
    broker.publish("city/a/water/w1", *(payload(level, f"2026-08-09T14:{level:02}:00+08:00") for level in range(2, 42)))
    broker.stop()
    broker.start()
    second = listen(source_of(broker, options))
    second.wait_for(lambda: set(second.values) >= set(range(2, 42)))


def test_what_the_store_refused_is_not_acknowledged_and_comes_again(broker: Mosquitto, listen: Any) -> None:
    first = listen(source_of(broker, SENSORS), refuses=True)
    broker.publish("city/a/water/w1", payload(7))
    first.wait_for(lambda: first.failure is not None)
    assert isinstance(first.failure, DeliveryFailed)
    second = listen(source_of(broker, SENSORS))
    second.wait_for(lambda: second.values == [7])


def test_broker_that_goes_away_ends_the_listening_with_an_error(broker: Mosquitto, listen: Any) -> None:
    heard = listen(source_of(broker, SENSORS))
    broker.stop()
    heard.wait_for(lambda: heard.failure is not None)
    assert isinstance(heard.failure, SourceUnavailable)


def test_scalar_without_a_time_is_of_when_it_came(broker: Mosquitto, listen: Any) -> None:
    options = {
        "record": "sensor",
        "topics": ["plant/{device}/+"],
        "fields": {"id": "{2}"},
        "reading_name": "{3}",
        "format": "text",
    }
    heard = listen(source_of(broker, options))
    before = datetime.now(UTC)
    broker.publish("plant/p1/temperature", "21.5")
    heard.wait_for(lambda: heard.values == [21.5])
    observation = heard.kept[0].observations[0]
    assert observation.datastream == "upstream.p1.temperature"
    assert before - timedelta(seconds=1) <= observation.observed_at <= datetime.now(UTC)


def test_retained_value_without_a_time_is_no_reading_of_now(broker: Mosquitto, listen: Any) -> None:
    options = {"record": "sensor", "topics": ["plant/{device}"], "fields": {"id": "{device}"}}
    broker.publish("plant/p1", json.dumps({"value": 3, "name": "泵"}), retain=True)
    heard = listen(source_of(broker, options))
    heard.wait_for(lambda: heard.records)
    assert (heard.records[0].name, heard.values) == ("泵", [])
    assert heard.kept[0].content_at is None


def test_cbor_is_read(broker: Mosquitto, listen: Any) -> None:
    heard = listen(source_of(broker, SENSORS | {"format": "cbor"}))
    broker.publish("city/a/water/w1", cbor2.dumps({"level_cm": 3.25, "at": AT}))
    heard.wait_for(lambda: heard.values == [3.25])


def test_message_with_properties_is_read_as_any_other(broker: Mosquitto, listen: Any) -> None:
    heard = listen(source_of(broker, SENSORS))
    properties = Properties(PacketTypes.PUBLISH)
    properties.ContentType = "application/json"
    properties.UserProperty = ("vendor", "x")
    broker.publish("city/a/water/w1", payload(8), properties=properties)
    heard.wait_for(lambda: heard.values == [8])
    assert heard.rejected == []


def test_topic_of_any_language_is_read(broker: Mosquitto, listen: Any) -> None:
    heard = listen(source_of(broker, SENSORS | {"topics": ["#"], "fields": {"id": "{4}"}}))
    broker.publish("浦东/a/water/w1", payload(3))
    heard.wait_for(lambda: heard.values == [3])


def test_each_topic_has_its_own_mapping(broker: Mosquitto, listen: Any) -> None:
    options = {
        "crs": "wgs84",
        "topics": [
            {"topic": "track/{who}", "record": "officer", "fields": {"id": "{who}", "positioned_at": "t"}},
            {
                "topic": "cam/{camera}/status",
                "record": "camera",
                "format": "text",
                "fields": {"id": "{camera}", "state": "value", "seen_at": "{received_at}"},
                "values": {"state": {"up": "online", "*": "offline"}},
            },
        ],
    }
    del options["crs"]
    heard = listen(source_of(broker, options))
    broker.publish("track/7", json.dumps({"lon": 121.48, "lat": 31.4, "t": AT}))
    broker.publish("cam/c1/status", "up")
    heard.wait_for(lambda: len(heard.records) == 2)
    kinds = {type(record): record for record in heard.records}
    assert kinds[Officer].lon == pytest.approx(121.48)
    assert kinds[Camera].state == "online"


def test_what_a_later_message_leaves_unsaid_stays_as_it_was_said(broker: Mosquitto, listen: Any) -> None:
    heard = listen(source_of(broker, SENSORS))
    broker.publish("city/a/water/w1", json.dumps({"name": "下立交", "lon": 121.48, "lat": 31.4}))
    heard.wait_for(lambda: heard.records)
    broker.publish("city/b/water/w1", payload(5))
    heard.wait_for(lambda: heard.values == [5])
    assert (heard.records[-1].name, heard.records[-1].lon) == ("下立交", 121.48)
    assert heard.records[-1].address == "b"


def test_what_tells_nothing_of_a_cameras_life_leaves_its_state_alone(broker: Mosquitto, listen: Any) -> None:
    state = {"fields": {"id": "{camera}", "state": "value"}, "values": {"state": {"up": "online"}}, "format": "text"}
    options = {
        "record": "camera",
        "topics": [{"topic": "cam/{camera}/status", **state}, "cam/{camera}/about"],
        "fields": {"id": "{camera}"},
    }
    heard = listen(source_of(broker, options))
    broker.publish("cam/c1/status", "up")
    broker.publish("cam/c1/about", json.dumps({"name": "路口"}))
    heard.wait_for(lambda: heard.records and heard.records[-1].name == "路口")
    assert heard.records[-1].state == "online"
    broker.publish("cam/c1/status", "who knows")
    heard.wait_for(lambda: heard.records[-1].state == "unknown")
    assert heard.records[-1].name == "路口"


def test_bad_messages_cost_themselves_and_are_counted(broker: Mosquitto, listen: Any) -> None:
    heard = listen(source_of(broker, SENSORS | {"largest_bytes": 1000}))
    bad = ["{", "[1, 2]", "\x00\x01", "x" * 1001, json.dumps({"level_cm": {"deep": []}, "at": 5})]
    broker.publish("city/a/water/bad", *bad)
    broker.publish("city/a/water/w1", payload(9))
    heard.wait_for(lambda: 9 in heard.values)
    reasons = {bad.reason for bad in heard.rejected}
    assert {"not_json", "too_large"} <= reasons
    assert len(heard.rejected) >= 4
    assert heard.failure is None


def test_shared_subscription_divides_the_messages_among_collectors(broker: Mosquitto, listen: Any) -> None:
    options = SENSORS | {"topics": ["$share/wall/city/{street}/water/{device}"]}
    first = listen(source_of(broker, options, key="one"))
    second = listen(source_of(broker, options, key="two"))
    broker.publish("city/a/water/w1", *(payload(level) for level in range(20)))
    first.wait_for(lambda: len(first.values) + len(second.values) == 20)
    assert sorted(first.values + second.values) == list(range(20))


def test_of_two_with_the_same_session_the_first_ends(broker: Mosquitto, listen: Any) -> None:
    first = listen(source_of(broker, SENSORS))
    listen(source_of(broker, SENSORS))
    first.wait_for(lambda: first.failure is not None)
    assert isinstance(first.failure, SourceUnavailable)
    assert first.failure.safe_text in ("upstream_code:142", "unreachable")  # Mosquitto 2.0.11 says nothing


def test_last_will_of_the_system_behind_the_broker_tells_that_it_is_gone(broker: Mosquitto, listen: Any) -> None:
    options = SENSORS | {"available": {"topic": "frigate/available"}}
    heard = listen(source_of(broker, options))
    broker.publish("frigate/available", "online")
    broker.publish("city/a/water/w1", payload(4))
    heard.wait_for(lambda: heard.values == [4])
    broker.publish("frigate/available", "offline")
    heard.wait_for(lambda: heard.failure is not None)
    assert isinstance(heard.failure, SourceUnavailable)
    assert heard.failure.safe_text == "upstream_offline"


def test_check_leaves_the_running_session_alone(broker: Mosquitto, listen: Any) -> None:
    source = source_of(broker, SENSORS)
    heard = listen(source)
    source.check()
    broker.publish("city/a/water/w1", payload(6))
    heard.wait_for(lambda: heard.values == [6])
    assert heard.failure is None


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"topics": []}, "options.topics"),
        ({"topics": ["a/#/b"]}, "options.topics.0.topic"),
        ({"topics": ["a/x{b}"]}, "options.topics.0.topic"),
        ({"topics": ["$share/g"]}, "options.topics.0.topic"),
        ({"topics": ["a/+"], "protocol": "4"}, "options.protocol"),
        ({"topics": ["a/+"], "tpics": 1}, "options.tpics"),
        ({"topics": ["a/+"], "fields": {"nme": "x"}}, "options.fields.nme"),
        ({"topics": ["a/+", {"topic": "b", "fields": {"nme": "x"}}]}, "options.topics.1.fields.nme"),
    ],
)
def test_wrong_options_are_named_where_they_are(options: dict[str, Any], where: str) -> None:
    with pytest.raises(OptionsError) as caught:
        build(Block(kind="mqtt", url="mqtt://127.0.0.1", options=options), HttpClient(clock=CityClock()))
    assert where in str(caught.value)


@pytest.mark.parametrize("url", ["http://x", "mqtt://", "mqtts://user:secret@host"])
def test_address_that_is_none_of_a_broker_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"sources\.upstream") as caught:
        build(Block(kind="mqtt", url=url, options=SENSORS), HttpClient(clock=CityClock()))
    assert "secret" not in str(caught.value)
