"""All sensors by kind, street and standing: what every panel of the scene counts from, so that their sums agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import OFFLINE as DEVICE_OFFLINE
from situation.live.moment import UNKNOWN as DEVICE_UNKNOWN
from situation.live.moment import Mask

NORMAL, ALARM, OFFLINE, UNKNOWN = range(4)
STANDINGS = ("normal", "alarm", "offline", "unknown")
"""Every sensor is in exactly one: unknown before offline before over a limit. The first two are online."""

ELSEWHERE = "elsewhere"
"""Key of the sensors that lie in no street of ours."""

KIND_ORDER = (
    "underpass_water",
    "road_water",
    "river_level",
    "tide_level",
    "manhole_level",
    "manhole_tilt",
    "pump",
    "water_gate",
    "rain_gauge",
    "wind",
    "visibility",
    "methane",
    "smoke",
    "hydrant_pressure",
    "pm25",
    "noise",
    "lift",
    "lamp",
    "crowd_count",
)
"""Kinds that belong together stand together; others follow by name."""

Codes = npt.NDArray[np.int64]
_LEVELS = 4


@dataclass(frozen=True)
class Fleet:
    """The sensors of a moment. Arrays are by row of the sensors' table."""

    moment: Moment

    @cached_property
    def standing(self) -> npt.NDArray[np.uint8]:
        """Index into `STANDINGS` of every sensor."""
        states = self.moment.sensor_states
        is_over = self.moment.live.tables["sensor"]["level"] > 0
        online = np.where(is_over, ALARM, NORMAL)
        return np.select([states == DEVICE_UNKNOWN, states == DEVICE_OFFLINE], [UNKNOWN, OFFLINE], online).astype(
            np.uint8
        )

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds there are."""
        words = self.moment.live.words
        codes = np.unique(self.moment.live.tables["sensor"]["category"]).tolist()
        place = {kind: index for index, kind in enumerate(KIND_ORDER)}
        return tuple(sorted((words.word(code) for code in codes), key=lambda kind: (place.get(kind, len(place)), kind)))

    @cached_property
    def streets(self) -> tuple[str, ...]:
        """Codes of the streets, and `ELSEWHERE` where some sensor lies in none of them."""
        codes = tuple(street.code for street in self.moment.streets)
        is_elsewhere = bool(np.any(self._street_index(len(codes)) == len(codes)))
        return (*codes, ELSEWHERE) if is_elsewhere else codes

    @cached_property
    def kind_of(self) -> Codes:
        """Index into `kinds` of every sensor."""
        lookup = np.zeros(len(self.moment.live.words), dtype=np.int64)
        for index, kind in enumerate(self.kinds):
            lookup[self.moment.live.words.find(kind) or 0] = index
        return lookup[self.moment.live.tables["sensor"]["category"]]

    @cached_property
    def street_of(self) -> Codes:
        """Index into `streets` of every sensor."""
        return self._street_index(len(self.moment.streets))

    def _street_index(self, elsewhere: int) -> Codes:
        lookup = np.full(len(self.moment.live.words), elsewhere, dtype=np.int64)
        for index, street in enumerate(self.moment.streets):
            code = self.moment.live.words.find(street.code)
            if code is not None:
                lookup[code] = index
        return lookup[self.moment.live.tables["sensor"]["street"]]

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many sensors: [kind, street, standing]."""
        shape = (len(self.kinds), len(self.streets), len(STANDINGS))
        flat = (self.kind_of * shape[1] + self.street_of) * shape[2] + self.standing
        return np.bincount(flat, minlength=shape[0] * shape[1] * shape[2]).reshape(shape)

    @cached_property
    def levels(self) -> npt.NDArray[np.int64]:
        """How many of those over a limit are at each level: [kind, street, level 0 … 3] (level 0 is always 0)."""
        shape = (len(self.kinds), len(self.streets), _LEVELS)
        rows = np.flatnonzero(self.standing == ALARM)
        level = np.minimum(self.moment.live.tables["sensor"]["level"][rows], _LEVELS - 1)
        flat = (self.kind_of[rows] * shape[1] + self.street_of[rows]) * shape[2] + level
        return np.bincount(flat, minlength=shape[0] * shape[1] * shape[2]).reshape(shape)

    def of(self, kind: str = "", street: str = "") -> Mask:
        """The sensors of a kind in a street; "" means all."""
        chosen = np.ones(len(self.moment.live.tables["sensor"]), dtype=np.bool_)
        if kind:
            chosen &= self.kind_of == self.kinds.index(kind)
        if street:
            chosen &= self.street_of == self.streets.index(street)
        return chosen
