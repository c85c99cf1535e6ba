"""Sources that push, against what brokers and callers do: a fault is one of the three errors, nothing is lost."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from certificates import Authority
from examples import thing
from fake_upstream import Upstream
from mosquitto import Mosquitto, MosquittoMissing, program, serving
from pace import is_quick
from source_settings import Block

from datasources.collector import Collector
from datasources.contract import PushSource, ReadsInbox, SourceAuthFailed, SourceError, SourceUnavailable
from datasources.http import HttpClient
from datasources.listening import coordinator_of
from datasources.registry import build
from situation.clock import CityClock
from situation.records import Health, SourceHealth
from situation.store import Query, Store
from tests.conftest import missing

WAIT_S = 60.0
READINGS = {
    "topics": ["city/{device}"],
    "record": "sensor",
    "fields": {"id": "{device}"},
    "readings": {"level": {"value": "v", "observed_at": "t"}},
}


def reading(value: float, minute: int = 0) -> str:
    at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=minute + 1)
    return json.dumps({"v": value, "t": at.isoformat()})


def source_of(url: str, kind: str = "mqtt", patience_s: float = WAIT_S, **options: Any) -> PushSource:
    block = Block(kind=kind, url=url, timeout_s=patience_s, options={**(READINGS if kind == "mqtt" else {}), **options})
    return build(block, http=HttpClient(clock=CityClock()))  # type: ignore[return-value]


class Running:
    """A collector in a thread, over a real store."""

    def __init__(self, store: Store, *sources: PushSource) -> None:
        self.store, clock = store, CityClock()
        for source in sources:
            if isinstance(source, ReadsInbox):
                source.take_from(store.inbox)
        made = [coordinator_of(source, store, clock, Random(1)) for source in sources]
        self.collector = Collector(made, store, clock)
        self._thread = threading.Thread(target=self.collector.run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.collector.stop()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()

    @property
    def health(self) -> SourceHealth:
        found = self.store.get("source", "upstream")
        return found[1] if found else SourceHealth(id="upstream", source="upstream")  # type: ignore[return-value]

    def values(self, stream: str) -> list[float]:
        now = datetime.now(UTC)
        series = self.store.observations([stream], now - timedelta(days=1), now, 10_000).get(stream)
        return [point.last for point in series.points] if series else []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'city.db'}")
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store) -> Iterator[Callable[..., Running]]:
    """Runs sources; stopped in the end."""
    started: list[Running] = []

    def start(*sources: PushSource) -> Running:
        started.append(Running(store, *sources))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def wait_for(what: Callable[[], Any]) -> None:
    """Look again and again for at most `WAIT_S`: the store is written by another thread."""
    clock, pause = CityClock(), threading.Event()
    until_s = clock.monotonic() + WAIT_S
    while not what():
        assert clock.monotonic() < until_s, "it did not come"
        pause.wait(0.05)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def error_of(source: PushSource) -> SourceError:
    with pytest.raises(SourceError) as caught:
        source.listen(lambda batch: None, threading.Event())
    assert "127.0.0.1" not in caught.value.safe_text
    return caught.value


def test_broker_that_is_down_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = error_of(source_of(f"mqtt://127.0.0.1:{port}"))
    assert (type(error), error.safe_text) == (SourceUnavailable, "unreachable")


def test_name_that_does_not_exist_is_unreachable() -> None:
    assert error_of(source_of("mqtt://no-such-host.invalid")).safe_text == "unreachable"


@pytest.mark.parametrize("scheme", ["mqtt", "mqtts"])
def test_broker_that_accepts_and_says_nothing_is_given_up(listener: socket.socket, scheme: str) -> None:
    clock = CityClock()
    began_s = clock.monotonic()
    error = error_of(source_of(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", patience_s=1.0))
    assert (type(error), error.safe_text) == (SourceUnavailable, "timeout")
    assert is_quick(clock.monotonic() - began_s, 10)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 100, b"\xff" * 100, b""])
def test_what_is_no_broker_is_unavailable(listener: socket.socket, answer: bytes) -> None:
    def speak() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1024)
            connection.sendall(answer)

    thread = threading.Thread(target=speak)
    thread.start()
    assert isinstance(error_of(source_of(f"mqtt://127.0.0.1:{listener.getsockname()[1]}")), SourceUnavailable)
    thread.join()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that knows one user, who may read one topic."""
    try:
        passwords, rights = tmp_path / "passwords", tmp_path / "rights"
        subprocess.run([program("mosquitto_passwd"), "-b", "-c", passwords, "city", "hush"], check=True)
        rights.write_text("user city\ntopic read city/#\n", encoding="utf-8")
        with serving("allow_anonymous false", f"password_file {passwords}", f"acl_file {rights}") as broker:
            yield broker
    except MosquittoMissing as error:
        missing("mosquitto", str(error))


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
@pytest.mark.parametrize(("username", "password"), [("city", "wrong"), ("nobody", "hush"), ("", None)])
def test_refused_credentials_are_an_authentication_failure(
    guarded: Mosquitto, protocol: str, username: str, password: str | None
) -> None:
    error = error_of(source_of(guarded.url, protocol=protocol, username=username, password=password))
    assert isinstance(error, SourceAuthFailed)
    assert "hush" not in str(error) + error.safe_text + repr(error)


