"""The records: what the city's systems say, in one shape. Times are aware UTC, coordinates WGS-84 (lon, lat).

A record is a frozen dataclass; its `kind` is the name used in the store, the feed, the API and addresses.
`id` is unique within its kind over all sources: two sources that give the same id mean the same thing.
Area codes (`street_code`, `community_code`, `grid_code`) are filled in by the store from the position.
"""

from __future__ import annotations

from situation.records.alarms import (
    Alarm,
)
from situation.records.areas import (
    Area,
    AreaKind,
    BaseMapLayer,
    GridScheme,
)
from situation.records.base import (
    LonLat,
    PlacedRecord,
    Record,
)
from situation.records.cases import (
    CASE_STEPS,
    OPEN_STATES,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
)
from situation.records.devices import (
    Camera,
    Datastream,
    DeviceState,
    Observation,
    Sensor,
    Threshold,
)
from situation.records.resources import (
    Department,
    ManagedComponent,
    Officer,
    Place,
)
from situation.records.sources import (
    Health,
    SourceHealth,
)
from situation.records.weather import (
    AreaClaim,
    Conditions,
    Forecast,
    ForecastForm,
    ForecastStep,
    TideTurn,
    WarningLevel,
    WeatherWarning,
)

__all__ = [
    "CASE_STEPS",
    "OPEN_STATES",
    "RECORD_TYPES",
    "Alarm",
    "Area",
    "AreaClaim",
    "AreaKind",
    "BaseMapLayer",
    "Camera",
    "Case",
    "CaseEvent",
    "CaseState",
    "CaseStep",
    "Conditions",
    "Datastream",
    "Department",
    "DeviceState",
    "Forecast",
    "ForecastForm",
    "ForecastStep",
    "GridScheme",
    "Health",
    "LonLat",
    "ManagedComponent",
    "Observation",
    "Officer",
    "Place",
    "PlacedRecord",
    "Record",
    "Sensor",
    "SourceHealth",
    "Threshold",
    "TideTurn",
    "WarningLevel",
    "WeatherWarning",
]

RECORD_TYPES: dict[str, type[Record]] = {
    record_type.kind: record_type
    for record_type in (
        Camera,
        Sensor,
        WeatherWarning,
        Forecast,
        Case,
        Alarm,
        Officer,
        Place,
        ManagedComponent,
        Department,
        Area,
        BaseMapLayer,
        SourceHealth,
    )
}
"""Every kind of state record by its `kind`."""
