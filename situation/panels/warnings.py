"""Panels about weather warnings: the cards with what is exposed, and their ground on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.panels.alarms import callouts
from situation.panels.definition import Values
from situation.records import AreaKind, GridScheme, WarningLevel, WeatherWarning

DRAWN_TO_DEG = 0.0004
"""Outlines are drawn to about 40 m: nobody sees more of a hatched area on a wall."""

_RANK = {
    WarningLevel.RED: 0,
    WarningLevel.ORANGE: 1,
    WarningLevel.UNKNOWN: 1,  # ranked as serious
    WarningLevel.YELLOW: 2,
    WarningLevel.BLUE: 3,
}
_PLACE_KINDS = {"underpasses": "underpass", "schools": "school", "hospitals": "hospital"}


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a warning holds; `geometry` is None when it names no ground of this district."""

    geometry: BaseGeometry | None
    codes: tuple[str, ...]


def build_warnings(moment: Moment) -> Values:
    """Current warnings, the worst first; exercises come last and are marked."""
    return {"rows": [_row(moment, warning) for warning in ordered_warnings(moment)]}


def build_map(moment: Moment) -> Values:
    """Warned areas, the bounds of the district, and the alarms to point at."""
    district = moment.area_index.district()
    areas = []
    for warning in ordered_warnings(moment):
        ground = ground_of(moment, warning)
        if warning.is_actual and ground.geometry is not None:
            polygons = polygons_of(ground.geometry)
            codes = list(ground.codes)
            areas.append({"id": warning.id, "level": warning.level.value, "codes": codes, "polygons": polygons})
    return {
        "warning_areas": areas,
        "bounds": None if district is None else [round(bound, 5) for bound in district.bounds],
        "callouts": callouts(moment),
    }


def ordered_warnings(moment: Moment) -> list[WeatherWarning]:
    """Current warnings, the worst first, exercises last."""

    def order(warning: WeatherWarning) -> tuple[bool, int, int, str]:
        return (not warning.is_actual, _RANK[warning.level], -epoch_ms(warning.sent_at), warning.id)

    return sorted(moment.current_warnings, key=order)


def _row(moment: Moment, warning: WeatherWarning) -> Values:
    return {
        "id": warning.id,
        "event": warning.event,
        "level": warning.level.value,
        "level_text": warning.level_text,
        "headline": warning.headline,
        "headline_en": warning.headline_en,
        "sent_at": _ms(epoch_ms(warning.sent_at)),
        "onset_at": _ms(epoch_ms(warning.onset_at)),
        "expires_at": _ms(epoch_ms(warning.expires_at)),
        "is_actual": warning.is_actual,
        "areas": [area.name for area in warning.areas if area.name],
        "exposure": exposure(moment, warning),
    }


def _ms(value: int) -> int | None:
    return None if value == NO_TIME else value


def ground_of(moment: Moment, warning: WeatherWarning) -> Ground:
    """The ground a warning means here. One that names no place at all means the whole district."""
    token = (moment.live.version("area"), moment.local_date, warning.areas)
    return moment.cache.get(f"ground/{warning.id}", token, lambda: _resolve(moment, warning))


def _resolve(moment: Moment, warning: WeatherWarning) -> Ground:
    index = moment.area_index
    if not warning.areas:
        district = index.district()
        return Ground(district, tuple(street.code for street in moment.streets))
    grounds = [index.resolve(claim) for claim in warning.areas]
    shapes = [ground.geometry for ground in grounds if ground.geometry is not None]
    codes = dict.fromkeys(code for ground in grounds for code in ground.codes)
    if not shapes:
        return Ground(None, ())
    union = shapely.union_all(shapes)
    shapely.prepare(union)
    return Ground(union, tuple(codes))


def exposure(moment: Moment, warning: WeatherWarning) -> dict[str, int] | None:
    """How many streets, grids, cameras and places lie in the warned area; None when no area is known at all."""
    if not moment.live.whole["area"]:
        return None
    tables = moment.live.tables
    ground = ground_of(moment, warning)
    token = (
        moment.live.version("area"),
        warning.areas,
        tables["camera"].membership,
        tables["place"].version,
    )
    return moment.cache.get(f"exposure/{warning.id}", token, lambda: _count(moment, ground))


def _count(moment: Moment, ground: Ground) -> dict[str, int]:
    if ground.geometry is None:
        return dict.fromkeys(("streets", "grids", "cameras", *_PLACE_KINDS), 0)
    index, geometry = moment.area_index, ground.geometry
    grids = [index.geometry(grid.code) for grid in index.of_kind(AreaKind.GRID, GridScheme.UNIT_GRID)]
    centres = shapely.point_on_surface(np.array([grid for grid in grids if grid is not None], dtype=object))
    places = moment.live.tables["place"]
    is_exposed_place = inside(geometry, places["lon"], places["lat"])
    streets = {street.code for street in moment.streets}
    counts = {
        "streets": len(streets.intersection(ground.codes)),
        "grids": int(np.count_nonzero(shapely.intersects(geometry, centres))),
        "cameras": _count_inside(moment, geometry, "camera"),
    }
    for name, kind in _PLACE_KINDS.items():
        code = moment.live.words.find(kind)
        is_kind = places["category"] == (-1 if code is None else code)
        counts[name] = int(np.count_nonzero(is_exposed_place & is_kind))
    return counts


def _count_inside(moment: Moment, geometry: BaseGeometry, kind: str) -> int:
    table = moment.live.tables[kind]
    return int(np.count_nonzero(inside(geometry, table["lon"], table["lat"])))


def inside(geometry: BaseGeometry, lons: Any, lats: Any) -> Any:
    """Which positions lie in a geometry."""
    is_placed = np.isfinite(lons) & np.isfinite(lats)
    return is_placed & shapely.intersects_xy(geometry, np.where(is_placed, lons, 0.0), np.where(is_placed, lats, 0.0))


def polygons_of(geometry: BaseGeometry) -> list[list[list[float]]]:
    """Outer rings, simplified."""
    simple = shapely.simplify(geometry, DRAWN_TO_DEG)
    parts = [part for part in shapely.get_parts(simple).tolist() if part.geom_type == "Polygon" and not part.is_empty]
    return [np.round(shapely.get_coordinates(part.exterior), 5).tolist() for part in parts]