def test_right_credentials_are_let_in(guarded: Mosquitto) -> None:
    source_of(guarded.url, username="city", password="hush").check()


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[Mosquitto, Authority]]:
    """A broker that speaks TLS and wants a certificate of whoever calls."""
    authority = Authority.make(tmp_path / "pki")
    certificate, key = authority.issue("broker")
    lines = [f"cafile {authority.ca}", f"certfile {certificate}", f"keyfile {key}", "require_certificate true"]
    try:
        with serving(*lines, "use_identity_as_username true", "allow_anonymous true") as broker:
            yield broker, authority
    except MosquittoMissing as error:
        missing("mosquitto", str(error))


def test_broker_over_tls_is_read_with_our_certificate(secured: tuple[Mosquitto, Authority]) -> None:
    broker, authority = secured
    certificate, key = authority.issue("onescreen")
    url = broker.url.replace("mqtt:", "mqtts:")
    source_of(url, ca=str(authority.ca), certificate=str(certificate), private_key=str(key)).check()


@pytest.mark.parametrize("wrong", ["authority", "none", "file", "key"])
def test_what_does_not_fit_of_tls_is_said(secured: tuple[Mosquitto, Authority], tmp_path: Path, wrong: str) -> None:
    broker, authority = secured
    other = Authority.make(tmp_path / "other", "another authority")
    ours = {"certificate": str(authority.ca)}  # without its key
    options = {
        "authority": {"ca": str(other.ca)},
        "none": {},
        "file": {"ca": str(tmp_path / "missing.pem")},
        "key": {"ca": str(authority.ca), **ours},
    }[wrong]
    error = error_of(source_of(broker.url.replace("mqtt:", "mqtts:"), **options))
    assert (type(error), error.safe_text) == (SourceUnavailable, "tls")


def test_messages_reach_the_store_in_any_order_twice_and_among_garbage(broker: Mosquitto, run: Any) -> None:
    city = run(source_of(broker.url))
    wait_for(lambda: city.health.state is Health.OK)
    late_first = [reading(minute, minute) for minute in (1, 5, 3, 2, 4)]
    broker.publish("city/d1", *late_first, "{", "\x00", *late_first, reading(0))
    wait_for(lambda: len(city.values("upstream.d1.level")) == 6)
    assert city.values("upstream.d1.level") == [5, 4, 3, 2, 1, 0]
    wait_for(lambda: city.health.rejected_total == 2)
    assert city.health.error.startswith("rejected")


def test_broker_restart_is_marked_recovered_from_and_costs_no_message(broker: Mosquitto, run: Any) -> None:
    city = run(source_of(broker.url))
    wait_for(lambda: city.health.state is Health.OK)
    broker.publish("city/d1", *(reading(minute, minute) for minute in range(20, 40)))
    broker.stop()
    wait_for(lambda: city.health.state is not Health.OK)
    broker.start()
    broker.publish("city/d1", *(reading(minute, minute) for minute in range(20)))
    wait_for(lambda: len(city.values("upstream.d1.level")) == 40)
    wait_for(lambda: city.health.state is Health.OK)


