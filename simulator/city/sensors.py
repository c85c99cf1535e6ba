"""Sensors of every kind, where they belong."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely

from simulator.city.ground import Ground
from simulator.city.plane import Floats
from simulator.city.roads import ROAD_KINDS
from simulator.city.sensor_kinds import KINDS, SensorKind
from simulator.model import CityPlace, CitySensor

SENSORS_PER_SWITCH = 90


def sensors(
    ground: Ground, places: tuple[CityPlace, ...], shore: Floats, scale: int, rng: np.random.Generator
) -> tuple[CitySensor, ...]:
    """Exactly 10,000 sensors per scale. `shore` are positions along the open water."""
    result: list[CitySensor] = []
    used: Counter[str] = Counter()
    in_street: Counter[str] = Counter()
    for kind in KINDS:
        xy, names, at = _sites(kind, kind.count * scale, ground, places, shore, rng)
        for index, where in enumerate(ground.where(xy)):
            used[names[index]] += 1
            again = used[names[index]]
            in_street[where["street"]] += 1
            result.append(
                CitySensor(
                    code=f"{kind.kind}-{len(result) + 1:06d}",
                    name=names[index] if again == 1 else f"{names[index]}{again}",
                    name_en=f"{kind.name_en} {index + 1}",
                    department=kind.department,
                    kind=kind.kind,
                    upstream=kind.upstream,
                    quantities=kind.quantities,
                    place=at[index],
                    switch=f"SW{where['street']}{in_street[where['street']] // SENSORS_PER_SWITCH + 1:03d}",
                    **where,
                )
            )
    return tuple(result)


def _sites(
    kind: SensorKind, count: int, ground: Ground, places: tuple[CityPlace, ...], shore: Floats, rng: np.random.Generator
) -> tuple[Floats, list[str], list[str]]:
    """Positions, names and the codes of the places they stand at ("" for none)."""
    lines = ground.network.lines
    if kind.at in ("road", "low_road"):
        roads = [line for line in lines if line.kind in ROAD_KINDS and line.name]
        xy = ground.along(roads, count * (4 if kind.at == "low_road" else 1), 5.0, rng)
        if kind.at == "low_road":
            height = ground.terrain.elevation_m[ground.terrain.locate(xy)]
            xy = xy[np.argsort(height, kind="stable")[:count]]
        return xy, _after_roads(kind, ground, xy), [""] * count
    if kind.at == "river":
        rivers = [line for line in lines if line.kind in ("river", "canal")]
        sluices = [place for place in places if place.name.endswith("闸")] if kind.kind == "river_level" else []
        gauged = ground.plane.to_metres([(place.lon, place.lat) for place in sluices]).reshape(-1, 2)
        xy = np.vstack([gauged, ground.along(rivers, count - len(sluices), 12.0, rng)])
        tree = shapely.STRtree([line.shape for line in rivers])
        water = [rivers[i].name for i in np.asarray(tree.nearest(shapely.points(xy)))]
        roads_near = ground.road_names(xy)
        names = [f"{w}{road}{kind.name}" for w, road in zip(water, roads_near, strict=True)]
        names[: len(sluices)] = [f"{place.name}{kind.name}" for place in sluices]
        return xy, names, [place.code for place in sluices] + [""] * (count - len(sluices))
    if kind.at == "shore":
        xy = shore[rng.integers(0, len(shore), count)] + rng.uniform(-60, 60, (count, 2))
        return xy, [f"{road}岸线{kind.name}" for road in ground.road_names(xy)], [""] * count
    if kind.at == "block":
        xy = ground.in_blocks(ground.terrain.people + ground.terrain.people.mean() * 0.7, count, rng)
        return xy, _after_roads(kind, ground, xy), [""] * count
    return _at_places(kind, count, ground, places, rng)


def _after_roads(kind: SensorKind, ground: Ground, xy: Floats) -> list[str]:
    return [
        f"{where['address'].removeprefix(ground.street_names[where['street']])}{kind.name}"
        for where in ground.where(xy)
    ]


def _at_places(
    kind: SensorKind, count: int, ground: Ground, places: tuple[CityPlace, ...], rng: np.random.Generator
) -> tuple[Floats, list[str], list[str]]:
    hosts = [place for place in places if place.kind == kind.at]
    if kind.at == "sight":
        hosts += [place for place in places if place.kind == "park"][:20]
    chosen = np.sort(
        np.concatenate([np.arange(min(count, len(hosts))), rng.integers(0, len(hosts), max(count - len(hosts), 0))])
    )
    xy = ground.plane.to_metres([(hosts[i].lon, hosts[i].lat) for i in chosen])
    near = 8.0 if kind.at in ("underpass", "pumping_station") else 70.0
    return (
        xy + rng.uniform(-near, near, (count, 2)),
        [f"{hosts[i].name}{kind.name}" for i in chosen],
        [hosts[i].code for i in chosen],
    )
