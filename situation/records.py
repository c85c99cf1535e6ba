"""The records: what the city's systems say, in one shape. Times are aware UTC, coordinates WGS-84 (lon, lat).

A record is a frozen dataclass; its `kind` is the name used in the store, the feed, the API and addresses.
`id` is unique within its kind over all sources: two sources that give the same id mean the same thing.
Area codes (`street_code`, `community_code`, `grid_code`) are filled in by the store from the position.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

LonLat = tuple[float, float]


class DeviceState(StrEnum):
    """Whether a device is alive, judged by its frames, keep-alives or readings, never by a status word."""

    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class CaseState(StrEnum):
    """Life of a case (GB/T 30428 workflow). `CASE_STEPS` maps each state onto the seven steps."""

    REPORTED = "reported"  # 上报
    ACCEPTED = "accepted"  # 受理
    REGISTERED = "registered"  # 立案
    DISPATCHED = "dispatched"  # 派遣
    IN_PROGRESS = "in_progress"  # 处置
    REPLIED = "replied"  # 处理反馈
    RETURNED = "returned"  # 回退: back at dispatch
    SUSPENDED = "suspended"  # 挂账
    VERIFIED = "verified"  # 核查
    CLOSED = "closed"  # 结案
    EVALUATED = "evaluated"  # 综合评价
    REJECTED = "rejected"  # 不予立案
    CANCELLED = "cancelled"  # 注销


class CaseStep(StrEnum):
    """The seven steps: 信息收集、案件建立、任务派遣、任务处理、处理反馈、核查结案、综合评价."""

    COLLECT = "collect"
    REGISTER = "register"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    REPLY = "reply"
    CLOSE = "close"
    EVALUATE = "evaluate"


CASE_STEPS: dict[CaseState, CaseStep | None] = {
    CaseState.REPORTED: CaseStep.COLLECT,
    CaseState.ACCEPTED: CaseStep.COLLECT,
    CaseState.REGISTERED: CaseStep.REGISTER,
    CaseState.RETURNED: CaseStep.DISPATCH,
    CaseState.DISPATCHED: CaseStep.DISPATCH,
    CaseState.IN_PROGRESS: CaseStep.HANDLE,
    CaseState.SUSPENDED: CaseStep.HANDLE,
    CaseState.REPLIED: CaseStep.REPLY,
    CaseState.VERIFIED: CaseStep.CLOSE,
    CaseState.CLOSED: CaseStep.EVALUATE,
    CaseState.EVALUATED: CaseStep.EVALUATE,
    CaseState.REJECTED: None,
    CaseState.CANCELLED: None,
}
"""Which step a case in this state waits in; None: it left the workflow without being handled."""

OPEN_STATES = frozenset(
    {
        CaseState.REGISTERED,
        CaseState.DISPATCHED,
        CaseState.RETURNED,
        CaseState.IN_PROGRESS,
        CaseState.SUSPENDED,
        CaseState.REPLIED,
        CaseState.VERIFIED,
    }
)
"""Registered and not closed, cancelled or rejected: what `cases_open` counts."""


class Health(StrEnum):
    """Health of a source; never of a device."""

    STARTING = "starting"
    OK = "ok"
    DEGRADED = "degraded"
    STALE = "stale"
    FROZEN = "frozen"  # answers, but its content no longer moves
    UNAVAILABLE = "unavailable"
    AUTH_FAILED = "auth_failed"
    NOT_CONFIGURED = "not_configured"


class AreaKind(StrEnum):
    """Levels of administrative and management areas, from the city down."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"


class GridScheme(StrEnum):
    """Which division an area belongs to: several lie over each other (多格合一)."""

    ADMINISTRATIVE = "administrative"  # 市区街镇村居
    UNIT_GRID = "unit_grid"  # 单元网格
    RESPONSIBILITY = "responsibility"  # 责任网格
    POLICE = "police"  # 警务网格
    SOCIAL_GOVERNANCE = "social_governance"  # 综治网格


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has. `source` is the key of the source that said it."""

    kind: ClassVar[str] = ""
    id: str
    source: str
    name: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRecord(Record):
    """A record with a position; `lon`/`lat` are None when unknown or implausible (never 0, 0)."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    street_code: str = ""
    community_code: str = ""
    grid_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(PlacedRecord):
    """A video channel; `id` is its 20-digit GB/T 28181 code where it has one, so one camera on two platforms is one."""

    kind: ClassVar[str] = "camera"
    state: DeviceState = DeviceState.UNKNOWN
    seen_at: datetime | None = None  # last frame or keep-alive
    form: str = ""  # dome, fixed, ptz, panorama …
    tags: tuple[str, ...] = ()
    media: str = ""  # how its picture is fetched, opaque outside its source: never leaves the server


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A limit of a datastream: crossed when value >= limit (`above`) or <= limit. `level` 1 (worst) … 3."""

    level: int
    limit: float
    above: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastream:
    """One measured quantity of a sensor (OGC SensorThings Datastream). `interval_s` is how often it should speak."""

    id: str
    name: str = ""
    observed_property: str = ""
    unit: str = ""
    interval_s: float = 300.0
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor(PlacedRecord):
    """A device that measures (OGC SensorThings Thing). State comes from the age of its readings.

    `level` is the worst threshold crossed by its last reading (1 worst … 3), 0 for none.
    `value`/`observed_at` repeat the last reading of its first datastream, None when there was none.
    """

    kind: ClassVar[str] = "sensor"
    sensor_kind: str = ""
    datastreams: tuple[Datastream, ...] = ()
    state: DeviceState = DeviceState.UNKNOWN
    level: int = 0
    value: float | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading. `datastream` is `Datastream.id`. Bulk data: kept in its own table, not a state record."""

    datastream: str
    observed_at: datetime
    value: float


