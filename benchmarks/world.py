"""A district in a store: the simulator's city, with cases, warnings and alarms of the age they should have now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from shapely.geometry import mapping

from simulator.model import City, CityArea, CitySensor, Line, Sited
from situation.batch import Batch
from situation.records import (
    Alarm,
    Area,
    AreaClaim,
    AreaKind,
    BaseMapLayer,
    Camera,
    Case,
    CaseState,
    Datastream,
    Department,
    DeviceState,
    GridScheme,
    Health,
    Observation,
    Officer,
    Place,
    Record,
    Sensor,
    SourceHealth,
    Threshold,
    WarningLevel,
    WeatherWarning,
)
from situation.store import Store

CASES = 20_000
CASE_DAYS = 30
EXPLANATION = '{"kind": "underpass_water", "property": "water_level", "above": true, "for_s": 60}'
"""As the threshold rule writes it."""

ALARMS = 14
OFFLINE_SHARE = 0.025
RECORDS_AT_ONCE = 10_000
STALE_AFTER_S = 3600.0
ORIGINS = ("inspector", "hotline", "video", "public", "sensor")
CATEGORIES = ("市容环境", "街面秩序", "公用设施", "道路交通", "园林绿化", "突发事件")
OPEN_STATES = (CaseState.REGISTERED, CaseState.DISPATCHED, CaseState.IN_PROGRESS, CaseState.REPLIED, CaseState.VERIFIED)
WARNINGS = (("暴雨", WarningLevel.ORANGE), ("雷电", WarningLevel.YELLOW))
LAYERS = {
    "water": ("river", "canal"),
    "expressway": ("expressway",),
    "major_road": ("major_road",),
    "minor_road": ("minor_road",),
    "rail": ("rail", "metro"),
}
SOURCES = {
    "video": (Camera.kind,),
    "things": (Sensor.kind,),
    "cases": (Case.kind,),
    "weather": (WeatherWarning.kind,),
    "rules": (Alarm.kind,),
    "officers": (Officer.kind,),
    "geography": (Place.kind, Area.kind, BaseMapLayer.kind, Department.kind),
}
"""The sources of the synthetic district and what each delivers."""


def fill(store: Store, city: City, now: datetime, seed: int = 7) -> int:
    """Put the whole district into an empty store through its front door; returns how many records that were."""
    count = 0
    for source, records in _everything(city, now, Random(seed)):
        waiting = iter(records)
        while some := tuple(islice(waiting, RECORDS_AT_ONCE)):
            store.apply(source, Batch(records=some), now)
            count += len(some)
    store.apply("things", Batch(observations=tuple(first_readings(city.sensors, now))), now)
    beat(store, now)
    return count


def beat(store: Store, now: datetime) -> None:
    """Say that every source and the collector live, as the collector does."""
    for key, kinds in {**SOURCES, "collector": ()}.items():
        health = SourceHealth(
            id=key,
            source=key,
            name=key,
            department="big-data",
            source_kind="benchmark",
            state=Health.OK,
            records=kinds,
            interval_s=15.0,
            stale_after_s=STALE_AFTER_S,
            attempted_at=now,
            succeeded_at=now,
            content_at=now,
        )
        store.apply(key, Batch(records=(health,)), now)


def _everything(city: City, now: datetime, rng: Random) -> Iterator[tuple[str, Iterable[Record]]]:
    yield "geography", _geography(city)
    yield "video", (camera(each, rng.random() >= OFFLINE_SHARE, now) for each in city.cameras)
    yield "things", (sensor(each, rng.random() >= OFFLINE_SHARE) for each in city.sensors)
    yield "officers", (_officer(each, now) for each in city.officers)
    yield "cases", cases(city, now, rng)
    yield "weather", _warnings(city, now)
    yield "rules", _alarms(city, now)


def _geography(city: City) -> Iterator[Record]:
    for each in city.departments:
        yield Department(id=each.key, source="geography", name=each.name, name_en=each.name_en)
    yield from (_area(area) for area in city.areas)
    for layer, kinds in LAYERS.items():
        lines = (line for line in city.lines if line.kind in kinds)
        yield BaseMapLayer(id=layer, source="geography", name=layer, geometry=_collection(map(_line, lines)))
    for layer, shapes in (("green", city.green), ("lake", city.water)):
        drawn = (
            {"type": "Feature", "properties": {"name": name}, "geometry": mapping(shape)} for name, shape in shapes
        )
        yield BaseMapLayer(id=layer, source="geography", name=layer, geometry=_collection(drawn))
    for place in city.places:
        yield Place(id=place.code, source="geography", place_kind=place.kind, **_sited(place))


def _line(line: Line) -> dict[str, object]:
    return {"type": "Feature", "properties": {"name": line.name}, "geometry": mapping(line.shape)}


def _collection(features: Iterable[dict[str, object]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False)


def _area(area: CityArea) -> Area:
    return Area(
        id=f"{area.scheme}/{area.code}",
        source="geography",
        name=area.name,
        name_en=area.name_en,
        area_kind=AreaKind(area.kind),
        scheme=GridScheme(area.scheme),
        code=area.code,
        parents=(area.parent,) if area.parent else (),
        population=area.population,
        geometry=json.dumps(mapping(area.shape)),
    )


def _sited(site: Sited) -> dict[str, Any]:
    return {
        "name": site.name,
        "lon": site.lon,
        "lat": site.lat,
        "address": site.address,
        "department": site.department,
        "street_code": site.street,
        "community_code": site.community,
        "grid_code": site.grid,
    }


def camera(site: Sited, is_online: bool, now: datetime) -> Camera:
    """A camera of the city as its platform tells of it."""
    state = DeviceState.ONLINE if is_online else DeviceState.OFFLINE
    return Camera(id=site.code, source="video", state=state, seen_at=now, form="dome", media=site.code, **_sited(site))


def sensor(site: CitySensor, is_online: bool) -> Sensor:
    """A sensor of the city with its datastreams."""
    streams = tuple(
        Datastream(
            id=stream_id(site, place),
            name=quantity.name,
            observed_property=quantity.observed_property,
            unit=quantity.unit,
            interval_s=quantity.interval_s,
            thresholds=tuple(Threshold(level=level, limit=at, above=above) for level, at, above in quantity.limits),
        )
        for place, quantity in enumerate(site.quantities)
    )
    state = DeviceState.ONLINE if is_online else DeviceState.OFFLINE
    return Sensor(
        id=site.code, source="things", sensor_kind=site.kind, datastreams=streams, state=state, **_sited(site)
    )


def stream_id(site: CitySensor, place: int) -> str:
    """Id of a sensor's datastream by its place among them."""
    return f"{site.code}/{place}"


