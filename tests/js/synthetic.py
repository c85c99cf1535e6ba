"""A made-up district for browser tests: marks, streets, roads and panels, the same every time."""

from __future__ import annotations

from typing import Any

import numpy as np

BOUNDS = (121.30, 31.28, 121.55, 31.51)
CITY_MS = 1_786_257_128_000  # 2026-08-09 14:32:08 in Shanghai
COUNTS = {"camera": 18_000, "sensor": 10_000, "case": 1_284, "alarm": 14, "officer": 400, "place": 3_000}


def marks(scale: int = 1, seed: int = 7) -> dict[str, dict[str, Any]]:
    """Marks of every kind around some centres of population, with the usual few per cent of them offline."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform((121.34, 31.30), (121.52, 31.49), (24, 2))
    tables, first = {}, 1
    for kind, count in COUNTS.items():
        count *= 1 if kind == "alarm" else scale
        spread = centres[rng.integers(0, len(centres), count)] + rng.normal(0, 0.012, (count, 2))
        tables[kind] = {
            "number": np.arange(first, first + count),
            "lon": spread[:, 0],
            "lat": spread[:, 1],
            "state": _states(kind, count, rng),
            "category": np.zeros(count),
        }
        first += count
    return tables


def _states(kind: str, count: int, rng: np.random.Generator) -> Any:
    if kind == "case":
        return np.where(rng.random(count) < 0.03, 6, 0)
    if kind == "alarm":
        return np.resize([5, 4, 3, 4 + 16, 3 + 16, 3, 7, 3 + 16, 3, 3 + 16, 7 + 16, 3, 3 + 16, 7], count)
    if kind in ("officer", "place"):
        return np.zeros(count)
    usual = rng.choice([0, 1, 2], count, p=[0.97, 0.025, 0.005])
    return np.where(rng.random(count) < (0.002 if kind == "sensor" else 0), rng.integers(3, 6, count), usual)


def panels() -> dict[str, Any]:
    """Panels as the server sends them; only the map has values."""
    ring = [[121.42, 31.38], [121.50, 31.46], [121.53, 31.42], [121.51, 31.36], [121.42, 31.38]]
    areas = [{"id": "w1", "level": "orange", "codes": ["310113"], "polygons": [ring]}]
    values = {"warning_areas": areas, "bounds": list(BOUNDS), "callouts": []}
    return {"map": {"state": "live", "as_of": CITY_MS, "coverage": None, "reason": None, "values": values}}


def basemap(roads: int = 600) -> dict[str, Any]:
    """`/api/basemap`: a crossing of roads, two rivers, thirteen square streets."""
    rng = np.random.default_rng(3)
    west, south, east, north = BOUNDS
    outline = _polygon([(west, south), (east, south), (east, north), (west, north)])
    layers: dict[str, list[Any]] = {
        key: [] for key in ("water", "green", "rail", "expressway", "major_road", "minor_road", "building")
    }
    for i in range(roads):
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        along = [(lon + step * 0.004, lat + rng.normal(0, 0.0004)) for step in range(6)]
        key = "major_road" if i % 6 == 0 else "minor_road"
        layers[key].append(_line(along if i % 2 else [(x - lon + lon, y) for x, y in along], f"第{i}路"))
    layers["water"].append(_line([(west, 31.40), (121.42, 31.39), (east, 31.37)], "蕰藻浜"))
    layers["expressway"].append(_line([(121.40, south), (121.42, north)], "沪太路"))
    width = (east - west) / 13
    streets = [_street(i, west + i * width, width) for i in range(13)]
    collections = {key: {"type": "FeatureCollection", "features": found} for key, found in layers.items()}
    return {"layers": collections, "outline": outline, "streets": streets, "bounds": list(BOUNDS)}


def _street(i: int, west: float, width: float) -> dict[str, Any]:
    corners = [(west, 31.28), (west + width, 31.28), (west + width, 31.51), (west, 31.51)]
    label = [west + width / 2, 31.30 + (i % 5) * 0.04]
    return {
        "code": f"3101130{i:02}",
        "name": f"街镇{i}",
        "name_en": f"Street {i}",
        "geometry": _polygon(corners),
        "label": label,
    }


def _polygon(corners: list[tuple[float, float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}


def _line(points: list[tuple[float, float]], name: str) -> dict[str, Any]:
    geometry = {"type": "LineString", "coordinates": [list(point) for point in points]}
    return {"type": "Feature", "geometry": geometry, "properties": {"name": name}}
