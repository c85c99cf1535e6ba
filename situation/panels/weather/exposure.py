"""Who and what lies in a warned area, street by street, with the water in its underpasses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from situation.health import Standing, standing
from situation.live import Moment
from situation.panels.definition import Choice, ChoiceError, Values
from situation.panels.warnings import Ground, ground_of, inside, ordered_warnings
from situation.panels.weather.gauges import ALERT, CLOSED, Gauge, gauges, limit_of, rows_of
from situation.panels.weather.history import hazard_of
from situation.panels.weather.stations import stations
from situation.records import AreaKind, GridScheme, WeatherWarning

KINDS = ("underpass", "school", "hospital", "wharf", "site")
"""Kinds of places listed, as their records call them."""

SEAT_M = 80.0
"""A water gauge this near to an underpass measures its water."""

SPARK = timedelta(hours=1)
SPARK_STEP = timedelta(minutes=1)
SPARK_POINTS = 240  # none is thinned away by its extremes: water on a road is smooth
SPARK_EVERY = 3
SPARKS_PER_STREET = 2
_M_PER_DEG = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """Rows of the table of places in a warned area, codes of its unit grids, and how many of each street."""

    places: npt.NDArray[np.intp]
    grid_codes: tuple[str, ...]
    grids: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Underpass:
    """An underpass and its worst gauge; None when nothing measures there."""

    row: int
    street: str
    gauge: Gauge | None


def build_exposure(moment: Moment) -> Values:
    """The worst warning in force."""
    return _build(moment, next((row for row in ordered_warnings(moment) if row.is_actual), None))


def choose_exposure(moment: Moment, choice: Choice) -> Values:
    """The warning named by `warning`, any that is current; raises ChoiceError."""
    for key, value in choice.items():
        if key != "warning":
            raise ChoiceError(key, value, ("warning",))
    wanted = choice.get("warning")
    if wanted is None:
        return build_exposure(moment)
    found = next((row for row in ordered_warnings(moment) if row.id == wanted), None)
    if found is None:
        raise ChoiceError("warning", wanted, [row.id for row in ordered_warnings(moment)])
    return _build(moment, found)


def _build(moment: Moment, warning: WeatherWarning | None) -> Values:
    values: Values = {
        "warning": None if warning is None else warning_values(warning),
        "warnings": [warning_values(row) for row in ordered_warnings(moment)],
        "limits": {
            "alert": limit_of(moment, "underpass_water", ALERT),
            "closed": limit_of(moment, "underpass_water", CLOSED),
        },
        "rows": [],
        "total": None,
        "water": None,
    }
    if warning is None or not moment.live.whole["area"]:
        return values
    found = exposed(moment, warning)
    passes = underpasses(moment, found)
    rain = {station.record.street_code: station.now.rain_mm for station in stations(moment) if station.is_fresh}
    rows = [_street(moment, street, found, passes, rain) for street in _streets(moment, warning, found)]
    rows.sort(key=lambda row: (row["code"] == "", -row["wet"], -row["unknown"], -row["underpass"], row["code"]))
    _add_sparks(moment, rows)
    totals = {kind: sum(row[kind] for row in rows) for kind in (*KINDS, "grids", "wet")}
    return {**values, "rows": rows, "total": totals, "water": _water(passes)}


def stand_exposure(moment: Moment, _values: Values) -> Standing:
    """As all its sources stand; its age is that of warnings and water: where schools stand hardly changes."""
    table, words = moment.live.tables["sensor"], moment.live.words
    codes = np.unique(table["source"][rows_of(moment, "underpass_water")])
    gauging = {words.word(int(code)) for code in codes.tolist()}
    moving = [source for source in moment.sources if "warning" in source.records or source.id in gauging]
    fixed = [source for source in moment.sources_of(("place",)) if source not in moving]
    all_of_them = standing([*moving, *fixed], moment.source_states)
    return replace(all_of_them, as_of=standing(moving, moment.source_states).as_of)


def warning_values(warning: WeatherWarning) -> Values:
    """What names a warning on a panel."""
    return {
        "id": warning.id,
        "event": hazard_of(warning.event),
        "event_en": warning.headline_en,
        "level": warning.level.value,
        "is_actual": warning.is_actual,
    }


def exposed(moment: Moment, warning: WeatherWarning) -> Exposed:
    """What lies on the ground of a warning; nothing when it means no ground of this district."""
    ground = ground_of(moment, warning)
    places = moment.live.tables["place"]
    token = (moment.live.version("area"), warning.areas, places.version)
    return moment.cache.get(f"weather.exposed/{warning.id}", token, lambda: _exposed(moment, ground))


def _exposed(moment: Moment, ground: Ground) -> Exposed:
    if ground.geometry is None:
        return Exposed(places=np.empty(0, dtype=np.intp), grid_codes=(), grids={})
    table = moment.live.tables["place"]
    codes = [code for kind in KINDS if (code := moment.live.words.find(kind)) is not None]
    is_listed = np.isin(table["category"], codes) & inside(ground.geometry, table["lon"], table["lat"])
    index = moment.area_index
    units = [
        (unit.code, index.parents(unit.code), shape)
        for unit in index.of_kind(AreaKind.GRID, GridScheme.UNIT_GRID)
        if (shape := index.geometry(unit.code)) is not None
    ]
    centres = shapely.point_on_surface(np.array([shape for _, _, shape in units], dtype=object))
    streets = {street.code for street in moment.streets}
    grids: dict[str, int] = {}
    inside_codes = []
    for unit in np.flatnonzero(shapely.intersects(ground.geometry, centres)).tolist():
        own, parents, _ = units[unit]
        street = next((parent for parent in parents if parent in streets), "")
        grids[street] = grids.get(street, 0) + 1
        inside_codes.append(own)
    return Exposed(places=np.flatnonzero(is_listed), grid_codes=tuple(inside_codes), grids=grids)


def underpasses(moment: Moment, found: Exposed) -> list[Underpass]:
    """The exposed underpasses, each with its worst gauge."""
    table, words = moment.live.tables["place"], moment.live.words
    kind = words.find("underpass")
    rows = [int(row) for row in found.places if table["category"][row] == kind]
    sensors = moment.live.tables["sensor"]
    token = (table.version, sensors.membership, tuple(rows))
    seats: list[list[int]] = moment.cache.get("weather.seats", token, lambda: _seats(moment, rows))
    read = {gauge.row: gauge for gauge in gauges(moment, sorted({row for seat in seats for row in seat}))}
    return [
        Underpass(row=row, street=words.word(int(table["street"][row])), gauge=_worst([read[at] for at in seat]))
        for row, seat in zip(rows, seats, strict=True)
    ]


def _seats(moment: Moment, rows: Sequence[int]) -> list[list[int]]:
    """The water gauges of each underpass: those near it, each counted for the nearest one only."""
    table, sensors = moment.live.tables["place"], moment.live.tables["sensor"]
    seats: list[list[int]] = [[] for _ in rows]
    own = rows_of(moment, "underpass_water")
    if not len(rows) or not len(own):
        return seats
    lons, lats = table["lon"][list(rows)], table["lat"][list(rows)]
    for row in own.tolist():
        east = (lons - sensors["lon"][row]) * np.cos(np.radians(sensors["lat"][row]))
        metres = np.hypot(east, lats - sensors["lat"][row]) * _M_PER_DEG
        if np.isfinite(metres).any() and metres[nearest := int(np.nanargmin(metres))] <= SEAT_M:
            seats[nearest].append(row)
    return seats


def _worst(found: list[Gauge]) -> Gauge | None:
    """The one with the most water; one that can't be trusted only when there is no other."""

    def order(gauge: Gauge) -> tuple[bool, float, int]:
        return gauge.is_fresh and gauge.value is not None, gauge.value or 0.0, -gauge.row

    return max(found, key=order, default=None)


