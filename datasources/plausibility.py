"""Whether positions and times were read as they were meant: which coordinate system fits a district's outline best,
and which zone makes the newest time the present. Pure functions: they measure, whoever asks decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from datasources.fields import DEFAULT_ZONE, zone
from situation.crs import to_wgs84

CANDIDATES = ("wgs84", "gcj02", "bd09")
"""Tried in this order; the first of equals wins. CGCS2000 is WGS-84 within centimetres."""

ZONES = (DEFAULT_ZONE, "UTC")

_SURE_ERRORS = 2.0
"""Standard errors (McNemar's test of pairs) by which one reading must beat another."""

_FEWEST_APART = 3
_KM_PER_DEG = 111.32
_FROM_THE_FUTURE = timedelta(minutes=5)
_FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CrsFit:
    """One way to read the positions, and how many of the places that could be read so lie in the district.

    `off_km`: how far the middle one lies outside; 0 inside.
    """

    crs: str
    is_swapped: bool
    inside: int
    counted: int
    off_km: float

    @property
    def share(self) -> float:
        """The share inside; 0 when nothing could be read."""
        return self.inside / self.counted if self.counted else 0.0


@dataclass(frozen=True, slots=True)
class CrsJudgement:
    """All ways to read the positions, the best first; the first `equals` of them can't be told apart by these rows."""

    fits: tuple[CrsFit, ...]
    equals: int

    @property
    def best(self) -> CrsFit:
        """The reading that fits best; of equals the plainest."""
        return self.fits[0]

    @property
    def is_sure(self) -> bool:
        """Whether one reading is better than every other beyond chance."""
        return self.equals == 1 and self.best.inside > 0

    def fit(self, crs: str, is_swapped: bool = False) -> CrsFit | None:
        """How one reading fits; CGCS2000 is asked for as WGS-84."""
        name = "wgs84" if crs == "cgcs2000" else crs
        return next((fit for fit in self.fits if (fit.crs, fit.is_swapped) == (name, is_swapped)), None)


def fit_crs(
    outline: BaseGeometry,
    lons: Sequence[float | None],
    lats: Sequence[float | None],
    candidates: Sequence[str] = CANDIDATES,
) -> CrsJudgement:
    """Which system (and order of the pair) puts the most positions into `outline` (WGS-84).

    The systems lie about 500 m apart, so only records near a border tell them apart: twenty in the middle of a
    district fit all of them, a few hundred spread over it are enough. A list that lies along one border, or goes on
    beyond it, fits the better the farther it is moved away from there: it proves nothing.
    """
    x, y = _known(lons, lats)
    shapely.prepare(outline)
    read = [
        (_fit(outline, crs, is_swapped, *((y, x) if is_swapped else (x, y))))
        for is_swapped in (False, True)
        for crs in candidates
    ]
    ordered = sorted(read, key=lambda each: (-each.fit.inside, each.fit.off_km if each.fit.inside == 0 else 0.0))
    equals = sum(not _is_better(outline, ordered[0], each) for each in ordered)
    return CrsJudgement(tuple(each.fit for each in ordered), equals)


def _known(lons: Sequence[float | None], lats: Sequence[float | None]) -> tuple[NDArray[np.float64], ...]:
    """Each place once, as many readings of one station prove no more than one; without what is no position: missing,
    beyond the globe, or the 0, 0 that stands for unknown.
    """
    pairs = [(x, y) for x, y in zip(lons, lats, strict=True) if x is not None and y is not None]
    x, y = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    with np.errstate(invalid="ignore"):
        is_real = np.isfinite(x) & np.isfinite(y) & (np.abs(x) <= 180) & (np.abs(y) <= 180)
        is_real &= (np.abs(x) > 0.05) | (np.abs(y) > 0.05)
    return tuple(np.unique(np.column_stack([x[is_real], y[is_real]]), axis=0).T)


@dataclass(frozen=True, slots=True)
class _Read:
    """The positions as one system reads them, WGS-84; NaN where it can't."""

    fit: CrsFit
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    inside: NDArray[np.bool_]


def _fit(outline: BaseGeometry, crs: str, is_swapped: bool, x: NDArray[np.float64], y: NDArray[np.float64]) -> _Read:
    is_possible = np.abs(y) <= 90
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    off_km = float("inf")
    if is_possible.any():
        lon[is_possible], lat[is_possible] = to_wgs84(crs, x[is_possible], y[is_possible])
        middle = shapely.points(float(np.nanmedian(lon)), float(np.nanmedian(lat)))
        off_km = round(float(shapely.distance(outline, middle)) * _KM_PER_DEG, 1)
    inside = shapely.intersects_xy(outline, lon, lat)
    return _Read(CrsFit(crs, is_swapped, int(inside.sum()), len(x), off_km), lon, lat, inside)


def _is_better(outline: BaseGeometry, best: _Read, other: _Read) -> bool:
    """Whether one reading beats another beyond chance, and also beats what lies as far on the other side of it."""
    if not _is_beyond_chance(best.inside, other.inside):
        return False
    if 2 * other.fit.inside < best.fit.inside:
        return True
    beyond = shapely.intersects_xy(outline, 2 * best.lon - other.lon, 2 * best.lat - other.lat)
    return _is_beyond_chance(best.inside, beyond)


def _is_beyond_chance(best: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """Judged by the positions on which they differ."""
    gained, lost = int((best & ~other).sum()), int((other & ~best).sum())
    apart = gained - lost
    return apart >= _FEWEST_APART and apart >= _SURE_ERRORS * (gained + lost) ** 0.5


TimeVerdict = Literal["fresh", "old", "ahead", "none"]


@dataclass(frozen=True, slots=True)
class TimeJudgement:
    """How old the newest content is as it was read (`age_s`, negative: from ahead of now), and what zone would explain
    it better: "" when none would. `verdict`: within the hour, older, ahead of the clock, or without any time.
    """

    verdict: TimeVerdict
    age_s: float | None
    better_zone: str = ""


def judge_time(
    newest_at: datetime | None, now: datetime, read_as: str | None = None, candidates: Sequence[str] = ZONES
) -> TimeJudgement:
    """Whether the newest time of some content is plausible when its clock was read in the zone `read_as`.

    Also finds the frequent defect of local time marked as UTC: say `read_as="UTC"` for what came with a Z. Content that
    is merely old suggests a zone only when that makes it exactly the present.
    """
    if newest_at is None:
        return TimeJudgement("none", None)
    age = now - newest_at
    if -_FROM_THE_FUTURE <= age <= _FRESH:
        return TimeJudgement("fresh", age.total_seconds())
    on_the_clock = newest_at.astimezone(zone(read_as)).replace(tzinfo=None)
    better = [
        (abs(other), name)
        for name in candidates
        if -_FROM_THE_FUTURE <= (other := now - on_the_clock.replace(tzinfo=zone(name))) <= _FRESH
    ]
    return TimeJudgement(
        "ahead" if age < timedelta(0) else "old", age.total_seconds(), min(better)[1] if better else ""
    )
