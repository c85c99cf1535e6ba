"""Upstreams that answer correctly but with texts meant to hurt: markup, right-to-left overrides, NUL, endless words."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from tests.e2e import small_server

MARKUP = '<script>window.hurt=1</script><img src=x onerror="window.hurt=1">'
HOSTILE = f"{MARKUP}\u202e" + "长" * 10_000
"""For formats that can't hold NUL."""

HOSTILE_NUL = f"\u0000{HOSTILE}\u0000"
STREET = "310113003"
SQUARE = [[121.45, 31.35], [121.52, 31.35], [121.52, 31.42], [121.45, 31.42], [121.45, 31.35]]


def _area(code: str, kind: str, parents: list[str]) -> dict[str, Any]:
    facts = {"code": code, "kind": kind, "name": HOSTILE_NUL, "name_en": HOSTILE_NUL, "scheme": "administrative"}
    geometry = {"type": "Polygon", "coordinates": [SQUARE]}
    return {"type": "Feature", "properties": {**facts, "parents": parents}, "geometry": geometry}


def _areas(_: datetime) -> bytes:
    features = [_area("310113", "district", []), _area(STREET, "street", ["310113"])]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _departments(_: datetime) -> bytes:
    names = {"code": "hostile", "name": HOSTILE_NUL, "name_en": HOSTILE_NUL}
    return json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": names}]}).encode()


def _cameras(_: datetime) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"c{number}", "name": HOSTILE_NUL, "address": HOSTILE_NUL, "state": "online"},
            "geometry": {"type": "Point", "coordinates": [121.48 + number / 1e4, 31.38]},
        }
        for number in range(6)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _cases(at: datetime) -> bytes:
    times = {"requested_datetime": at - timedelta(hours=1), "updated_datetime": at - timedelta(minutes=5)}
    case = {
        "service_request_id": f"1{MARKUP}",
        "status": "open",
        "status_notes": HOSTILE_NUL,
        "service_name": HOSTILE_NUL,
        "service_code": MARKUP,
        "description": HOSTILE_NUL,
        "agency_responsible": HOSTILE_NUL,
        "address": HOSTILE_NUL,
        "lat": 31.38,
        "long": 121.48,
        "expected_datetime": (at - timedelta(minutes=30)).isoformat(),
    }
    return json.dumps([case | {name: time.isoformat() for name, time in times.items()}]).encode()


def _things(at: datetime) -> bytes:
    reading = {"phenomenonTime": at.isoformat(), "result": 99.0}
    stream = {
        "@iot.id": 70,
        "name": HOSTILE_NUL,
        "unitOfMeasurement": {"symbol": "cm"},
        "properties": {"thresholds": [{"level": 1, "limit": 20, "above": True}]},
        "Observations": [reading],
        "ObservedProperty": {"name": HOSTILE_NUL},
    }
    location = {"location": {"type": "Point", "coordinates": [121.48, 31.38]}}
    thing = {
        "@iot.id": 1,
        "name": HOSTILE_NUL,
        "description": HOSTILE_NUL,
        "properties": {"sensor_kind": "underpass_water", "address": HOSTILE_NUL},
        "Locations": [location],
        "Datastreams": [stream],
    }
    return json.dumps({"value": [thing]}).encode()


def _feed(_: datetime) -> bytes:
    entry = '<entry><id>1</id><link href="/cap/1.xml"/></entry>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()


def _warning(at: datetime) -> bytes:
    text = escape(HOSTILE)
    sent, expires = at - timedelta(hours=1), at + timedelta(days=1)
    return (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>w1</identifier><sender>{text}</sender><sent>{sent.isoformat(timespec='seconds')}</sent>"
        "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
        f"<info><language>zh-CN</language><event>{text}</event><severity>Extreme</severity><headline>{text}</headline>"
        f"<description>{text}</description><expires>{expires.isoformat(timespec='seconds')}</expires>"
        f"<area><areaDesc>{text}</areaDesc></area></info></alert>"
    ).encode()


PAGES = {
    "/areas.geojson": _areas,
    "/departments.geojson": _departments,
    "/cameras.geojson": _cameras,
    "/requests.json": _cases,
    "/services.json": lambda _: b"[]",
    "/v1.1/Things": _things,
    "/v1.1/Observations": lambda _: b'{"value": []}',
    "/feed.atom": _feed,
    "/cap/1.xml": _warning,
}
SETTINGS = """
[district]
name = "Hostile"
adcode = "310113"

[alarms]
on_delay_s = 1

{blocks}
"""
SOURCES: dict[str, tuple[str, str]] = {
    "areas": ("geojson", 'record = "area"\npaths = ["areas.geojson"]\nfields = {id = "code", area_kind = "kind"}'),
    "departments": ("geojson", 'record = "department"\npaths = ["departments.geojson"]\nfields = {id = "code"}'),
    "cameras": ("geojson", 'record = "camera"\npaths = ["cameras.geojson"]\nfields = {id = "code"}'),
    "cases": ("open311", 'format = "json"'),
    "things": ("sensorthings", ""),
    "warnings": ("cap", 'path = "feed.atom"'),
}


def write_settings(path: Path, url: str) -> Path:
    """Settings of a district whose every upstream is at `url`, names of sources hostile too."""
    name = json.dumps(HOSTILE[:400], ensure_ascii=False)
    blocks = [
        f'[[sources]]\nkey = "{key}"\nkind = "{kind}"\nname = {name}\ndepartment = "hostile"\nurl = "{url}"\n'
        f"interval_s = 5\ntimeout_s = 5\n[sources.options]\n{options}\n"
        for key, (kind, options) in SOURCES.items()
    ]
    path.write_text(SETTINGS.format(blocks="\n".join(blocks)), encoding="utf-8")
    return path


def serving() -> AbstractContextManager[str]:
    """The address of the hostile upstreams."""
    return small_server.serving(_page, "application/json")


def _page(path: str) -> bytes | None:
    make = PAGES.get(path)
    return make(datetime.now(UTC)) if make else None
