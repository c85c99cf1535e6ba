"""What can be set, with its defaults and bounds. Durations in seconds of city time unless the name says otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from situation.crs import CrsName
from situation.port import PortSettings
from situation.rules.settings import AlarmSettings
from situation.settings.screens import Screen, is_no_part
from situation.settings.secret import Secret
from situation.store.retention import RetentionPolicy
from situation.video import VideoSettings

Language = Literal["zh", "en"]


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("must be a time zone like Asia/Shanghai") from error
    return name


def _is_web_address(url: str) -> str:
    if url and urlsplit(url).scheme not in {"http", "https", "file"}:
        raise ValueError("must be an address beginning with http:// or https://")
    return url


ZoneName = Annotated[str, AfterValidator(_is_zone)]
Seconds = Annotated[float, Field(gt=0)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
ScreenName = Annotated[Key, AfterValidator(is_no_part)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class District(_Table):
    """`[district]`: who we are. `adcode` is the six-digit code of the district."""

    name: str
    name_en: str = ""
    adcode: str = Field(pattern=r"^\d{6}$")
    timezone: ZoneName = "Asia/Shanghai"
    language: Language = "zh"
    title: str = ""
    title_en: str = ""


class StoreSettings(_Table):
    """`[store]`: empty `url` means an embedded database in the data folder. The address may hold a password."""

    url: Secret = Secret("")


class Retention(_Table):
    """`[retention]`: how long what is kept."""

    raw_hours: float = Field(default=48, ge=2)
    minute_days: float = Field(default=30, ge=1)
    hour_days: float = Field(default=730, ge=30)
    changes_days: float = Field(default=30, ge=1)
    closed_cases_days: float = Field(default=400, ge=31)
    ended_alarms_days: float = Field(default=90, ge=1)
    keyframe_hours: float = Field(default=6, ge=0.25)

    def policy(self) -> RetentionPolicy:
        """As the store wants it."""
        return RetentionPolicy(
            raw=timedelta(hours=self.raw_hours),
            minutes=timedelta(days=self.minute_days),
            hours=timedelta(days=self.hour_days),
            changes=timedelta(days=self.changes_days),
            closed_cases=timedelta(days=self.closed_cases_days),
            ended_alarms=timedelta(days=self.ended_alarms_days),
            keyframe_every=timedelta(hours=self.keyframe_hours),
        )


class Tiles(_Table):
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


class MapSettings(_Table):
    """`[map]`: where it opens; without a centre, on the whole district."""

    center: tuple[Longitude, Latitude] | None = None
    zoom: float | None = Field(default=None, ge=3, le=20)
    tiles: Tiles | None = None


class NumberSettings(_Table):
    """`[numbers]`: targets that numbers are compared with."""

    ontime_target: float = Field(default=0.95, ge=0, le=1)


class PanelSettings(_Table):
    """`[panels]`: `watched_sensor` is a sensor's id; empty: the water sensor nearest its limit."""

    watched_sensor: str = ""


class OfficerSettings(_Table):
    """`[officers]`, in seconds of city time: how long a position is taken for where somebody is now.

    Not below 300: a fix that says the same is only told every two minutes.
    """

    position_lasts_s: float = Field(default=600.0, ge=300)


class FeedSettings(_Table):
    """`[feed]`, in real seconds: shortest time between frames, time between beats."""

    frame_every_s: float = Field(default=0.2, ge=0.05, le=5)
    beat_every_s: float = Field(default=10.0, ge=1, le=20)


class MediaSettings(_Table):
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


class SourceSettings(_Table):
    """One `[[sources]]`: an upstream. Empty numbers mean its kind's own; `options` are its kind's."""

    key: Key
    kind: str
    name: str = ""
    name_en: str = ""
    department: str = ""
    url: Annotated[str, AfterValidator(_is_web_address)] = ""
    crs: CrsName | None = None
    timezone: ZoneName | None = None
    interval_s: Seconds | None = None
    timeout_s: Seconds | None = None
    stale_after_s: Seconds | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class Settings(_Table):
    """A whole district."""

    district: District
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
    screens: dict[ScreenName, Screen] = Field(default_factory=dict)

    @field_validator("sources")
    @classmethod
    def _keys_differ(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        keys = [source.key for source in sources]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        if repeated:
            raise ValueError(f"every source needs a key of its own; given twice: {', '.join(repeated)}")
        return sources

    def source(self, key: str) -> SourceSettings | None:
        """The source with a key, None when there is none."""
        return next((source for source in self.sources if source.key == key), None)
