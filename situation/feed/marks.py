"""Marks: what the map draws of the live situation, as columns; what changed between two moments, as bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from situation.health import LIVING
from situation.live import Moment, Table
from situation.live.people import is_lost
from situation.live.schema import DEVICE_STATES
from situation.records import DeviceState

NORMAL, OFFLINE, UNKNOWN = 0, 1, 2
LEVEL_3, LEVEL_2, LEVEL_1 = 3, 4, 5
OVERDUE = 6
PRIORITY_4 = 7
ACKNOWLEDGED = 16
HAS_POSITION = 0x80
MAX_CATEGORIES = 0x80

_DEVICE_STATE = {DeviceState.ONLINE: NORMAL, DeviceState.OFFLINE: OFFLINE, DeviceState.UNKNOWN: UNKNOWN}
_OF_DEVICE = np.array([_DEVICE_STATE[state] for state in DEVICE_STATES], dtype=np.uint8)
_OF_LEVEL = np.array([NORMAL, LEVEL_1, LEVEL_2, LEVEL_3], dtype=np.uint8)
_OF_PRIORITY = np.array([PRIORITY_4, LEVEL_1, LEVEL_2, LEVEL_3, PRIORITY_4], dtype=np.uint8)

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one kind, by ascending number. Never changed once made."""

    number: U32
    lon: F32
    lat: F32
    state: U8
    category: U8

    def __len__(self) -> int:
        return len(self.number)


def no_marks() -> Marks:
    """A kind of which nothing is on the map."""
    nothing = np.empty(0, dtype=np.float32)
    flags = np.empty(0, dtype=np.uint8)
    return Marks(np.empty(0, dtype=np.uint32), nothing, nothing, flags, flags)


@dataclass(frozen=True, slots=True)
class MarkKind:
    """How one kind gets on the map. While `moves_with` gives the same and no record changed, its marks are the same."""

    kind: str
    state: Callable[[Moment, Table], npt.NDArray[Any]]
    shown: Callable[[Moment, Table], npt.NDArray[np.bool_]] | None = None
    moves_with: Callable[[Moment], object] = lambda _moment: None


def _camera_state(moment: Moment, _table: Table) -> npt.NDArray[Any]:
    return _OF_DEVICE[moment.camera_states]


def _sensor_state(moment: Moment, table: Table) -> npt.NDArray[Any]:
    device = _OF_DEVICE[moment.sensor_states]
    level = _OF_LEVEL[np.minimum(table["level"], len(_OF_LEVEL) - 1)]
    return np.where(device == NORMAL, level, device)


def _case_state(moment: Moment, _table: Table) -> npt.NDArray[Any]:
    return np.where(moment.is_overdue, OVERDUE, NORMAL)


def _alarm_state(_moment: Moment, table: Table) -> npt.NDArray[Any]:
    priority = _OF_PRIORITY[np.minimum(table["priority"], len(_OF_PRIORITY) - 1)]
    return priority + np.where(table["is_acknowledged"], ACKNOWLEDGED, 0)


def _officer_state(moment: Moment, table: Table) -> npt.NDArray[Any]:
    """Whoever is on duty but was not seen for long may be anywhere by now."""
    duty = table["on_duty"]
    on_duty = np.where(is_lost(moment, table), UNKNOWN, NORMAL)
    known = np.where(duty == 1, on_duty, np.where(duty == 0, OFFLINE, UNKNOWN))
    return np.where(moment.is_living_source[table["source"]], known, UNKNOWN)


def _place_state(_moment: Moment, table: Table) -> npt.NDArray[Any]:
    return np.zeros(len(table), dtype=np.uint8)


def _living(moment: Moment) -> object:
    return tuple(key for key, state in moment.source_states.items() if state in LIVING)


def _living_and_lost(moment: Moment) -> object:
    """While nobody is told of anew, time can only make more positions old: their count tells."""
    return _living(moment), int(np.count_nonzero(is_lost(moment, moment.live.tables["officer"])))


def _overdue(moment: Moment) -> object:
    """While no case changes, time can only make more of them overdue: their count tells."""
    return int(np.count_nonzero(moment.is_overdue))


MARK_KINDS: tuple[MarkKind, ...] = (
    MarkKind("camera", _camera_state, moves_with=_living),
    MarkKind("sensor", _sensor_state, moves_with=_living),
    MarkKind("case", _case_state, lambda moment, _table: moment.is_open, _overdue),
    MarkKind("alarm", _alarm_state, lambda _moment, table: table["is_active"]),
    MarkKind("officer", _officer_state, moves_with=_living_and_lost),
    MarkKind("place", _place_state),
)
"""Bottom layer first."""


