"""The port's board: every berth and channel of the settings with what is measured there, and whether it may be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from situation.health import PanelState, Standing, standing
from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels.definition import Values
from situation.panels.weather.gauges import Gauge, Rows, distances_m, gauges, metres_between, rows_of
from situation.panels.weather.stations import StationNow, forecasts, is_living, stations
from situation.port import Berth, Verdict, judge, limits_of, reopens_at
from situation.records import Conditions, Forecast, ForecastForm

SENSOR_KINDS = {"gust": "wind", "visibility": "visibility", "depth": "tide_level"}
"""Which kind of sensor speaks for which quantity."""

DISTRICT_MARGIN_DEG = 0.12
"""Berths lie outside the land: this far from the district's bounds they still belong to it."""

NEAREST = 4
SPEAKING = 2
"""Of so many of the nearest sensors, the worst of the first two that are alive speaks: one may stand in the lee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What stands for a quantity at a berth: who measures it, and how far away; `value` is None unless of now."""

    by: str | None = None
    place: str = ""
    distance_m: float | None = None
    at_ms: int | None = None
    shown: float | None = None
    value: float | None = None


NOBODY = Measured()
STATIONS_READ: dict[str, Callable[[Conditions], float | None]] = {
    "gust": lambda now: now.gust_mps,
    "visibility": lambda now: now.visibility_km,
}
"""What weather stations speak for too: a wharf must not be called open by the calmer of two instruments."""


def build_port(moment: Moment) -> Values:
    """One row for each berth of this district, in the order and groups of the settings."""
    berths = own_berths(moment)
    measured = _measure(moment, berths)
    expected = list(_expected(moment))
    groups: dict[str, Values] = {}
    counts = dict.fromkeys((verdict.value for verdict in Verdict), 0)
    for berth in berths:
        row = _row(moment, berth, measured[berth.key], expected)
        counts[row["verdict"]] += 1
        group = groups.setdefault(berth.group, {"name": berth.group, "name_en": berth.group_en, "rows": []})
        group["rows"].append(row)
    return {"groups": list(groups.values()), "counts": counts, "tide": _tide(moment, berths, measured)}


def stand_port(moment: Moment, values: Values) -> Standing:
    """Not configured without berths; else as the sensors' own sources stand (all of sensors before these delivered)."""
    if not values["groups"]:
        return Standing(PanelState.NOT_CONFIGURED, reason=("reason.port-not-configured",))
    table = moment.live.tables["sensor"]
    words = moment.live.words
    rows = np.concatenate([rows_of(moment, kind) for kind in SENSOR_KINDS.values()]).astype(np.intp)
    keys = {words.word(int(code)) for code in np.unique(table["source"][rows])} if len(rows) else set()
    own = [source for source in moment.sources if source.id in keys] or moment.sources_of(("sensor",))
    return standing(own, moment.source_states)


def own_berths(moment: Moment) -> list[Berth]:
    """The berths of the settings that lie in or before this district."""
    district = moment.area_index.district()
    if district is None:
        return []
    west, south, east, north = district.bounds
    margin = DISTRICT_MARGIN_DEG
    return [
        berth
        for berth in moment.context.port.berths
        if west - margin <= berth.lon <= east + margin and south - margin <= berth.lat <= north + margin
    ]


def _measure(moment: Moment, berths: list[Berth]) -> dict[str, dict[str, Measured]]:
    """What each berth's nearest living sensors say; all readings are asked for at once."""
    near: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for name, kind in SENSOR_KINDS.items():
        rows = rows_of(moment, kind)
        for berth in berths:
            if name in limits_of(berth):
                near[berth.key, name] = _nearest(moment, rows, berth)
    asked = sorted({row for found in near.values() for row, _ in found})
    read = {gauge.row: gauge for gauge in gauges(moment, asked)}
    speaking = [station for station in stations(moment) if station.is_fresh and is_living(moment, station.record)]
    found: dict[str, dict[str, Measured]] = {berth.key: {} for berth in berths}
    for (key, name), candidates in near.items():
        berth = next(berth for berth in berths if berth.key == key)
        by_sensor = _speaking(moment, berth, name, [(read[row], metres) for row, metres in candidates])
        by_station = _nearest_station(berth, name, speaking, moment.context.port.reach_m)
        found[key][name] = _worse(berth, name, by_sensor, by_station)
    return found


def _worse(berth: Berth, name: str, by_sensor: Measured, by_station: Measured) -> Measured:
    """The one that keeps more ships away; only what is of now counts."""
    known = [(one.value, one) for one in (by_sensor, by_station) if one.value is not None]
    pick = max if limits_of(berth)[name].is_ceiling else min
    return pick(known, key=lambda pair: pair[0])[1] if known else by_sensor


def _nearest_station(berth: Berth, name: str, speaking: list[StationNow], reach_m: float) -> Measured:
    """What the nearest weather station that speaks of it says."""
    read = STATIONS_READ.get(name)
    if read is None:
        return NOBODY
    near = [
        (metres, station, value)
        for station in speaking
        if (value := read(station.now)) is not None
        and (metres := metres_between(station.record, berth.lon, berth.lat)) is not None
        and metres <= reach_m
    ]
    if not near:
        return NOBODY
    metres, station, value = min(near, key=lambda one: one[0])
    return Measured(
        by=station.record.id,
        place=station.record.name,
        distance_m=metres,
        at_ms=epoch_ms(station.now.at),
        shown=value,
        value=value,
    )