def _streets(moment: Moment, warning: WeatherWarning, found: Exposed) -> list[str]:
    """The streets touched, and "" when something exposed lies in none of them: the rows must add up."""
    table, words = moment.live.tables["place"], moment.live.words
    known = [street.code for street in moment.streets]
    named = set(ground_of(moment, warning).codes) | {words.word(int(code)) for code in table["street"][found.places]}
    shown = [code for code in known if code in named or found.grids.get(code)]
    has_others = bool(found.grids.get("")) or not named <= set(known)
    return [*shown, ""] if has_others else shown


def _street(
    moment: Moment, code: str, found: Exposed, passes: Sequence[Underpass], rain: dict[str, float | None]
) -> Values:
    table, words = moment.live.tables["place"], moment.live.words
    in_street = [row for row in found.places if _is_in(moment, words.word(int(table["street"][row])), code)]
    kinds = [words.word(int(table["category"][row])) for row in in_street]
    own = [each for each in passes if _is_in(moment, each.street, code)]
    name, name_en = moment.street_names.get(code, (code, ""))
    return {
        "code": code,
        "name": name,
        "name_en": name_en,
        "rain": rain.get(code) if code else None,
        "grids": found.grids.get(code, 0),
        **{kind: kinds.count(kind) for kind in KINDS},
        "wet": sum(1 for each in own if each.gauge is not None and (each.gauge.level or 0) > 0),
        "unknown": sum(1 for each in own if each.gauge is None or each.gauge.level is None),
        "gauges": [_gauge(moment, each.gauge) for each in _shown(own) if each.gauge is not None],
    }


