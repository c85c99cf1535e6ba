"""What the demonstration district consists of. All coordinates WGS-84 (lon, lat), all times aware UTC.

`City` is generated once from (adcode, scale, seed) and is the same for the same three, on every machine.
What moves (readings, device states, cases, officers, weather) is a pure function of a City, a `Schedule` and a time:
see `simulator/behaviour/`. Protocols (`simulator/upstreams/`) only read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shapely import LineString, MultiPolygon, Polygon

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityArea:
    """`kind`: district, street, community, grid. `scheme`: administrative, unit_grid, responsibility, police,
    social_governance."""

    code: str
    name: str
    name_en: str
    kind: str
    scheme: str
    parent: str
    shape: Polygon | MultiPolygon
    population: int
    elevation_m: float  # mean; low ground floods first


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A road, river or railway. `kind`: expressway, major_road, minor_road, river, canal, rail, metro."""

    name: str
    kind: str
    shape: LineString
    width_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sited:
    """Anything with a position. `grid` is the 15-digit unit grid code, `street` its street's code."""

    code: str
    name: str
    lon: float
    lat: float
    street: str
    community: str
    grid: str
    address: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPlace(Sited):
    """`kind`: school, hospital, underpass, pumping_station, wharf, metro_station, hazardous_firm, residential, shelter,
    market, sight, park, site."""

    kind: str
    name_en: str
    capacity: int
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityCamera(Sited):
    """`code` is the 20-digit GB/T 28181 code; `platforms` the upstream keys that know it; `switch` the street
    switch it hangs on: cameras of one switch fail together. `facing_deg` is where it looks."""

    platforms: tuple[str, ...]
    device: str  # 20-digit code of its NVR
    switch: str
    ptz_type: int
    facing_deg: float
    is_gcj02: bool  # its device reports GCJ-02
    scene: str  # underpass, road, junction, river, gate, market, wharf, compound, school, park


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a sensor kind measures: one row of the table of sensor kinds. `limits` are (level, value, above)."""

    observed_property: str
    name: str
    unit: str
    interval_s: int
    limits: tuple[tuple[int, float, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySensor(Sited):
    """`kind` names a row of the table of sensor kinds; `upstream` the key of the instance that serves it."""

    kind: str
    name_en: str
    upstream: str
    quantities: tuple[Quantity, ...]
    place: str  # code of the place it stands at, or ""
    switch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityComponent(Sited):
    """A managed component 部件; `code` has 16 digits, `kind` e.g. manhole_rain, lamp, hydrant; `category` its 大类."""

    kind: str
    kind_name: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOfficer(Sited):
    """`role`: grid_officer, inspector, traffic_police, drainage_crew …; the position is the home beat."""

    role: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDepartment:
    """One of the 26 departments."""

    key: str
    name: str
    name_en: str
    phone: str
    duty_officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The whole district, immutable."""

    adcode: str
    name: str
    name_en: str
    seed: int
    scale: int
    outline: Polygon | MultiPolygon
    areas: tuple[CityArea, ...]
    lines: tuple[Line, ...]
    green: tuple[tuple[str, Polygon], ...]
    water: tuple[tuple[str, Polygon | MultiPolygon], ...]
    buildings: tuple[Polygon, ...]
    places: tuple[CityPlace, ...]
    cameras: tuple[CityCamera, ...]
    sensors: tuple[CitySensor, ...]
    components: tuple[CityComponent, ...]
    officers: tuple[CityOfficer, ...]
    departments: tuple[CityDepartment, ...]


class StorylineKind(StrEnum):
    """What can happen to the district."""

    STORM = "storm"
    GAS_LEAK = "gas_leak"
    FIRE = "fire"
    CROWD = "crowd"
    DEPARTMENT_OUTAGE = "department_outage"
    FROZEN_CONTENT = "frozen_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storyline:
    """Something that happens from `start_at`; `target` is a place code or an upstream key where that matters."""

    kind: StorylineKind
    start_at: datetime
    target: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every storyline, past and coming."""

    storylines: tuple[Storyline, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraView:
    """What a platform knows of a camera at a moment. `keepalive_at` stops when it fails."""

    is_online: bool
    keepalive_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTask:
    """One step in the life of a case. `state` is one of reported, accepted, registered, dispatched, in_progress,
    replied, verified, closed, evaluated, rejected, returned, suspended."""

    at: datetime
    state: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityCase:
    """A case as it stands at a moment: `tasks` holds only what has happened by then."""

    number: str
    upstream: str
    category: str  # 大类, Chinese name
    subcategory: str  # 小类, Chinese name
    subcategory_code: str
    is_component: bool
    origin: str  # inspector, hotline, video, public, sensor
    priority: int
    description: str
    address: str
    lon: float
    lat: float
    street: str
    community: str
    grid: str
    department: str
    state: str
    reported_at: datetime
    registered_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    tasks: tuple[CaseTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityWarning:
    """A message of the weather office as of a moment (CAP). `area_codes` 6- or 9-digit; polygon optional."""

    identifier: str
    sender: str
    message_type: str  # Alert, Update, Cancel
    status: str  # Actual, Exercise
    hazard: str  # 暴雨 …
    hazard_en: str
    colour: str  # blue, yellow, orange, red
    sent_at: datetime
    onset_at: datetime
    expires_at: datetime
    references: tuple[str, ...]  # "sender,identifier,sent" triples
    area_names: tuple[str, ...]
    area_codes: tuple[str, ...]
    polygon: tuple[LonLat, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Conditions at a place and moment. Rain is mm in the last hour."""

    at: datetime
    temperature_c: float
    rain_mmph: float
    wind_mps: float
    gust_mps: float
    wind_from_deg: float
    pressure_hpa: float
    visibility_km: float
    humidity_percent: float
    text: str
    text_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerFix:
    """An officer's position at `at`."""

    officer: str
    lon: float
    lat: float
    at: datetime
    speed_mps: float
    heading_deg: float
    on_duty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoAlarm:
    """An alarm that a video platform raised itself. `type`: water, fire, crowd, device_fault."""

    code: str
    camera: str  # code of the camera
    type: str
    at: datetime
    description: str
