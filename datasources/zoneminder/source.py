"""The `zoneminder` source: monitors of a ZoneMinder, alive while frames are captured (`CaptureFPS`).

`Status` is never asked: a dead camera is `Running` at 0.00 frames a second. When the capture itself has died, the table
keeps its last numbers: rates that stand still to the hundredth are no rates.
"""

from __future__ import annotations

from typing import Any

from datasources.contract import Manifest, SourceSettings
from datasources.coordinates import Position, locate
from datasources.fields import Raw, boolean, each, identifier, number, rows, text
from datasources.http import HttpClient
from datasources.media.offer import Transport
from datasources.media.server import LONGEST_NAME, Listed, ServerSource, Stream, make_source
from datasources.options import read_options
from datasources.zoneminder.api import Api
from datasources.zoneminder.options import ZoneMinderOptions

MANIFEST = Manifest(
    kind="zoneminder", records=("camera",), interval_s=30, timeout_s=20, stale_after_s=180, resumes=True
)


def monitors(document: Any, api: Api, crs: str) -> Listed:
    """The monitors of a reply; raises SourceDataError."""
    found = rows(document.get("monitors"), "monitors")
    positions = locate([_number(row, "Longitude") for row in found], [_number(row, "Latitude") for row in found], crs)
    return each(list(zip(found, positions, strict=True)), lambda item: _stream(item[0], item[1], api))


def _stream(row: Any, position: Position, api: Api) -> Stream:
    monitor, status = _part(row, "Monitor"), _part(row, "Monitor_Status")
    name = identifier(monitor, "Id")
    fps = number(status.get("CaptureFPS"))
    bandwidth = number(status.get("CaptureBandwidth")) or 0.0
    return Stream(
        name=name,
        title=text(monitor, "Name", limit=LONGEST_NAME),
        count=None if fps is None else fps * 1e12 + bandwidth,
        rate=fps,
        form="ptz" if boolean(monitor.get("Controllable")) else "",
        position=position,
        addresses={
            Transport.SNAPSHOT: api.image({"mode": "single", "monitor": name, "scale": api.options.scale}),
            Transport.MJPEG: api.image(
                {"mode": "jpeg", "monitor": name, "scale": api.options.scale, "maxfps": api.options.max_fps}
            ),
        },
    )


def _part(row: Any, name: str) -> Raw:
    part = row.get(name) if isinstance(row, dict) else None
    return part if isinstance(part, dict) else {}


def _number(row: Any, name: str) -> float | None:
    return number(_part(row, "Monitor").get(name))


def build(settings: SourceSettings, http: HttpClient) -> ServerSource:
    """Make the source; raises ValueError for wrong options."""
    options = read_options(ZoneMinderOptions, settings)
    api = Api(settings.url, options, http)
    token = api.token()
    crs = settings.crs or MANIFEST.crs

    def ask(deadline_s: float) -> Listed:
        if token is None:
            return monitors(api.monitors("", deadline_s), api, crs)
        return monitors(token.use(lambda text: api.monitors(text, deadline_s), deadline_s), api, crs)

    return make_source(settings, http, MANIFEST, options, ask)
