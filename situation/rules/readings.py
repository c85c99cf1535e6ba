"""Judges sensors by their readings: alive or silent, and which limit is crossed (with hysteresis)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from situation.records import Datastream, DeviceState, Observation, Sensor
from situation.rules.alike import Alike
from situation.rules.places import Place
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
class Read:
    """What was read last of a datastream, the level it is at, and since when it has been at each level or beyond."""

    value: float | None = None
    at: datetime | None = None
    level: int = NO_LEVEL
    since: tuple[tuple[int, datetime], ...] = ()

    def take(self, value: float, level: int, at: datetime) -> None:
        """Take over a reading and the level it comes to."""
        if level != NO_LEVEL or self.since:
            known = dict(self.since)
            self.since = tuple((each, known.get(each, at)) for each in LEVELS if NO_LEVEL != level <= each)
        self.value, self.level, self.at = value, level, at


@dataclass(slots=True)
class Tracked:
    """What is known of one sensor: the record as last told to the store, and what was read of its datastreams."""

    sensor: Sensor
    reads: tuple[Read, ...]
    """One of each datastream, in their order."""

    place: Place | None = None

    @classmethod
    def new(cls, sensor: Sensor) -> Tracked:
        """A sensor of which nothing was read yet."""
        return cls(sensor, tuple(Read() for _ in sensor.datastreams))

    @property
    def observed_at(self) -> datetime | None:
        """Time of the newest reading of any datastream, None when there was none."""
        if len(self.reads) == 1:  # nearly all, many times a second
            return self.reads[0].at
        return max((read.at for read in self.reads if read.at is not None), default=None)

    def of(self, datastream_id: str) -> tuple[Datastream, Read] | None:
        """A datastream and what was read of it, None when it is another sensor's."""
        pairs = zip(self.sensor.datastreams, self.reads, strict=True)
        return next((pair for pair in pairs if pair[0].id == datastream_id), None)

    def worst(self) -> tuple[Datastream, Read] | None:
        """The datastream with the worst level; the first when none is crossed, None where there is none at all."""
        if len(self.reads) == 1:
            return self.sensor.datastreams[0], self.reads[0]
        pairs = list(zip(self.sensor.datastreams, self.reads, strict=True))
        crossed = [pair for pair in pairs if pair[1].level != NO_LEVEL]
        if crossed:
            return min(crossed, key=lambda pair: (pair[1].level, pair[0].id))
        return pairs[0] if pairs else None

    def since_at(self) -> datetime | None:
        """The first known reading of the unbroken run at the worst level or beyond, None when none was read yet."""
        worst = self.worst()
        return dict(worst[1].since).get(worst[1].level) if worst else None

    def describe(self, sensor: Sensor) -> set[str]:
        """Take over a sensor's new description, its judgement kept; returns the datastreams that it no longer has."""
        past = self.sensor
        known = {each.id: read for each, read in zip(past.datastreams, self.reads, strict=True)}
        self.sensor = replace(
            sensor, state=past.state, level=past.level, value=past.value, observed_at=past.observed_at
        )
        self.reads = tuple(known.pop(each.id, Read()) for each in sensor.datastreams)
        return set(known)


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
        first = tracked.reads[0]
        first.value, first.at = sensor.value, sensor.observed_at
        tracked.reads[_place_of_level(sensor)].level = sensor.level

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
        return [tracked for tracked in self._sensors.values() if tracked.sensor.level != NO_LEVEL and tracked.reads]

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
            known = self._sensors[sensor.id] = Tracked.new(sensor)
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
        found = tracked.of(observation.datastream)
        if found is None:
            return
        datastream, read = found
        if read.at is None or observation.observed_at >= read.at:
            level = crossed_level(datastream, observation.value, read.level, self._settings.hysteresis_share)
            read.take(observation.value, level, observation.observed_at)

    def _judge(self, tracked: Tracked) -> bool:
        """Bring the sensor's record up to date; tells whether its state or level changed."""
        observed_at, worst = tracked.observed_at, tracked.worst()
        state = self._state(tracked, observed_at)
        level = worst[1].level if worst else NO_LEVEL
        if (state, level) == (tracked.sensor.state, tracked.sensor.level):
            return False
        tracked.sensor = replace(
            tracked.sensor,
            state=state,
            level=level,
            value=worst[1].value if worst else None,
            observed_at=observed_at,
        )
        return True

    def _state(self, tracked: Tracked, observed_at: datetime | None) -> DeviceState:
        """Silence is measured against the source's last delivery: a dead source does not make its sensors dead."""
        if observed_at is None:
            return DeviceState.UNKNOWN
        interval_s = max((d.interval_s for d in tracked.sensor.datastreams), default=0.0)
        limit_s = max(self._settings.silent_intervals * interval_s, self._settings.silent_least_s)
        delivered_at = self._delivered_at.get(tracked.sensor.source)
        if delivered_at is None:
            return tracked.sensor.state
        is_silent = delivered_at - observed_at > timedelta(seconds=limit_s)
        return DeviceState.OFFLINE if is_silent else DeviceState.ONLINE


def _place_of_level(sensor: Sensor) -> int:
    """Which datastream a stored level was reached by: the first that has such a threshold."""
    able = (any(limit.level == sensor.level for limit in each.thresholds) for each in sensor.datastreams)
    return next((place for place, is_able in enumerate(able) if is_able), 0)
