"""Who is on duty."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from situation.live import Moment, Table
from situation.panels.definition import Values


def build_duty(moment: Moment) -> Values:
    """People on duty and in all, by role and by department. On duty is None where no source says."""
    table = moment.live.tables["officer"]
    names = moment.department_names
    rows = _counted(moment, table, "category")
    departments = [
        [key, *names.get(key, ("", "")), on_duty, total]
        for key, on_duty, total in _counted(moment, table, "department")
    ]
    return {"rows": rows, "departments": departments}


def _counted(moment: Moment, table: Table, column: str) -> list[list[Any]]:
    codes: npt.NDArray[np.int32] = table[column]
    total = np.bincount(codes)
    on_duty = np.bincount(codes[table["on_duty"] == 1], minlength=len(total))
    is_known = np.bincount(codes[table["on_duty"] >= 0], minlength=len(total)) > 0
    rows = [
        [moment.live.words.word(code), int(on_duty[code]) if is_known[code] else None, int(total[code])]
        for code in np.flatnonzero(total).tolist()
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0]))
