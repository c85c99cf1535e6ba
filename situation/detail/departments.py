"""A department's numbers: its cases, its devices, its alarms and the sources it delivers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from situation.counting import Counted
from situation.detail.areas import count_devices
from situation.health import PanelState
from situation.live import Moment
from situation.live.moment import Mask
from situation.numbers import NUMBERS_BY_KEY
from situation.records import SourceHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentNumbers:
    """What a department has now; None is unknown. Device counts are (online, offline, all)."""

    cases_open: int | None
    cases_overdue: int | None
    cases_today: int | None
    ontime_rate: float | None
    alarms: int | None
    cameras: tuple[int, int, int] | None
    sensors: tuple[int, int, int] | None
    sources: tuple[tuple[SourceHealth, PanelState], ...]


def department_cases(moment: Moment, key: str) -> Mask:
    """The cases a department answers for."""
    return np.asarray(moment.cases["department"] == moment.live.words.find(key))


def department_numbers(moment: Moment, key: str) -> DepartmentNumbers:
    """The numbers of one department."""
    code = moment.live.words.find(key)
    cases = department_cases(moment, key) if moment.has_delivered("case") else None
    alarms = moment.live.tables["alarm"]
    knows_alarms = moment.has_delivered("alarm", "sensor", "camera")
    return DepartmentNumbers(
        cases_open=None if cases is None else int(np.count_nonzero(cases & moment.is_open)),
        cases_overdue=None if cases is None else int(np.count_nonzero(cases & moment.is_overdue)),
        cases_today=None if cases is None else int(np.count_nonzero(cases & moment.is_registered_today)),
        ontime_rate=None if cases is None else _ontime_rate(moment, cases),
        alarms=int(np.count_nonzero((alarms["department"] == code) & alarms["is_active"])) if knows_alarms else None,
        cameras=_devices(moment, "camera", code),
        sensors=_devices(moment, "sensor", code),
        sources=tuple((row, moment.source_states[row.id]) for row in moment.sources if row.department == key),
    )


def _devices(moment: Moment, kind: str, code: int | None) -> tuple[int, int, int] | None:
    if not moment.has_delivered(kind):
        return None
    states = moment.camera_states if kind == "camera" else moment.sensor_states
    return count_devices(states, np.asarray(moment.live.tables[kind]["department"] == code))


def _ontime_rate(moment: Moment, cases: Mask) -> float | None:
    """The wall's on-time rate of these cases alone: the masks are those of the number."""
    number = NUMBERS_BY_KEY["ontime_rate"]
    if not isinstance(number.of, Counted) or not isinstance(number.among, Counted):
        return None
    total = int(np.count_nonzero(cases & number.among.mask(moment)))
    return int(np.count_nonzero(cases & number.of.mask(moment))) / total if total else None