class WarningLevel(StrEnum):
    """Colour of a weather warning: Ⅳ blue … Ⅰ red. UNKNOWN is shown as given and ranked as serious."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaClaim:
    """Where a warning holds: polygons/circles if given, else area codes (6-digit adcode or longer), else a name."""

    name: str = ""
    codes: tuple[str, ...] = ()
    polygons: tuple[tuple[LonLat, ...], ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()  # lon, lat, radius in km


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherWarning(Record):
    """A warning as issued (OASIS CAP 1.2). Active: actual, not expired, not superseded by an Update or Cancel."""

    kind: ClassVar[str] = "warning"
    event: str = ""
    level: WarningLevel = WarningLevel.UNKNOWN
    level_text: str = ""  # as given
    headline: str = ""
    description: str = ""
    instruction: str = ""
    headline_en: str = ""
    sender: str = ""
    is_actual: bool = True  # False: Exercise, Test, Draft, System
    message_type: str = "Alert"
    severity: str = ""
    sent_at: datetime | None = None
    onset_at: datetime | None = None
    expires_at: datetime | None = None
    references: tuple[str, ...] = ()  # identifiers of the messages it replaces
    superseded_by: str = ""
    areas: tuple[AreaClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastStep:
    """One step of a forecast, valid from `at`."""

    at: datetime
    temperature_c: float | None = None
    rain_mm: float | None = None
    wind_mps: float | None = None
    wind_from_deg: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(PlacedRecord):
    """Current conditions (`now`) and a forecast for a place, as issued at `issued_at`."""

    kind: ClassVar[str] = "forecast"
    issued_at: datetime | None = None
    now: ForecastStep | None = None
    steps: tuple[ForecastStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """Something that happened to a case."""

    at: datetime
    state: CaseState
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(PlacedRecord):
    """One problem tracked to closure. Overdue is computed from `due_at`, never stored.

    `category` is the GB/T 30428 大类, `subcategory` the 小类; `is_component` tells 部件 from 事件.
    `priority` 1 … 4; `origin` is where the report came from (inspector, hotline, video, public, sensor, other).
    """

    kind: ClassVar[str] = "case"
    number: str = ""
    state: CaseState = CaseState.REPORTED
    category: str = ""
    subcategory: str = ""
    is_component: bool = False
    origin: str = ""
    priority: int = 3
    description: str = ""
    reported_at: datetime | None = None
    registered_at: datetime | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    events: tuple[CaseEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(PlacedRecord):
    """Raised by a device or a rule now. `about` names the record it is about as `kind/id`.

    Active while `ended_at` is None. `members` are the ids of grouped records; `explanation` says in plain
    words (text key and values, `rule` being the key) why it was raised.
    """

    kind: ClassVar[str] = "alarm"
    rule: str = ""
    priority: int = 3
    value: float | None = None
    unit: str = ""
    limit: float | None = None
    about: str = ""
    members: tuple[str, ...] = ()
    count: int = 1
    explanation: str = ""
    started_at: datetime | None = None
    updated_at: datetime | None = None
    ended_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer(PlacedRecord):
    """A grid officer, inspector or crew with its last position."""

    kind: ClassVar[str] = "officer"
    role: str = ""
    phone: str = ""
    on_duty: bool | None = None
    positioned_at: datetime | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(PlacedRecord):
    """A school, hospital, underpass, pumping station, wharf …; `place_kind` is one of those words."""

    kind: ClassVar[str] = "place"
    place_kind: str = ""
    capacity: float | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedComponent(PlacedRecord):
    """A managed component 部件 (manhole, lamp, hydrant …) with its 16-digit code."""

    kind: ClassVar[str] = "component"
    component_kind: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(Record):
    """A department 责任单位; `id` is the key that other records carry in `department`."""

    kind: ClassVar[str] = "department"
    name_en: str = ""
    phone: str = ""
    duty_officer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Record):
    """An area of one scheme in one span of time. `id` is `scheme/code`; geometry is GeoJSON text (WGS-84)."""

    kind: ClassVar[str] = "area"
    area_kind: AreaKind
    scheme: GridScheme = GridScheme.ADMINISTRATIVE
    code: str
    name_en: str = ""
    parents: tuple[str, ...] = ()  # codes from the parent up
    geometry: str = ""
    population: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMapLayer(Record):
    """A layer of the offline base map (`id`: water, green, rail, expressway, major_road, minor_road, building).

    `geometry` is the text of a GeoJSON FeatureCollection in WGS-84; a feature's `name` is its label.
    """

    kind: ClassVar[str] = "basemap"
    geometry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth(Record):
    """How a source is doing. `id` is the source's key. Ages are computed when shown, never stored.

    `content_at` is the newest time found in its content; `error` is a safe text for screens.
    """

    kind: ClassVar[str] = "source"
    source_kind: str = ""
    state: Health = Health.STARTING
    records: tuple[str, ...] = ()  # kinds it delivers
    interval_s: float = 0.0
    stale_after_s: float = 0.0
    since_at: datetime | None = None  # in this state since
    attempted_at: datetime | None = None
    succeeded_at: datetime | None = None
    content_at: datetime | None = None
    record_count: int = 0
    rejected_count: int = 0  # in the last batch
    rejected_total: int = 0
    failures_total: int = 0
    rejected_samples: tuple[str, ...] = ()  # "id: reason", at most three
    error: str = ""
    latency_s: float | None = None


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
