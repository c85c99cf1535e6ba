"""The only place of the simulator that reads the machine's time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class SharedClock:
    """The city's time, shared by processes through three numbers: Unix time `anchor_real_s` is city Unix time
    `anchor_city_s`, and from there the city runs `speed` times as fast. The defaults are the machine's own clock."""

    anchor_real_s: float = 0.0
    anchor_city_s: float = 0.0
    speed: float = 1.0

    def now(self) -> datetime:
        """The city's time now, aware UTC."""
        elapsed_s = (time.time() - self.anchor_real_s) * self.speed
        return datetime.fromtimestamp(self.anchor_city_s, UTC) + timedelta(seconds=elapsed_s)

    @classmethod
    def parse(cls, text: str) -> SharedClock:
        """Read `REAL,CITY,SPEED`; raises ValueError when it is anything else or the speed isn't positive."""
        real_s, city_s, speed = (float(part) for part in text.split(","))
        if not speed > 0:
            raise ValueError(f"speed must be positive: {speed}")
        return cls(real_s, city_s, speed)

    def __str__(self) -> str:
        return f"{self.anchor_real_s!r},{self.anchor_city_s!r},{self.speed!r}"
