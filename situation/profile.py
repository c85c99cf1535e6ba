"""What is usual at each hour of the day: the spread of readings of the last days, and today beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

HOURS = 24
BAND = (10.0, 50.0, 90.0)
LEAST = 3
"""Fewer readings than this at an hour tell nothing usual."""

Series = list[float | None]


@dataclass(frozen=True, slots=True)
class Profile:
    """By local hour of day, None where too little is known. `hours`: how many different hours were read at all."""

    low: Series
    median: Series
    high: Series
    today: Series
    days: int
    hours: int


def day_profile(points: Sequence[tuple[int, float]], now: datetime, zone: ZoneInfo) -> Profile:
    """10th, 50th and 90th percentile of readings (epoch ms, value) before today; today's median up to now."""
    nothing: Series = [None] * HOURS
    if not points:
        return Profile(nothing, nothing, nothing, nothing, 0, 0)
    frame = pd.DataFrame(points, columns=["at_ms", "value"])
    local = pd.to_datetime(frame["at_ms"], unit="ms", utc=True).dt.tz_convert(zone)
    frame["hour"], frame["day"] = local.dt.hour, local.dt.date
    is_today = frame["day"] == now.astimezone(zone).date()
    low, median, high = (_by_hour(frame[~is_today], percentile) for percentile in BAND)
    return Profile(
        low=low,
        median=median,
        high=high,
        today=_by_hour(frame[is_today], 50.0, least=1),
        days=int(frame["day"].nunique()),
        hours=int(frame.groupby("day")["hour"].nunique().sum()),
    )


def _by_hour(frame: pd.DataFrame, percentile: float, least: int = LEAST) -> Series:
    found: Series = [None] * HOURS
    for hour, values in frame.groupby("hour")["value"]:
        if len(values) >= least:
            found[int(str(hour))] = round(float(np.percentile(values, percentile)), 4)
    return found
