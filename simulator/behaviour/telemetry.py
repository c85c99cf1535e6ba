"""Readings of sensors: each speaks at its own moments, and is silent while it is offline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from simulator.behaviour.devices import Availability
from simulator.behaviour.fleet import Fleet, Ints
from simulator.behaviour.levels import LEVELS
from simulator.behaviour.noise import Floats, key_of, keys_of, uniform
from simulator.behaviour.sky import Sky
from simulator.model import City, CitySensor, Schedule

Reading = tuple[datetime, float]
SILENT_FOR_S = 86_400.0


class Telemetry:
    """What sensors read, for one or many of them."""

    def __init__(self, city: City, sky: Sky, schedule: Schedule) -> None:
        sensors = city.sensors
        self._index = {sensor.code: index for index, sensor in enumerate(sensors)}
        keys = keys_of(sensor.code for sensor in sensors)
        switches = keys_of(sensor.switch for sensor in sensors)
        self._availability = Availability(city, sky, keys, (switches,), single=0.028, dead=0.001)
        self._phase = uniform(key_of(f"phase {city.seed}"), keys)
        heights = {area.code: area.elevation_m for area in city.areas if area.scheme == "unit_grid"}
        self._row = np.zeros(len(sensors), dtype=np.int64)
        members: dict[str, list[int]] = {}
        for index, sensor in enumerate(sensors):
            of_kind = members.setdefault(sensor.kind, [])
            self._row[index] = len(of_kind)
            of_kind.append(index)
        self._fleets = {
            kind: Fleet.of(
                kind,
                [sensors[i] for i in chosen],
                keys[chosen] + np.uint64(city.seed),
                [heights.get(sensors[i].grid, 3.5) for i in chosen],
                sky,
                schedule,
            )
            for kind, chosen in members.items()
        }

    def readings(self, sensor: CitySensor, quantity_index: int, since: datetime, until: datetime) -> list[Reading]:
        """Readings with since < time <= until, oldest first."""
        quantity = sensor.quantities[quantity_index]
        index = self._index[sensor.code]
        interval = float(quantity.interval_s)
        phase = self._phase[index] * interval
        first = np.floor((since.timestamp() - phase) / interval) + 1
        last = np.floor((until.timestamp() - phase) / interval)
        times = np.round(np.arange(first, last + 1) * interval + phase, 3)
        times = times[(times > since.timestamp()) & (times <= until.timestamp())]
        if not len(times):
            return []
        many = np.full(len(times), index, dtype=np.int64)
        times = times[np.isnan(self._availability.silent_since(many, times))]
        values = self._values(sensor.kind, quantity.observed_property, many[: len(times)], times)
        return [(datetime.fromtimestamp(t, UTC), v) for t, v in zip(times.tolist(), values.tolist(), strict=True)]

    def latest(self, sensors: Sequence[CitySensor], at: datetime) -> list[list[Reading | None]]:
        """Per sensor and quantity its last reading; None when it has been silent for a day."""
        index = np.fromiter((self._index[sensor.code] for sensor in sensors), dtype=np.int64, count=len(sensors))
        result: list[list[Reading | None]] = [[None] * len(sensor.quantities) for sensor in sensors]
        alike: dict[tuple[str, int, str, int], list[int]] = {}
        for position, sensor in enumerate(sensors):
            for number, quantity in enumerate(sensor.quantities):
                group = (sensor.kind, number, quantity.observed_property, quantity.interval_s)
                alike.setdefault(group, []).append(position)
        now_s = at.timestamp()
        silent_since = self._availability.silent_since(index, np.full(len(index), now_s))
        for (kind, number, observed_property, interval), positions in alike.items():
            chosen = index[positions]
            times = self._last_spoken(chosen, silent_since[positions], now_s, float(interval))
            values = self._values(kind, observed_property, chosen, times)
            is_heard = (times > now_s - SILENT_FOR_S).tolist()
            rows = zip(positions, times.tolist(), values.tolist(), is_heard, strict=True)
            for position, time_s, value, heard in rows:
                if heard:
                    result[position][number] = (datetime.fromtimestamp(time_s, UTC), value)
        return result

    def _last_spoken(self, index: Ints, silent_since: Floats, now_s: float, interval: float) -> Floats:
        """The last moment on each sensor's own grid at which it was not silent."""
        phase = self._phase[index] * interval
        end = np.where(np.isnan(silent_since), now_s, silent_since)
        times = np.round(np.floor((end - phase) / interval) * interval + phase, 3)
        for _ in range(3):  # an outage may follow right upon another one
            is_late = ~np.isnan(silent_since)
            if not is_late.any():
                break
            silent_since = np.full(len(index), np.nan)
            silent_since[is_late] = self._availability.silent_since(index[is_late], times[is_late])
            again = np.round(np.floor((silent_since - phase) / interval) * interval + phase, 3)
            times = np.where(np.isnan(silent_since), times, again)
        return times

    def _values(self, kind: str, observed_property: str, index: Ints, times: Floats) -> Floats:
        return LEVELS[kind, observed_property](self._fleets[kind], self._row[index], times)
