"""The alarm book: turns conditions that hold now into alarms with on/off delay, each condition at most one alarm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from situation.records import Alarm
from situation.rules.settings import AlarmSettings

SOURCE = "rules"
KEY_END = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that a rule finds true now. `key` tells one from another and stays the same while it lasts.

    `explanation` is a JSON object of numbers that the screen puts into the rule's sentence. `since` is when it began
    to be true, where the rule knows better than by when it was found.
    """

    key: str
    rule: str
    priority: int
    name: str
    about: str = ""
    department: str = ""
    value: float | None = None
    unit: str = ""
    limit: float | None = None
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    members: tuple[str, ...] = ()
    explanation: str = ""
    since: datetime | None = None
    is_immediate: bool = False  # the rule has waited already: no on-delay


@dataclass(slots=True)
class Entry:
    """An active alarm and since when its condition has been gone, if it is."""

    alarm: Alarm
    gone_since: datetime | None = None


@dataclass(slots=True)
class AlarmBook:
    """Active alarms by the key of their condition. Not thread-safe."""

    settings: AlarmSettings
    active: dict[str, Entry] = field(default_factory=dict)
    pending: dict[str, datetime] = field(default_factory=dict)

    def restore(self, alarms: Iterable[Alarm]) -> None:
        """Take over the active alarms that an earlier run of the collector left in the store."""
        for alarm in alarms:
            if alarm.source == SOURCE and alarm.ended_at is None:
                self.active[alarm.id.rpartition(KEY_END)[0]] = Entry(alarm)

    def update(self, conditions: Mapping[str, Condition], at: datetime) -> list[Alarm]:
        """Hold the conditions that are true at `at` against the book; returns the alarms that changed."""
        self.pending = {key: since for key, since in self.pending.items() if key in conditions}
        changed = [alarm for condition in conditions.values() if (alarm := self._holds(condition, at))]
        changed += [alarm for key in list(self.active) if key not in conditions and (alarm := self._gone(key, at))]
        return changed

    def _holds(self, condition: Condition, at: datetime) -> Alarm | None:
        entry = self.active.get(condition.key)
        if entry is not None:
            entry.gone_since = None
            return self._refresh(entry, condition, at)
        since = self.pending[condition.key] = min(self.pending.get(condition.key, at), at)
        delay_s = 0.0 if condition.is_immediate else self.settings.on_delay_s
        if (at - since).total_seconds() < delay_s:
            return None
        del self.pending[condition.key]
        alarm = to_alarm(condition, started_at=condition.since or since, at=at)
        self.active[condition.key] = Entry(alarm)
        return alarm

    def _refresh(self, entry: Entry, condition: Condition, at: datetime) -> Alarm | None:
        old = entry.alarm
        new = replace(
            to_alarm(condition, started_at=old.started_at or at, at=at),
            acknowledged_at=old.acknowledged_at,
            acknowledged_by=old.acknowledged_by,
            street_code=old.street_code,
            community_code=old.community_code,
            grid_code=old.grid_code,
        )
        if new == replace(old, updated_at=at):
            return None
        is_due = old.updated_at is None or abs((at - old.updated_at).total_seconds()) >= self.settings.update_every_s
        if new.priority >= old.priority and not is_due:
            return None
        entry.alarm = replace(new, updated_at=_later(old.updated_at, at))
        return entry.alarm

    def _gone(self, key: str, at: datetime) -> Alarm | None:
        entry = self.active[key]
        entry.gone_since = min(entry.gone_since or at, at)  # a clock set back must not keep an alarm alive
        if (at - entry.gone_since).total_seconds() < self.settings.off_delay_s:
            return None
        del self.active[key]
        return replace(entry.alarm, ended_at=at, updated_at=_later(entry.alarm.updated_at, at))


def _later(before: datetime | None, at: datetime) -> datetime:
    """The store takes no word of an alarm that looks older than the last, as it would after a clock was set back."""
    return at if before is None else max(before, at)


def to_alarm(condition: Condition, *, started_at: datetime, at: datetime) -> Alarm:
    """The alarm record of a condition; its id carries the key, so that a restarted book finds it again."""
    return Alarm(
        id=f"{condition.key}{KEY_END}{int(started_at.timestamp()):x}",
        source=SOURCE,
        name=condition.name,
        department=condition.department,
        lon=condition.lon,
        lat=condition.lat,
        address=condition.address,
        rule=condition.rule,
        priority=condition.priority,
        value=condition.value,
        unit=condition.unit,
        limit=condition.limit,
        about=condition.about,
        members=condition.members,
        count=max(1, len(condition.members)),
        explanation=condition.explanation,
        started_at=started_at,
        updated_at=at,
    )
