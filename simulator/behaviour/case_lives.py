"""The life of every case of a day: when it passes which state. Columns of Unix times, NaN where it never does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.behaviour.case_arrivals import Arrivals
from simulator.behaviour.case_categories import CATEGORIES
from simulator.behaviour.noise import Floats
from simulator.behaviour.sky import ZONE_S

HOUR, MINUTE = 3600.0, 60.0
STATES = (
    "reported",
    "accepted",
    "rejected",
    "registered",
    "dispatched",
    "returned",
    "dispatched",
    "in_progress",
    "suspended",
    "in_progress",
    "replied",
    "verified",
    "closed",
    "evaluated",
)
"""The state of each column of `Lives.times_s`; time never goes back from one column to the next."""

_LATE, _LATE_IN_STORM = 0.026, 0.10
_REJECTED, _RETURNED, _SUSPENDED = 0.035, 0.04, 0.012


@dataclass(frozen=True, slots=True)
class Lives:
    """`times_s` is (cases, states); `due_s` is NaN for rejected cases."""

    times_s: Floats
    due_s: Floats


def lives(arrivals: Arrivals, rng: np.random.Generator) -> Lives:
    """Draw everything that will ever happen to the cases of a day."""
    count = len(arrivals.reported_s)
    limit = np.array([category.limit_h for category in CATEGORIES])[arrivals.category] * HOUR
    # Urgent cases are passed on faster at every step.
    haste = np.clip(np.sqrt(limit / (24 * HOUR)), 0.25, 1.0)

    def after(low_min: float, high_min: float) -> Floats:
        result: Floats = np.ceil(haste * MINUTE * (low_min + (high_min - low_min) * rng.uniform(size=count) ** 1.6))
        return result

    accepted = arrivals.reported_s + np.where(arrivals.origin == "inspector", after(1, 8), after(2, 22))
    is_rejected = (rng.uniform(size=count) < _REJECTED) & ~arrivals.from_storm
    registered = accepted + after(2, 18)
    due = registered + limit
    dispatched = registered + after(2, 30)
    is_returned = (rng.uniform(size=count) < _RETURNED) & (limit >= 24 * HOUR)
    returned = np.where(is_returned, dispatched + after(25, 100), np.nan)
    again = np.where(is_returned, returned + after(6, 40), np.nan)
    begun = np.fmax(dispatched, again) + after(5, 60)
    is_suspended = (rng.uniform(size=count) < _SUSPENDED) & (limit >= 72 * HOUR)
    pause = np.where(is_suspended, rng.uniform(48, 120, count) * HOUR, 0.0)
    suspended = np.where(is_suspended, begun + after(60, 300), np.nan)
    due = due + pause
    closed = np.maximum(
        _closed(arrivals, registered + pause, limit, rng), np.fmax(begun, suspended + pause) + 0.12 * limit
    )
    verified = closed - np.minimum(after(4, 45), 0.03 * limit)
    replied = verified - np.minimum(after(10, 100), 0.06 * limit)
    evaluated = closed + rng.uniform(0.2, 3.0, count) * 24 * HOUR
    columns = np.stack(
        [
            arrivals.reported_s,
            accepted,
            np.where(is_rejected, accepted + after(2, 30), np.nan),
            registered,
            dispatched,
            returned,
            again,
            begun,
            suspended,
            suspended + np.where(is_suspended, pause, np.nan),
            replied,
            verified,
            closed,
            evaluated,
        ],
        axis=1,
    )
    columns[is_rejected, 3:] = np.nan
    return Lives(np.floor(columns), np.floor(np.where(is_rejected, np.nan, due)))


def _closed(arrivals: Arrivals, from_s: Floats, limit: Floats, rng: np.random.Generator) -> Floats:
    """About 96 of 100 in time; crews prefer to finish by day when the limit lets them."""
    count = len(from_s)
    part = 0.05 + 0.90 * rng.beta(2.7, 1.5, count)
    closed = from_s + part * limit
    hour = (closed + ZONE_S) / HOUR % 24
    is_night = ((hour < 7) | (hour >= 21)) & (limit >= 24 * HOUR)
    back = np.where(hour < 7, hour + 3, hour - 21) * HOUR + rng.uniform(0, 4.5, count) * HOUR
    closed = np.where(is_night & (closed - back > from_s + 0.1 * limit), closed - back, closed)
    is_late = rng.uniform(size=count) < np.where(arrivals.from_storm, _LATE_IN_STORM, _LATE)
    late = np.minimum(rng.exponential(0.8, count) * limit + 3.0 * HOUR, 72 * HOUR)
    result: Floats = np.where(is_late, from_s + limit + late, closed)
    return result
