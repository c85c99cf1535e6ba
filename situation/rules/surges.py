"""Rule `case_surge`: many more cases of one subcategory in one street than such a time of day usually brings."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
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

    group: Group
    department: str
    place: Place
    at: datetime


@dataclass(slots=True)
class Surges:
    """Cases of the last four weeks by street and subcategory. Not thread-safe."""

    settings: AlarmSettings
    reports: dict[str, Report] = field(default_factory=dict)  # by case
    groups: dict[Group, Group] = field(default_factory=dict)  # each once
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
        group = (place.street_code, intern(case.subcategory))
        group = self.groups.setdefault(group, group)
        self.reports[case.id] = Report(group, intern(case.department), place, case.reported_at)

    def forget(self, case_id: str) -> None:
        """A case is gone from its source."""
        self.reports.pop(case_id, None)

    def place(self, case_id: str) -> Place | None:
        """Where a case was when it was taken in last, None for one that does not count."""
        report = self.reports.get(case_id)
        return report.place if report else None

    def conditions(self, at: datetime) -> dict[str, Condition]:
        """Surges that hold at `at`, by key."""
        oldest_at = at - HISTORY
        for old in [case_id for case_id, report in self.reports.items() if report.at < oldest_at]:
            del self.reports[old]
        counts = Counter(report.group for report in self.reports.values())
        window = timedelta(seconds=self.settings.surge_window_s)
        since = at - window
        recent: dict[Group, dict[str, Report]] = defaultdict(dict)
        for case_id, report in self.reports.items():
            if since <= report.at <= at:
                recent[report.group][case_id] = report
        found = {}
        for group in dict.fromkeys((*counts, *self.burning)):
            usual = (counts[group] - len(recent[group])) * window / HISTORY
            if self._holds(group, len(recent[group]), usual):
                condition = _condition(group, recent[group], usual, self.settings.surge_window_s)
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


def _condition(group: Group, recent: Mapping[str, Report], usual: float, window_s: float) -> Condition:
    subcategory = group[1]
    lon, lat = centre([report.place for report in recent.values()])
    newest_id, newest = max(recent.items(), key=lambda item: item[1].at)
    return Condition(
        key=_key(group),
        rule=RULE,
        priority=3,
        name=f"{newest.place.street.name}{subcategory}",
        about=f"case/{newest_id}",
        department=newest.department,
        value=float(len(recent)),
        lon=lon,
        lat=lat,
        members=tuple(sorted(f"case/{case_id}" for case_id in recent)),
        explanation=json.dumps({"window_s": window_s, "usual": round(usual, 2), "subcategory": subcategory}),
        is_immediate=True,
    )
