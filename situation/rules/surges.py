"""Rule `case_surge`: many more cases of one subcategory in one street than such a time of day usually brings."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from sys import intern

from situation.records import Alarm, Case
from situation.rules.book import KEY_END, Condition
from situation.rules.places import Place, centre
from situation.rules.settings import AlarmSettings

RULE = "case_surge"
UNPLACED = "unplaced"
HISTORY = timedelta(days=28)
Group = tuple[str, str]  # street code, subcategory


@dataclass(frozen=True, slots=True)
class Report:
    """What counts of a case: four weeks of whole ones took a quarter of a gigabyte in a large city."""

    case_id: str
    department: str
    place: Place
    at: datetime


@dataclass(slots=True)
class Surges:
    """Cases of the last four weeks by street and subcategory. Not thread-safe."""

    settings: AlarmSettings
    reports: dict[Group, dict[str, Report]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[str, Group] = field(default_factory=dict)  # case → where it is counted
    burning: dict[Group, int] = field(default_factory=dict)  # group → the most cases its surge had

    def restore(self, alarm: Alarm) -> None:
        """Take over a surge that an earlier run raised, so that it ends by its own measure."""
        street, subcategory = _group_of(alarm.id)
        if alarm.rule == RULE and alarm.value is not None:
            self.burning[street, subcategory] = int(alarm.value)

    def take(self, case: Case, place: Place, at: datetime) -> None:
        """Take in a case. One that was reported over four weeks before `at`, or nobody knows when, is passed over."""
        if case.reported_at is None or at - case.reported_at > HISTORY:
            return
        self.forget(case.id)  # placed or sorted anew, it counts in one group only
        group = self.groups[case.id] = (place.street_code, intern(case.subcategory))
        self.reports[group][case.id] = Report(case.id, intern(case.department), place, case.reported_at)

    def forget(self, case_id: str) -> None:
        """A case is gone from its source."""
        group = self.groups.pop(case_id, None)
        if group is not None:
            self.reports[group].pop(case_id, None)

    def conditions(self, at: datetime) -> dict[str, Condition]:
        """Surges that hold at `at`, by key."""
        found = {}
        window = timedelta(seconds=self.settings.surge_window_s)
        for group, reports in self.reports.items():
            for old in [case_id for case_id, report in reports.items() if at - report.at > HISTORY]:
                del reports[old], self.groups[old]
            recent = [report for report in reports.values() if timedelta(0) <= at - report.at <= window]
            usual = (len(reports) - len(recent)) * window / HISTORY
            if self._holds(group, len(recent), usual):
                condition = _condition(group, recent, usual, self.settings.surge_window_s)
                found[condition.key] = condition
        return found

    def _holds(self, group: Group, count: int, usual: float) -> bool:
        most = self.burning.get(group, 0)
        is_surge = count >= max(self.settings.surge_least, self.settings.surge_factor * usual)
        if is_surge or (most and count > self.settings.surge_over_share * most):
            self.burning[group] = max(most, count)
            return True
        self.burning.pop(group, None)
        return False


def _key(group: Group) -> str:
    street, subcategory = group
    return f"{RULE}-{street or UNPLACED}-{subcategory}"


def _group_of(alarm_id: str) -> Group:
    """The group that an alarm's id names (see `_key`)."""
    street, _, subcategory = alarm_id.rpartition(KEY_END)[0].removeprefix(f"{RULE}-").partition("-")
    return ("" if street == UNPLACED else street, subcategory)


def _condition(group: Group, recent: list[Report], usual: float, window_s: float) -> Condition:
    subcategory = group[1]
    lon, lat = centre([report.place for report in recent])
    newest = max(recent, key=lambda report: report.at)
    return Condition(
        key=_key(group),
        rule=RULE,
        priority=3,
        name=f"{newest.place.street_name}{subcategory}",
        about=f"case/{newest.case_id}",
        department=newest.department,
        value=float(len(recent)),
        lon=lon,
        lat=lat,
        members=tuple(sorted(f"case/{report.case_id}" for report in recent)),
        explanation=json.dumps({"window_s": window_s, "usual": round(usual, 2), "subcategory": subcategory}),
        is_immediate=True,
    )
