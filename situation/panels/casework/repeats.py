"""The same problem at the same place again and again: three times or more within 30 days, within 50 metres."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from situation.live import Moment
from situation.live.moment import DAY_MS, Mask
from situation.panels.casework.filters import SAME_PLACE_M
from situation.panels.casework.ground import Floats, metres

Ints = npt.NDArray[np.int64]

REPEAT_DAYS = 30
LEAST_REPEATS = 3
MINUTES_KEPT = 5
_STRIDE = 1 << 24
"""More cells than any district has from west to east."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """One problem at one place. `numbers` are the record numbers of its cases, the oldest first."""

    subcategory: str
    lon: float
    lat: float
    numbers: tuple[int, ...]

    def within(self, numbers: frozenset[int]) -> Repeat:
        """What is left of it among these cases."""
        return replace(self, numbers=tuple(number for number in self.numbers if number in numbers))


def repeats(moment: Moment) -> list[Repeat]:
    """Over all cases, most often first; counted anew every few minutes."""
    token = moment.at_ms // (MINUTES_KEPT * 60_000)
    return moment.cache.get("cases.repeats", token, lambda: find_repeats(moment, moment.is_registered))


def find_repeats(moment: Moment, cases: Mask) -> list[Repeat]:
    """Of these cases: who shares subcategory and place (50 m, or the same address) with two others within 30 days.

    Places are made around the case with most others about it; each case belongs to one place.
    """
    table = moment.cases
    recent = cases & (table["registered_ms"] >= moment.at_ms - REPEAT_DAYS * DAY_MS)
    rows = np.flatnonzero(recent & ~np.isnan(table["lon"]) & ~np.isnan(table["lat"]))
    if len(rows) < LEAST_REPEATS:
        return []
    first, second = _pairs(moment, rows)
    near = np.bincount(first, minlength=len(rows)) + np.bincount(second, minlength=len(rows))
    neighbours = _Neighbours(first, second, len(rows))
    found, is_taken = [], np.zeros(len(rows), dtype=np.bool_)
    candidates = np.flatnonzero(near >= LEAST_REPEATS - 1)
    for centre in candidates[np.argsort(-near[candidates], kind="stable")].tolist():
        if is_taken[centre]:
            continue
        around = neighbours.of(centre)
        members = np.append(around[~is_taken[around]], centre)
        if len(members) < LEAST_REPEATS:
            continue
        is_taken[members] = True
        found.append(_repeat(moment, rows[members], rows[centre]))
    return sorted(found, key=lambda repeat: (-len(repeat.numbers), -repeat.numbers[-1]))


class _Neighbours:
    """Who is near whom, both ways."""

    def __init__(self, first: Ints, second: Ints, count: int) -> None:
        ours, theirs = np.concatenate((first, second)), np.concatenate((second, first))
        order = np.argsort(ours, kind="stable")
        self._theirs = theirs[order]
        self._begins = np.searchsorted(ours[order], np.arange(count + 1))

    def of(self, index: int) -> Ints:
        return self._theirs[self._begins[index] : self._begins[index + 1]]


def _pairs(moment: Moment, rows: Ints) -> tuple[Ints, Ints]:
    """Indices into `rows` of every two cases of one subcategory and one place, each pair once."""
    table = moment.cases
    lat = float(np.median(table["lat"][rows]))
    x, y = metres(table["lon"][rows] - table["lon"][rows].min(), table["lat"][rows] - table["lat"][rows].min(), lat)
    kind = table["subcategory"][rows].astype(np.int64)
    first, second = _near(x, y, kind)
    is_near = (x[first] - x[second]) ** 2 + (y[first] - y[second]) ** 2 <= SAME_PLACE_M**2
    same_first, same_second = _same_address(table["address"][rows], kind)
    pairs = np.unique(
        np.concatenate((first[is_near] * len(rows) + second[is_near], same_first * len(rows) + same_second))
    )
    return pairs // len(rows), pairs % len(rows)


def _near(x: Floats, y: Floats, kind: Ints) -> tuple[Ints, Ints]:
    """Pairs (smaller index first) that lie in the same or neighbouring cells of 50 m and are of one kind."""
    column, line = (x // SAME_PLACE_M).astype(np.int64) + 1, (y // SAME_PLACE_M).astype(np.int64) + 1
    cell = (kind * _STRIDE + line) * _STRIDE + column
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    found: list[tuple[Ints, Ints]] = []
    for shift in (0, 1, _STRIDE - 1, _STRIDE, _STRIDE + 1):  # the other four neighbours find the same pairs
        begins = np.searchsorted(ordered, cell + shift, side="left")
        counts = np.searchsorted(ordered, cell + shift, side="right") - begins
        ours = np.repeat(np.arange(len(cell)), counts)
        within = np.arange(len(ours)) - np.repeat(np.cumsum(counts) - counts, counts)
        theirs = order[np.repeat(begins, counts) + within]
        wanted = ours < theirs if shift == 0 else np.ones(len(ours), dtype=np.bool_)
        found.append((ours[wanted], theirs[wanted]))
    pairs = [np.concatenate(parts) for parts in zip(*found, strict=True)]
    return np.minimum(*pairs), np.maximum(*pairs)


def _same_address(addresses: npt.NDArray[np.object_], kind: Ints) -> tuple[Ints, Ints]:
    """Neighbours in the order of (kind, address) that have both in common: enough to join them all."""
    codes, _ = pd.factorize(addresses)
    is_told = addresses != ""
    key = np.where(is_told, kind * (len(addresses) + 1) + codes, -1 - np.arange(len(addresses)))
    order = np.argsort(key, kind="stable")
    is_same = key[order][1:] == key[order][:-1]
    return order[:-1][is_same], order[1:][is_same]


def _repeat(moment: Moment, rows: Ints, centre: int) -> Repeat:
    table = moment.cases
    ordered = rows[np.argsort(table["registered_ms"][rows], kind="stable")]
    return Repeat(
        subcategory=moment.live.words.word(int(table["subcategory"][centre])),
        lon=float(table["lon"][centre]),
        lat=float(table["lat"][centre]),
        numbers=tuple(table.numbers[ordered].tolist()),
    )
