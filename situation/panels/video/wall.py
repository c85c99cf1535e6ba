"""The camera wall: by itself the cameras nearest to what burns, else what a reader chose, page by page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import OFFLINE, ONLINE
from situation.panels.cameras import (
    DEAD_DETOUR_M,
    Focus,
    bearing_deg,
    distances_m,
    placed_alarms,
    smallest_rows,
    worst_place,
)
from situation.panels.definition import Choice, Values
from situation.panels.video.choosing import (
    Wanted,
    alarm_of,
    place_of,
    rows_of,
    tagged,
    tags_of,
    wanted_of,
    warning_of,
    words_of,
)
from situation.panels.video.tiles import camera_row
from situation.panels.warnings import ground_of, inside, ordered_warnings
from situation.records import Alarm, Area
from situation.rules.outages import RULE as OUTAGE
from situation.video import LAYOUTS

MOST_TILES = LAYOUTS[-1]
MOST_NEAR = 4 * MOST_TILES
"""Farther ones no longer show what burns."""

MOST_BURNING = 6
WATCHED_IN_WEATHER = ("underpass", "river", "wharf")
"""Tags of the cameras that a weather warning is about; where none has them, all cameras of the warned area."""

_KEEPS_DEAD = ("near", "group", "hub", "state", "q")
"""Filters that name what somebody wants to see even when it is dead; other rounds pass over what is offline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """What the wall goes through: the rows in order; `left_out` are offline and passed over."""

    mode: str
    about: Values | None
    rows: npt.NDArray[np.intp]
    wanted: Wanted
    left_out: int = 0
    focus: Focus | None = None
    distances: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


def build_wall(moment: Moment) -> Values:
    """Without a choice: the worst alarm's cameras, else a warned area's, else the group shown while nothing burns."""
    return _values(moment, _automatic(moment, Wanted()), is_automatic=True)


def choose_wall(moment: Moment, choice: Choice) -> Values:
    """What a reader chose; with a layout only, the automatic view in that layout."""
    wanted = wanted_of(moment, choice)
    if wanted.is_any:
        return _values(moment, _automatic(moment, wanted), is_automatic=True)
    return _values(moment, show_of(moment, wanted), is_automatic=False)


def show_of(moment: Moment, wanted: Wanted) -> Show:
    """The cameras that fit a choice."""
    if wanted.is_any:
        return _automatic(moment, wanted)
    rows = rows_of(moment, wanted)
    if wanted.near:
        return _near(moment, wanted, rows)
    if wanted.warning:
        return _warned(moment, wanted, rows)
    return _rounds(moment, wanted, rows)


def _automatic(moment: Moment, wanted: Wanted) -> Show:
    focus = worst_place(moment)
    if focus is not None:
        return show_of(moment, replace(wanted, near=focus.about.removeprefix("alarm/")))
    for warning in ordered_warnings(moment):
        if warning.is_actual:
            show = show_of(moment, replace(wanted, warning=warning.id))
            if len(show.rows):
                return show
    video = moment.context.video
    group = video.idle_group or next(iter(video.groups), "")
    return _rounds(moment, replace(wanted, group=group), rows_of(moment, replace(wanted, group=group)))


def _near(moment: Moment, wanted: Wanted, rows: npt.NDArray[np.intp]) -> Show:
    """Nearest first; one without a picture only when it is much nearer than the next living one."""
    alarm = alarm_of(moment, wanted.near)
    point = (alarm.lon, alarm.lat) if alarm is not None else place_of(wanted.near)
    if point is None or point[0] is None or point[1] is None:
        return Show(mode="near", about=None, rows=rows[:0], wanted=wanted)
    focus = Focus(f"alarm/{wanted.near}" if alarm else "", alarm.name if alarm else "", point[0], point[1])
    table = moment.live.tables["camera"]
    distances = distances_m(table["lon"][rows], table["lat"][rows], focus)
    cost = distances + np.where(moment.camera_states[rows] == ONLINE, 0.0, DEAD_DETOUR_M)
    nearest = smallest_rows(cost, MOST_NEAR)
    nearest = nearest[np.isfinite(cost[nearest])]
    about: Values = {"kind": "point", "id": wanted.near, "name": "", "lon": focus.lon, "lat": focus.lat}
    if alarm is not None:
        about |= {"kind": "alarm", "name": alarm.name, "priority": alarm.priority, "rule": alarm.rule}
        about |= {"value": alarm.value, "unit": alarm.unit, "is_over": alarm.ended_at is not None}
        about["is_acknowledged"] = alarm.acknowledged_at is not None
    return Show(mode="near", about=about, rows=rows[nearest], wanted=wanted, focus=focus, distances=distances[nearest])


