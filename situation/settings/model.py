"""What can be set, with its defaults and bounds. Durations in seconds of city time unless the name says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator

from situation.crs import CrsName
from situation.port import PortSettings
from situation.rules.settings import AlarmSettings
from situation.settings.district import AreaFile, DepartmentSettings, District, LayerFile, ThresholdSettings
from situation.settings.kinds import Address, Key, Latitude, Longitude, Seconds, Table, ZoneName
from situation.settings.screens import Screen, is_no_part
from situation.settings.secret import Secret
from situation.settings.shares import ShareSettings
from situation.store import StoreError
from situation.store.engine import parse_url
from situation.store.retention import RetentionPolicy
from situation.video import VideoSettings

ScreenName = Annotated[Key, AfterValidator(is_no_part)]


def _is_store(url: Secret) -> Secret:
    if url:
        try:
            parse_url(url.reveal())
        except StoreError as error:
            raise ValueError(str(error)) from error
    return url


class StoreSettings(Table):
    """`[store]`: empty `url` means an embedded database in the data folder. The address may hold a password."""

    url: Annotated[Secret, AfterValidator(_is_store)] = Secret("")


LONGEST_DAYS = 36_500


class Retention(Table):
    """`[retention]`: how long what is kept."""

    raw_hours: float = Field(default=48, ge=2, le=LONGEST_DAYS * 24)
    minute_days: float = Field(default=30, ge=1, le=LONGEST_DAYS)
    hour_days: float = Field(default=730, ge=30, le=LONGEST_DAYS)
    changes_days: float = Field(default=30, ge=1, le=LONGEST_DAYS)
    closed_cases_days: float = Field(default=400, ge=31, le=LONGEST_DAYS)
    ended_alarms_days: float = Field(default=90, ge=1, le=LONGEST_DAYS)
    source_days: float = Field(default=90, ge=31, le=LONGEST_DAYS)
    keyframe_hours: float = Field(default=6, ge=0.25, le=LONGEST_DAYS * 24)

    def policy(self) -> RetentionPolicy:
        """As the store wants it."""
        return RetentionPolicy(
            raw=timedelta(hours=self.raw_hours),
            minutes=timedelta(days=self.minute_days),
            hours=timedelta(days=self.hour_days),
            changes=timedelta(days=self.changes_days),
            closed_cases=timedelta(days=self.closed_cases_days),
            ended_alarms=timedelta(days=self.ended_alarms_days),
            source_hours=timedelta(days=self.source_days),
            keyframe_every=timedelta(hours=self.keyframe_hours),
        )


class Tiles(Table):
    """`[map.tiles]`: a raster or vector base map besides our own. XYZ has a `url`, archives have a `path`."""

    kind: Literal["xyz", "pmtiles", "mbtiles"]
    url: str = ""
    path: str = ""
    crs: Literal["wgs84", "gcj02"] = "wgs84"
    attribution: str = ""

    @model_validator(mode="after")
    def _has_its_place(self) -> Tiles:
        if self.kind == "xyz" and not all(part in self.url for part in ("{z}", "{x}", "{y}")):
            raise ValueError("kind xyz needs a url with {z}, {x} and {y}")
        if self.kind != "xyz" and not self.path:
            raise ValueError(f"kind {self.kind} needs the path of a local file")
        return self


class MapSettings(Table):
    """`[map]`: where it opens; without a centre, on the whole district."""

    center: tuple[Longitude, Latitude] | None = None
    zoom: float | None = Field(default=None, ge=3, le=20)
    tiles: Tiles | None = None
    layers: tuple[LayerFile, ...] = ()


class NumberSettings(Table):
    """`[numbers]`: targets that numbers are compared with."""

    ontime_target: float = Field(default=0.95, ge=0, le=1)


class PanelSettings(Table):
    """`[panels]`: `watched_sensor` is a sensor's id; empty: the water sensor nearest its limit."""

    watched_sensor: str = ""


class OfficerSettings(Table):
    """`[officers]`, in seconds of city time: how long a position is taken for where somebody is now.

    Not below 300: a fix that says the same is only told every two minutes.
    """

    position_lasts_s: float = Field(default=600.0, ge=300)


class FeedSettings(Table):
    """`[feed]`, in real seconds: shortest time between frames, time between beats."""

    frame_every_s: float = Field(default=0.2, ge=0.05, le=5)
    beat_every_s: float = Field(default=10.0, ge=1, le=20)