def test_flood_is_kept_whole_and_hanging_brokers_starve_nobody(
    broker: Mosquitto, listener: socket.socket, run: Any
) -> None:
    hanging = build(
        Block(
            kind="mqtt",
            key="hanging",
            url=f"mqtt://127.0.0.1:{listener.getsockname()[1]}",
            timeout_s=30,
            options=READINGS,
        ),
        http=HttpClient(clock=CityClock()),
    )
    city = run(hanging, source_of(broker.url))
    wait_for(lambda: city.health.state is Health.OK)
    base = datetime.now(UTC) - timedelta(minutes=20)
    flood = (json.dumps({"v": n, "t": (base + timedelta(milliseconds=n)).isoformat()}) for n in range(5_000))
    broker.publish("city/d1", *flood)
    wait_for(lambda: len(city.values("upstream.d1.level")) == 5_000)


def test_silent_broker_is_alive(broker: Mosquitto, run: Any) -> None:
    city = run(source_of(broker.url))
    wait_for(lambda: city.health.state is Health.OK)
    assert (city.health.record_count, city.health.content_at) == (0, None)


def test_sensorthings_tells_its_readings_by_mqtt_joined_to_its_things(
    broker: Mosquitto, upstream: Upstream, run: Any
) -> None:
    upstream.pages["/v1.1/Things"] = json.dumps({"value": [thing(1)]}).encode()
    upstream.pages["/v1.1/Observations"] = json.dumps({"value": []}).encode()
    city = run(source_of(upstream.url, "sensorthings", mqtt={"url": broker.url}))
    wait_for(lambda: city.store.count("sensor", query=Query()) == 1)
    now = datetime.now(UTC).replace(microsecond=0)
    observation = {"phenomenonTime": (now - timedelta(minutes=1)).isoformat(), "result": 33.5}
    wait_for(lambda: city.health.state in (Health.OK, Health.FROZEN))
    wait_for(lambda: _said(broker, observation) and city.values("upstream.70") == [33.5])


def _said(broker: Mosquitto, observation: dict[str, Any]) -> bool:
    """Published again until we are subscribed: the same observation twice is one."""
    broker.publish("v1.1/Datastreams(70)/Observations", json.dumps(observation))
    return True


def test_observations_of_one_topic_for_all_name_their_datastream(
    broker: Mosquitto, upstream: Upstream, run: Any
) -> None:
    upstream.pages["/v1.1/Things"] = json.dumps({"value": [thing(1)]}).encode()
    upstream.pages["/v1.1/Observations"] = json.dumps({"value": []}).encode()
    city = run(source_of(upstream.url, "sensorthings", mqtt={"url": broker.url, "topics": ["v1.1/Observations"]}))
    wait_for(lambda: city.store.count("sensor", query=Query()) == 1)
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    by_link = {"result": 1, "Datastream@iot.navigationLink": "http://x/v1.1/Datastreams(70)"}
    nested = {"result": 2, "Datastream": {"@iot.id": 70}}
    nobodys = {"result": 3}
    frosts = {"result": 4, "Datastream@iot.navigationLink": "http://x/v1.1/Observations(70)/Datastream"}
    for number, observation in enumerate((by_link, nested, nobodys, frosts)):
        observation["phenomenonTime"] = (at + timedelta(seconds=number)).isoformat()
        broker.publish("v1.1/Observations", json.dumps(observation))
    wait_for(lambda: city.health.rejected_total == 2)
    wait_for(lambda: city.values("upstream.70") == [1, 2])


def test_what_waits_in_the_inbox_becomes_records_once(store: Store, run: Any) -> None:
    source = source_of("", "webhook", secret="0123456789abcdef", record="place", rows="places")
    bodies = [{"places": [{"id": number, "name": f"泵站{number}"}]} for number in range(5)]
    for body in bodies:
        store.inbox.put("upstream", datetime.now(UTC), "application/json", json.dumps(body).encode())
    store.inbox.put("upstream", datetime.now(UTC), "application/json", b"{")
    city = run(source)
    wait_for(lambda: store.count("place", query=Query()) == 5)
    wait_for(lambda: store.inbox.waiting("upstream", 10, 10_000) == [])
    wait_for(lambda: city.health.rejected_total == 1)
    store.inbox.put("upstream", datetime.now(UTC), "text/json", b'{"places": [{"id": 9}]}')
    wait_for(lambda: store.count("place", query=Query()) == 6)