def _warned(moment: Moment, wanted: Wanted, rows: npt.NDArray[np.intp]) -> Show:
    warning = warning_of(moment, wanted.warning)
    ground = None if warning is None else ground_of(moment, warning).geometry
    if warning is None or ground is None:
        return Show(mode="warning", about=None, rows=rows[:0], wanted=wanted)
    table = moment.live.tables["camera"]
    token = (table.membership, moment.live.version("area"), warning.areas)
    is_inside = moment.cache.get(
        f"video.warned/{warning.id}", token, lambda: inside(ground, table["lon"], table["lat"])
    )
    watched = is_inside & tagged(moment, WATCHED_IN_WEATHER)
    chosen = watched if np.any(watched) and not wanted.tag else is_inside
    about = {"kind": "warning", "id": warning.id, "name": warning.event, "level": warning.level.value}
    return _without_dead(moment, Show(mode="warning", about=about, rows=rows[chosen[rows]], wanted=wanted))


def _rounds(moment: Moment, wanted: Wanted, rows: npt.NDArray[np.intp]) -> Show:
    show = Show(mode="rounds", about=_about_filters(moment, wanted), rows=rows, wanted=wanted)
    if any(getattr(wanted, name) for name in _KEEPS_DEAD):
        return show
    return _without_dead(moment, show)


def _without_dead(moment: Moment, show: Show) -> Show:
    is_shown = moment.camera_states[show.rows] != OFFLINE
    return replace(show, rows=show.rows[is_shown], left_out=int(np.count_nonzero(~is_shown)))


def _about_filters(moment: Moment, wanted: Wanted) -> Values:
    """What the rounds are about, as parts that the screen puts into words: [filter, value, name, English name]."""
    groups = moment.context.video.groups
    areas = {row.code: (row.name, row.name_en) for row in moment.live.whole["area"].values() if isinstance(row, Area)}
    parts = []
    for name, value in wanted.filters.items():
        names = ("", "")
        if name == "group":
            names = (groups[value].name or value, groups[value].name_en)
        elif name == "area":
            names = areas.get(value, names)
        elif name == "department":
            names = moment.department_names.get(value, names)
        elif name == "source":
            names = source_names(moment).get(value, names)
        parts.append([name, value, *names])
    return {"kind": "filters", "parts": parts}


def source_names(moment: Moment) -> dict[str, tuple[str, str]]:
    """Name of every upstream, which has none in English."""
    return {source.id: (source.name or source.id, "") for source in moment.sources}


def _values(moment: Moment, show: Show, *, is_automatic: bool) -> Values:
    size = show.wanted.size or MOST_TILES
    pages = -(-len(show.rows) // size)
    page = show.wanted.page % pages if pages else 0
    first = page * size
    rows = show.rows[first : first + size].tolist()
    states = moment.camera_states[show.rows]
    return {
        "mode": show.mode,
        "is_automatic": is_automatic,
        "about": show.about,
        "query": show.wanted.filters,
        "total": len(show.rows),
        "offline": int(np.count_nonzero(states == OFFLINE)),
        "left_out": show.left_out,
        "page": page,
        "pages": pages,
        "size": size,
        "dwell_s": moment.context.video.dwell_s,
        "tiles": [_tile(moment, show, row, place) for place, row in enumerate(rows, start=first)],
        **_menu(moment),
    }


def _tile(moment: Moment, show: Show, row: int, place: int) -> Values:
    tile = camera_row(moment, row)
    if show.focus is not None:
        table = moment.live.tables["camera"]
        bearing = bearing_deg(show.focus, float(table["lon"][row]), float(table["lat"][row]))
        tile |= {"distance_m": round(float(show.distances[place])), "bearing_deg": round(bearing) % 360}
    return tile


def _menu(moment: Moment) -> Values:
    """What can be chosen. The counts of cameras are told by the panel of rates; here only what there is."""
    table = moment.live.tables["camera"]
    token = (table.membership, moment.live.version("area"), moment.context.video.groups)

    def fixed() -> dict[str, Any]:
        groups = moment.context.video.groups
        return {
            "groups": [[key, group.name or key, group.name_en] for key, group in groups.items()],
            "areas": [[street.code, street.name, street.name_en] for street in moment.streets],
            "kinds": words_of(moment, "category"),
            "tags": tags_of(moment),
        }

    burning = [alarm for alarm in placed_alarms(moment) if alarm.rule != OUTAGE]
    return {
        **moment.cache.get("video.menu", token, fixed),
        "burning": [_burning(alarm) for alarm in burning[:MOST_BURNING]],
    }


def _burning(alarm: Alarm) -> Values:
    return {
        "id": alarm.id,
        "priority": alarm.priority,
        "rule": alarm.rule,
        "name": alarm.name,
        "value": alarm.value,
        "unit": alarm.unit,
        "is_acknowledged": alarm.acknowledged_at is not None,
    }
