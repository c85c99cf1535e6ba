"""Which kinds of record rows can become, and what is particular to each."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasources.fields import newest
from datasources.mapping.alarms import finish_alarm
from datasources.mapping.areas import finish_area, with_ancestors
from datasources.mapping.cameras import finish_camera
from datasources.mapping.cases import finish_case
from datasources.mapping.sensors import finish_sensor, merge_sensors
from datasources.mapping.spec import Finish, Row, Settle, Spec
from datasources.mapping.warnings import finish_warning, settle_warnings
from situation.records import (
    Alarm,
    Area,
    Camera,
    Case,
    Department,
    ManagedComponent,
    Officer,
    Place,
    PlacedRecord,
    Record,
    Sensor,
    WeatherWarning,
)

_GB28181_CODE = re.compile(r"\d{20}")
"""A camera's own on every platform, so that one camera on two of them is one."""

_GIVEN_OTHERWISE = frozenset({"source", "id", "lon", "lat"})
_BY_POSITION = frozenset({"street_code", "community_code", "grid_code"})
"""The store finds these from the position; a column of that name is believed only when the mapping says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappableKind:
    """What is particular to one kind of record.

    `own` are fields that its `finish` reads itself, `besides` names in `fields` that are no fields of the record,
    `never` fields that no row can say. `prefixed`: ids are only their source's own, so that two departments' number 17
    are two things, but for those of the shape `shared_ids`. `times`: the fields that tell how new its content is.
    """

    record_type: type[Record]
    finish: Callable[[Spec], Finish]
    settle: Settle | None = None
    prefixed: bool = True
    shared_ids: re.Pattern[str] | None = None
    own: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    times: tuple[str, ...] = ()

    @property
    def is_placed(self) -> bool:
        """Whether its records have a position."""
        return issubclass(self.record_type, PlacedRecord)

    def annotations(self) -> dict[str, str]:
        """Its fields that rows can say, with their types."""
        left_out = self.never | {"source"}
        return {each.name: str(each.type) for each in dataclasses.fields(self.record_type) if each.name not in left_out}

    def known(self) -> frozenset[str]:
        """Every name that options may use."""
        both = frozenset({"position"}) if self.is_placed else frozenset()
        return frozenset(self.annotations()) | self.besides | both

    def plain(self, mapped: Iterable[str]) -> dict[str, str]:
        """Fields that one value of a row fills, with their types."""
        passed_over = _GIVEN_OTHERWISE | self.own | (_BY_POSITION - set(mapped))
        return {name: kind for name, kind in self.annotations().items() if name not in passed_over}

    def newest_at(self, records: Iterable[Record]) -> datetime | None:
        """The newest time in the content of records."""
        return newest(getattr(record, name) for record in records for name in self.times)


def _as_it_is(record_type: type[Record]) -> Callable[[Spec], Finish]:
    is_placed = issubclass(record_type, PlacedRecord)

    def finish(row: Row, given: dict[str, Any]) -> Record:
        if is_placed:
            given["lon"], given["lat"] = row.position
        return record_type(id=row.id, **given)

    return lambda _: finish


_KINDS = (
    MappableKind(
        record_type=Alarm,
        finish=finish_alarm,
        never=frozenset({"members", "acknowledged_at", "acknowledged_by"}),
        times=("updated_at",),
    ),
    MappableKind(
        record_type=Area, finish=finish_area, settle=with_ancestors, prefixed=False, never=frozenset({"geometry"})
    ),
    MappableKind(
        record_type=Camera,
        finish=finish_camera,
        shared_ids=_GB28181_CODE,
        never=frozenset({"media"}),
        times=("seen_at",),
    ),
    MappableKind(
        record_type=Case,
        finish=finish_case,
        own=frozenset({"state", "state_text"}),
        never=frozenset({"events"}),
        times=("updated_at", "reported_at"),
    ),
    MappableKind(record_type=Department, finish=_as_it_is(Department), prefixed=False),
    MappableKind(record_type=ManagedComponent, finish=_as_it_is(ManagedComponent), prefixed=False),
    MappableKind(record_type=Officer, finish=_as_it_is(Officer), times=("positioned_at",)),
    MappableKind(record_type=Place, finish=_as_it_is(Place)),
    MappableKind(
        record_type=Sensor,
        finish=finish_sensor,
        settle=merge_sensors,
        own=frozenset({"value", "observed_at"}),
        never=frozenset({"datastreams", "state", "level"}),
        times=("observed_at",),
    ),
    MappableKind(
        record_type=WeatherWarning,
        finish=finish_warning,
        settle=settle_warnings,
        own=frozenset({"level", "is_actual", "references"}),
        besides=frozenset({"area_name", "area_codes", "polygon"}),
        never=frozenset({"areas", "superseded_by"}),
        times=("sent_at",),
    ),
)
MAPPABLE: Mapping[str, MappableKind] = {kind.record_type.kind: kind for kind in _KINDS}
"""By the name of the record, as `record` says it."""
