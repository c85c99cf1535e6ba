"""Single cases as lists show them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.schema import CASE_STATES, STEPS
from situation.panels.casework.dwell import standing
from situation.panels.casework.selection import Selection
from situation.panels.definition import Values

Ints = npt.NDArray[np.int64]

MOST_FED, MOST_CHOSEN = 30, 200
"""Rows that travel with the feed, and rows that a reader's own choice is given."""

LATEST = np.iinfo(np.int64).max
_NO_NAMES = ("", "")


def case_rows(moment: Moment, rows: Ints) -> list[Values]:
    """These rows of the live table in words. `since` is when the case entered its step (epoch ms), None if not told."""
    table, word = moment.cases, moment.live.words.word
    mask = np.zeros(len(table), dtype=np.bool_)
    mask[rows] = True
    here = standing(moment, mask)
    since = dict(zip(here.row[here.is_timed].tolist(), here.since_s[here.is_timed].tolist(), strict=True))
    found: list[Values] = []
    for row in rows.tolist():
        key, source, street = table["id"][row], word(int(table["source"][row])), word(int(table["street"][row]))
        department = word(int(table["department"][row]))
        step = int(table["step"][row])
        found.append(
            {
                "id": key,
                "number": key.removeprefix(f"{source}."),
                "category": word(int(table["category"][row])),
                "subcategory": word(int(table["subcategory"][row])),
                "address": table["address"][row],
                "street": _names(moment.street_names, street),
                "department": _names(moment.department_names, department),
                "origin": word(int(table["origin"][row])),
                "priority": int(table["priority"][row]),
                "state": CASE_STATES[int(table["state"][row])].value,
                "step": STEPS[step].value if step < len(STEPS) else None,
                "registered_at": _time(table["registered_ms"][row]),
                "due_at": _time(table["due_ms"][row]),
                "since": since[row] * 1000 if row in since else None,
            }
        )
    return found


def _names(known: dict[str, tuple[str, str]], code: str) -> list[str]:
    """[code, name, English name]; a code nobody explains stands for itself."""
    return [code, *known.get(code, (code, ""))]


def _time(value: Any) -> int | None:
    return None if value == NO_TIME else int(value)


def longest_overdue_first(moment: Moment, rows: Ints) -> Ints:
    """By due time: the longest overdue first, then who has least time left, then those without a limit by age."""
    due = moment.cases["due_ms"][rows]
    registered = moment.cases["registered_ms"][rows]
    return rows[np.lexsort((moment.cases.numbers[rows], registered, np.where(due == NO_TIME, LATEST, due)))]


def build_list(moment: Moment, selection: Selection) -> Values:
    """The open cases chosen, longest overdue first, as many as are read, and how many there are."""
    rows = np.flatnonzero(selection.open())
    most = MOST_FED if selection.is_whole else MOST_CHOSEN
    shown = longest_overdue_first(moment, rows)[:most]
    return {
        "rows": case_rows(moment, shown),
        "total": len(rows),
        "overdue": int(np.count_nonzero(selection.overdue())),
    }
