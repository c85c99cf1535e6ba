"""An officer: where they were in the last hours, with gaps where nobody knows."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import pairwise

from dash import html
from dash.development.base_component import Component

from layouts.details.parts import drawn, metres, nothing, part, span
from layouts.details.view import DetailView, Track, record_name
from layouts.telling import Telling
from layouts.text import say
from situation.records import Officer

GAP = timedelta(minutes=10)
"""Nothing heard for so long: the way between is not known and not drawn."""

STOP_M = 40.0
STOP = timedelta(minutes=5)
MOST_STOPS = 10
M_PER_DEG = 111_195.0


def track_part(view: DetailView, telling: Telling) -> Component | None:
    """The way walked on a plan, its length, and the places stayed at."""
    officer = view.record
    if not isinstance(officer, Officer):
        return None
    if len(view.track) < 2:
        return part(telling, "track", nothing(telling, "no_track"))
    label = say(telling.language, "detail.track_of", name=record_name(officer, telling.language))
    lons, lats = [lon for _, lon, _ in view.track], [lat for _, _, lat in view.track]
    margin = 0.002
    bounds = [min(lons) - margin, min(lats) - margin, max(lons) + margin, max(lats) + margin]
    here = {"kind": "officer", "id": officer.id, "lon": lons[-1], "lat": lats[-1], "is_subject": True}
    stays = stays_of(view.track)
    marks = [
        {"kind": "place", "id": str(index), "lon": lon, "lat": lat, "label": str(index), "state": 0}
        for index, (_, _, lon, lat) in enumerate(stays, 1)
    ]
    lines = [{"points": cut(view.track), "style": "track"}]
    plan = drawn("plan", label=label, bounds=bounds, lines=lines, marks=marks, subject=here)
    rows = [
        html.Li(
            [
                html.B(str(index)),
                html.Span(f"{telling.time(begin)} – {telling.time(end)}"),
                html.Span(span(telling, (end - begin).total_seconds())),
            ],
            className="stay-row",
        )
        for index, (begin, end, _, _) in enumerate(stays, 1)
    ]
    note = say(
        telling.language,
        "detail.walked",
        far=metres(walked_m(view.track), telling),
        since=telling.time(view.track[0][0]),
    )
    stays_list = html.Ol(rows, className="stay-rows")
    return part(telling, "track", [plan, stays_list], note=note, style="detail-tall")


def cut(track: Track) -> list[list[float] | None]:
    """The positions as a line; None where nothing was heard for long."""
    points: list[list[float] | None] = []
    before: datetime | None = None
    for at, lon, lat in track:
        if before is not None and at - before > GAP:
            points.append(None)
        points.append([round(lon, 6), round(lat, 6)])
        before = at
    return points


def walked_m(track: Track) -> float:
    """Length of the known way, gaps left out; metres on a flat earth, good for a district."""
    return sum(_apart_m(a[1:], b[1:]) for a, b in pairwise(track) if b[0] - a[0] <= GAP)


def stays_of(track: Track) -> list[tuple[datetime, datetime, float, float]]:
    """(from, until, lon, lat) of every stay within a few metres for some minutes, the last ones."""
    stays: list[tuple[datetime, datetime, float, float]] = []
    first = 0
    for index in range(1, len(track) + 1):
        is_over = index == len(track) or _apart_m(track[first][1:], track[index][1:]) > STOP_M
        if not is_over:
            continue
        begin, end = track[first][0], track[min(index, len(track) - 1)][0]
        if end - begin >= STOP and end - track[index - 1][0] <= GAP:
            stays.append((begin, end, track[first][1], track[first][2]))
        first = index
    return stays[-MOST_STOPS:]


def _apart_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = (b[0] - a[0]) * M_PER_DEG * math.cos(math.radians(a[1]))
    return math.hypot(east, (b[1] - a[1]) * M_PER_DEG)
