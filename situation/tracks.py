"""Tracks: the way an officer went, as far as anybody was told of it.

The store logs an officer's position when it has moved by `moves_m` (20 m) since the last one logged. So of somebody who
stands still there is nothing for a while, and then a fix close by; a long silence that ends somewhere else is a way
nobody knows, and there the track is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from situation.records import Officer

GAP_S = 180.0
"""City seconds without a fix after which a way is only believed if it is short."""

STOOD_M = 60.0
"""So far apart two fixes may lie for their officer to have stood there in between."""

_M_PER_DEG = 111_195.0


@dataclass(frozen=True, slots=True)
class Fix:
    """Where somebody was at an epoch ms; WGS-84."""

    at_ms: int
    lon: float
    lat: float


def fixes_of(versions: Iterable[Officer]) -> list[Fix | None]:
    """The fixes of an officer's versions, oldest first; None where the shift was over or the position unknown."""
    fixes: list[Fix | None] = []
    for officer in versions:
        is_out = officer.on_duty is not False
        if is_out and officer.lon is not None and officer.lat is not None and officer.positioned_at is not None:
            fixes.append(Fix(round(officer.positioned_at.timestamp() * 1000), officer.lon, officer.lat))
        else:
            fixes.append(None)
    return fixes


def cut(fixes: Sequence[Fix | None]) -> list[Fix | None]:
    """The same with None put in where the way is not known; no None stands first, last or beside another."""
    track: list[Fix | None] = []
    before: Fix | None = None
    for fix in fixes:
        if fix is None:
            before = None
            continue
        if track and (before is None or _is_gap(before, fix)):
            track.append(None)
        track.append(fix)
        before = fix
    return track


def _is_gap(before: Fix, after: Fix) -> bool:
    return after.at_ms - before.at_ms > GAP_S * 1000 and metres(before, after) > STOOD_M


def metres(a: Fix, b: Fix) -> float:
    """The distance between two fixes of one city, on flat ground."""
    return hypot((b.lon - a.lon) * cos(radians(a.lat)), b.lat - a.lat) * _M_PER_DEG
