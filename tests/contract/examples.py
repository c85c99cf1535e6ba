"""One working example of every kind of source: its pages, an empty and a malformed edition, and what comes of them."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Pages = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """`pages` deliver `kept` records; `malformed` one record fewer and at least one rejection; `empty` none.

    `wrong` has the right syntax and the wrong types throughout.
    """

    kind: str
    pages: Pages
    kept: int
    malformed: Pages
    empty: Pages
    wrong: Pages
    options: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    crs: str | None = None


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _editions(make: Callable[[Any], Pages], good: list[Any], bad: Any, wrong: Any) -> dict[str, Any]:
    return {
        "pages": make(good),
        "kept": len(good),
        "malformed": make([*good[:-1], bad]),
        "empty": make([]),
        "wrong": make(wrong),
    }


def _feature(code: str | None, lon: float = 121.48, lat: float = 31.4) -> dict[str, Any]:
    properties = {"name": "学校", "kind": "school"} | ({"code": code} if code else {})
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}


def _collection(features: Any) -> Pages:
    return {"/places.geojson": _json({"type": "FeatureCollection", "features": features})}


def _table(rows: Any) -> Pages:
    if not isinstance(rows, list):
        return {"/export.csv": b"a,b\r\n1,2\r\n"}
    lines = ["编号,名称,经度,纬度", *(",".join(row) for row in rows)]
    return {"/export.csv": "\r\n".join(lines).encode("utf-8-sig")}


def _base_map(layers: Any) -> Pages:
    if not isinstance(layers, list):
        return {"/index.json": _json({"layers": layers})}
    pages = {"/index.json": _json({"layers": [{"id": name, "url": f"{name}.geojson"} for name, _ in layers]})}
    return pages | {f"/{name}.geojson": _json(document) for name, document in layers}


def _layer(geometry: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}


def _positions(rows: Any) -> Pages:
    text = json.dumps({"code": 0, "rows": rows}, ensure_ascii=False)
    return {"/api/person/position/list": text.encode("gb18030")}


def _officer(number: str | None) -> dict[str, Any]:
    row = {"personName": "张三", "lng": "121.4911", "lat": "31.4055", "locateTime": "2026-08-09 13:59:30"}
    return row | ({"personId": number} if number else {})


def _weather(steps: Any) -> Pages:
    now = {"obsTime": "2026-08-09T13:55+08:00", "temp": "27", "windSpeed": "36", "precip": "4.5"}
    return {
        "/v7/weather/now": _json({"code": "200", "location": {"lon": "121.48", "lat": "31.4"}, "now": now}),
        "/v7/weather/72h": _json({"code": "200", "updateTime": "2026-08-09T13:50+08:00", "hourly": steps}),
    }


def _case(number: str | None) -> dict[str, Any]:
    row = {
        "status": "open",
        "service_code": "1",
        "requested_datetime": "2026-08-09T13:00:00+08:00",
        "updated_datetime": "2026-08-09T13:30:00+08:00",
        "lat": 31.4,
        "long": 121.48,
    }
    return row | ({"service_request_id": number} if number else {})


def _cases(rows: Any) -> Pages:
    return {
        "/requests.json": _json(rows),
        "/services.json": _json([{"service_code": "1", "service_name": "道路积水", "group": "市政"}]),
    }


def cap_alert(identifier: str, extra: str = "") -> str:
    """A CAP message."""
    return (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>qx</sender><sent>2026-08-09T13:00:00+08:00</sent>"
        f"<status>Actual</status><msgType>Alert</msgType>{extra}"
        "<info><language>zh-CN</language><event>暴雨橙色预警</event><severity>Severe</severity>"
        "<expires>2026-08-10T13:00:00+08:00</expires><area><areaDesc>宝山区</areaDesc></area></info></alert>"
    )


def _warnings(messages: Any) -> Pages:
    if not isinstance(messages, list):
        return {"/feed.atom": b"<inventory><item>1</item></inventory>"}
    entries = "".join(
        f'<entry><id>{number}</id><link href="/cap/{number}.xml"/></entry>' for number in range(len(messages))
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    return {"/feed.atom": feed.encode()} | {
        f"/cap/{number}.xml": message.encode() for number, message in enumerate(messages)
    }


def thing(number: Any) -> dict[str, Any]:
    """A Thing with one datastream and its last reading."""
    reading = {"phenomenonTime": "2026-08-09T05:58:00Z", "result": 12.5}
    stream = {"@iot.id": 70, "unitOfMeasurement": {"symbol": "cm"}, "Observations": [reading]}
    location = {"location": {"type": "Point", "coordinates": [121.48, 31.4]}}
    return {"@iot.id": number, "name": "下立交", "Locations": [location], "Datastreams": [stream]}


def _things(rows: Any) -> Pages:
    return {"/v1.1/Things": _json({"value": rows}), "/v1.1/Observations": _json({"value": []})}


def _channel(code: str | None) -> dict[str, Any]:
    row = {"gbName": "路口", "gbStatus": "ON", "gbLongitude": 121.48, "gbLatitude": 31.4, "gbPassword": "secret"}
    return row | ({"gbDeviceId": code, "gbParentId": code} if code else {})


def _cameras(rows: Any) -> Pages:
    listed = rows if isinstance(rows, list) else []
    devices = [
        {"deviceId": row.get("gbDeviceId"), "keepaliveTimeStamp": 1786255170000} for row in listed if row.get("gbName")
    ]
    return {
        "/api/common/channel/list": _page(rows),
        "/api/device/query/devices": _page(devices),
        "/api/alarm/list": _page([]),
    }


def _page(rows: Any) -> bytes:
    total = len(rows) if isinstance(rows, list) else 1
    return _json({"code": 0, "msg": "成功", "data": {"total": total, "list": rows}})


_CODES = [f"3101131000132{number:07d}" for number in range(3)]
_POLYGON = {"type": "Polygon", "coordinates": [[[121.4, 31.3], [121.5, 31.3], [121.5, 31.4], [121.4, 31.3]]]}
_STEPS = [{"fxTime": f"2026-08-09T{hour}:00+08:00", "temp": "26"} for hour in (14, 15, 16)]

_EXAMPLES: tuple[Example, ...] = (
    Example(
        kind="geojson",
        path="places.geojson",
        options={"fields": {"id": "code", "place_kind": "kind"}},
        **_editions(_collection, [_feature("a"), _feature("b"), _feature("c")], _feature(None), {"no": "list"}),
    ),
    Example(
        kind="table",
        path="export.csv",
        options={"fields": {"id": "编号", "name": "名称", "lon": "经度", "lat": "纬度"}},
        **_editions(
            _table,
            [["1", "甲", "121.48", "31.4"], ["2", "乙", "121.49", "31.4"]],
            ["", "丙", "121.48", "31.4"],
            None,
        ),
    ),
    Example(
        kind="basemap",
        **_editions(
            _base_map,
            [("water", _layer(_POLYGON)), ("green", _layer(_POLYGON))],
            ("green", _layer({"type": "Blob"})),
            {"water": 1},
        ),
    ),
    Example(
        kind="positions",
        options={"encoding": "gb18030"},
        crs="bd09",
        **_editions(_positions, [_officer("1"), _officer("2")], _officer(None), "rows"),
    ),
    Example(
        kind="weather",
        **(_editions(_weather, _STEPS, {"temp": "26"}, "hourly") | {"kept": 1}),
    ),
    Example(kind="open311", **_editions(_cases, [_case("1"), _case("2")], _case(None), {"rows": 3})),
    Example(
        kind="cap",
        path="feed.atom",
        **_editions(
            _warnings,
            [cap_alert("a"), cap_alert("b")],
            "<alert><sender>nobody</sender></alert>",
            None,
        ),
    ),
    Example(kind="sensorthings", **_editions(_things, [thing(1), thing("u-2")], {"name": "no id"}, "value")),
    Example(
        kind="wvp",
        options={"api_key": "k"},
        **_editions(_cameras, [_channel(code) for code in _CODES], _channel(None), {"list": 1}),
    ),
)


def _in_files() -> dict[str, Example | None]:
    """Examples of `kinds/<kind>.py`: `EXAMPLE`, or None there for a kind that is not asked over HTTP (it says why)."""
    found: dict[str, Example | None] = {}
    for path in sorted((Path(__file__).parent / "kinds").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"contract_kind_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[path.stem] = module.EXAMPLE
    return found


_BY_FILE = _in_files()
EXAMPLES = (*_EXAMPLES, *(example for example in _BY_FILE.values() if example is not None))
NOT_BY_HTTP = frozenset(kind for kind, example in _BY_FILE.items() if example is None)
"""Kinds whose own tests put them through what upstreams do."""
