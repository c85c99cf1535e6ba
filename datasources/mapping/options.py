"""The options that say how rows become records: a mix-in for the options of every kind of source that has rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from datasources.coordinates import Bounds
from datasources.mapping.paths import check_path
from datasources.media.offer import Transport
from datasources.options import Options, OptionTable
from situation.projection import SHANGHAI, Plane

Positive = Annotated[float, Field(gt=0)]


class PlaneOptions(OptionTable):
    """`[sources.options.plane]`: a city's own transverse Mercator plane, in metres, on the CGCS2000 ellipsoid.

    Defaults are Shanghai's as far as they are known. `fields.lon` is the easting, `fields.lat` the northing.
    """

    origin_lon: float = Field(default=SHANGHAI.origin_lon, ge=-180, le=180)
    origin_lat: float = Field(default=SHANGHAI.origin_lat, ge=-89, le=89)
    false_easting_m: float = SHANGHAI.false_easting_m
    false_northing_m: float = SHANGHAI.false_northing_m
    scale: float = Field(default=SHANGHAI.scale, gt=0.9, lt=1.1)

    def plane(self) -> Plane:
        """The plane itself."""
        return Plane(**self.model_dump())


class ThresholdOptions(OptionTable):
    """One limit of a measured quantity: `level` 1 (worst) … 3, crossed at `limit` and beyond."""

    level: Literal[1, 2, 3]
    limit: float
    above: bool = True
    label: str = ""


class ReadingOptions(OptionTable):
    """`[sources.options.readings.<name>]`: one measured quantity of a sensor.

    `value` says where it stands in a row. Where one row is one reading, `is` is how the row names this quantity
    (default: `<name>`). `scale` turns theirs into `unit` (0.01 for cm to m).
    """

    value: str = ""
    observed_at: str = ""

    _paths = field_validator("value", "observed_at")(check_path)

    named: str = Field(default="", alias="is")
    name: str = ""
    observed_property: str = ""
    unit: str = ""
    interval_s: Positive = 300.0
    scale: float = 1.0
    thresholds: tuple[ThresholdOptions, ...] = ()


class StepOptions(OptionTable):
    """`[sources.options.steps]`: where a case tells its dispatch chain: the list, and in each step its time, state
    (looked up like the case's own), who and what.
    """

    rows: str = Field(min_length=1)
    at: str = Field(min_length=1)
    state: str = Field(min_length=1)
    actor: str = ""
    note: str = ""

    _paths = field_validator("rows", "at", "state", "actor", "note")(check_path)


class MappingOptions(Options):
    """How rows become records of one kind.

    `fields`: our field → their column, dotted path or JMESPath expression; a field without an entry is looked for
    under its own name. `constants`: our field → what it is where a row says nothing. `values`: our field → {theirs →
    ours}; `"*"` stands for every value the table does not have, which otherwise stays as given. `scale`: our number →
    what theirs is multiplied by. `id_prefix` (default: the source's key and a dot for ids that are only its own).
    """

    record: str = "place"
    fields: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Any] = Field(default_factory=dict)
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)
    scale: dict[str, float] = Field(default_factory=dict)
    id_prefix: str | None = None
    time_format: str = ""
    """How zone-less or odd times are written, as `strptime` codes (`%d.%m.%Y %H:%M`); else they are recognised."""
    position_order: Literal["lon-lat", "lat-lon"] = "lon-lat"
    """Of `fields.position` and of polygons given as text or lists; GeoJSON is always lon before lat."""
    bounds: Bounds | None = None
    """West, south, east, north of the district: a pair that lies near it only when swapped is turned round."""
    plane: PlaneOptions | None = None
    media: dict[Transport, str] = Field(default_factory=dict)
    """Cameras: transport → where its address stands in a row; relative ones are below `url`."""
    alive_for_s: Positive | None = None
    """Cameras: online while `seen_at` is no older; else their state is what `state` says."""
    active_for_s: Annotated[float, Field(ge=0)] | None = None
    """Alarms without an end: over after so long; 0 for events that are over as they are told."""
    readings: dict[str, ReadingOptions] = Field(default_factory=dict)
    reading_name: str = ""
    """Sensors where one row is one reading: where the row says which quantity it is of."""
    steps: StepOptions | None = None

    _reading_name = field_validator("reading_name")(check_path)
