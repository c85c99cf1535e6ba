"""What every department delivers and answers for, counted at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from situation.health import PanelState
from situation.live import Moment
from situation.live.moment import OFFLINE, ONLINE, UNKNOWN, Mask
from situation.panels.grid.figures import FIGURES_BY_KEY
from situation.panels.grid.values import MINUTE_MS, Days, days_by
from situation.records import Department, SourceHealth

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a mask each department has, by word code."""

    moment: Moment
    counts: Counts

    def of(self, department: str) -> int:
        """The number of one department."""
        code = self.moment.live.words.find(department)
        return 0 if code is None or code >= len(self.counts) else int(self.counts[code])


def tally(moment: Moment, kind: str, mask: Mask | None = None) -> Tally:
    """Rows of a kind (in a mask) by department."""
    column = moment.live.tables[kind]["department"]
    rows = column if mask is None else column[mask]
    return Tally(moment, np.bincount(rows, minlength=len(moment.live.words)))


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that is counted by department; None where nobody could tell."""

    cases: Mapping[str, Tally] | None
    sensors: Mapping[str, Tally]
    cameras: Mapping[str, Tally]
    alarms: Tally
    people: Mapping[str, Tally]
    days: Mapping[str, Days]


def work_of(moment: Moment) -> Work:
    """What all departments have to do now."""
    ontime = FIGURES_BY_KEY["ontime_rate"]
    cases = None
    if moment.has_delivered("case") and ontime.among is not None:
        cases = {
            "open": tally(moment, "case", moment.is_open),
            "overdue": tally(moment, "case", moment.is_overdue),
            "today": tally(moment, "case", moment.is_registered_today),
            "ontime": tally(moment, "case", ontime.mask(moment)),
            "was_due": tally(moment, "case", ontime.among(moment)),
        }
    sensors = moment.sensor_states
    cameras = moment.camera_states
    over = moment.live.tables["sensor"]["level"] > 0
    officers = moment.live.tables["officer"]
    return Work(
        cases=cases,
        sensors={
            "total": tally(moment, "sensor"),
            "online": tally(moment, "sensor", sensors == ONLINE),
            "unknown": tally(moment, "sensor", sensors == UNKNOWN),
            "over": tally(moment, "sensor", over & (sensors != UNKNOWN)),
        },
        cameras={
            "total": tally(moment, "camera"),
            "offline": tally(moment, "camera", cameras == OFFLINE),
            "unknown": tally(moment, "camera", cameras == UNKNOWN),
        },
        alarms=tally(moment, "alarm", moment.live.tables["alarm"]["is_active"]),
        people={"total": tally(moment, "officer"), "on": tally(moment, "officer", officers["on_duty"] == 1)},
        days={} if cases is None else {key: days_of(moment, key) for key in ("cases_open", "ontime_rate")},
    )


def days_of(moment: Moment, key: str) -> Days:
    """The last 14 days of a number by department (row = word code, the last row all of them), to the minute."""
    figure = FIGURES_BY_KEY[key]

    def count(mask: Mask) -> Counts:
        return np.bincount(moment.cases["department"][mask], minlength=len(moment.live.words))

    token = (moment.at_ms // MINUTE_MS, len(moment.live.words))
    return moment.cache.get(f"departments.days.{key}", token, lambda: days_by(moment, figure, count))


def sources_by_department(moment: Moment) -> dict[str, list[SourceHealth]]:
    """The sources of every department, the worst state first."""
    found: dict[str, list[SourceHealth]] = {department.id: [] for department in moment.departments}
    for source in moment.sources:
        found.setdefault(source.department, []).append(source)
    for sources in found.values():
        sources.sort(key=lambda source: (moment.source_states[source.id] is PanelState.LIVE, source.id))
    return found


def records_of(moment: Moment, source: SourceHealth) -> list[list[str | int | None]]:
    """What a source delivers: [kind, how many records it stands for now]; None for kinds not kept in memory."""
    return [[kind, _count(moment, kind, source.id)] for kind in source.records]


def _count(moment: Moment, kind: str, source: str) -> int | None:
    table = moment.live.tables.get(kind)
    if table is not None:
        code = moment.live.words.find(source)
        return 0 if code is None else int(np.count_nonzero(table["source"] == code))
    if kind in moment.live.whole:
        return sum(record.source == source for record in moment.live.whole[kind].values())
    return None


def known(moment: Moment, department: str) -> Department | None:
    """The department with this key."""
    return next((each for each in moment.departments if each.id == department), None)
