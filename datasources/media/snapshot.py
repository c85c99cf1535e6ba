"""Pictures of cameras for the web process's media proxy: only from configured hosts, bounded in time and size."""

from __future__ import annotations

from datasources.contract import SourceDataError, SourceSettings, SourceUnavailable
from datasources.http import HttpClient
from datasources.media.offer import CameraMedia

LARGEST_PICTURE = 4_000_000
_JPEG_BEGINS = b"\xff\xd8\xff"

_client = HttpClient(byte_cap=LARGEST_PICTURE)


def snapshot(
    settings: SourceSettings,
    media_ref: str,
    timeout_s: float,
    *,
    http: HttpClient | None = None,
    media: CameraMedia | None = None,
) -> bytes:
    """A JPEG of the camera with that reference (`Camera.media`); `media` is the source's own, where it is kept.

    Blocks at most `timeout_s` real seconds. Raises SourceUnavailable, SourceAuthFailed or SourceDataError (no picture).
    """
    client = http or _client
    deadline_s = client.clock.monotonic() + timeout_s
    return picture(media or media_of(settings, client), client, media_ref, deadline_s)


def media_of(settings: SourceSettings, http: HttpClient) -> CameraMedia:
    """How the cameras of a source are looked at; raises SourceDataError when its kind has none."""
    from datasources.registry import KINDS  # which imports every kind, and they import this package

    kind = KINDS.get(settings.kind)
    if kind is None or kind.media is None:
        raise SourceDataError("no_picture", f"{settings.kind} source {settings.key} has no pictures")
    return kind.media(settings, http)


def picture(media: CameraMedia, http: HttpClient, media_ref: str, deadline_s: float) -> bytes:
    """The JPEG of a camera; raises SourceError, also for what only says that it is one."""
    where = media.still(media_ref, deadline_s)
    if where is None:
        raise SourceDataError("not_offered", "the camera has no still picture")
    reply = http.get(where.url, headers=where.headers, login=where.login, deadline_s=deadline_s)
    if not reply.body:
        raise SourceUnavailable("no_picture", "an empty picture")
    if not is_jpeg(reply.body):
        raise SourceDataError("no_picture", "not a JPEG")
    return reply.body


def is_jpeg(body: bytes) -> bool:
    """Whether bytes begin as a JPEG does, whatever the header said of them."""
    return body.startswith(_JPEG_BEGINS)
