"""Judges sensors by their readings: alive or silent, and which limit is crossed (with hysteresis)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from situation.records import Datastream, DeviceState, Observation, Sensor
from situation.rules.settings import AlarmSettings

NO_LEVEL = 0


def crossed_level(datastream: Datastream, value: float, current: int, hysteresis_share: float) -> int:
    """The worst level (1 worst … 3, 0 none) that `value` crosses, given the level it was at.

    A level already reached is kept until the value has left it by `hysteresis_share` of its limit.
    """
    crossed = []
    for threshold in datastream.thresholds:
        is_held = current != NO_LEVEL and threshold.level >= current
        margin = hysteresis_share * abs(threshold.limit) if is_held else 0.0
        beyond = value - threshold.limit if threshold.above else threshold.limit - value
        if beyond >= -margin:
            crossed.append(threshold.level)
    return min(crossed, default=NO_LEVEL)


@dataclass(slots=True)
class Tracked:
    """What is known of one sensor: the record as last told to the store, and its datastreams' last readings."""

    sensor: Sensor
    levels: dict[str, int] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    observed_at: datetime | None = None

    @property
    def datastreams(self) -> dict[str, Datastream]:
        """The sensor's datastreams by id."""
        return {datastream.id: datastream for datastream in self.sensor.datastreams}

    def worst(self) -> tuple[str, int]:
        """The datastream with the worst level and that level; the first datastream when none is crossed."""
        crossed = [(level, datastream) for datastream, level in self.levels.items() if level != NO_LEVEL]
        if not crossed:
            return (self.sensor.datastreams[0].id if self.sensor.datastreams else "", NO_LEVEL)
        level, datastream = min(crossed)
        return datastream, level


class Readings:
    """Every sensor with its last readings. Not thread-safe: belongs to the collector's writer."""

    def __init__(self, settings: AlarmSettings) -> None:
        self._settings = settings
        self._sensors: dict[str, Tracked] = {}
        self._owners: dict[str, str] = {}  # datastream id → sensor id
        self._delivered_at: dict[str, datetime] = {}  # source → its last batch
        self._of_source: dict[str, set[str]] = defaultdict(set)

    def restore(self, sensor: Sensor) -> None:
        """Take over a sensor as the store has it, its level and last reading included."""
        tracked = self._remember(sensor)
        if sensor.datastreams and sensor.value is not None:
            first = sensor.datastreams[0].id
            tracked.values[first] = sensor.value
            tracked.levels[first] = sensor.level
            tracked.observed_at = sensor.observed_at

    def take(
        self, source: str, sensors: Iterable[Sensor], observations: Iterable[Observation], at: datetime
    ) -> dict[str, Sensor]:
        """Take in one batch of a source. Returns the sensors the store must be told of, by id."""
        told = {sensor.id: self._remember(sensor) for sensor in sensors}
        for observation in observations:
            owner = self._owners.get(observation.datastream)
            if owner is not None:
                self._observe(self._sensors[owner], observation)
        self._delivered_at[source] = at
        changed = {sensor_id for sensor_id in self._of_source[source] if self._judge(self._sensors[sensor_id])}
        return {sensor_id: self._sensors[sensor_id].sensor for sensor_id in changed | told.keys()}

    def crossed(self) -> list[Tracked]:
        """Sensors whose last reading is over a limit."""
        return [tracked for tracked in self._sensors.values() if tracked.sensor.level != NO_LEVEL]

    def _remember(self, sensor: Sensor) -> Tracked:
        known = self._sensors.get(sensor.id)
        if known is None:
            known = self._sensors[sensor.id] = Tracked(sensor)
            self._of_source[sensor.source].add(sensor.id)
        else:
            past = known.sensor
            known.sensor = replace(
                sensor, state=past.state, level=past.level, value=past.value, observed_at=past.observed_at
            )
        for datastream in sensor.datastreams:
            self._owners[datastream.id] = sensor.id
        return known

    def _observe(self, tracked: Tracked, observation: Observation) -> None:
        datastream = tracked.datastreams[observation.datastream]
        if tracked.observed_at is not None and observation.observed_at < tracked.observed_at:
            return
        before = tracked.levels.get(datastream.id, NO_LEVEL)
        tracked.levels[datastream.id] = crossed_level(
            datastream, observation.value, before, self._settings.hysteresis_share
        )
        tracked.values[datastream.id] = observation.value
        tracked.observed_at = observation.observed_at

    def _judge(self, tracked: Tracked) -> bool:
        """Bring the sensor's record up to date; tells whether its state or level changed."""
        state, (datastream, level) = self._state(tracked), tracked.worst()
        if (state, level) == (tracked.sensor.state, tracked.sensor.level):
            return False
        tracked.sensor = replace(
            tracked.sensor,
            state=state,
            level=level,
            value=tracked.values.get(datastream),
            observed_at=tracked.observed_at,
        )
        return True

    def _state(self, tracked: Tracked) -> DeviceState:
        """Silence is measured against the source's last delivery: a dead source does not make its sensors dead."""
        if tracked.observed_at is None:
            return DeviceState.UNKNOWN
        interval_s = max((d.interval_s for d in tracked.sensor.datastreams), default=0.0)
        limit_s = max(self._settings.silent_intervals * interval_s, self._settings.silent_least_s)
        delivered_at = self._delivered_at.get(tracked.sensor.source)
        if delivered_at is None:
            return tracked.sensor.state
        is_silent = delivered_at - tracked.observed_at > timedelta(seconds=limit_s)
        return DeviceState.OFFLINE if is_silent else DeviceState.ONLINE
