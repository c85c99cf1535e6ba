"""The port: which limits a berth or channel has, and whether it may be used under what is measured there now.

Never open by ignorance: a value that is unknown or old makes the verdict `unknown` unless another one closes it anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

QUANTITIES = ("gust", "visibility", "depth")
"""What is judged: gusts in m/s, visibility in km, depth of water in m (bed below datum plus tide)."""


class Verdict(StrEnum):
    """Whether something may be used. The order is that of a board: worst first."""

    CLOSED = "closed"
    UNKNOWN = "unknown"
    RESTRICTED = "restricted"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Berth:
    """One `[[port.berths]]`: a berth, channel or ferry pier and its limits; a limit that is not given is not judged.

    Closed at gusts of `gust_mps` or more, below `visibility_km`, or with less than `depth_m` of water; restricted from
    `gust_restricted_mps` and below `visibility_restricted_km`. `bed_m` is the depth of the bed below tide datum.
    """

    key: str
    name: str
    lon: float
    lat: float
    name_en: str = ""
    group: str = ""
    group_en: str = ""
    use: str = "berth"
    gust_mps: float | None = None
    gust_restricted_mps: float | None = None
    visibility_km: float | None = None
    visibility_restricted_km: float | None = None
    depth_m: float | None = None
    bed_m: float | None = None
    restriction: str = ""
    restriction_en: str = ""

    def __post_init__(self) -> None:
        if self.use not in USES:
            raise ValueError(f"use must be one of {', '.join(USES)}")
        if self.gust_mps is None and self.visibility_km is None and self.depth_m is None:
            raise ValueError("needs a limit: gust_mps, visibility_km or depth_m")
        if (self.depth_m is None) != (self.bed_m is None):
            raise ValueError("depth_m and bed_m only go together")
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            raise ValueError("lon and lat must be degrees (WGS-84)")
        if _is_reversed(self.gust_restricted_mps, self.gust_mps):
            raise ValueError("gust_restricted_mps must be below gust_mps")
        if _is_reversed(self.visibility_km, self.visibility_restricted_km):
            raise ValueError("visibility_restricted_km must be above visibility_km")


USES = ("berth", "channel", "ferry", "cargo")
"""What something in the port is used for: decides the words of its verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortSettings:
    """`[port]`: the board's rows, and how far (metres) from each a sensor may stand to speak for it."""

    reach_m: float = 3000.0
    berths: tuple[Berth, ...] = ()

    def __post_init__(self) -> None:
        if not 100 <= self.reach_m <= 50_000:
            raise ValueError("reach_m must be between 100 and 50000")
        keys = [berth.key for berth in self.berths]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        if repeated:
            raise ValueError(f"every berth needs a key of its own; given twice: {', '.join(repeated)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """When a quantity closes and when it restricts; `is_ceiling`: by being too high rather than too low."""

    closed: float
    restricted: float | None
    is_ceiling: bool

    def judge(self, value: float | None) -> Verdict:
        """The verdict on one value; None is unknown."""
        if value is None:
            return Verdict.UNKNOWN
        if value >= self.closed if self.is_ceiling else value < self.closed:
            return Verdict.CLOSED
        if self.restricted is None:
            return Verdict.OPEN
        is_restricted = value >= self.restricted if self.is_ceiling else value < self.restricted
        return Verdict.RESTRICTED if is_restricted else Verdict.OPEN


def limits_of(berth: Berth) -> dict[str, Limit]:
    """The quantities that are judged for a berth."""
    limits: dict[str, Limit] = {}
    if berth.gust_mps is not None:
        limits["gust"] = Limit(closed=berth.gust_mps, restricted=berth.gust_restricted_mps, is_ceiling=True)
    if berth.visibility_km is not None:
        limits["visibility"] = Limit(
            closed=berth.visibility_km, restricted=berth.visibility_restricted_km, is_ceiling=False
        )
    if berth.depth_m is not None:
        limits["depth"] = Limit(closed=berth.depth_m, restricted=None, is_ceiling=False)
    return limits


def verdict_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on several quantities: closed by any; else unknown by any; else restricted by any.

    Of nothing at all nobody can say anything.
    """
    found = set(verdicts)
    return next((verdict for verdict in Verdict if verdict in found), Verdict.UNKNOWN)


def judge(berth: Berth, values: Mapping[str, float | None]) -> tuple[Verdict, dict[str, Verdict]]:
    """The verdict on a berth and on each quantity judged; values that are absent or None are unknown."""
    each = {name: limit.judge(values.get(name)) for name, limit in limits_of(berth).items()}
    return verdict_of(each.values()), each


def reopens_at(berth: Berth, expected: Iterable[tuple[datetime, Mapping[str, float | None]]]) -> datetime | None:
    """The first expected time from which on two steps in a row are open; None when nothing foretells it.

    A quantity without an expected value is not foretold, so it keeps the berth from being called open.
    """
    before: datetime | None = None
    for at, values in expected:
        if judge(berth, values)[0] is not Verdict.OPEN:
            before = None
        elif before is not None:
            return before
        else:
            before = at
    return None


def _is_reversed(lower: float | None, upper: float | None) -> bool:
    return lower is not None and upper is not None and lower >= upper
