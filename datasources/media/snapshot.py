"""Pictures of cameras for the web process's media proxy: only from configured hosts, bounded in time and size."""

from __future__ import annotations

import re
from urllib.parse import quote

from datasources.contract import SourceDataError, SourceSettings, SourceUnavailable
from datasources.document import address
from datasources.http import HttpClient
from datasources.wvp.client import WvpClient

LARGEST_PICTURE = 4_000_000
_JPEG_BEGINS = b"\xff\xd8\xff"
_REFERENCE = re.compile(r"^[\w.-]{1,64}/[\w.-]{1,64}$")
_PICTURED = frozenset({"wvp"})

_client = HttpClient(byte_cap=LARGEST_PICTURE)


def snapshot(settings: SourceSettings, media_ref: str, timeout_s: float, *, http: HttpClient | None = None) -> bytes:
    """A JPEG of the camera with that reference (`Camera.media`).

    Blocks at most `timeout_s` real seconds. Raises SourceUnavailable, SourceAuthFailed or SourceDataError (no picture).
    """
    if settings.kind not in _PICTURED or not _REFERENCE.match(media_ref) or ".." in media_ref:
        raise SourceDataError("no_picture", f"{settings.kind} source {settings.key} has no pictures")
    client = http or _client
    deadline_s = client.clock.monotonic() + timeout_s
    device, channel = media_ref.split("/")
    headers = WvpClient(settings, client).credentials(deadline_s)
    path = f"api/device/query/snap/{quote(device, safe='')}/{quote(channel, safe='')}"
    reply = client.get(address(settings, path), headers=headers, deadline_s=deadline_s)
    if not reply.body:
        raise SourceUnavailable("no_picture", f"an empty picture of {media_ref}")
    if not reply.body.startswith(_JPEG_BEGINS):
        raise SourceDataError("no_picture", f"not a JPEG of {media_ref}")
    return reply.body
