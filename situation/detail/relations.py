"""What is related to a record and why: the same cause, the same place, the same time. Every row says all three."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely

from situation.detail.warnings import warnings_at
from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.moment import DAY_MS
from situation.panels.cameras import Focus, distances_m
from situation.panels.warnings import ground_of
from situation.records import Alarm, Case, PlacedRecord, Record, WeatherWarning

HERE_M = 60.0
"""Two things nearer than this are at the same place: a junction, an underpass."""

NEARBY_M = 500.0
TOGETHER_MS = 30 * 60_000
"""Two things that began within this of each other did so at the same time."""

ALIKE_MS = 2 * 3_600_000
REPEATED_MS = 30 * DAY_MS
MOST = 12
MOST_MEMBERS = 40


class Reason(StrEnum):
    """Why two things belong together, the strongest first."""

    CAUSE = "cause"
    PLACE = "place"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What others are related to. `at_ms` is when it began, None for what has no beginning (a camera)."""

    key: str
    spot: Focus | None
    at_ms: int | None
    street: str = ""
    sort: str = ""
    """Of a case its subcategory."""

    about: tuple[str, ...] = ()
    """Records, as kind/id, that it says itself it is about."""

    warning: WeatherWarning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A related record. `why` says what the strongest reason means here; `later_s` is how much later it began
    (negative: earlier). Unknown distances and times are None."""

    kind: str
    id: str
    reasons: tuple[Reason, ...]
    why: str
    distance_m: float | None = None
    later_s: float | None = None

    @property
    def key(self) -> str:
        """Kind and id, as records name one another."""
        return f"{self.kind}/{self.id}"


def subject_of(record: Record, spot: Focus | None) -> Subject:
    """A record as something others may be related to."""
    street = record.street_code if isinstance(record, PlacedRecord) else ""
    at_ms, sort = None, ""
    about: tuple[str, ...] = ()
    if isinstance(record, Case):
        at_ms, sort = _known(epoch_ms(record.reported_at or record.registered_at)), record.subcategory
    elif isinstance(record, Alarm):
        at_ms = _known(epoch_ms(record.started_at))
        about = tuple(filter(None, (record.about, *record.members[:MOST_MEMBERS])))
    elif isinstance(record, WeatherWarning):
        at_ms = _known(epoch_ms(record.sent_at))
    return Subject(
        key=f"{record.kind}/{record.id}",
        spot=spot,
        at_ms=at_ms,
        street=street,
        sort=sort,
        about=about,
        warning=record if isinstance(record, WeatherWarning) else None,
    )


def relations(moment: Moment, subject: Subject, most: int = MOST) -> tuple[Relation, ...]:
    """Everything related, the strongest reason first, then the nearest; one row for each record."""
    found: dict[str, Relation] = {}
    for finder in _FINDERS:
        for relation in finder(moment, subject):
            if relation.key != subject.key:
                found[relation.key] = _together(found.get(relation.key), relation)
    return tuple(sorted(found.values(), key=_strength)[:most])


def _together(known: Relation | None, fresh: Relation) -> Relation:
    """Two reasons for the same record make one row; the words are those of the stronger."""
    if known is None:
        return fresh
    order = list(Reason)
    reasons = tuple(sorted({*known.reasons, *fresh.reasons}, key=order.index))
    stronger = known if order.index(known.reasons[0]) <= order.index(fresh.reasons[0]) else fresh
    return replace(
        stronger,
        reasons=reasons,
        distance_m=fresh.distance_m if known.distance_m is None else known.distance_m,
        later_s=fresh.later_s if known.later_s is None else known.later_s,
    )


def _strength(relation: Relation) -> tuple[int, int, float, float]:
    order = list(Reason)
    far = np.inf if relation.distance_m is None else relation.distance_m
    apart = np.inf if relation.later_s is None else abs(relation.later_s)
    return order.index(relation.reasons[0]), -len(relation.reasons), float(far), float(apart)


def _told(_moment: Moment, subject: Subject) -> Iterator[Relation]:
    """What the record itself says it is about."""
    for key in subject.about:
        kind, _, record_id = key.partition("/")
        if record_id:
            yield Relation(kind=kind, id=record_id, reasons=(Reason.CAUSE,), why="about")


def _alarms(moment: Moment, subject: Subject) -> Iterator[Relation]:
    """Alarms about the same thing, at the same place or of the same time."""
    for alarm in moment.live.whole["alarm"].values():
        if not isinstance(alarm, Alarm):
            continue
        distance_m = _distance_m(subject.spot, alarm)
        later_s = _later_s(subject, epoch_ms(alarm.started_at))
        named = {alarm.about, *alarm.members}
        is_about = subject.key in named
        if is_about or (alarm.about and alarm.about in subject.about):
            why = "alarm-about" if is_about else "same-about"
            yield _relation(alarm, Reason.CAUSE, why, distance_m, later_s)
        elif distance_m is not None and distance_m <= HERE_M:
            yield _relation(alarm, Reason.PLACE, "here", distance_m, later_s)
        elif _is_near_and_together(distance_m, later_s):
            yield _relation(alarm, Reason.TIME, "together", distance_m, later_s)


def _warnings(moment: Moment, subject: Subject) -> Iterator[Relation]:
    """Warnings in force where it is."""
    if subject.spot is None:
        return
    for warning in warnings_at(moment, subject.spot):
        later_s = _later_s(subject, epoch_ms(warning.sent_at))
        yield Relation(kind="warning", id=warning.id, reasons=(Reason.PLACE,), why="warned", later_s=later_s)


def _in_ground(moment: Moment, subject: Subject) -> Iterator[Relation]:
    """Of a warning: the alarms active in its ground that began since it was issued."""
    warning = subject.warning
    geometry = None if warning is None else ground_of(moment, warning).geometry
    if geometry is None:
        return
    for _, alarm in moment.active_alarms:
        later_s = _later_s(subject, epoch_ms(alarm.started_at))
        if alarm.lon is None or alarm.lat is None or later_s is None or later_s < 0:
            continue
        if shapely.intersects_xy(geometry, alarm.lon, alarm.lat):
            reasons = (Reason.PLACE, Reason.TIME)
            yield Relation(kind="alarm", id=alarm.id, reasons=reasons, why="in-ground", later_s=later_s)


def _cases(moment: Moment, subject: Subject) -> Iterator[Relation]:
    """Cases at the same place within thirty days, of the same sort in the street, or reported nearby just then."""
    cases = moment.cases
    if not len(cases):
        return
    reported = cases["reported_ms"]
    at_ms = moment.at_ms if subject.at_ms is None else subject.at_ms
    apart_ms = np.where(reported == NO_TIME, np.iinfo(np.int64).max, np.abs(reported - at_ms))
    far = np.full(len(cases), np.inf) if subject.spot is None else _case_distances(moment, subject.spot)
    is_here = (far <= HERE_M) & (apart_ms <= REPEATED_MS)
    is_together = (far <= NEARBY_M) & (apart_ms <= TOGETHER_MS) & (subject.at_ms is not None)
    is_alike = _is_alike(moment, subject) & (apart_ms <= ALIKE_MS)
    rows = np.flatnonzero(is_here | is_together | is_alike)
    nearest_first = rows[np.lexsort((apart_ms[rows], far[rows], ~is_here[rows]))][: 4 * MOST]
    for row in nearest_first.tolist():
        reasons = [
            reason
            for reason, mask in ((Reason.CAUSE, is_alike), (Reason.PLACE, is_here), (Reason.TIME, is_together))
            if mask[row]
        ]
        why = {Reason.CAUSE: "same-sort", Reason.PLACE: "repeated", Reason.TIME: "together"}[reasons[0]]
        yield Relation(
            kind="case",
            id=cases["id"][row],
            reasons=tuple(reasons),
            why=why,
            distance_m=float(far[row]) if np.isfinite(far[row]) else None,
            later_s=_later_s(subject, int(reported[row])),
        )


def _is_alike(moment: Moment, subject: Subject) -> np.ndarray:
    cases, words = moment.cases, moment.live.words
    sort, street = words.find(subject.sort), words.find(subject.street)
    if not subject.sort or not subject.street or subject.at_ms is None or sort is None or street is None:
        return np.zeros(len(cases), dtype=np.bool_)
    return np.asarray((cases["subcategory"] == sort) & (cases["street"] == street))


def _case_distances(moment: Moment, spot: Focus) -> np.ndarray:
    return distances_m(moment.cases["lon"], moment.cases["lat"], spot)


_FINDERS: tuple[Callable[[Moment, Subject], Iterator[Relation]], ...] = (
    _told,
    _alarms,
    _warnings,
    _in_ground,
    _cases,
)


def _relation(
    alarm: Alarm | WeatherWarning, reason: Reason, why: str, distance_m: float | None, later_s: float | None
) -> Relation:
    reasons = [reason]
    if reason is not Reason.PLACE and distance_m is not None and distance_m <= HERE_M:
        reasons.append(Reason.PLACE)
    if reason is not Reason.TIME and later_s is not None and abs(later_s) * 1000 <= TOGETHER_MS:
        reasons.append(Reason.TIME)
    return Relation(
        kind=alarm.kind, id=alarm.id, reasons=tuple(reasons), why=why, distance_m=distance_m, later_s=later_s
    )


def _is_near_and_together(distance_m: float | None, later_s: float | None) -> bool:
    is_near = distance_m is not None and distance_m <= NEARBY_M
    return is_near and later_s is not None and abs(later_s) * 1000 <= TOGETHER_MS


def _distance_m(spot: Focus | None, record: PlacedRecord) -> float | None:
    if spot is None or record.lon is None or record.lat is None:
        return None
    return float(distances_m(np.array([record.lon]), np.array([record.lat]), spot)[0])


def _later_s(subject: Subject, at_ms: int) -> float | None:
    return None if subject.at_ms is None or at_ms == NO_TIME else (at_ms - subject.at_ms) / 1000


def _known(at_ms: int) -> int | None:
    return None if at_ms == NO_TIME else at_ms