def first_readings(sensors: Sequence[CitySensor], now: datetime) -> Iterator[Observation]:
    """Two readings of every datastream; those of water go back three hours, so that the watched sensor has a past."""
    for site in sensors:
        minutes = range(0, 180, 5) if site.kind in ("river_level", "underpass_water") else (0, 5)
        for ago in minutes:
            for place in range(len(site.quantities)):
                yield Observation(stream_id(site, place), now - timedelta(minutes=ago), 1.0 + ago % 7 / 10)


def _officer(site: Sited, now: datetime) -> Officer:
    return Officer(
        id=site.code, source="officers", role="grid_officer", on_duty=True, positioned_at=now, **_sited(site)
    )


def cases(city: City, now: datetime, rng: Random) -> Iterator[Case]:
    """Thirty days of cases; those of the last two days are still open, a few of them overdue."""
    total = CASES * city.scale
    for serial in range(total):
        registered_at = now - timedelta(days=CASE_DAYS) * (1 - serial / total)
        yield case(city, f"{serial:08}", registered_at, now, rng)


def case(city: City, key: str, registered_at: datetime, now: datetime, rng: Random) -> Case:
    """A case somewhere in the city as it stands now."""
    place = city.places[rng.randrange(len(city.places))]
    due_at = registered_at + timedelta(hours=rng.choice((46, 47, 60, 72)))
    is_open = now - registered_at < timedelta(hours=48)
    return Case(
        id=key,
        source="cases",
        name=f"案件 {key}",
        number=key,
        lon=place.lon + rng.gauss(0, 0.002),
        lat=place.lat + rng.gauss(0, 0.002),
        department=place.department,
        state=rng.choice(OPEN_STATES) if is_open else CaseState.CLOSED,
        category=rng.choice(CATEGORIES),
        origin=rng.choice(ORIGINS),
        description="道路积水，影响通行，请尽快处置。",
        reported_at=registered_at - timedelta(minutes=10),
        registered_at=registered_at,
        due_at=due_at,
        closed_at=None if is_open else min(now, registered_at + timedelta(hours=rng.uniform(1, 50))),
        updated_at=registered_at,
    )


def _warnings(city: City, now: datetime) -> Iterator[WeatherWarning]:
    streets = [area for area in city.areas if area.kind == "street"]
    for number, (event, level) in enumerate(WARNINGS):
        yield WeatherWarning(
            id=f"w{number}",
            source="weather",
            department="meteorology",
            event=event,
            level=level,
            level_text=level.value,
            headline=f"{city.name}发布{event}预警信号",
            sent_at=now - timedelta(hours=1),
            onset_at=now - timedelta(hours=1),
            expires_at=now + timedelta(hours=12),
            areas=(AreaClaim(name=city.name, codes=tuple(street.code for street in streets[: 5 + number])),),
        )


def _alarms(city: City, now: datetime) -> Iterator[Alarm]:
    for number in range(ALARMS):
        site = city.sensors[number]
        yield Alarm(
            id=f"a{number}",
            source="rules",
            rule="threshold",
            priority=1 + number % 4,
            value=32.0,
            unit="cm",
            limit=25.0,
            about=f"sensor/{site.code}",
            explanation=EXPLANATION,
            started_at=now - timedelta(minutes=3 * number + 1),
            updated_at=now,
            acknowledged_at=now - timedelta(seconds=30) if number % 3 == 2 else None,
            **_sited(site),
        )
