"""The port's board: every berth and channel of the settings with what is measured there, and whether it may be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from situation.health import PanelState, Standing, standing
from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels.definition import Values
from situation.panels.weather.gauges import Gauge, Rows, distances_m, gauges, rows_of
from situation.panels.weather.stations import forecasts, is_living
from situation.port import Berth, Verdict, judge, limits_of, reopens_at
from situation.records import Forecast, ForecastForm

SENSOR_KINDS = {"gust": "wind", "visibility": "visibility", "depth": "tide_level"}
"""Which kind of sensor speaks for which quantity."""

DISTRICT_MARGIN_DEG = 0.12
"""Berths lie outside the land: this far from the district's bounds they still belong to it."""

NEAREST = 4
SPEAKING = 2
"""Of so many of the nearest sensors, the worst of the first two that are alive speaks: one may stand in the lee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What stands for a quantity at a berth: the sensor asked and how far it is; `value` is None unless of now."""

    gauge: Gauge | None
    distance_m: float | None
    value: float | None


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
    found: dict[str, dict[str, Measured]] = {berth.key: {} for berth in berths}
    for (key, name), candidates in near.items():
        berth = next(berth for berth in berths if berth.key == key)
        found[key][name] = _speaking(berth, name, [(read[row], metres) for row, metres in candidates])
    return found


def _nearest(moment: Moment, rows: Rows, berth: Berth) -> list[tuple[int, float]]:
    metres = distances_m(moment, rows, berth.lon, berth.lat)
    order = np.argsort(metres, kind="stable")[:NEAREST]
    return [(int(rows[at]), float(metres[at])) for at in order if metres[at] <= moment.context.port.reach_m]


def _speaking(berth: Berth, name: str, candidates: list[tuple[Gauge, float]]) -> Measured:
    """The worst of the nearest sensors that are alive; else the nearest with its old value, which judges nothing."""
    if not candidates:
        return Measured(gauge=None, distance_m=None, value=None)
    alive = [(gauge, metres, gauge.value) for gauge, metres in candidates if gauge.is_fresh and gauge.value is not None]
    if not alive:
        gauge, metres = candidates[0]
        return Measured(gauge=gauge, distance_m=metres, value=None)
    pick = max if limits_of(berth)[name].is_ceiling else min
    gauge, metres, value = pick(alive[:SPEAKING], key=lambda one: one[2])
    return Measured(
        gauge=gauge, distance_m=metres, value=round(value + (berth.bed_m or 0.0), 2) if name == "depth" else value
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
                **_measured(moment, berth, name, one),
                "limit": limits[name].closed,
                "warn": limits[name].restricted,
                "verdict": each[name].value,
            }
            for name, one in measured.items()
        },
    }


def _measured(moment: Moment, berth: Berth, name: str, one: Measured) -> Values:
    """What is shown of a quantity: also an old value, with its time, but then `is_fresh` is false."""
    if one.gauge is None:
        return {"value": None, "at": None, "is_fresh": False, "sensor": None, "place": "", "distance_m": None}
    shown = one.gauge.value
    if name == "depth" and shown is not None:
        shown = shown + (berth.bed_m or 0.0)
    table = moment.live.tables["sensor"]
    return {
        "value": None if shown is None else round(shown, 2),
        "at": one.gauge.at_ms,
        "is_fresh": one.value is not None,
        "sensor": table["id"][one.gauge.row],
        "place": table["name"][one.gauge.row],
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
        if one is not None and one.gauge is not None and one.value is not None:
            return {"level": one.gauge.value, "is_rising": _is_rising(moment)}
    return None


def _is_rising(moment: Moment) -> bool | None:
    table = _living(moment, ForecastForm.TIDE)
    if table is None:
        return None
    coming = next((turn for turn in table.turns if turn.at > moment.at), None)
    return coming.is_high if coming and coming.at - moment.at < timedelta(hours=13) else None
