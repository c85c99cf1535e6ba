"""Shares are told of changes: in scope, in order, at least once, signed; over failures, restarts and long pauses."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from datasources.http import HttpClient
from datasources.sharing.courier import LONGEST_RETRY_S, Courier
from datasources.sharing.couriers import Couriers
from situation.batch import Batch
from situation.clock import CityClock, FakeClock
from situation.records import Alarm, Area, AreaKind, Camera, Officer, Place, Record, WeatherWarning
from situation.settings import Secret, ShareSettings, WebhookSettings
from situation.store import Store, StoreError
from situation.store.retention import RetentionPolicy

SECRET = "a secret of some length"
STREET, OTHER_STREET = "310113001", "310113002"


@dataclass
class Receiver:
    """What came to a webhook; it answers as told."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)

    @property
    def told(self) -> list[Any]:
        return [json.loads(body) for _, body in self.calls]

    @property
    def changes(self) -> list[tuple[str, str]]:
        return [(each["operation"], each["id"]) for message in self.told for each in message["changes"]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.calls.append((dict(self.headers), body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()
            found.came.set()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'onescreen.db'}")
    streets = [_street(STREET, 121.4), _street(OTHER_STREET, 121.5)]
    store.apply("city", Batch(records=tuple(streets)), clock.now())
    yield store
    store.close()


def _street(code: str, west: float) -> Area:
    corners = [[west, 31.3], [west + 0.1, 31.3], [west + 0.1, 31.5], [west, 31.5], [west, 31.3]]
    geometry = json.dumps({"type": "Polygon", "coordinates": [corners]})
    return Area(id=f"administrative/{code}", source="city", code=code, area_kind=AreaKind.STREET, geometry=geometry)


def share(receiver: Receiver, **changed: Any) -> ShareSettings:
    webhook = WebhookSettings(url=receiver.url, secret=Secret(SECRET), kinds=changed.pop("kinds", ()))
    return ShareSettings(**{"key": "flood", "token": Secret("x" * 16), "webhook": webhook, **changed})


def courier(store: Store, clock: FakeClock, told: ShareSettings) -> Courier:
    return Courier(told, store, clock, clock, Random(7), HttpClient(clock=clock))


@pytest.fixture
def narrow(store: Store, clock: FakeClock, receiver: Receiver) -> Courier:
    """The courier of a share of one street, which was told to begin."""
    found = courier(store, clock, share(receiver, areas=(STREET,)))
    found.step()
    return found


def say(store: Store, clock: FakeClock, *records: Record, source: str = "city", **told: Any) -> None:
    store.apply(source, Batch(records=records, **told), clock.now())


def step(found: Courier, clock: FakeClock, seconds: float = 1.0) -> None:
    clock.advance(seconds)
    found.step()


def place(name: str, lon: float, **told: Any) -> Place:
    return Place(id=name, source="city", name=name, lon=lon, lat=31.4, **told)


def test_a_new_share_is_told_to_read_everything_and_then_what_changes(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver
) -> None:
    assert receiver.told[0] == {"type": "reset", "share": "flood", "after": 2, "through": 2, "changes": []}
    say(store, clock, place("mine", 121.45, phone="13812345617"), place("theirs", 121.55))
    step(narrow, clock)
    message = receiver.told[1]
    assert (message["type"], message["after"], message["through"]) == ("changes", 2, 4)
    assert receiver.changes == [("put", "mine")]
    assert message["changes"][0]["record"]["phone"] == "138****5617"
    assert "theirs" not in str(receiver.told)


def test_how_a_camera_is_reached_is_not_told(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver
) -> None:
    say(store, clock, Camera(id="c", source="city", lon=121.45, lat=31.4, media="rtsp://inside"))
    step(narrow, clock)
    assert receiver.changes == [("put", "c")]
    assert b"inside" not in receiver.calls[-1][1]


def test_a_grouped_alarm_names_no_records_beyond_the_scope(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver
) -> None:
    say(store, clock, Alarm(id="a", source="city", lon=121.45, lat=31.4, members=("sensor/theirs",)))
    step(narrow, clock)
    assert receiver.changes == [("put", "a")]
    assert b"theirs" not in receiver.calls[-1][1]


def test_what_leaves_the_scope_is_told_as_a_removal_and_what_was_never_in_it_is_not_told(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver
) -> None:
    say(store, clock, place("moving", 121.45), place("ending", 121.45), place("theirs", 121.55))
    step(narrow, clock)
    say(store, clock, place("moving", 121.55), place("theirs", 121.56))
    step(narrow, clock)
    say(store, clock, place("moving", 121.56), complete=frozenset({"place"}))
    say(store, clock, place("moving", 121.56), complete=frozenset({"place"}))
    step(narrow, clock)
    assert receiver.changes == [("put", "moving"), ("put", "ending"), ("remove", "moving"), ("remove", "ending")]


def test_only_the_kinds_of_the_webhook_are_told(store: Store, clock: FakeClock, receiver: Receiver) -> None:
    found = courier(store, clock, share(receiver, kinds=("warning",), collections=("warnings", "officers")))
    found.step()
    say(store, clock, WeatherWarning(id="w", source="city"), Officer(id="o", source="city", lon=121.45, lat=31.4))
    step(found, clock)
    assert receiver.changes == [("put", "w")]


def test_a_message_can_be_verified(narrow: Courier, receiver: Receiver) -> None:
    headers, body = receiver.calls[0]
    stamp = headers["X-OneScreen-Timestamp"]
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-OneScreen-Signature"] == f"sha256={signature}"


def test_a_receiver_that_fails_is_told_the_same_later_and_later_with_one_line_in_the_log(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    receiver.status = 500
    say(store, clock, place("mine", 121.45))
    step(narrow, clock)
    first = receiver.calls[-1][1]
    for _ in range(9):
        step(narrow, clock, LONGEST_RETRY_S)
    assert {body for _, body in receiver.calls[1:]} == {first}
    kept = store.deliveries.all()["flood"]
    assert (kept.seq, kept.attempts, kept.error) == (2, 10, "http_status:500")
    tries = len(receiver.calls)
    step(narrow, clock, LONGEST_RETRY_S / 2 - 1)
    assert len(receiver.calls) == tries
    receiver.status = 204
    step(narrow, clock, LONGEST_RETRY_S)
    assert store.deliveries.all()["flood"].seq == 3
    lines = [record.message for record in caplog.records if "share flood" in record.message]
    assert [line.partition(":")[0] for line in lines] == ["share flood can't be told", "share flood is told again"]
    assert SECRET not in caplog.text


def test_a_receiver_may_say_when_to_come_again(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = 429, {"retry-after": "60"}
    say(store, clock, place("mine", 121.45))
    step(narrow, clock)
    step(narrow, clock, 58)
    assert len(receiver.calls) == 2
    step(narrow, clock, 3)
    assert len(receiver.calls) == 3


def test_a_redirect_is_not_followed(narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"location": receiver.url}
    say(store, clock, place("mine", 121.45))
    step(narrow, clock)
    assert len(receiver.calls) == 2
    assert store.deliveries.all()["flood"].error == "redirect"


def test_a_restart_goes_on_where_it_was(narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver) -> None:
    receiver.status = 503
    say(store, clock, place("mine", 121.45))
    step(narrow, clock)
    receiver.status = 200
    again = courier(store, clock, share(receiver, areas=(STREET,)))
    again.step()
    assert [message["type"] for message in receiver.told] == ["reset", "changes", "changes"]
    assert receiver.told[1] == receiver.told[2]


def test_whoever_was_not_told_for_longer_than_changes_are_kept_starts_over(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:

    say(store, clock, place("mine", 121.45))
    store.keyframe(clock.now())
    clock.advance(timedelta(days=40).total_seconds())
    store.retain(clock.now(), RetentionPolicy(changes=timedelta(days=30)))
    say(store, clock, place("later", 121.45))
    narrow.step()
    assert receiver.told[-1]["type"] == "reset"
    assert receiver.told[-1]["through"] == store.last_seq()
    assert "it starts over" in caplog.text


def test_many_changes_come_in_order_and_in_lots(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver
) -> None:
    say(store, clock, *(place(f"p{n:04}", 121.45) for n in range(1_234)))
    for _ in range(4):
        step(narrow, clock)
    assert [len(message["changes"]) for message in receiver.told] == [0, 500, 500, 234]
    assert [own_id for _, own_id in receiver.changes] == [f"p{n:04}" for n in range(1_234)]
    ends = [(message["after"], message["through"]) for message in receiver.told[1:]]
    assert all(end == begin for (_, end), (begin, _) in pairwise(ends))


def test_a_message_is_not_larger_than_a_megabyte(
    narrow: Courier, store: Store, clock: FakeClock, receiver: Receiver
) -> None:
    say(store, clock, *(place(f"p{n}", 121.45, address="路" * 100_000) for n in range(5)))
    for _ in range(3):
        step(narrow, clock)
    assert [len(message["changes"]) for message in receiver.told] == [0, 3, 2]
    assert max(len(body) for _, body in receiver.calls) < 1_001_000


def test_couriers_say_once_that_they_wait_for_the_store_and_once_that_it_is_back(
    store: Store,
    clock: FakeClock,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("datasources.sharing.couriers.STORE_RETRY_S", 0.01)
    caplog.set_level(logging.INFO, "datasources.sharing.couriers")
    steps: list[int] = []
    went_on = threading.Event()

    def step(_: Courier) -> None:
        steps.append(1)
        if len(steps) < 4:
            raise StoreError("the database server does not answer")
        if len(steps) > 5:
            went_on.set()

    monkeypatch.setattr(Courier, "step", step)
    couriers = Couriers(store, clock, CityClock(), Random(7))
    couriers.follow([share(receiver)])
    assert went_on.wait(10)
    couriers.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "share flood waits for the store: the database server does not answer",
        "share flood has the store again",
    ]


def test_couriers_follow_the_settings(store: Store, clock: FakeClock, receiver: Receiver) -> None:
    couriers = Couriers(store, clock, CityClock(), Random(7))
    couriers.follow([share(receiver), share(receiver).model_copy(update={"key": "silent", "webhook": None})])
    assert receiver.came.wait(60)
    couriers.follow([])
    couriers.stop()
    assert store.deliveries.all() == {}
