"""What a detail page is made of: plain values, read by the callbacks, laid out by the modules beside this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from layouts.telling import Telling
from layouts.text import say
from situation.records import Alarm, Area, Department, Record, SourceHealth, WeatherWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an address names: a record of a kind."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Version:
    """The record as it was from `at` on; None once it was removed."""

    at: datetime
    record: Record | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A mark around the record. `state` is a mark state as on the wire; metres and degrees from north, clockwise."""

    kind: str
    id: str
    number: int
    name: str
    lon: float
    lat: float
    distance_m: float
    bearing_deg: float
    state: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A related record and why. `reasons`: cause, place, time, the strongest first; `why` a text `detail.why.<why>`."""

    record: Record
    reasons: tuple[str, ...]
    why: str
    distance_m: float | None = None
    later_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An open case that waits. `late_s` is negative while there is time left, None without a time limit."""

    id: str
    name: str
    address: str
    late_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of now, None where unknown; of devices (online, offline, all)."""

    cases_open: int | None = None
    cases_overdue: int | None = None
    cases_today: int | None = None
    alarms: int | None = None
    ontime_rate: float | None = None
    cameras: tuple[int, int, int] | None = None
    sensors: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView:
    """An area's numbers, `ranks` as (number, place, of), its children with theirs, and the level to draw it at."""

    counts: Counts
    ranks: tuple[tuple[str, int, int], ...] = ()
    children: tuple[tuple[Area, Counts], ...] = ()
    late: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentView:
    """A department's numbers, and its sources with the state each has now (a panel state)."""

    counts: Counts
    sources: tuple[tuple[SourceHealth, str], ...] = ()
    late: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeView:
    """Share of watched time in which a source was up within a span (`day`, `week`, `month`); None: never watched."""

    span: str
    share: float | None
    watched_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """Why records were `rejected`, or fetches an `error`."""

    sort: str
    reason: str
    count: int
    last_at: datetime
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """The past of a source. Shares are of the last 24 hours; `hours` (since, records|None), the oldest first.

    `uses`: scene and keys of its panels that show what the source delivers. Ages are negative when its clock is ahead.
    """

    uptime: tuple[UptimeView, ...]
    hours: tuple[tuple[datetime, int | None], ...]
    reasons: tuple[ReasonView, ...] = ()
    uses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    error_rate: float | None = None
    rejected_share: float | None = None
    inside_share: float | None = None
    unplaced_share: float | None = None
    ahead: int = 0
    content_ages_s: tuple[float, float] | None = None
    zone_guess_h: float | None = None
    latency_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningView:
    """The messages a warning is one of, what its ground holds (None: no ground known), and the codes of its streets."""

    chain: tuple[WeatherWarning, ...] = ()
    exposure: Mapping[str, int] | None = None
    codes: tuple[str, ...] = ()
    outlines: tuple[tuple[tuple[float, float], ...], ...] = ()


Track = tuple[tuple[datetime, float, float], ...]
"""Positions (time, lon, lat), oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailView:
    """All that a page shows. `raw` is the record as the API shows it: nothing hidden is in it, phones are masked."""

    record: Record
    raw: Mapping[str, Any]
    source: SourceHealth | None
    at: datetime
    language: str
    zone: tzinfo
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of other records it speaks of, by kind/id."""

    path: Sequence[Area] = ()
    """The areas it lies in, the largest first."""

    responsible: Sequence[Area] = ()
    """Small areas of other schemes it lies in: who else answers here."""

    versions: Sequence[Version] = ()
    """Its changes as far as they are kept, newest first."""

    around: Sequence[Neighbour] = ()
    related: Sequence[Related] = ()
    about: Record | None = None
    """What an alarm is about, as it is now."""

    name_en: str = ""
    """Its English name where the record itself has none (alarms named after streets)."""

    department: Department | None = None
    contact: str = ""
    """The department's telephone, masked."""

    area: AreaView | None = None
    agency: DepartmentView | None = None
    warning: WarningView | None = None
    track: Track = ()
    past: SourceView | None = None
    """The past of a source; None of other records, and when nothing was noted yet."""

    @property
    def area_names(self) -> dict[str, str]:
        """Names of the areas it lies in, by code."""
        return {area.code: area_name(area, self.language) for area in self.path}

    @property
    def title(self) -> str:
        """Its name in the page's language."""
        name = self.name_en if self.language == "en" and self.name_en else ""
        if isinstance(self.record, Alarm):
            return alarm_name(self.record, self.language, name)
        return name or record_name(self.record, self.language)

    def telling(self) -> Telling:
        """How its facts are put into words."""
        return Telling(
            language=self.language,
            zone=self.zone,
            at=self.at,
            raw=self.raw,
            area_names=self.area_names,
            names=self.names,
        )


def area_name(area: Area, language: str) -> str:
    """An area in a language, its code where it has no name."""
    return (area.name_en if language == "en" and area.name_en else area.name) or area.code


COUNTING_RULES = frozenset({"camera_outage", "case_surge", "source_silent", "source_frozen", "network_silent"})
"""Rules whose alarms bear the name of an area, a department or nobody: only the count says what happened."""


def alarm_name(alarm: Alarm, language: str, name: str = "") -> str:
    """An alarm in a language; `name` is what it is named after there, where that differs."""
    if alarm.rule in COUNTING_RULES and alarm.value is not None:
        return say(language, f"rule.{alarm.rule}", name=name or alarm.name, value=f"{alarm.value:g}").strip()
    return name or alarm.name or alarm.id


def record_name(record: Record, language: str) -> str:
    """A record in a language: the name it has there, its own, else its id."""
    if isinstance(record, Alarm):
        return alarm_name(record, language)
    if language == "en":
        english = {"area": "name_en", "department": "name_en", "warning": "headline_en", "source": "name_en"}.get(
            record.kind
        )
        if english is not None and getattr(record, english):
            return str(getattr(record, english))
    return record.name or record.id
