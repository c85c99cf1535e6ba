"""Numbers of areas now and on the days before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from situation.live import Moment
from situation.live.moment import DAY_MS, Mask
from situation.panels.grid.figures import Figure, Span
from situation.panels.grid.levels import Counts, Floats, LevelTable, count_by_area, level_table
from situation.panels.grid.ranks import known_or_none

DAYS = 14
WEEK = 7
MINUTE_MS = 60_000
PER = ("", "people", "km2")
"""What a count is divided by: nothing, 10,000 people, a square kilometre."""

PEOPLE = 10_000.0


@dataclass(frozen=True, slots=True)
class Days:
    """What a number was in each of so many spans of 24 hours, the last of which ends now: areas × days, NaN unknown.

    `top` over `bottom` where it is a share, else `bottom` is 1. The last row is the whole district, areas that are
    none of the table included.
    """

    ends_ms: tuple[int, ...]
    top: Floats
    bottom: Floats
    is_stock: bool
    is_share: bool

    def series(self, row: int) -> list[float | int | None]:
        """One area day by day, the oldest first."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return [known_or_none(value) for value in self.top[row] / self.bottom[row]]

    def rates(self) -> Floats:
        """Every area day by day."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(self.bottom > 0, self.top / self.bottom, np.nan), dtype=np.float64)

    def weeks(self, row: int) -> tuple[float | int | None, float | int | None]:
        """(these seven days, the seven before): of a stock the mean, of a flow the sum, of a share the pooled one."""
        return self._of(row, slice(DAYS - WEEK, DAYS)), self._of(row, slice(0, DAYS - WEEK))

    def _of(self, row: int, days: slice) -> float | int | None:
        top, bottom = self.top[row, days], self.bottom[row, days]
        if np.isnan(top).any():
            return None
        if not self.is_share:
            return known_or_none(float(top.mean() if self.is_stock else top.sum()), 1)
        return known_or_none(float(top.sum() / bottom.sum())) if bottom.sum() else None


def count_now(moment: Moment, table: LevelTable, figure: Figure) -> Floats:
    """The number of every area of the table, NaN where nobody can tell."""
    if not figure.is_known(moment):
        return np.full(len(table), np.nan)
    counts = count_by_area(moment, table, figure.kind, figure.mask(moment)).astype(np.float64)
    if figure.among is not None:
        among = count_by_area(moment, table, figure.kind, figure.among(moment))
        return np.where(among > 0, counts / np.maximum(among, 1), np.nan)
    if figure.can_tell is not None:
        counts[_is_dark(moment, table, figure.kind, figure.can_tell(moment))] = np.nan
    return counts


def _is_dark(moment: Moment, table: LevelTable, kind: str, can_tell: Mask) -> Mask:
    """Areas that have rows, of none of which anybody can tell."""
    known = count_by_area(moment, table, kind, can_tell)
    silent = count_by_area(moment, table, kind, ~can_tell)
    return np.asarray((known == 0) & (silent > 0))


def total_now(moment: Moment, figure: Figure) -> float | int | None:
    """The number of the whole district, whatever lies in no area included."""
    if not figure.is_known(moment):
        return None
    count = int(np.count_nonzero(figure.mask(moment)))
    if figure.among is None:
        return count
    among = int(np.count_nonzero(figure.among(moment)))
    return known_or_none(count / among) if among else None


def divided(values: Floats, table: LevelTable, figure: Figure, per: str) -> Floats:
    """Counts per 10,000 people or per km², NaN where those are unknown; shares stay as they are."""
    if not per or figure.is_share:
        return values
    basis = table.people / PEOPLE if per == "people" else table.km2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(basis > 0, values / basis, np.nan), dtype=np.float64)


def days_of(moment: Moment, level: str, figure: Figure) -> Days | None:
    """The last 14 days of every area of a level, to the minute; None where nobody keeps the number's past."""
    if figure.was is None or not figure.is_known(moment):
        return None
    table = level_table(moment, level)
    token = (id(table), moment.at_ms // MINUTE_MS)

    def count(mask: Mask) -> Counts:
        return count_by_area(moment, table, figure.kind, mask)

    return moment.cache.get(f"grid.days.{level}.{figure.key}", token, lambda: days_by(moment, figure, count))


def days_by(moment: Moment, figure: Figure, count: Callable[[Mask], Counts]) -> Days:
    """The last 14 days of a number of cases by whatever `count` divides rows into."""
    ends = tuple(moment.at_ms - DAY_MS * back for back in range(DAYS - 1, -1, -1))
    top = np.full((len(count(moment.is_open)) + 1, DAYS), np.nan)
    bottom = np.ones_like(top)
    for day, end_ms in enumerate(ends):
        span = (end_ms - DAY_MS, end_ms)
        if not _is_remembered(moment, figure, span) or figure.was is None:
            continue
        top[:, day] = _with_total(count, figure.was(moment, span))
        if figure.was_among is not None:
            bottom[:, day] = _with_total(count, figure.was_among(moment, span))
    return Days(ends, top, bottom, figure.is_stock, figure.is_share)


def _is_remembered(moment: Moment, figure: Figure, span: Span) -> bool:
    since_ms = moment.known_since_ms
    return since_ms is not None and since_ms <= (span[1] if figure.is_stock else span[0])


def _with_total(count: Callable[[Mask], Counts], mask: Mask) -> Counts:
    return np.append(count(mask), np.count_nonzero(mask))
