"""The `zoneminder` source: monitors of a ZoneMinder, alive while frames are captured (`CaptureFPS`).

`Status` is never asked: a dead camera is `Running` at 0.00 frames a second. When the capture itself has died, the table
keeps its last numbers: rates that stand still to the hundredth are no rates. Two things make them stand in life: until
1.36 they are told once in `FPSReportInterval` frames, and from 1.38 on a monitor may capture only while it is viewed.
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


_NOT_DUE = frozenset({"None", "Ondemand"})
"""`Capturing` (1.38; before, `Function`) of monitors that nobody captures now, and of those captured while viewed."""


def monitors(document: Any, api: Api, crs: str) -> Listed:
    """The monitors of a reply; raises SourceDataError."""
    listed = rows(document.get("monitors"), "monitors")
    found = [row for row in listed if not boolean(_part(row, "Monitor").get("Deleted"))]
    positions = locate([_number(row, "Longitude") for row in found], [_number(row, "Latitude") for row in found], crs)
    return each(list(zip(found, positions, strict=True)), lambda item: _stream(item[0], item[1], api))


def _stream(row: Any, position: Position, api: Api) -> Stream:
    monitor, status = _part(row, "Monitor"), _part(row, "Monitor_Status")
    name = identifier(monitor, "Id")
    fps = number(status.get("CaptureFPS"))
    bandwidth = number(status.get("CaptureBandwidth")) or 0.0
    every_s = _told_every_s(monitor, status, fps)
    is_told = fps is not None and every_s is not None and text(monitor, "Capturing", "Function") not in _NOT_DUE
    return Stream(
        name=name,
        title=text(monitor, "Name", limit=LONGEST_NAME),
        count=fps * 1e12 + bandwidth if fps is not None and is_told else None,
        rate=fps if is_told else None,
        every_s=every_s or 0.0,
        form="ptz" if boolean(monitor.get("Controllable")) else "",
        position=position,
        addresses={
            Transport.SNAPSHOT: api.image({"mode": "single", "monitor": name, "scale": api.options.scale}),
            Transport.MJPEG: api.image(
                {"mode": "jpeg", "monitor": name, "scale": api.options.scale, "maxfps": api.options.max_fps}
            ),
        },
    )


def _told_every_s(monitor: Raw, status: Raw, fps: float | None) -> float | None:
    """How often its rates are told; 0 for often (where they say when: 1.38), None for never."""
    frames = number(monitor.get("FPSReportInterval"))
    if frames is None or "UpdatedOn" in status:
        return 0.0
    if frames <= 0:
        return None
    return frames / fps if fps else 0.0


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

    return make_source(settings, http, MANIFEST, options, ask, drops_dead=False)
