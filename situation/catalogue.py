"""What is known of the past of the sources, summed up for whoever asks how trustworthy they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, Protocol

from situation.store.sources import SourceHour, hour_of

Span = Literal["day", "week", "month"]
SPANS: dict[Span, timedelta] = {"day": timedelta(hours=24), "week": timedelta(days=7), "month": timedelta(days=30)}
HOURS = 24

ZONE_STEP_S = 900.0
ZONE_LEAST_S = 3600.0
ZONE_MOST_S = 14 * 3600.0
ZONE_SLACK_S = 120.0


@dataclass(frozen=True, slots=True)
class Uptime:
    """Share of the watched time in which a source could be taken for the present; None when it was never watched."""

    share: float | None = None
    watched_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One source. `day` sums up the last 24 hours; `hours` are those, None where nothing was noted."""

    source: str
    since: datetime | None = None  # as far back as its history reaches, within 30 days
    uptime: Mapping[Span, Uptime] = field(default_factory=lambda: MappingProxyType({}))
    day: SourceHour
    hours: tuple[SourceHour | None, ...] = ()

    @property
    def error_rate(self) -> float | None:
        """Share of the day's fetches that failed; None without any."""
        return self.day.failures / self.day.fetches if self.day.fetches else None

    @property
    def rejected_share(self) -> float | None:
        """Share of the day's records that could not be used; None when nothing came."""
        everything = self.day.records + self.day.observations + self.day.rejected
        return self.day.rejected / everything if everything else None

    @property
    def unplaced_share(self) -> float | None:
        """Share of the day's records without a position; None for kinds that have none."""
        everything = self.day.positioned + self.day.unpositioned
        return self.day.unpositioned / everything if everything else None

    @property
    def inside_share(self) -> float | None:
        """Share of the day's positions that lie in the district; None without positions."""
        return 1 - self.day.outside / self.day.positioned if self.day.positioned else None

    @property
    def zone_guess_h(self) -> float | None:
        """Hours by which its times look shifted as by a wrong time zone; None when they don't.

        Positive: its clock is behind. Whole quarters of an hour only, held for all of the day.
        """
        least, most = self.day.content_age_least_s, self.day.content_age_most_s
        if least is None or most is None or not ZONE_LEAST_S - ZONE_SLACK_S <= abs(least) <= ZONE_MOST_S:
            return None
        step_s = round(least / ZONE_STEP_S) * ZONE_STEP_S
        is_steady = abs(most - least) <= ZONE_STEP_S
        return step_s / 3600 if is_steady and abs(least - step_s) <= ZONE_SLACK_S else None


class Hours(Protocol):
    """The past as it is kept: `Store.source_history`."""

    def hours(self, since: datetime, until: datetime, source: str = "") -> list[SourceHour]:
        """The hours in a span."""
        ...

    def totals(self, since: datetime, until: datetime) -> list[SourceHour]:
        """One row for each source: the sum of its hours, `hour` being the first."""
        ...


def read_pasts(history: Hours, now: datetime) -> dict[str, Past]:
    """The past of every source that has one, by key. Blocking: four queries."""
    until = now + timedelta(hours=1)
    sums = {span: {each.source: each for each in history.totals(now - back, until)} for span, back in SPANS.items()}
    by_source: dict[str, dict[int, SourceHour]] = {}
    for hour in history.hours(now - timedelta(hours=HOURS - 1), until):
        by_source.setdefault(hour.source, {})[hour.hour] = hour
    last = hour_of(now)
    return {
        source: Past(
            source=source,
            since=month.at,
            uptime={span: uptime_of(sums[span].get(source)) for span in SPANS},
            day=sums["day"].get(source) or SourceHour(source=source, hour=last),
            hours=tuple(by_source.get(source, {}).get(hour) for hour in range(last - HOURS + 1, last + 1)),
        )
        for source, month in sums["month"].items()
    }


def uptime_of(total: SourceHour | None) -> Uptime:
    """The uptime of some hours together."""
    if total is None or total.watched_s <= 0:
        return Uptime()
    return Uptime(min(1.0, total.up_s / total.watched_s), total.watched_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that needs a look and is no source. `what` is a text `sources.need.<what>` with its `argument`."""

    id: str
    name: str
    what: str
    argument: str | int
    error: str = ""
    since: datetime | None = None


class SourceBook:
    """The pasts and notices as last read; kept by the web process, read by panels. Replaced as a whole."""

    def __init__(self) -> None:
        self.pasts: Mapping[str, Past] = MappingProxyType({})
        self.notices: tuple[Notice, ...] = ()
        self.read_at: datetime | None = None

    def take(self, pasts: Iterable[Past], at: datetime, notices: Iterable[Notice] = ()) -> None:
        """Keep what was read."""
        self.notices = tuple(notices)
        self.pasts = MappingProxyType({past.source: past for past in pasts})
        self.read_at = at