def _is_in(moment: Moment, street: str, code: str) -> bool:
    """Whether a place belongs to the row of a street; the row "" has those of streets nobody knows."""
    return street == code if code else street not in moment.street_names


def _shown(own: Sequence[Underpass]) -> list[Underpass]:
    """The ones with the most water first; those nobody measures last."""

    def order(each: Underpass) -> tuple[bool, bool, float]:
        gauge = each.gauge
        return gauge is None, gauge is None or not gauge.is_fresh, -(gauge.value or 0.0) if gauge else 0.0

    return sorted(own, key=order)[:SPARKS_PER_STREET]


def _gauge(moment: Moment, gauge: Gauge) -> Values:
    table = moment.live.tables["sensor"]
    return {
        "id": table["id"][gauge.row],
        "stream": gauge.stream.id,
        "name": table["name"][gauge.row],
        "unit": gauge.stream.unit,
        "value": gauge.value,
        "at": gauge.at_ms,
        "is_fresh": gauge.is_fresh,
        "level": gauge.level,
        "points": [],
    }


def _add_sparks(moment: Moment, rows: Sequence[Values]) -> None:
    """The last hour of the gauges shown. Read once a minute, for all of them at once."""
    shown = [gauge for row in rows for gauge in row["gauges"]]
    streams = tuple(gauge.pop("stream") for gauge in shown)
    step_ms = int(SPARK_STEP.total_seconds() * 1000)
    until = datetime.fromtimestamp((moment.at_ms // step_ms + 1) * step_ms / 1000, UTC)
    read = moment.context.readings.many
    series: dict[str, Any] = moment.cache.get(
        "weather.sparks", (streams, until), lambda: read(streams, until - SPARK, until, SPARK_POINTS)
    )
    for gauge, stream in zip(shown, streams, strict=True):
        points = series.get(stream, [])
        drawn = [*points[:-1:SPARK_EVERY], *points[-1:]]
        gauge["points"] = [[at_ms, round(value, 1)] for at_ms, value in drawn]


def _water(passes: Sequence[Underpass]) -> Values:
    """How many underpasses are closed, in alert, normal, and beyond anyone's knowledge: they add up to all."""
    levels = [None if each.gauge is None else each.gauge.level for each in passes]
    closed = sum(level == CLOSED for level in levels)
    normal = sum(level == 0 for level in levels)
    unknown = sum(level is None for level in levels)
    return {
        "total": len(levels),
        "closed": closed,
        "alert": len(levels) - closed - normal - unknown,
        "normal": normal,
        "unknown": unknown,
    }
