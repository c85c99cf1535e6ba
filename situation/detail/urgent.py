"""The open cases that wait longest, of any choice of cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import Mask

MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """An open case. `late_s`: how long it is overdue, negative while there is time left, None without a time limit."""

    id: str
    number: int
    name: str
    address: str
    late_s: float | None


def most_urgent(moment: Moment, mask: Mask, most: int = MOST) -> tuple[Urgent, ...]:
    """Open cases of a mask by their time limit, the earliest first; those without one come last."""
    cases = moment.cases
    rows = np.flatnonzero(mask & moment.is_open)
    due = cases["due_ms"][rows]
    order = np.lexsort((cases.numbers[rows], np.where(due == NO_TIME, np.iinfo(np.int64).max, due)))
    return tuple(
        Urgent(
            id=cases["id"][row],
            number=int(cases.numbers[row]),
            name=moment.live.words.word(int(cases["subcategory"][row])),
            address=str(cases["address"][row]),
            late_s=None if cases["due_ms"][row] == NO_TIME else (moment.at_ms - int(cases["due_ms"][row])) / 1000,
        )
        for row in rows[order[:most]].tolist()
    )
