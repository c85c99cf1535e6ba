"""The only place that reads the machine's time: every other module is handed a Clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the city's time (aware UTC) and how many real seconds a stretch of city time takes."""

    def now(self) -> datetime:
        """The city's time now, aware UTC."""
        ...

    def real_s(self, city_s: float) -> float:
        """Real seconds that `city_s` seconds of city time take."""
        ...

    def monotonic(self) -> float:
        """Real seconds from an arbitrary origin, never going back: for cadence and deadlines."""
        ...


@dataclass(frozen=True, slots=True)
class CityClock:
    """A clock that runs `speed` times as fast as the machine's, shared by processes through its three numbers.

    `anchor_real_s` is a Unix time; `anchor_city_s` the city's Unix time at that moment.
    With the defaults it is the machine's own clock.
    """

    anchor_real_s: float = 0.0
    anchor_city_s: float = 0.0
    speed: float = 1.0

    def now(self) -> datetime:
        """The city's time now, aware UTC."""
        elapsed_s = (time.time() - self.anchor_real_s) * self.speed
        return datetime.fromtimestamp(self.anchor_city_s, UTC) + timedelta(seconds=elapsed_s)

    def real_s(self, city_s: float) -> float:
        """Real seconds that `city_s` seconds of city time take."""
        return city_s / self.speed

    def monotonic(self) -> float:
        """Real seconds from an arbitrary origin, never going back."""
        return time.monotonic()

    @classmethod
    def parse(cls, text: str) -> CityClock:
        """Read `REAL,CITY,SPEED` as written by `str()`; raises ValueError."""
        real_s, city_s, speed = (float(part) for part in text.split(","))
        return cls(real_s, city_s, speed)

    def __str__(self) -> str:
        return f"{self.anchor_real_s!r},{self.anchor_city_s!r},{self.speed!r}"


@dataclass(slots=True)
class FakeClock:
    """A clock for tests: stands still until `advance` is called."""

    at: datetime
    monotonic_s: float = 0.0

    def now(self) -> datetime:
        """The time it was last set to."""
        return self.at

    def real_s(self, city_s: float) -> float:
        """City and real seconds are the same in tests."""
        return city_s

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self.monotonic_s

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`."""
        self.at += timedelta(seconds=seconds)
        self.monotonic_s += seconds
