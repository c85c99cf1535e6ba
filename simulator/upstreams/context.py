"""What every upstream instance is built from: the city, how it behaves, and the instance's own idea of the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from starlette.requests import Request

from simulator.behaviour import Behaviour
from simulator.model import City, CityDepartment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Upstream:
    """One instance: `now` is its own clock, which a fault may stop or set wrong."""

    key: str
    department: str
    city: City
    behaviour: Behaviour
    now: Callable[[], datetime]

    def url(self, request: Request) -> str:
        """Where this instance lives as the caller addressed it, without a slash at the end."""
        return f"{request.base_url}{self.key}"

    @cached_property
    def departments(self) -> dict[str, CityDepartment]:
        """Departments by key."""
        return {department.key: department for department in self.city.departments}


def local_text(at: datetime) -> str:
    """`2026-11-22 05:14:00`: Shanghai time without a zone, as many Chinese systems write it."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def zoned_text(at: datetime) -> str:
    """`2026-11-22T05:14:00+08:00`."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def epoch_ms(at: datetime) -> int:
    """Epoch milliseconds."""
    return round(at.timestamp() * 1000)
