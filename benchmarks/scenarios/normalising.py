"""How many records a second become ours on one core: the bytes of a reply to records, of three kinds of source."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from benchmarks.bars import Measured
from benchmarks.bench import Bench
from datasources.cap.normalise import Office, read_messages
from datasources.decode import decode_json, decode_xml
from datasources.formats import FormOptions, read_rows
from datasources.mapping import read_mapping
from datasources.sensorthings.normalise import Server, normalise_things
from datasources.sensorthings.pages import expanded
from datasources.sensorthings.readings import normalise_observations, without_duplicates
from datasources.superseding import settled

MEASURED_S = 5.0
ROWS = 5_000
THINGS, READINGS = 2_000, 20_000
MESSAGES, CORNERS = 200, 65
NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)

MAPPING: dict[str, Any] = {
    "record": "case",
    "fields": {
        "id": "caseNo",
        "name": "title",
        "lon": "position.lng",
        "lat": "position.lat",
        "state": "state",
        "category": "kind.name",
        "subcategory": "kind.sub || kind.name",
        "address": "address",
        "description": "description",
        "reported_at": "reportTime",
        "due_at": "limitTime",
        "updated_at": "updateTime",
    },
    "values": {"state": {"1": "registered", "2": "dispatched", "3": "in_progress", "9": "closed"}},
}


@dataclass(frozen=True)
class _Block:
    """A `[[sources]]` block of the generic mapping."""

    key: str = "bench"
    kind: str = "rest"
    name: str = "bench"
    department: str = "urban-management"
    url: str = "http://127.0.0.1/"
    crs: str | None = "gcj02"
    timezone: str | None = "Asia/Shanghai"
    interval_s: float | None = None
    timeout_s: float | None = None
    stale_after_s: float | None = None
    options: dict[str, Any] = field(default_factory=lambda: MAPPING)


def run(bench: Bench) -> list[Measured]:
    """The median of many replies, in processor seconds."""
    return [
        Measured("normalise.mapping", _rate(bench, _mapped()), note=f"replies of {ROWS:,} cases, GCJ-02, JMESPath"),
        Measured(
            "normalise.sensorthings", _rate(bench, _things()), note=f"{THINGS:,} Things and {READINGS:,} readings"
        ),
        Measured("normalise.cap", _rate(bench, _warnings()), note=f"{MESSAGES} messages in two languages, polygons"),
    ]


def _rate(bench: Bench, normalise_once: Callable[[], int]) -> float:
    normalise_once()
    rates: list[float] = []
    until_s = time.monotonic() + bench.seconds(MEASURED_S, 0.2)
    while not rates or time.monotonic() < until_s:
        before_s = time.process_time()
        count = normalise_once()
        rates.append(count / (time.process_time() - before_s))
    return median(rates)


def _mapped() -> Callable[[], int]:
    rows = [
        {
            "caseNo": f"2026{number:08}",
            "title": f"道路积水 {number}",
            "position": {"lng": f"{121.4 + number / 1e5:.6f}", "lat": f"{31.3 + number / 1e5:.6f}"},
            "state": number % 4,
            "kind": {"name": "市政设施", "sub": None},
            "address": "友谊路 1518 号",
            "description": "车行道积水约 20 厘米，影响通行。" * 3,
            "reportTime": _local(number),
            "limitTime": _local(number - 7200),
            "updateTime": (NOW - timedelta(seconds=number)).timestamp() * 1000,
        }
        for number in range(ROWS)
    ]
    body = _bytes({"code": 0, "data": {"list": rows}})
    form = FormOptions(rows="data.list")
    mapping = read_mapping(_Block(), "gcj02")

    def once() -> int:
        mapped = mapping.read(read_rows(body, form).rows, now=NOW)
        return _all_of(ROWS, mapped.records)

    return once


def _things() -> Callable[[], int]:
    things = [
        {
            "@iot.id": number,
            "name": f"下立交 {number}",
            "description": "",
            "properties": {"kind": "underpass", "battery": 80, "address": "友谊路"},
            "Locations": [{"location": {"type": "Point", "coordinates": [121.4 + number / 1e5, 31.4]}}],
            "Datastreams": [_stream(number * 2 + part) for part in range(2)],
        }
        for number in range(THINGS)
    ]
    readings = [
        {
            "@iot.id": number,
            "phenomenonTime": _iso(number),
            "resultTime": None,
            "result": number / 7,
            "Datastream": {"@iot.id": number % (2 * THINGS)},
        }
        for number in range(READINGS)
    ]
    listed, later = _bytes({"value": things}), _bytes({"value": readings})
    server = Server(key="bench", department="water", crs="gcj02", zone=None)

    def once() -> int:
        sensors, last, _ = normalise_things(list(expanded(decode_json(listed)["value"])), server, NOW)
        found, _ = normalise_observations(list(expanded(decode_json(later)["value"])), server.key, server.zone)
        kept = without_duplicates([*last, *found])
        return _all_of(THINGS, sensors) + len(kept)

    return once


def _stream(number: int) -> dict[str, Any]:
    return {
        "@iot.id": number,
        "name": "水位",
        "unitOfMeasurement": {"name": "metre", "symbol": "m"},
        "ObservedProperty": {"@iot.id": 1, "name": "水位"},
        "Observations": [{"@iot.id": number, "phenomenonTime": _iso(number % 60), "result": 1.5}],
    }


def _warnings() -> Callable[[], int]:
    body = f"<alerts>{''.join(_message(number) for number in range(MESSAGES))}</alerts>".encode()
    office = Office(key="bench", department="meteorology", crs="wgs84", zone="Asia/Shanghai")

    def once() -> int:
        found, _ = read_messages(decode_xml(body), office)
        return _all_of(MESSAGES, settled(found).warnings)

    return once


def _message(number: int) -> str:
    turns = [2 * math.pi * corner / (CORNERS - 1) for corner in range(CORNERS)]
    ring = " ".join(f"{31.4 + 0.1 * math.sin(turn):.5f},{121.4 + 0.1 * math.cos(turn):.5f}" for turn in turns)
    infos = "".join(
        f"<info><language>{language}</language><category>Met</category><event>{event}</event><urgency>Expected</urgency>"
        f"<severity>Severe</severity><certainty>Likely</certainty><expires>2026-08-10T13:00:00+08:00</expires>"
        f"<headline>{event}</headline><description>{event * 20}</description><area><areaDesc>宝山区</areaDesc>"
        f"<polygon>{ring}</polygon><geocode><valueName>adcode</valueName><value>310113</value></geocode></area></info>"
        for language, event in (("zh-CN", "暴雨橙色预警"), ("en", "Rainstorm orange warning"))
    )
    kind = "Update" if number % 3 == 0 else "Alert"
    return (
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>bench-{number}</identifier>'
        f"<sender>qx</sender><sent>{_iso(number)}</sent><status>Actual</status><msgType>{kind}</msgType>"
        f"<scope>Public</scope><references>qx,bench-{number - 1},{_iso(number - 1)}</references>{infos}</alert>"
    )


def _all_of(count: int, records: Iterable[object]) -> int:
    """The number of records; raises when some were lost: then nothing was measured."""
    found = len(tuple(records))
    if found != count:
        raise AssertionError(f"{found} of {count} records")
    return found


def _iso(seconds_ago: int) -> str:
    return (NOW - timedelta(seconds=seconds_ago)).isoformat()


def _local(seconds_ago: int) -> str:
    return (NOW + timedelta(hours=8) - timedelta(seconds=seconds_ago)).strftime("%Y-%m-%d %H:%M:%S")


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
