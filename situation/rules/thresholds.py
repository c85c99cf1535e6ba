"""Rule `threshold`: a sensor over its limit. Level 1 stands alone; others of one kind in one street are one alarm."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable

from situation.records import Datastream, Threshold
from situation.rules.book import Condition
from situation.rules.readings import Read, Tracked

RULE = "threshold"
ALONE = 1


def conditions(
    crossed: Iterable[Tracked], street_of: Callable[[Tracked], str], on_delay_s: float, group_from: int
) -> dict[str, Condition]:
    """What the sensors over a limit amount to, by key."""
    groups: dict[str, list[Tracked]] = defaultdict(list)
    for tracked in crossed:
        sensor = tracked.sensor
        alone = sensor.level == ALONE
        groups[sensor.id if alone else f"{sensor.sensor_kind}-{street_of(tracked)}"].append(tracked)
    found = (
        condition
        for key, members in groups.items()
        for condition in _conditions_of(key, members, on_delay_s, group_from)
    )
    return {condition.key: condition for condition in found}


def _conditions_of(key: str, members: list[Tracked], on_delay_s: float, group_from: int) -> list[Condition]:
    if len(members) >= group_from:
        return [_condition(f"{RULE}-{key}", members, on_delay_s)]
    return [_condition(f"{RULE}-{tracked.sensor.id}", [tracked], on_delay_s) for tracked in members]


def _condition(key: str, members: list[Tracked], on_delay_s: float) -> Condition:
    worst = min(members, key=lambda tracked: (tracked.sensor.level, -_share_of_limit(tracked), tracked.sensor.id))
    sensor = worst.sensor
    datastream, read = _worst(worst)
    threshold = _crossed(worst)
    since = min((at for tracked in members if (at := tracked.since_at())), default=None)
    return Condition(
        key=key,
        rule=RULE,
        priority=read.level,
        name=sensor.name,
        about=f"sensor/{sensor.id}",
        department=sensor.department,
        value=read.value,
        unit=datastream.unit,
        limit=threshold.limit if threshold else None,
        lon=sensor.lon,
        lat=sensor.lat,
        address=sensor.address,
        members=tuple(sorted(f"sensor/{tracked.sensor.id}" for tracked in members)),
        explanation=json.dumps(
            {
                "kind": sensor.sensor_kind,
                "property": datastream.observed_property,
                "above": threshold.above if threshold else True,
                "for_s": on_delay_s,
            }
        ),
        since=since,
        is_immediate=any(_has_lasted(tracked, on_delay_s) for tracked in members),
    )


def _worst(tracked: Tracked) -> tuple[Datastream, Read]:
    found = tracked.worst()
    if found is None:
        raise LookupError(f"sensor {tracked.sensor.id} is over a limit without a datastream")
    return found


def _crossed(tracked: Tracked) -> Threshold | None:
    datastream, read = _worst(tracked)
    return next((threshold for threshold in datastream.thresholds if threshold.level == read.level), None)


def _has_lasted(tracked: Tracked, on_delay_s: float) -> bool:
    """Whether the readings themselves, not only the time since, say that the limit stayed crossed long enough."""
    since, read_at = tracked.since_at(), _worst(tracked)[1].at
    if since is None or read_at is None:
        return False
    return (read_at - since).total_seconds() >= on_delay_s


def _share_of_limit(tracked: Tracked) -> float:
    """How far beyond its limit, as a share of it, for ranking the members of a group."""
    threshold, value = _crossed(tracked), _worst(tracked)[1].value
    if threshold is None or value is None or threshold.limit == 0:
        return 0.0
    beyond = (value - threshold.limit) / abs(threshold.limit)
    return beyond if threshold.above else -beyond