class Categories:
    """Per kind, the words behind the `category` of its marks; index 0 is "other". Words only ever get more."""

    def __init__(self, words: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.words: dict[str, tuple[str, ...]] = {kind.kind: ("",) for kind in MARK_KINDS} | dict(words or {})
        self._lookup: dict[str, U8] = {}

    def of(self, moment: Moment, kind: str, table: Table) -> U8:
        """The category of every row; a word seen for the first time gets the next free index."""
        codes = table["category"]
        lookup = self._lookup.get(kind)
        if lookup is None or len(lookup) < len(moment.live.words):
            lookup = self._extended(moment, kind, codes)
        return lookup[codes]

    def _extended(self, moment: Moment, kind: str, codes: npt.NDArray[Any]) -> U8:
        words = self.words[kind]
        present = [moment.live.words.word(code) for code in np.unique(codes).tolist()]
        fresh = [word for word in present if word not in words]
        words = self.words[kind] = (words + tuple(fresh))[:MAX_CATEGORIES]
        lookup = np.zeros(len(moment.live.words), dtype=np.uint8)
        for index, word in enumerate(words):
            code = moment.live.words.find(word)
            if code is not None:
                lookup[code] = index
        self._lookup[kind] = lookup
        return lookup


def draw(moment: Moment, mark_kind: MarkKind, categories: Categories) -> Marks:
    """The marks of a kind at a moment. What has no position is not on the map."""
    table = moment.live.tables[mark_kind.kind]
    if not len(table):
        return no_marks()
    shown = np.isfinite(table["lon"]) & np.isfinite(table["lat"])
    if mark_kind.shown is not None:
        shown &= mark_kind.shown(moment, table)
    rows = np.flatnonzero(shown)
    numbers = table.numbers[rows]
    if np.any(numbers[1:] < numbers[:-1]):
        order = np.argsort(numbers, kind="stable")
        rows, numbers = rows[order], numbers[order]
    state = np.asarray(mark_kind.state(moment, table))
    return Marks(
        numbers.astype(np.uint32),
        table["lon"][rows].astype(np.float32),
        table["lat"][rows].astype(np.float32),
        state[rows].astype(np.uint8),
        categories.of(moment, mark_kind.kind, table)[rows],
    )


@dataclass(frozen=True, slots=True)
class MarkChanges:
    """What turns one set of marks into another: rows of the new one to put, numbers to remove."""

    put: npt.NDArray[np.int64]
    is_placed: npt.NDArray[np.bool_]  # of `put`: new or moved, so its position is sent
    removed: U32

    def __bool__(self) -> bool:
        return bool(len(self.put) or len(self.removed))


def compare(before: Marks, after: Marks) -> MarkChanges:
    """What turns `before` into `after`."""
    if len(before) == len(after) and np.array_equal(before.number, after.number):
        row = np.arange(len(after))
        is_old = np.ones(len(after), dtype=np.bool_)
        removed = before.number[:0]
    else:
        row = np.searchsorted(before.number, after.number)
        row = np.minimum(row, max(len(before) - 1, 0))
        is_old = before.number[row] == after.number if len(before) else np.zeros(len(after), dtype=np.bool_)
        removed = np.setdiff1d(before.number, after.number, assume_unique=True)
    placed = ~is_old
    changed = placed.copy()
    if len(before):
        placed |= (before.lon[row] != after.lon) | (before.lat[row] != after.lat)
        changed = placed | (before.state[row] != after.state) | (before.category[row] != after.category)
    put = np.flatnonzero(changed)
    return MarkChanges(put, placed[put], removed)


def encode_removed(numbers: U32) -> str:
    """Ascending numbers as base64 of LEB128 gaps."""
    gaps = _gaps(numbers)
    sizes = _sizes(gaps)
    body = np.zeros(int(sizes.sum()), dtype=np.uint8)
    _write_varints(body, np.cumsum(sizes) - sizes, gaps, sizes)
    return base64.b64encode(body.tobytes()).decode()


def encode_put(marks: Marks, changes: MarkChanges) -> str:
    """Changed marks as base64: gap of number, state, category, and the position where bit 7 of category says so."""
    gaps = _gaps(marks.number[changes.put])
    sizes = _sizes(gaps)
    lengths = sizes + 2 + np.where(changes.is_placed, 8, 0)
    starts = np.cumsum(lengths) - lengths
    body = np.zeros(int(lengths.sum()), dtype=np.uint8)
    _write_varints(body, starts, gaps, sizes)
    body[starts + sizes] = marks.state[changes.put]
    body[starts + sizes + 1] = marks.category[changes.put] | np.where(changes.is_placed, HAS_POSITION, 0).astype(
        np.uint8
    )
    placed = changes.put[changes.is_placed]
    where = (starts + sizes + 2)[changes.is_placed]
    position = np.stack([marks.lon[placed], marks.lat[placed]], axis=1).astype("<f4")
    body[where[:, None] + np.arange(8)] = position.view(np.uint8).reshape(-1, 8)
    return base64.b64encode(body.tobytes()).decode()


def _gaps(numbers: U32) -> npt.NDArray[np.int64]:
    gaps = numbers.astype(np.int64)
    gaps[1:] -= numbers[:-1]
    return gaps


def _sizes(gaps: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    limits = np.array([1 << 7, 1 << 14, 1 << 21, 1 << 28])
    return 1 + np.searchsorted(limits, gaps, side="right")


def _write_varints(
    body: U8, starts: npt.NDArray[np.int64], gaps: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]
) -> None:
    for place in range(int(sizes.max(initial=0))):
        has = sizes > place
        more = np.where(sizes[has] > place + 1, 0x80, 0)
        body[starts[has] + place] = ((gaps[has] >> (7 * place)) & 0x7F) | more
