"""What the live situation knows about a record: its areas, its neighbours, its relations, its numbers. Milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layouts.details.view import AreaView, Counts, DepartmentView, Late, Neighbour, WarningView
from situation import detail
from situation.live import Moment
from situation.panels.alarms import english_name
from situation.records import Alarm, Area, AreaKind, Department, PlacedRecord, Record, WeatherWarning

AROUND_M = 500.0
AROUND = {"camera": 8, "officer": 8, "sensor": 12, "place": 8, "case": 20, "alarm": 8}
"""How many of each kind are shown around a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen in one moment."""

    name_en: str = ""
    path: tuple[Area, ...] = ()
    responsible: tuple[Area, ...] = ()
    around: tuple[Neighbour, ...] = ()
    relations: tuple[detail.Relation, ...] = ()
    area: AreaView | None = None
    agency: DepartmentView | None = None
    warning: WarningView | None = None


def look(moment: Moment, record: Record) -> Seen:
    """Everything about a record, in the feed's own thread."""
    if isinstance(record, Area):
        return Seen(path=detail.path_of(moment, (record.code, *record.parents)), area=_area(moment, record))
    if isinstance(record, Department):
        return Seen(agency=_department(moment, record))
    spot = detail.spot_of(record)
    seen_warning = _warning(moment, record) if isinstance(record, WeatherWarning) else None
    return Seen(
        name_en=english_name(moment, record) if isinstance(record, Alarm) else "",
        path=_path(moment, record),
        responsible=() if spot is None else detail.covering(moment, spot.lon, spot.lat),
        around=() if spot is None else tuple(_around(moment, record)),
        relations=detail.relations(moment, detail.subject_of(record, spot)),
        warning=seen_warning,
    )


def _path(moment: Moment, record: Record) -> tuple[Area, ...]:
    if not isinstance(record, PlacedRecord):
        return ()
    codes = (record.street_code, record.community_code, record.grid_code)
    above = [parent for code in codes for parent in moment.area_index.parents(code)]
    return detail.path_of(moment, (*codes, *above))


def _around(moment: Moment, record: Record) -> Sequence[Neighbour]:
    spot = detail.spot_of(record)
    if spot is None:
        return ()
    found = [each for kind, most in AROUND.items() for each in detail.near(moment, kind, spot, AROUND_M, most)]
    return [
        Neighbour(
            kind=each.kind,
            id=each.id,
            number=each.number,
            name=each.name,
            lon=each.lon,
            lat=each.lat,
            distance_m=each.distance_m,
            bearing_deg=each.bearing_deg,
            state=each.state,
        )
        for each in found
    ]


def _area(moment: Moment, area: Area) -> AreaView:
    children = detail.children_of(moment, area)
    peers = detail.siblings_of(moment, area)
    own = detail.area_numbers(moment, [area])[0]
    ranks = detail.ranks(detail.area_numbers(moment, peers), area.code) if _is_ranked(area) else ()
    late = detail.most_urgent(moment, detail.area_cases(moment, area))
    return AreaView(
        counts=_counts(own),
        ranks=tuple((rank.number, rank.place, rank.of) for rank in ranks),
        children=tuple((row.area, _counts(row)) for row in detail.area_numbers(moment, children)),
        late=_late(late),
    )


def _is_ranked(area: Area) -> bool:
    return area.area_kind not in (AreaKind.CITY, AreaKind.DISTRICT)


def _department(moment: Moment, department: Department) -> DepartmentView:
    numbers = detail.department_numbers(moment, department.id)
    late = detail.most_urgent(moment, detail.department_cases(moment, department.id))
    return DepartmentView(
        counts=_counts(numbers),
        sources=tuple((source, state.value) for source, state in numbers.sources),
        late=_late(late),
    )


def _counts(numbers: detail.AreaNumbers | detail.DepartmentNumbers) -> Counts:
    return Counts(
        cases_open=numbers.cases_open,
        cases_overdue=numbers.cases_overdue,
        cases_today=numbers.cases_today,
        alarms=numbers.alarms,
        ontime_rate=numbers.ontime_rate if isinstance(numbers, detail.DepartmentNumbers) else None,
        cameras=numbers.cameras,
        sensors=numbers.sensors,
    )


def _late(urgent: Sequence[detail.Urgent]) -> tuple[Late, ...]:
    return tuple(Late(id=each.id, name=each.name, address=each.address, late_s=each.late_s) for each in urgent)


def _warning(moment: Moment, warning: WeatherWarning) -> WarningView:
    ground = detail.ground_of_warning(moment, warning)
    return WarningView(
        chain=detail.chain_of(moment, warning),
        exposure=ground.exposure,
        codes=ground.codes,
        outlines=ground.outlines,
    )
