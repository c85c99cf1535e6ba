"""Which devices answer: single failures, recorders and street switches that take everything behind them along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from simulator.behaviour.noise import Floats, Keys, happening, key_of, keys_of, uniform
from simulator.behaviour.sky import Sky
from simulator.model import CameraView, City, CityCamera

Ints = NDArray[np.int64]
HOUR = 3600.0
KEEPALIVE_S = 60.0
_DEAD_SINCE_S = 20 * 86_400.0
_STORM_SWITCH_FAILS_S = (18 * 60.0, 112 * 60.0)  # after the storm began: from, to


class Availability:
    """Since when each of a set of devices has been silent."""

    def __init__(self, city: City, sky: Sky, codes: Keys, groups: Sequence[Keys], single: float, dead: float) -> None:
        self._sky = sky
        self._codes = codes
        self._groups = tuple(groups)  # recorder (if any) and switch of every device; the switch comes last
        self._single = single
        self._is_dead = uniform(key_of(f"dead {city.seed}"), codes) < dead
        self._purpose = key_of(f"outage {city.seed}") % (1 << 62)
        self._storm_switch = key_of(_storm_switch(city))

    def silent_since(self, index: Ints, time_s: Floats) -> Floats:
        """Unix time since when each device is silent, NaN while it answers."""
        codes = self._codes[index]
        since = happening(self._purpose, codes, time_s, self._single, (1 * HOUR, 14 * HOUR))
        for place, group in enumerate(self._groups):
            lasts = (0.7 * HOUR, 5 * HOUR)
            since = np.fmin(since, happening(self._purpose + 1 + place, group[index], time_s, 0.02, lasts))
        since = np.where(self._is_dead[index], np.fmin(since, time_s - _DEAD_SINCE_S), since)
        for number, storm in enumerate(self._sky.storms):
            after = time_s - storm.start_s
            if not np.any((after > 0) & (after < 6 * HOUR)):
                continue
            fails, returns = _STORM_SWITCH_FAILS_S
            is_hit = (self._groups[-1][index] == self._storm_switch) & (after >= fails) & (after < returns)
            since = np.where(is_hit, np.fmin(since, storm.start_s + fails), since)
            # Single devices that the storm takes: they fail during it and come back within three hours.
            draw = uniform(self._purpose + 9, codes, number)
            begins = (10 + 170 * uniform(self._purpose + 10, codes, number)) * 60
            ends = begins + (20 + 160 * uniform(self._purpose + 11, codes, number)) * 60
            is_wet = (draw < 0.012) & (after >= begins) & (after < ends)
            since = np.where(is_wet, np.fmin(since, storm.start_s + begins), since)
        return since


def _storm_switch(city: City) -> str:
    """The switch that a storm takes: the fullest one of 月浦镇, of the third street elsewhere."""
    streets = [area for area in city.areas if area.kind == "street"]
    if not streets:
        return ""
    chosen = next((area for area in streets if area.name == "月浦镇"), streets[min(2, len(streets) - 1)])
    counts: dict[str, int] = {}
    for camera in city.cameras:
        if camera.street == chosen.code:
            counts[camera.switch] = counts.get(camera.switch, 0) + 1
    return max(sorted(counts), key=lambda switch: counts[switch], default="")


class Cameras:
    """What the platforms know of cameras."""

    def __init__(self, city: City, sky: Sky) -> None:
        self._index = {camera.code: index for index, camera in enumerate(city.cameras)}
        codes = keys_of(camera.code for camera in city.cameras)
        groups = (
            keys_of(camera.device for camera in city.cameras),
            keys_of(camera.switch for camera in city.cameras),
        )
        self._availability = Availability(city, sky, codes, groups, single=0.05, dead=0.003)
        self._phase = uniform(key_of("keepalive"), codes) * KEEPALIVE_S

    def views(self, cameras: Sequence[CityCamera], at: datetime) -> list[CameraView]:
        """Online, and the time of the last keep-alive."""
        index = np.fromiter((self._index[camera.code] for camera in cameras), dtype=np.int64, count=len(cameras))
        now = np.full(len(index), at.timestamp())
        since = self._availability.silent_since(index, now)
        is_online = np.isnan(since)
        spoke = np.where(is_online, now, since)
        phase = self._phase[index]
        spoke = np.floor((spoke - phase) / KEEPALIVE_S) * KEEPALIVE_S + phase
        return [
            CameraView(is_online=online, keepalive_at=datetime.fromtimestamp(spoke_s, UTC))
            for online, spoke_s in zip(is_online.tolist(), spoke.tolist(), strict=True)
        ]
