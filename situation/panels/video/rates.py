"""How many cameras are online, by platform, department and street. Every table adds up to the same total."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from situation.live import Moment
from situation.live.moment import OFFLINE, ONLINE, UNKNOWN
from situation.panels.definition import Values
from situation.panels.video.wall import source_names

_STATES = (ONLINE, OFFLINE, UNKNOWN)
_NO_NAMES = ("", "")


def build_rates(moment: Moment) -> Values:
    """Rows are [key, name, English name, online, offline, unknown], the most offline first.

    A camera on two platforms counts once, at the one whose word is taken for it. None before anything was delivered.
    """
    if not moment.has_delivered("camera"):
        return {"total": None, "platforms": None, "departments": None, "streets": None}
    states = moment.camera_states
    platforms = _table(moment, "source", source_names(moment))
    return {
        "total": [int(np.count_nonzero(states == state)) for state in _STATES],
        "platforms": [[*row, moment.source_states[row[0]].value if row[0] in moment.source_states else None]
                      for row in platforms],
        "departments": _table(moment, "department", moment.department_names),
        "streets": _table(moment, "street", moment.street_names),
    }  # fmt: skip


def _table(moment: Moment, column: str, names: Mapping[str, tuple[str, str]]) -> list[list[str | int]]:
    codes = moment.live.tables["camera"][column]
    words = moment.live.words
    counts = np.array([np.bincount(codes[moment.camera_states == state], minlength=len(words)) for state in _STATES])
    rows: list[list[str | int]] = []
    for code in np.flatnonzero(counts.sum(axis=0)).tolist():
        key = words.word(code)
        rows.append([key, *names.get(key, _NO_NAMES), *counts[:, code].tolist()])
    return sorted(rows, key=lambda row: (-int(row[4]) - int(row[5]), str(row[0])))
