"""Sources that are one media server: its list of streams, each a camera that lives while its bytes grow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from pydantic import Field

from datasources.contract import Batch, FetchContext, Manifest, Rejection, SourceSettings, configured
from datasources.coordinates import NOWHERE, Position
from datasources.fields import newest
from datasources.http import HttpClient
from datasources.media.addresses import ListedOptions, moved, pack
from datasources.media.counts import Counts
from datasources.media.offer import Transport
from datasources.media.sites import SiteOptions, Sites, read_sites
from situation.records import Camera, DeviceState

LONGEST_NAME = 150


class ServerOptions(ListedOptions, SiteOptions):
    """What every kind of media server can be told."""

    silent_after_s: float = Field(default=20, ge=1)
    """City seconds after which a camera whose bytes don't grow is offline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One stream of a server. `count` grows with its bytes or frames; None where none are due (nobody watches it).

    `rate`: frames per second where they are told; `every_s`: how often `count` is made, where that may be seldom;
    `position` where the server itself knows it.
    """

    name: str
    count: float | None
    rate: float | None = None
    every_s: float = 0.0
    title: str = ""
    form: str = ""
    position: Position = NOWHERE
    codec: str = ""
    addresses: Mapping[Transport, str] = field(default_factory=dict)


Listed = tuple[list[Stream], list[Rejection]]
Ask = Callable[[float], Listed]
"""All streams of a server, asked until that deadline; raises SourceError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSource:
    """One media server, whatever its kind. `drops_dead`: it lists who publishes now; else all that are configured."""

    key: str
    department: str
    manifest: Manifest
    ask: Ask
    sites: Sites
    silent_after: timedelta
    http: HttpClient
    drops_dead: bool = True

    def check(self) -> None:
        """Ask for the list once."""
        self.ask(self.http.clock.monotonic() + self.manifest.timeout_s)

    def fetch(self, context: FetchContext) -> Batch:
        """Every stream, and those that a server of publishers listed before and no longer does, as offline."""
        streams, rejected = self.ask(context.deadline_monotonic_s)
        kept = context.cursor.get("counts") if isinstance(context.cursor, Mapping) else None
        counts = Counts(kept, context.now, max(self.silent_after, timedelta(seconds=1)))
        cameras = {camera.id: camera for camera in (self._camera(stream, counts) for stream in streams)}
        for name, count in counts.vanished() if self.drops_dead else ():
            gone = self._record(Stream(name=name, count=None), count.media, DeviceState.OFFLINE)
            cameras.setdefault(gone.id, gone)
        return Batch(
            records=tuple(cameras.values()),
            complete=frozenset({"camera"}),
            cursor={"counts": counts.to_cursor()},
            rejected=tuple(rejected),
            content_at=newest(camera.seen_at for camera in cameras.values()),
        )

    def _camera(self, stream: Stream, counts: Counts) -> Camera:
        media = pack(stream.addresses, stream.codec)
        state, seen_at = counts.judge(stream.name, stream.count, media, stream.rate, stream.every_s)
        return self._record(stream, media, state, seen_at)

    def _record(self, stream: Stream, media: str, state: DeviceState, seen_at: datetime | None = None) -> Camera:
        site = self.sites.of(stream.name)
        lon, lat = stream.position if site.position == NOWHERE else site.position
        return Camera(
            id=f"{self.key}.{stream.name.strip('/').replace('/', '.')}",
            source=self.key,
            name=site.name or stream.title or stream.name.rpartition("/")[2],
            department=self.department,
            lon=lon,
            lat=lat,
            address=site.address,
            state=state,
            seen_at=seen_at,
            form=stream.form,
            media=media,
        )


def make_source(
    settings: SourceSettings,
    http: HttpClient,
    manifest: Manifest,
    options: ServerOptions,
    ask: Ask,
    *,
    drops_dead: bool = True,
) -> ServerSource:
    """The source of a kind of server; raises ValueError for a places file that can't be read."""
    manifest = configured(manifest, settings)
    return ServerSource(
        key=settings.key,
        department=settings.department,
        manifest=manifest,
        ask=ask,
        sites=read_sites(options, manifest.crs),
        silent_after=timedelta(seconds=options.silent_after_s),
        http=http,
        drops_dead=drops_dead,
    )


def on_port(url: str, port: int, path: str, scheme: str = "") -> str:
    """An address on the same host: other servers of one machine. `path` is quoted already."""
    parts = urlsplit(moved(url, urlsplit(url).hostname or "", {urlsplit(url).port: port}))
    return parts._replace(scheme=scheme or parts.scheme, path=f"/{path.lstrip('/')}", query="", fragment="").geturl()


def below(url: str, path: str) -> str:
    """An address below a source's own."""
    return f"{url.rstrip('/')}/{path.lstrip('/')}"


def quoted(name: str) -> str:
    """A stream's name as part of a path: its slashes stay."""
    return quote(name, safe="/-_.~")
