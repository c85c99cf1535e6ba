"""Judges sensors by their readings: alive or silent, and which limit is crossed (with hysteresis)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from situation.records import Datastream, DeviceState, Observation, Sensor
from situation.rules.alike import Alike
from situation.rules.settings import AlarmSettings

NO_LEVEL = 0
LEVELS = (1, 2, 3)
"""Of thresholds, the worst first."""

ALL_EVERY = timedelta(seconds=5)
"""City time between two looks for sensors of a source that have fallen silent."""


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
    since: dict[tuple[str, int], datetime] = field(default_factory=dict)  # datastream, level → over it from then on
    read_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def observed_at(self) -> datetime | None:
        """Time of the newest reading of any datastream, None when there was none."""
        return max(self.read_at.values(), default=None)

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

    def since_at(self) -> datetime | None:
        """The first known reading of the unbroken run at the worst level or beyond, None when none was read yet."""
        return self.since.get(self.worst())

    def note_level(self, datastream: str, level: int, at: datetime) -> None:
        """Take over the level that a datastream reached with its reading of `at`."""
        for each in LEVELS:
            if level == NO_LEVEL or each < level:
                self.since.pop((datastream, each), None)
            else:
                self.since.setdefault((datastream, each), at)
        self.levels[datastream] = level

    def describe(self, sensor: Sensor) -> set[str]:
        """Take over a sensor's new description, its judgement kept; returns the datastreams that it no longer has."""
        past = self.sensor
        self.sensor = replace(
            sensor, state=past.state, level=past.level, value=past.value, observed_at=past.observed_at
        )
        gone = {each.id for each in past.datastreams} - {each.id for each in sensor.datastreams}
        for datastream in gone:
            for known in (self.levels, self.values, self.read_at):
                known.pop(datastream, None)
            for level in LEVELS:
                self.since.pop((datastream, level), None)
        return gone


class Readings:
    """Every sensor with its last readings. Not thread-safe: belongs to the collector's writer."""

    def __init__(self, settings: AlarmSettings) -> None:
        self._settings = settings
        self._alike = Alike()
        self._sensors: dict[str, Tracked] = {}
        self._owners: dict[str, str] = {}  # datastream id → sensor id
        self._delivered_at: dict[str, datetime] = {}  # source → its last batch
        self._judged_at: dict[str, datetime] = {}  # source → when all of it was judged last
        self._of_source: dict[str, set[str]] = defaultdict(set)

    def restore(self, sensor: Sensor) -> None:
        """Take over a sensor as the store has it, its level and last reading included."""
        tracked = self._remember(sensor)
        if not sensor.datastreams or sensor.value is None:
            return
        first = sensor.datastreams[0].id
        tracked.values[first] = sensor.value
        tracked.levels[_stream_of_level(sensor)] = sensor.level
        if sensor.observed_at is not None:
            tracked.read_at[first] = sensor.observed_at

    def take(
        self, source: str, sensors: Iterable[Sensor], observations: Iterable[Observation], at: datetime
    ) -> dict[str, Sensor]:
        """Take in one batch of a source. Returns the sensors the store must be told of, by id."""
        told = {sensor.id: self._remember(sensor) for sensor in sensors}
        heard = set(told)
        for observation in observations:
            owner = self._owners.get(observation.datastream)
            if owner is not None:
                self._observe(self._sensors[owner], observation)
                heard.add(owner)
        self._delivered_at[source] = at
        # those of other sources are judged with their own; silence takes minutes and is not looked for in each batch
        asked = self._of_source[source] if self._is_due(source, at) else heard & self._of_source[source]
        changed = {sensor_id for sensor_id in asked if self._judge(self._sensors[sensor_id])}
        return {sensor_id: self._sensors[sensor_id].sensor for sensor_id in changed | told.keys()}

    def _is_due(self, source: str, at: datetime) -> bool:
        """Whether all sensors of a source are to be judged, the silent ones too: sources that push speak often."""
        judged_at = self._judged_at.get(source)
        if judged_at is not None and judged_at <= at < judged_at + ALL_EVERY:
            return False
        self._judged_at[source] = at
        return True

    def crossed(self) -> list[Tracked]:
        """Sensors whose last reading is over a limit."""
        return [tracked for tracked in self._sensors.values() if tracked.sensor.level != NO_LEVEL]

    def forget(self, sensor_id: str) -> None:
        """A sensor is gone from its source: nothing of it holds any longer."""
        tracked = self._sensors.pop(sensor_id, None)
        if tracked is None:
            return
        self._of_source[tracked.sensor.source].discard(sensor_id)
        self._disown(sensor_id, (datastream.id for datastream in tracked.sensor.datastreams))

    def _remember(self, sensor: Sensor) -> Tracked:
        sensor = self._alike.sensor(sensor)
        known = self._sensors.get(sensor.id)
        if known is None:
            known = self._sensors[sensor.id] = Tracked(sensor)
        else:
            self._of_source[known.sensor.source].discard(sensor.id)
            self._disown(sensor.id, known.describe(sensor))
        self._of_source[sensor.source].add(sensor.id)
        for datastream in sensor.datastreams:
            self._owners[datastream.id] = sensor.id
        return known

    def _disown(self, sensor_id: str, datastreams: Iterable[str]) -> None:
        for datastream in datastreams:
            if self._owners.get(datastream) == sensor_id:
                del self._owners[datastream]

    def _observe(self, tracked: Tracked, observation: Observation) -> None:
        """Each datastream has its own order of time: a lively one must not make the readings of another look late."""
        datastream = tracked.datastreams.get(observation.datastream)
        if datastream is None:
            return
        last_at = tracked.read_at.get(datastream.id)
        if last_at is not None and observation.observed_at < last_at:
            return
        before = tracked.levels.get(datastream.id, NO_LEVEL)
        level = crossed_level(datastream, observation.value, before, self._settings.hysteresis_share)
        tracked.note_level(datastream.id, level, observation.observed_at)
        tracked.values[datastream.id] = observation.value
        tracked.read_at[datastream.id] = observation.observed_at

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


def _stream_of_level(sensor: Sensor) -> str:
    """The datastream that a stored level was reached by: the first that has such a threshold."""
    able = (each.id for each in sensor.datastreams if any(limit.level == sensor.level for limit in each.thresholds))
    return next(able, sensor.datastreams[0].id)
