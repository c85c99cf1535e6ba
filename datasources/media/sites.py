"""Where cameras stand whose system doesn't know: by the settings, or by a CSV file beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from datasources.contract import SourceDataError
from datasources.coordinates import NOWHERE, Position, locate
from datasources.decode import decode_text
from datasources.fields import number, text
from datasources.formats.tables import read_csv
from datasources.options import Options

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class SiteOptions(Options):
    """Positions in the source's `crs`, by the camera's name in its own system; cameras without are not mapped."""

    places: dict[str, tuple[Longitude, Latitude]] = Field(default_factory=dict)
    """Camera → [longitude, latitude]."""
    places_file: str = ""
    """CSV with columns `id`, `lon`, `lat` and, if wanted, `name` and `address`; `places` win over it."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of one camera besides what its system says."""

    position: Position = NOWHERE
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sites:
    """All that is known, by camera."""

    by_camera: Mapping[str, Site] = field(default_factory=dict)

    def of(self, camera: str) -> Site:
        """What is known of a camera, which may be nothing."""
        return self.by_camera.get(camera, Site())


def read_sites(options: SiteOptions, crs: str) -> Sites:
    """The sites of a source, in WGS-84; raises ValueError for a file that can't be read."""
    rows = _file_rows(options.places_file) if options.places_file else []
    names = [text(row, "id") for row in rows] + list(options.places)
    lons = [number(row.get("lon")) for row in rows] + [lon for lon, _ in options.places.values()]
    lats = [number(row.get("lat")) for row in rows] + [lat for _, lat in options.places.values()]
    said = {text(row, "id"): (text(row, "name", limit=200), text(row, "address", limit=300)) for row in rows}
    positions = zip(names, locate(lons, lats, crs), strict=True)
    return Sites({name: Site(position, *said.get(name, ("", ""))) for name, position in positions if name})


def _file_rows(path: str) -> Sequence[dict[str, str]]:
    try:
        rows = read_csv(decode_text(Path(path).read_bytes()))
    except (OSError, SourceDataError) as error:
        raise ValueError(f"places_file {path!r} can't be read: {error}") from error
    if rows and not {"id", "lon", "lat"} <= rows[0].keys():
        raise ValueError(f"places_file {path!r} needs columns id, lon, lat; it has {', '.join(rows[0])}")
    return rows
