"""Passes: when a case entered which of the seven steps and when it left it, packed into a few bytes a case.

The passes of a case follow one another without gap or overlap. Those through the open steps begin when it was
registered and end when it left the workflow, so at every moment as many cases stand in them as are open.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from situation.live.columns import NO_TIME, epoch_ms
from situation.records import CASE_STEPS, OPEN_STATES, Case, CaseStep

_STEPS = tuple(CaseStep)
OPEN_STEPS = frozenset({CaseStep.REGISTER, CaseStep.DISPATCH, CaseStep.HANDLE, CaseStep.REPLY, CaseStep.CLOSE})

STILL_THERE = 0
"""`left_s` of a pass that has not ended."""

_PASS = struct.Struct("<4I")
_TIMED, _UNTIMED = 1, 0
_Stay = tuple[int, CaseStep]


@dataclass(frozen=True, slots=True)
class Passes:
    """The passes of many cases as columns. Times are epoch seconds.

    `row` is the row of its case, `step` an index into the seven `CaseStep`s. Not `is_timed`: the upstream told no
    steps, so that the pass says where the case was counted but nothing about how long a step takes.
    """

    row: npt.NDArray[np.int64]
    step: npt.NDArray[np.int64]
    entered_s: npt.NDArray[np.int64]
    left_s: npt.NDArray[np.int64]
    is_timed: npt.NDArray[np.bool_]


def pack(case: Case, registered_ms: int, left_ms: int) -> bytes:
    """The passes of a case; `registered_ms` and `left_ms` as its columns have them (`left_ms` later than now: open)."""
    told = _TIMED if case.events else _UNTIMED
    is_open = case.state in OPEN_STATES
    step = CASE_STEPS[case.state]
    if registered_ms == NO_TIME:
        reported_ms = epoch_ms(case.reported_at or case.updated_at)
        left_s = STILL_THERE if step is CaseStep.COLLECT else max(reported_ms, left_ms) // 1000
        return b"" if reported_ms == NO_TIME else _packed(CaseStep.COLLECT, reported_ms // 1000, left_s, told)
    registered_s = registered_ms // 1000
    reported_s = min(registered_s, epoch_ms(case.reported_at or case.registered_at or case.updated_at) // 1000)
    parts = [_packed(CaseStep.COLLECT, max(0, reported_s), registered_s, told)]
    end_s = STILL_THERE if is_open else left_ms // 1000
    for (entered_s, inner), (next_s, _) in pairwise([*_stays(case, registered_s, end_s), (end_s, CaseStep.EVALUATE)]):
        parts.append(_packed(inner, entered_s, next_s, told))
    if step is CaseStep.EVALUATE:
        parts.append(_packed(step, end_s, STILL_THERE, told))
    return b"".join(parts)


def _packed(step: CaseStep, entered_s: int, left_s: int, told: int) -> bytes:
    return _PASS.pack(_STEPS.index(step), entered_s, left_s, told)


def _stays(case: Case, registered_s: int, end_s: int) -> Sequence[_Stay]:
    """Since when the case stood in which open step, in order; the first from registration on, the last as it stands."""
    stays: list[_Stay] = []
    for event in case.events:
        step = CASE_STEPS[event.state]
        if step not in OPEN_STEPS or (stays and step is stays[-1][1]):
            continue
        at_s = max(registered_s, int(event.at.timestamp()))
        if end_s != STILL_THERE and at_s >= end_s:
            break
        stays.append((max(at_s, stays[-1][0]) if stays else registered_s, step))
    now = CASE_STEPS[case.state] if end_s == STILL_THERE else None
    if now is not None and (not stays or stays[-1][1] is not now):
        since_s = max(registered_s, epoch_ms(case.updated_at) // 1000)
        stays.append((max(since_s, stays[-1][0]) if stays else registered_s, now))
    return stays or [(registered_s, CaseStep.REGISTER)]


def unpack(packed: npt.NDArray[np.object_]) -> Passes:
    """The passes of a column of packed ones."""
    lengths = np.fromiter((len(each) for each in packed), dtype=np.int64, count=len(packed)) // _PASS.size
    table = np.frombuffer(b"".join(packed), dtype="<u4").reshape(-1, 4).astype(np.int64)
    row = np.repeat(np.arange(len(packed)), lengths)
    return Passes(row, table[:, 0], table[:, 1], table[:, 2], table[:, 3] == _TIMED)
