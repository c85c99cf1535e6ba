"""The pieces of the benchmarks: bars, the table, the synthetic district and its changes, the crowd, the relay."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from shapely import LineString, box

from benchmarks import report, world
from benchmarks.__main__ import SCENARIOS, main
from benchmarks.bars import BARS, Measured, percentile
from benchmarks.changes import Changes
from benchmarks.relay import relay
from simulator.model import (
    City,
    CityArea,
    CityCamera,
    CityDepartment,
    CityOfficer,
    CityPlace,
    CitySensor,
    Line,
    Quantity,
)
from situation.records import Camera, Case, Sensor, SourceHealth
from situation.store import Query, Store

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


def _sited(number: int) -> dict[str, Any]:
    where = {"lon": 121.45 + number / 10_000, "lat": 31.40, "street": "310113101", "community": "", "grid": ""}
    return {"code": f"{number:06}", "name": f"点 {number}", "address": "友谊路", "department": "drainage", **where}


@pytest.fixture
def city() -> City:
    """A street with a few of everything."""
    ground = box(121.44, 31.39, 121.49, 31.41)
    area = {"name": "友谊路街道", "name_en": "", "scheme": "administrative", "shape": ground, "elevation_m": 3.0}
    depth = Quantity(observed_property="depth", name="水位", unit="cm", interval_s=60, limits=((1, 25.0, True),))
    camera = {"platforms": (), "device": "", "switch": "", "ptz_type": 1, "facing_deg": 0.0, "is_gcj02": False}
    sensor = {"kind": "underpass_water", "name_en": "", "upstream": "", "place": "", "switch": ""}
    place = {"kind": "school", "name_en": "", "capacity": 1, "phone": ""}
    department = {"key": "drainage", "name": "排水公司", "name_en": "", "phone": "", "duty_officer": ""}
    road = LineString([(121.44, 31.4), (121.49, 31.4)])
    return City(
        adcode="310113",
        name="宝山区",
        name_en="Baoshan",
        seed=7,
        scale=1,
        outline=ground,
        areas=(CityArea(code="310113101", kind="street", parent="310113", population=1, **area),),
        lines=(Line(name="友谊路", kind="major_road", shape=road, width_m=20.0),),
        green=(),
        water=(),
        buildings=(),
        places=tuple(CityPlace(**_sited(number), **place) for number in range(50)),
        cameras=tuple(CityCamera(**_sited(1000 + number), **camera, scene="road") for number in range(200)),
        sensors=tuple(CitySensor(**_sited(2000 + number), **sensor, quantities=(depth,)) for number in range(100)),
        components=(),
        officers=tuple(CityOfficer(**_sited(3000 + number), role="inspector", phone="") for number in range(5)),
        departments=(CityDepartment(**department),),
    )


@pytest.fixture
def store(tmp_path: Path, city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store filled with that corner."""
    monkeypatch.setattr(world, "CASES", 600)
    opened = Store.open(f"sqlite:///{tmp_path / 'onescreen.db'}")
    world.fill(opened, city, NOW)
    yield opened
    opened.close()


def test_every_line_of_the_table_has_its_own_key() -> None:
    assert max(Counter(bar.key for bar in BARS).values()) == 1
    assert {bar.key.partition(".")[0] for bar in BARS} == set(SCENARIOS)


def test_a_bar_at_its_limit_is_reached_and_beyond_it_is_missed() -> None:
    assert Measured("live.lag", 0.35).is_ok is True
    assert Measured("live.lag", 0.351).is_ok is False
    assert Measured("ingest.rate", 50_000).is_ok is True
    assert Measured("ingest.rate", 49_999).is_ok is False
    assert Measured("live.core", 9.9).is_ok is None


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(list(range(100)), 0.99) == 99
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_the_reports_say_the_same_in_the_order_of_the_bars(tmp_path: Path) -> None:
    results = [Measured("crowd.lag", 0.12), Measured("live.bytes", 8.84, 9600.0, "a note")]
    path = report.keep(results, tmp_path, is_quick=True, took_s=3.2)
    rows = json.loads(path.read_text("utf-8"))["rows"]
    assert [(row["key"], row["value"], row["ok"]) for row in rows] == [
        ("live.bytes", 8.84, True),
        ("crowd.lag", 0.12, True),
    ]
    assert "8.8 kB/s" in report.table(results)
    assert "| 9,600.0 kB/s |" in (tmp_path / "latest.md").read_text("utf-8")


def test_the_synthetic_district_has_everything_a_wall_shows(store: Store, city: City) -> None:
    counts = {kind: store.count(kind) for kind in ("camera", "sensor", "case", "warning", "alarm", "area", "basemap")}
    assert counts["camera"] == 200
    assert counts["sensor"] == 100
    assert counts["case"] == 600
    assert all(counts.values())
    assert {source.id for source in store.sources()} == {*world.SOURCES, "collector"}
    assert store.count(Case.kind, query=Query(status=("registered",))) > 0


def test_changes_are_mixed_as_promised_and_leave_the_city_as_large_as_it_was(store: Store) -> None:
    changes = Changes.of(store, Random(1))
    made: Counter[str] = Counter()
    for _ in range(20):
        for source, batch in changes.at(NOW, 100):
            store.apply(source, batch, NOW)
            made["readings"] += len(batch.observations)
            made.update(record.kind for record in batch.records)
    assert made["readings"] == 1600
    assert 200 < made[Camera.kind] + made[Sensor.kind] <= 300
    assert 100 <= made[Case.kind] <= 140
    assert store.count(Camera.kind) == 200
    assert 0 < store.count(Camera.kind, query=Query(status=("offline",))) < 60


def test_the_same_seed_makes_the_same_changes(store: Store) -> None:
    first, second = (Changes.of(store, Random(3)) for _ in range(2))
    assert [first.at(NOW, 60) for _ in range(3)] == [second.at(NOW, 60) for _ in range(3)]


def test_a_heartbeat_says_that_every_source_lives(store: Store) -> None:
    world.beat(store, NOW)
    assert all(isinstance(each, SourceHealth) and each.succeeded_at == NOW for each in store.sources())


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "5000")
        self.end_headers()
        self.wfile.write(b"x" * 5000)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_the_relay_counts_what_goes_to_the_browser() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with relay(server.server_port) as counted:
            connection = http.client.HTTPConnection("127.0.0.1", counted.port)
            connection.request("GET", "/")
            assert len(connection.getresponse().read()) == 5000
            connection.close()
            assert 5000 < counted.received < 5500
        server.shutdown()


def test_a_short_run_measures_and_says_which_bars_are_missed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, city: City
) -> None:
    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path)
    monkeypatch.setattr("benchmarks.bench.load", lambda *_: city)
    monkeypatch.setattr(world, "CASES", 2_000)
    assert main(["--quick", "--only", "crowd"]) in (0, 1)
    assert "1,000 feed clients" in capsys.readouterr().out
    assert (tmp_path / "latest.json").is_file()
