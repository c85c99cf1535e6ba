"""Where officers are: they walk their beats in shifts and stand still when off duty."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from simulator.behaviour.noise import Floats, key_of, keys_of, smooth, uniform
from simulator.behaviour.sky import ZONE_S
from simulator.model import City, OfficerFix

FIX_S = 15.0
HOUR = 3600.0
_METRES_PER_DEGREE = 111_195.0
_BEAT_M, _PACE_S = 260.0, 900.0
_ROUND_THE_CLOCK = frozenset({"traffic_police", "drainage_crew", "gas_crew"})
_DAY_SHIFTS_H = ((6.5, 15.0), (13.0, 21.5))
_NIGHT_SHIFTS_H = ((7.0, 19.0), (19.0, 31.0))


class Officers:
    """Positions of everybody on duty."""

    def __init__(self, city: City) -> None:
        self._codes = [officer.code for officer in city.officers]
        self._keys = keys_of(f"{officer.code} {city.seed}" for officer in city.officers)
        self._home = np.array([(officer.lon, officer.lat) for officer in city.officers]).reshape(-1, 2)
        self._per_degree = np.array([np.cos(np.radians(city.outline.centroid.y)), 1.0]) * _METRES_PER_DEGREE
        shift = (uniform(key_of("shift"), self._keys) < 0.5).astype(int)
        around = np.array([officer.role in _ROUND_THE_CLOCK for officer in city.officers], dtype=bool)
        hours = np.where(around[:, None], np.array(_NIGHT_SHIFTS_H)[shift], np.array(_DAY_SHIFTS_H)[shift])
        self._from_s, self._to_s = hours[:, 0] * HOUR, hours[:, 1] * HOUR
        self._phase = uniform(key_of("fix"), self._keys) * FIX_S

    def fixes(self, at: datetime) -> list[OfficerFix]:
        """The last fix of every officer; an officer off duty was last seen at the end of the shift."""
        now_s = np.full(len(self._codes), at.timestamp())
        into_day = (now_s + ZONE_S) % 86_400
        since_shift = (into_day - self._from_s) % 86_400
        length = self._to_s - self._from_s
        on_duty = since_shift < length
        seen_s = np.where(on_duty, now_s, now_s - (since_shift - length))
        seen_s = np.floor((seen_s - self._phase) / FIX_S) * FIX_S + self._phase
        here, before = self._walked(seen_s), self._walked(seen_s - FIX_S)
        step = (here - before) / FIX_S
        speed = np.hypot(step[:, 0], step[:, 1]) * on_duty
        heading = np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360
        lonlat = np.round(self._home + here / self._per_degree, 6).tolist()
        rows = zip(
            self._codes, lonlat, seen_s.tolist(), speed.tolist(), heading.tolist(), on_duty.tolist(), strict=True
        )
        return [
            OfficerFix(
                officer=code,
                lon=lon,
                lat=lat,
                at=datetime.fromtimestamp(round(seen, 3), UTC),
                speed_mps=round(metres, 2),
                heading_deg=round(degrees, 1),
                on_duty=duty,
            )
            for code, (lon, lat), seen, metres, degrees, duty in rows
        ]

    def _walked(self, time_s: Floats) -> Floats:
        """Metres east and north of the middle of the beat."""
        east = smooth(201, self._keys, time_s, _PACE_S)
        north = smooth(202, self._keys, time_s, _PACE_S)
        result: Floats = np.column_stack([east, north]) * _BEAT_M
        return result
