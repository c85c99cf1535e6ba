"""A city of two streets and two departments, shared with a client that may see one of each; and with one of all."""

from __future__ import annotations

from datetime import datetime, timedelta

from situation.batch import Batch
from situation.records import (
    Alarm,
    Area,
    AreaClaim,
    AreaKind,
    Camera,
    Case,
    CaseState,
    Datastream,
    Department,
    DeviceState,
    Observation,
    Officer,
    Place,
    Record,
    Sensor,
    WarningLevel,
    WeatherWarning,
)
from situation.settings import Secret, ShareSettings

FOREIGN = "FOREIGN"
"""Stands in the id, name and address of everything that the narrow client must never see."""

NARROW_TOKEN, WIDE_TOKEN = "a narrow token of some length", "a wide token of some length"
STREET, OTHER_STREET = "310113001", "310113002"
NARROW = ShareSettings(key="narrow", token=Secret(NARROW_TOKEN), areas=(STREET,), departments=("water",))
WIDE = ShareSettings(key="wide", token=Secret(WIDE_TOKEN), requests_per_minute=60_000)


def square(west: float, east: float) -> str:
    corners = f"[[{west},31.3],[{east},31.3],[{east},31.5],[{west},31.5],[{west},31.3]]"
    return f'{{"type":"Polygon","coordinates":[{corners}]}}'


def city(now: datetime) -> Batch:
    """Three of everything: one that the narrow client may see, one of another street, one of another department."""
    records: list[Record] = [
        _street(STREET, "友谊路街道", square(121.4, 121.5)),
        _street(OTHER_STREET, "吴淞街道", square(121.5, 121.6)),
        Department(id="water", source="city", name="水务局", phone="021-56781234"),
        *_warnings(now),
    ]
    for number, (mark, lon, department) in enumerate(
        [("mine", 121.45, "water"), (f"{FOREIGN}-street", 121.55, "water"), (f"{FOREIGN}-office", 121.46, "roads")]
    ):
        told = {"source": "city", "name": mark, "address": mark, "department": department, "lon": lon, "lat": 31.4}
        records += [
            Camera(id=f"camera-{mark}", state=DeviceState.ONLINE, seen_at=now, media=f"hidden-{number}", **told),
            Sensor(
                id=f"sensor-{mark}",
                sensor_kind=f"level-{mark}",
                datastreams=(Datastream(id=f"stream-{mark}", name=mark, observed_property=f"of-{mark}", unit="cm"),),
                **told,
            ),
            Case(
                id=f"case-{mark}",
                number=f"2026-{mark}",
                state=CaseState.REGISTERED,
                category=f"kind-{mark}",
                subcategory="路面积水",
                description=f"积水 <{mark}> & 更多",
                reported_at=now - timedelta(hours=number + 1),
                due_at=now + timedelta(hours=5),
                **told,
            ),
            Officer(id=f"officer-{mark}", phone="13812345617", on_duty=True, **told),
            Place(id=f"place-{mark}", place_kind="underpass", **told),
            Alarm(id=f"alarm-{mark}", started_at=now, members=(f"sensor/sensor-{FOREIGN}-street",), **told),
        ]
    readings = [
        Observation(f"stream-{mark}", now - timedelta(minutes=minute), 20.0 + minute)
        for mark in ("mine", f"{FOREIGN}-street", f"{FOREIGN}-office")
        for minute in range(150)
    ]
    return Batch(records=tuple(records), observations=tuple(readings))


def _street(code: str, name: str, geometry: str) -> Area:
    kind = AreaKind.STREET
    return Area(id=f"administrative/{code}", source="city", code=code, area_kind=kind, name=name, geometry=geometry)


def _warnings(now: datetime) -> list[WeatherWarning]:
    told = {
        "source": "city",
        "sender": "cma@example.cn",
        "event": "暴雨",
        "level": WarningLevel.ORANGE,
        "severity": "Severe",
        "description": "六小时降水 50 毫米以上 & 持续",
        "sent_at": now - timedelta(hours=1),
    }
    square = ((121.4, 31.3), (121.5, 31.3), (121.5, 31.5), (121.4, 31.3))
    area = AreaClaim(name="宝山区", codes=("310113",), polygons=(square,), circles=((121.45, 31.4, 2.5),))
    later = now + timedelta(hours=6)
    return [
        WeatherWarning(
            id="urn:oid:1.2/rain 7",
            headline="宝山区发布暴雨橙色预警",
            headline_en="Orange rainstorm warning",
            message_type="Update",
            references=("cma@example.cn,urn:oid:1.2/rain 6,2026-08-09T04:00:00+00:00",),
            expires_at=later,
            areas=(area,),
            **told,
        ),
        WeatherWarning(id="drill", headline="演练", is_actual=False, expires_at=later, **told),
        WeatherWarning(id="over", headline="已过期", expires_at=now - timedelta(minutes=1), **told),
        WeatherWarning(id="old", headline="已更新", expires_at=later, superseded_by="urn:oid:1.2/rain 7", **told),
    ]
