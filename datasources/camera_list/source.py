"""The `camera_list` source: cameras of a plain list with addresses, alive when their picture moves.

A list says where cameras are, not whether they live: a status word in it is believed only where it says `offline`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from datasources.camera_list.options import CameraListOptions
from datasources.contract import Batch, FetchContext, Manifest, Rejection, SourceDataError, SourceSettings
from datasources.fields import newest
from datasources.http import HttpClient
from datasources.mapped import MappedDocuments, build_documents
from datasources.media.addresses import ListedMedia, listed_media, unpack
from datasources.media.looking import Eyes, Looks
from datasources.media.offer import Address, Transport
from datasources.options import read_options
from situation.records import Camera, DeviceState

MANIFEST = Manifest(
    kind="camera_list", records=("camera",), interval_s=60, timeout_s=60, stale_after_s=600, resumes=True
)
LOOKING_SHARE = 0.5
"""Of the time that is left when the list is here."""

MOST_HOSTS_NAMED = 10


@dataclass(slots=True)
class CameraListSource:
    """One list of cameras. `_listed` is what its last reply came to, for when it answers that nothing changed."""

    key: str
    manifest: Manifest
    documents: MappedDocuments
    media: ListedMedia
    options: CameraListOptions
    http: HttpClient
    _listed: Batch | None = field(default=None, repr=False)

    def check(self) -> None:
        """Try the list once."""
        self.documents.check()

    def fetch(self, context: FetchContext) -> Batch:
        """Every camera, with what the last look at it came to; a few are looked at now."""
        cursor = context.cursor if isinstance(context.cursor, Mapping) else {}
        validators = cursor.get("list") if self._listed is not None else None
        batch = self.documents.fetch(replace(context, cursor=validators))
        if batch.not_modified and self._listed is not None:
            batch = self._listed
        self._listed = batch
        listed = [record for record in batch.records if isinstance(record, Camera)]
        looks = Looks(cursor.get("looks"))
        self._look(listed, looks, context.deadline_monotonic_s)
        cameras = [_judged(camera, looks, context.now) for camera in listed]
        return replace(
            batch,
            records=tuple(cameras),
            rejected=(*batch.rejected, *self._foreign(listed)),
            cursor={"list": batch.cursor, "looks": looks.to_cursor()},
            content_at=newest(camera.seen_at for camera in cameras),
        )

    def _look(self, listed: Iterable[Camera], looks: Looks, deadline_s: float) -> None:
        pictured = {camera.id: camera.media for camera in listed if _is_pictured(camera)}
        clock = self.http.clock
        until_s = clock.monotonic() + (deadline_s - clock.monotonic()) * LOOKING_SHARE
        eyes = Eyes(self.http, timedelta(seconds=self.options.still_after_s))

        def where(camera: str) -> Address | None:
            return self.media.still(pictured[camera], until_s)

        looks.look(looks.turn(list(pictured), self.options.sample), where, eyes, until_s)

    def _foreign(self, listed: Iterable[Camera]) -> list[Rejection]:
        """Hosts that the list names and the settings don't, each once: their cameras are listed and never asked."""
        found: dict[str, None] = {}
        for camera in listed:
            for transport, url in _addresses(camera.media).items():
                if not self.media.hosts.admits(transport, url):
                    found.setdefault(_host(url))
        return [Rejection(host, "its host is not in hosts") for host in list(found)[:MOST_HOSTS_NAMED]]


def _is_pictured(camera: Camera) -> bool:
    """Whether a look can tell: it has a picture, and the list itself doesn't say enough."""
    return camera.state is not DeviceState.OFFLINE and f'"{Transport.SNAPSHOT}"' in camera.media


def _judged(camera: Camera, looks: Looks, now: datetime) -> Camera:
    """By its last look; without one, by its last frame where the list tells it: never by a word that says it lives."""
    if camera.state is DeviceState.OFFLINE:
        return camera
    look = looks.of(camera.id, now)
    if _is_pictured(camera) and look.state is not DeviceState.UNKNOWN:
        return replace(camera, state=look.state, seen_at=look.seen_at or camera.seen_at)
    return camera if camera.seen_at else replace(camera, state=DeviceState.UNKNOWN)


def _addresses(media: str) -> Mapping[Transport, str]:
    try:
        return unpack(media)[0] if media else {}
    except SourceDataError:
        return {}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def build(settings: SourceSettings, http: HttpClient) -> CameraListSource:
    """Make the source; raises ValueError for wrong options."""
    documents = build_documents(MANIFEST, CameraListOptions, settings, http)
    return CameraListSource(
        key=settings.key,
        manifest=documents.manifest,
        documents=documents,
        media=listed_media(settings, http),
        options=read_options(CameraListOptions, settings),
        http=http,
    )