class MediaSettings(Table):
    """`[media]`, in real seconds: how camera pictures are fetched for the browser.

    `live_per_page`: at most so many tiles of a page play, the others show refreshing pictures.
    `conversions`: at most so many cameras (RTSP, H.265) are converted at once; 0 switches ffmpeg off.
    """

    cache_s: float = Field(default=1.0, ge=0, le=60)
    timeout_s: float = Field(default=5.0, gt=0, le=60)
    fetches_at_once: int = Field(default=8, ge=1, le=64)
    largest_bytes: int = Field(default=4_000_000, ge=10_000)
    live_per_page: int = Field(default=4, ge=0, le=16)
    conversions: int = Field(default=4, ge=0, le=64)


SCHEMES = ("http", "https", "file", "sftp", "mqtt", "mqtts", "sqlite", "postgresql", "mysql", "mariadb")
"""How addresses of upstreams begin; for databases, before the `+` that names a driver."""


def _is_address(url: str) -> str:
    if url and urlsplit(url).scheme.partition("+")[0] not in SCHEMES:
        raise ValueError(f"must be an address beginning with {'://, '.join(SCHEMES)}://")
    return url


class SourceSettings(Table):
    """One `[[sources]]`: an upstream. Empty numbers mean its kind's own; `options` are its kind's.

    `owner`, `phone` and `description` are for the catalogue; `promise_s` is how old (city seconds) its department
    promises its content to be at most.
    """

    key: Key
    kind: str
    name: str = ""
    name_en: str = ""
    department: str = ""
    owner: str = Field(default="", max_length=80)
    phone: str = Field(default="", max_length=40)
    description: str = Field(default="", max_length=400)
    promise_s: Seconds | None = None
    url: Annotated[Address, AfterValidator(_is_address)] = ""
    crs: CrsName | None = None
    timezone: ZoneName | None = None
    interval_s: Seconds | None = None
    timeout_s: Seconds | None = None
    stale_after_s: Seconds | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class Settings(Table):
    """A whole district."""

    district: District
    areas: tuple[AreaFile, ...] = ()
    departments: tuple[DepartmentSettings, ...] = ()
    thresholds: tuple[ThresholdSettings, ...] = ()
    store: StoreSettings = StoreSettings()
    retention: Retention = Retention()
    map: MapSettings = MapSettings()
    numbers: NumberSettings = NumberSettings()
    alarms: AlarmSettings = AlarmSettings()
    panels: PanelSettings = PanelSettings()
    officers: OfficerSettings = OfficerSettings()
    feed: FeedSettings = FeedSettings()
    media: MediaSettings = MediaSettings()
    video: VideoSettings = VideoSettings()
    port: PortSettings = PortSettings()
    sources: tuple[SourceSettings, ...] = ()
    shares: tuple[ShareSettings, ...] = ()
    screens: dict[ScreenName, Screen] = Field(default_factory=dict)

    @field_validator("sources")
    @classmethod
    def _keys_differ(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        _all_differ("source", "a key", [source.key for source in sources])
        return sources

    @field_validator("shares")
    @classmethod
    def _shares_differ(cls, shares: tuple[ShareSettings, ...]) -> tuple[ShareSettings, ...]:
        _all_differ("share", "a key", [share.key for share in shares])
        if len({share.token for share in shares}) < len(shares):
            raise ValueError("every share needs a token of its own: it says who asks")
        return shares

    @field_validator("departments")
    @classmethod
    def _ids_differ(cls, departments: tuple[DepartmentSettings, ...]) -> tuple[DepartmentSettings, ...]:
        _all_differ("department", "an id", [department.id for department in departments])
        return departments

    def source(self, key: str) -> SourceSettings | None:
        """The source with a key, None when there is none."""
        return next((source for source in self.sources if source.key == key), None)

    def named_departments(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every department that a source delivers for or a share is limited to, with the place of its name."""
        for place, source in enumerate(self.sources):
            if source.department:
                yield ("sources", place, "department"), source.department
        for place, share in enumerate(self.shares):
            for number, department in enumerate(share.departments):
                yield ("shares", place, "departments", number), department

    def files(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Every file that the settings name, with the place of its name."""
        named: list[tuple[tuple[str | int, ...], str]] = [
            (("areas", place, "file"), area.file) for place, area in enumerate(self.areas)
        ]
        named += [(("map", "layers", place, "file"), layer.file) for place, layer in enumerate(self.map.layers)]
        return (
            *named,
            *((("map", "tiles", "path"), tiles.path) for tiles in (self.map.tiles,) if tiles and tiles.path),
        )


def _all_differ(what: str, name: str, given: list[str]) -> None:
    repeated = sorted({each for each in given if given.count(each) > 1})
    if repeated:
        raise ValueError(f"every {what} needs {name} of its own; given twice: {', '.join(repeated)}")
