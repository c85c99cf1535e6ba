"""Where cases are dense: a Gaussian kernel over the district, and the same counted by unit grid."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from situation.areas import AreaIndex
from situation.live import Moment
from situation.live.moment import Mask
from situation.panels.casework.ground import M_PER_DEG, metres
from situation.panels.definition import Values
from situation.records import AreaKind, GridScheme

Floats = npt.NDArray[np.float64]

LEAST_CELL_M = 50.0
MOST_CELLS = 128
"""In either direction: finer than the kernel, and small enough to travel."""

BANDWIDTH_M = 500.0
"""Standard deviation of the kernel: about how far people walk to what they report."""

LEAST_CASES = 5
"""Rates of fewer cases say more about chance than about the grid."""

MOST_GRIDS = 20


@dataclass(frozen=True, slots=True)
class Raster:
    """Cells over the district, rows from south to north."""

    west: float
    south: float
    east: float
    north: float
    columns: int
    lines: int


def raster_of(bounds: tuple[float, float, float, float]) -> Raster:
    """Square cells, at most `MOST_CELLS` either way."""
    west, south, east, north = bounds
    width, height = _size_m(bounds)
    cell_m = max(LEAST_CELL_M, width / MOST_CELLS, height / MOST_CELLS)
    return Raster(west, south, east, north, max(1, math.ceil(width / cell_m)), max(1, math.ceil(height / cell_m)))


def _size_m(bounds: tuple[float, float, float, float]) -> tuple[float, float]:
    west, south, east, north = bounds
    scale = math.cos(math.radians((south + north) / 2))
    return (east - west) * M_PER_DEG * scale, (north - south) * M_PER_DEG


def bounds_of(moment: Moment, street: str = "") -> tuple[float, float, float, float] | None:
    """Bounding box of a street, else of the district; None while the areas are unknown."""
    shape = moment.area_index.geometry(street) if street else None
    if shape is not None:
        west, south, east, north = shape.bounds
        return west, south, east, north
    token = (moment.live.version("area"), moment.local_date)

    def compute() -> tuple[float, float, float, float] | None:
        ground = moment.area_index.district()
        return None if ground is None else tuple(ground.bounds)

    return moment.cache.get("cases.bounds", token, compute)


def build_density(moment: Moment, mask: Mask, street: str = "") -> Values | None:
    """Cases per square kilometre around each cell's middle, as bytes of 255ths of the peak; of a street or of all.

    None while the areas are unknown.
    """
    bounds = bounds_of(moment, street)
    if bounds is None:
        return None
    raster = raster_of(bounds)
    lon, lat = moment.cases["lon"][mask], moment.cases["lat"][mask]
    inside = (lon >= raster.west) & (lon <= raster.east) & (lat >= raster.south) & (lat <= raster.north)
    per_km2 = _smoothed(raster, lon[inside], lat[inside])
    peak = float(per_km2.max())
    shares = np.round(per_km2 / peak * 255).astype(np.uint8) if peak > 0 else np.zeros(per_km2.shape, dtype=np.uint8)
    return {
        "bounds": list(bounds),
        "columns": raster.columns,
        "lines": raster.lines,
        "cells": base64.b64encode(shares.tobytes()).decode(),
        "peak": round(peak, 1),
        "outside": int(np.count_nonzero(mask)) - int(np.count_nonzero(inside)),
    }


def _smoothed(raster: Raster, lon: Floats, lat: Floats) -> Floats:
    """The kernel is a product of one along each axis, so two small matrices do it."""
    column = np.minimum((lon - raster.west) / (raster.east - raster.west) * raster.columns, raster.columns - 1)
    line = np.minimum((lat - raster.south) / (raster.north - raster.south) * raster.lines, raster.lines - 1)
    flat = line.astype(np.int64) * raster.columns + column.astype(np.int64)
    counts = np.bincount(flat, minlength=raster.lines * raster.columns).reshape(raster.lines, raster.columns)
    width, height = _size_m((raster.west, raster.south, raster.east, raster.north))
    along_x = _kernel(raster.columns, width / raster.columns)
    along_y = _kernel(raster.lines, height / raster.lines)
    return np.asarray(along_y @ counts.astype(np.float64) @ along_x) * 1e6


def _kernel(count: int, cell_m: float) -> Floats:
    """Share of a case per metre, by the distance of two cells along an axis."""
    distance = (np.arange(count)[:, None] - np.arange(count)[None, :]) * cell_m
    return np.asarray(np.exp(-0.5 * (distance / BANDWIDTH_M) ** 2) / (BANDWIDTH_M * math.sqrt(2 * math.pi)))


@dataclass(frozen=True, slots=True)
class GridFacts:
    """What a rate needs to know of a unit grid."""

    name: str
    name_en: str
    street: str
    population: int | None
    km2: float | None
    lon: float | None
    lat: float | None


def grid_facts(moment: Moment) -> dict[str, GridFacts]:
    """The unit grids by code, computed once for each version of the areas."""
    token = (moment.live.version("area"), moment.local_date)
    return moment.cache.get("cases.grids", token, lambda: _grid_facts(moment.area_index))


def _grid_facts(index: AreaIndex) -> dict[str, GridFacts]:
    facts = {}
    for area in index.of_kind(AreaKind.GRID, GridScheme.UNIT_GRID):
        shape = index.geometry(area.code)
        middle = None if shape is None else shape.representative_point()
        street = next((code for code in area.parents if len(code) == _STREET_DIGITS), "")
        km2 = None if shape is None else _km2(shape)
        at = (None, None) if middle is None else (middle.x, middle.y)
        facts[area.code] = GridFacts(area.name, area.name_en, street, area.population, km2, *at)
    return facts


_STREET_DIGITS = 9


def _km2(shape: shapely.Geometry) -> float:
    """Its ground, by degrees stretched at its own latitude (good to 0.1 % for what is a few kilometres wide)."""
    south, north = shape.bounds[1], shape.bounds[3]
    x, y = metres(np.ones(1), np.ones(1), (south + north) / 2)
    return float(shape.area * x[0] * y[0] / 1e6)


def build_grids(moment: Moment, mask: Mask) -> list[Values]:
    """Unit grids with at least five of these cases, most per square kilometre first."""
    counts = moment.count_by("grid", mask)
    facts = grid_facts(moment)
    rows: list[Values] = []
    for code in np.flatnonzero(counts >= LEAST_CASES).tolist():
        key, count = moment.live.words.word(code), int(counts[code])
        grid = facts.get(key)
        if grid is None or not grid.km2:
            continue
        rows.append(
            {
                "code": key,
                "name": grid.name,
                "name_en": grid.name_en,
                "street": list(moment.street_names.get(grid.street, ("", ""))),
                "count": count,
                "per_km2": round(count / grid.km2, 1),
                "population": grid.population,
                "per_1000": round(count / grid.population * 1000, 1) if grid.population else None,
                "lon": grid.lon,
                "lat": grid.lat,
            }
        )
    rows.sort(key=lambda row: (-row["per_km2"], row["code"]))
    return rows[:MOST_GRIDS]
