"""The cameras nearest to what is worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import ONLINE
from situation.live.schema import DEVICE_STATES
from situation.panels.definition import Values
from situation.records import Alarm
from situation.rules.outages import RULE as OUTAGE

MOST_TILES = 12
DEAD_DETOUR_M = 150.0
"""A camera without a picture is shown when it is nearer by more than this than the next living one."""

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Focus:
    """What the cameras look at. `about` is kind/id."""

    about: str
    name: str
    lon: float
    lat: float


def build_cameras(moment: Moment) -> Values:
    """The cameras nearest to the worst alarm that has a place, the best ones first. Dead ones are shown as dead."""
    return cameras_about(moment, worst_place(moment))


def cameras_about(moment: Moment, focus: Focus | None) -> Values:
    """The cameras nearest to a place, as tiles."""
    if focus is None:
        return {"about": None, "about_name": "", "tiles": []}
    table = moment.live.tables["camera"]
    token = (focus, table.membership)
    distances = moment.cache.get("cameras.distances", token, lambda: distances_m(table["lon"], table["lat"], focus))
    detour = np.where(moment.camera_states == ONLINE, 0.0, DEAD_DETOUR_M)
    cost = distances + detour
    nearest = smallest_rows(cost, MOST_TILES)
    tiles = [_tile(moment, int(row), float(distances[row]), focus) for row in nearest if np.isfinite(cost[row])]
    return {"about": focus.about, "about_name": focus.name, "tiles": tiles}


def worst_place(moment: Moment) -> Focus | None:
    """The worst active alarm that has a place; what cameras are too dead to show only where there is nothing else."""
    placed = sorted(placed_alarms(moment), key=lambda alarm: alarm.rule == OUTAGE)
    for alarm in placed:
        if alarm.lon is not None and alarm.lat is not None:
            return Focus(f"alarm/{alarm.id}", alarm.name, alarm.lon, alarm.lat)
    return None


def placed_alarms(moment: Moment) -> list[Alarm]:
    """The active alarms that have a place, the worst first."""
    return [alarm for _, alarm in moment.active_alarms if alarm.lon is not None and alarm.lat is not None]


def smallest_rows(costs: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.intp]:
    """Rows of the smallest costs, the smallest first."""
    rows = np.argpartition(costs, count)[:count] if len(costs) > count else np.arange(len(costs))
    return rows[np.argsort(costs[rows], kind="stable")]


def _tile(moment: Moment, row: int, distance_m: float, focus: Focus) -> Values:
    """`seen_at` only of a camera that is not online: while it is, its last frame is as young as its picture."""
    table = moment.live.tables["camera"]
    state = DEVICE_STATES[moment.camera_states[row]]
    seen_ms = int(table["seen_ms"][row])
    return {
        "id": table["id"][row],
        "number": int(table.numbers[row]),
        "name": table["name"][row],
        "distance_m": round(distance_m),
        "bearing_deg": round(bearing_deg(focus, float(table["lon"][row]), float(table["lat"][row]))) % 360,
        "state": state.value,
        "seen_at": None if seen_ms == NO_TIME or state is DEVICE_STATES[ONLINE] else seen_ms,
    }


def distances_m(lons: npt.NDArray[Any], lats: npt.NDArray[Any], focus: Focus) -> npt.NDArray[np.float64]:
    """Great-circle metres to each position (haversine); infinite for one without position."""
    lon, lat = np.radians(lons), np.radians(lats)
    lon_0, lat_0 = np.radians(focus.lon), np.radians(focus.lat)
    half = np.sin((lat - lat_0) / 2) ** 2 + np.cos(lat_0) * np.cos(lat) * np.sin((lon - lon_0) / 2) ** 2
    distance = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    return np.where(np.isfinite(distance), distance, np.inf)


def bearing_deg(focus: Focus, lon: float, lat: float) -> float:
    """Degrees from north, clockwise, from the focus to a position."""
    lat_0, lat_1, turn = np.radians(focus.lat), np.radians(lat), np.radians(lon - focus.lon)
    east = np.sin(turn) * np.cos(lat_1)
    north = np.cos(lat_0) * np.sin(lat_1) - np.sin(lat_0) * np.cos(lat_1) * np.cos(turn)
    return float(np.degrees(np.arctan2(east, north))) % 360
