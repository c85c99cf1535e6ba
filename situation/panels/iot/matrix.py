"""Kinds × streets: how many sensors are normal, over a limit, offline, unknown. Both margins add up to the KPI."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.panels.definition import Values
from situation.panels.iot.fleet import ELSEWHERE, Fleet

NOTHING: Values = {"kinds": None, "streets": None, "columns": None, "total": None}


def build_matrix(moment: Moment) -> Values:
    """A row per kind under `row:<kind>`, so that only rows that changed are sent.

    A cell is [normal, over a limit, offline, unknown, worst level of those over a limit (0: none)].
    """
    if not moment.has_delivered("sensor"):
        return dict(NOTHING)
    fleet = Fleet(moment)
    names = {street.code: [street.code, street.name, street.name_en] for street in moment.streets}
    rows = {f"row:{kind}": _row(fleet.counts[index], fleet.levels[index]) for index, kind in enumerate(fleet.kinds)}
    return {
        "kinds": list(fleet.kinds),
        "streets": [names.get(code, [ELSEWHERE, "", ""]) for code in fleet.streets],
        "columns": _cells(fleet.counts.sum(axis=0), fleet.levels.sum(axis=0)),
        "total": _cell(fleet.counts.sum(axis=(0, 1)), fleet.levels.sum(axis=(0, 1))),
        **rows,
    }


def _row(counts: npt.NDArray[np.int64], levels: npt.NDArray[np.int64]) -> Values:
    return {"cells": _cells(counts, levels), "total": _cell(counts.sum(axis=0), levels.sum(axis=0))}


def _cells(counts: npt.NDArray[np.int64], levels: npt.NDArray[np.int64]) -> list[list[Any]]:
    return [_cell(*pair) for pair in zip(counts, levels, strict=True)]


def _cell(counts: npt.NDArray[np.int64], levels: npt.NDArray[np.int64]) -> list[int]:
    reached = np.flatnonzero(levels)
    return [*counts.tolist(), int(reached[0]) if len(reached) else 0]