def _nearest(moment: Moment, rows: Rows, berth: Berth) -> list[tuple[int, float]]:
    metres = distances_m(moment, rows, berth.lon, berth.lat)
    order = np.argsort(metres, kind="stable")[:NEAREST]
    return [(int(rows[at]), float(metres[at])) for at in order if metres[at] <= moment.context.port.reach_m]


def _speaking(moment: Moment, berth: Berth, name: str, candidates: list[tuple[Gauge, float]]) -> Measured:
    """The worst of the nearest sensors that are alive; else the nearest with its old value, which judges nothing."""
    if not candidates:
        return NOBODY
    alive = [(gauge, metres, gauge.value) for gauge, metres in candidates if gauge.is_fresh and gauge.value is not None]
    if not alive:
        return _by_sensor(moment, *candidates[0], None)
    pick = max if limits_of(berth)[name].is_ceiling else min
    gauge, metres, value = pick(alive[:SPEAKING], key=lambda one: one[2])
    return _by_sensor(moment, gauge, metres, round(value + (berth.bed_m or 0.0), 2) if name == "depth" else value)


def _by_sensor(moment: Moment, gauge: Gauge, metres: float, value: float | None) -> Measured:
    table = moment.live.tables["sensor"]
    return Measured(
        by=table["id"][gauge.row],
        place=table["name"][gauge.row],
        distance_m=metres,
        at_ms=gauge.at_ms,
        shown=gauge.value,
        value=value,
    )


def _row(
    moment: Moment,
    berth: Berth,
    measured: Mapping[str, Measured],
    expected: list[tuple[datetime, dict[str, float | None]]],
) -> Values:
    verdict, each = judge(berth, {name: one.value for name, one in measured.items()})
    is_shut = verdict in (Verdict.CLOSED, Verdict.RESTRICTED)
    opens_at = reopens_at(berth, (_at_berth(berth, step) for step in expected)) if is_shut else None
    limits = limits_of(berth)
    return {
        "key": berth.key,
        "name": berth.name,
        "name_en": berth.name_en,
        "use": berth.use,
        "verdict": verdict.value,
        "restriction": berth.restriction,
        "restriction_en": berth.restriction_en,
        "reopens_at": None if opens_at is None else epoch_ms(opens_at),
        **{
            name: {
                **_measured(berth, name, one),
                "limit": limits[name].closed,
                "warn": limits[name].restricted,
                "verdict": each[name].value,
            }
            for name, one in measured.items()
        },
    }


def _measured(berth: Berth, name: str, one: Measured) -> Values:
    """What is shown of a quantity: also an old value, with its time, but then `is_fresh` is false."""
    shown = one.shown
    if name == "depth" and shown is not None:
        shown = shown + (berth.bed_m or 0.0)
    return {
        "value": None if shown is None else round(shown, 2),
        "at": one.at_ms,
        "is_fresh": one.value is not None,
        "by": one.by,
        "place": one.place,
        "distance_m": None if one.distance_m is None else round(one.distance_m),
    }


def _expected(moment: Moment) -> Iterator[tuple[datetime, dict[str, float | None]]]:
    """The hours ahead as forecast by offices that are alive: gusts, visibility, tide (None: not foretold)."""
    forecast = _living(moment, ForecastForm.FORECAST)
    table = _living(moment, ForecastForm.TIDE)
    if forecast is None:
        return
    tides = {step.at: step.tide_m for step in table.steps} if table else {}
    for step in forecast.steps:
        if step.at > moment.at:
            yield step.at, {"gust": step.gust_mps, "visibility": step.visibility_km, "depth": tides.get(step.at)}


def _living(moment: Moment, form: ForecastForm) -> Forecast | None:
    return next((row for row in forecasts(moment, form) if is_living(moment, row)), None)


def _at_berth(berth: Berth, step: tuple[datetime, dict[str, float | None]]) -> tuple[datetime, dict[str, float | None]]:
    at, values = step
    tide = values["depth"]
    return at, {**values, "depth": None if tide is None or berth.bed_m is None else tide + berth.bed_m}


def _tide(moment: Moment, berths: list[Berth], measured: Mapping[str, Mapping[str, Measured]]) -> Values | None:
    """The level at the first berth that needs water, and whether it rises, by the tide table."""
    for berth in berths:
        one = measured[berth.key].get("depth")
        if one is not None and one.value is not None:
            return {"level": one.shown, "is_rising": _is_rising(moment)}
    return None


def _is_rising(moment: Moment) -> bool | None:
    table = _living(moment, ForecastForm.TIDE)
    if table is None:
        return None
    coming = next((turn for turn in table.turns if turn.at > moment.at), None)
    return coming.is_high if coming and coming.at - moment.at < timedelta(hours=13) else None
