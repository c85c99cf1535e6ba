"""Rules `source_silent`, `source_frozen`, `network_silent`: departments whose systems no longer tell of the present.

One alarm for each department, however many of its systems fell silent; when so many fall silent at once that the cause
must lie between us and them, one alarm for all.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from situation.records import Alarm, Health, SourceHealth
from situation.rules.book import Condition
from situation.rules.settings import AlarmSettings

SILENT, FROZEN, NETWORK = "source_silent", "source_frozen", "network_silent"
RULES = frozenset({SILENT, FROZEN, NETWORK})
NOBODY = "unknown"
"""Stands in a key for sources of no department."""

NETWORK_KEY = f"{NETWORK}-all"
MOST_NAMED = 6
LEAST_DEPARTMENTS = 3

_BAD: dict[Health, str] = {
    Health.UNAVAILABLE: SILENT,
    Health.AUTH_FAILED: SILENT,
    Health.STALE: SILENT,
    Health.FROZEN: FROZEN,
}
_VITAL = frozenset({"sensor", "camera", "warning", "alarm", "case", "officer"})
"""What people act upon within minutes: without it the wall is blind."""


@dataclass(slots=True)
class _Trouble:
    """Since when a source has been silent or frozen, and since when it has been well again."""

    rule: str
    since: datetime
    source: SourceHealth
    well_since: datetime | None = None
    is_raised: bool = False


@dataclass(slots=True)
class Silences:
    """Follows the health of all sources. `delay_s` is how long one must be in trouble. Not thread-safe."""

    settings: AlarmSettings
    delay_s: float
    troubles: dict[str, _Trouble] = field(default_factory=dict)
    raised: dict[str, str] = field(default_factory=dict)  # source → rule, of alarms from before a restart
    names: dict[str, str] = field(default_factory=dict)  # of departments
    total: int = 0
    is_network_down: bool = False

    def restore(self, alarm: Alarm) -> None:
        """Take over what an earlier run raised: its sources need no new delay."""
        if alarm.rule in RULES:
            rule = SILENT if alarm.rule == NETWORK else alarm.rule
            self.raised |= {member.removeprefix("source/"): rule for member in alarm.members}
            self.is_network_down |= alarm.rule == NETWORK

    def watch(self, sources: Iterable[SourceHealth], at: datetime) -> None:
        """Take in how all sources are doing now; those that are no longer told of are forgotten."""
        told = {source.id: source for source in sources}
        self.total = len(told)
        for key in self.troubles.keys() - told.keys():
            del self.troubles[key]
        for key, source in told.items():
            self._watch_one(key, source, at)

    def _watch_one(self, key: str, source: SourceHealth, at: datetime) -> None:
        rule, trouble = _BAD.get(source.state), self.troubles.get(key)
        if rule is not None:
            if trouble is None or trouble.rule != rule:
                was_raised = self.raised.get(key) == rule
                trouble = self.troubles[key] = _Trouble(rule, source.since_at or at, source, is_raised=was_raised)
            trouble.source, trouble.well_since = source, None
            return
        if source.state is Health.STARTING:
            return  # nobody knows yet
        self.raised.pop(key, None)
        if trouble is not None:
            trouble.well_since = min(trouble.well_since or at, at)
            is_over = (at - trouble.well_since).total_seconds() >= self.settings.source_back_s
            if source.state is Health.PAUSED or not trouble.is_raised or is_over:
                del self.troubles[key]

    def conditions(self, at: datetime) -> Mapping[str, Condition]:
        """What the troubles amount to, by key."""
        silent = [each for each in self.troubles.values() if each.rule == SILENT]
        network_since = self._network_since(silent)
        for trouble in self.troubles.values():
            # those that fell silent with the network are raised with it, not one by one just before
            since = max(trouble.since, network_since or trouble.since) if trouble.rule == SILENT else trouble.since
            trouble.is_raised |= (at - since).total_seconds() >= self.delay_s
        is_lasting = self._network_since([each for each in silent if each.is_raised]) is not None
        self.is_network_down = network_since is not None and (self.is_network_down or is_lasting)
        if self.is_network_down and network_since is not None:
            network = replace(_condition(NETWORK_KEY, NETWORK, "", silent, self.total), since=network_since)
            return {each.key: each for each in (network, *self._by_department(FROZEN))}
        return {each.key: each for rule in (SILENT, FROZEN) for each in self._by_department(rule)}

    def _network_since(self, silent: list[_Trouble]) -> datetime | None:
        """Since when so many are silent, of so many departments, that it has one cause; left at half of that."""
        share = self.settings.network_share * (0.5 if self.is_network_down else 1.0)
        needed = max(math.ceil(share * self.total), LEAST_DEPARTMENTS)
        departments = {each.source.department for each in silent}
        if len(departments) < LEAST_DEPARTMENTS or len(silent) < needed:
            return None
        return sorted(each.since for each in silent)[needed - 1]

    def _by_department(self, rule: str) -> list[Condition]:
        by_department: dict[str, list[_Trouble]] = defaultdict(list)
        for trouble in self.troubles.values():
            if trouble.rule == rule:
                by_department[trouble.source.department].append(trouble)
        return [
            _condition(f"{rule}-{department or NOBODY}", rule, self.names.get(department, department), each, self.total)
            for department, troubles in by_department.items()
            if (each := [trouble for trouble in troubles if trouble.is_raised])
        ]


def _condition(key: str, rule: str, name: str, troubles: list[_Trouble], total: int) -> Condition:
    troubles = sorted(troubles, key=lambda each: (each.since, each.source.id))
    first = troubles[0].source
    sources = [each.source for each in troubles]
    is_one = rule != NETWORK and len(troubles) == 1
    department = "" if rule == NETWORK else first.department
    return Condition(
        key=key,
        rule=rule,
        priority=_priority(rule, troubles),
        name=name,
        about=f"source/{first.id}" if is_one else f"department/{department}" if department else "",
        department=department,
        value=float(len(troubles)),
        members=tuple(sorted(f"source/{each.source.id}" for each in troubles)),
        explanation=json.dumps(
            {
                "sources": _listed([each.name or each.id for each in sources], "、"),
                "sources_en": _listed([each.name_en or each.name or each.id for each in sources], ", "),
                "total": total,
            },
            ensure_ascii=False,
        ),
        since=troubles[0].since,
        is_immediate=True,
    )


def _listed(names: list[str], between: str) -> str:
    return between.join(names[:MOST_NAMED]) + ("…" if len(names) > MOST_NAMED else "")


def _priority(rule: str, troubles: list[_Trouble]) -> int:
    """2 when the district goes blind, 3 when a department's part of what people act upon does, else 4."""
    if rule == NETWORK:
        return 2
    return 3 if any(_VITAL.intersection(each.source.records) for each in troubles) else 4
