"""What the settings themselves say of a district, as records: areas, departments, layers of the base map, limits.

The files are read like any source's replies: through the `geojson` and `table` kinds, from disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from datasources.basemap.normalise import normalise as normalise_layer
from datasources.contract import Batch, FetchContext, Source
from datasources.local import LocalClient
from datasources.outlines import OutlineError, outline
from datasources.registry import KINDS
from situation.records import Area, AreaKind, BaseMapLayer, Datastream, Department, Record, Sensor
from situation.settings import AreaFile, LayerFile, Settings, SourceSettings, ThresholdSettings

KEY = "settings"
"""The source of these records; it has no health of its own: the file was right when it was read."""

KINDS_SAID = frozenset({Area.kind, Department.kind, BaseMapLayer.kind})


def settings_batch(settings: Settings, *, has_areas: bool) -> Batch:
    """All records that the settings themselves say. `has_areas`: a source delivers areas, so no outline is needed."""
    areas = read_areas(settings)
    if not areas and not has_areas:
        areas = [own_outline(settings)]
    layers = [read_layer_file(layer) for layer in settings.map.layers]
    records: list[Record] = [*areas, *departments(settings), *layers]
    return Batch(records=tuple(records), complete=KINDS_SAID)


def read_areas(settings: Settings) -> list[Area]:
    """The areas of all files, each with its parents as far as the files know them, up to the district."""
    found = [record for file in settings.areas for record in read_area_file(file, settings).records]
    areas = [record for record in found if isinstance(record, Area)]
    parent_of = {area.code: area.parents[0] for area in areas if area.parents}
    adcode = settings.district.adcode
    return [replace(area, parents=_chain(area, parent_of, adcode)) for area in areas]


def read_area_file(file: AreaFile, settings: Settings) -> Batch:
    """What one file brings; raises SourceDataError."""
    kind = "table" if file.file.lower().endswith(".csv") else "geojson"
    constants: dict[str, Any] = {"scheme": str(file.scheme)}
    if file.level is not None:
        constants["area_kind"] = str(file.level)
    fields = {"id": file.code, "name": file.name, "name_en": file.name_en, "parents": file.parent}
    fields |= {"area_kind": file.kind, "population": file.population}
    options: dict[str, Any] = {"record": "area", "fields": fields, "constants": constants}
    options["values"] = {"area_kind": {word: str(level) for word, level in file.kinds.items()}}
    if kind == "table" and file.encoding:
        options["encoding"] = file.encoding
    source = SourceSettings(
        key=KEY,
        kind=kind,
        url=f"file:{file.file}",
        crs=file.crs,
        timezone=settings.district.timezone,
        options=options,
    )
    client = LocalClient()
    return cast(Source, KINDS[kind].build(source, client)).fetch(FetchContext(now=client.clock.now()))


def read_layer_file(layer: LayerFile) -> BaseMapLayer:
    """One layer of the base map; raises SourceDataError."""
    document = LocalClient().get(f"file:{layer.file}").json()
    return normalise_layer(layer.id, document, key=KEY, department="", crs=layer.crs)


def own_outline(settings: Settings) -> Area:
    """The district itself, drawn by its code; without a shape where nobody has drawn it."""
    district = settings.district
    try:
        geometry = outline(district.adcode).geometry
    except OutlineError:
        geometry = ""
    return Area(
        id=f"administrative/{district.adcode}",
        source=KEY,
        name=district.name,
        name_en=district.name_en,
        area_kind=AreaKind.DISTRICT,
        code=district.adcode,
        geometry=geometry,
    )


def departments(settings: Settings) -> list[Department]:
    """The departments of the settings."""
    return [
        Department(
            id=one.id,
            source=KEY,
            name=one.name,
            department=one.id,
            name_en=one.name_en,
            phone=one.phone,
            duty_officer=one.duty_officer or one.owner,
        )
        for one in settings.departments
    ]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the district, for datastreams to which their source gives none."""

    rows: Sequence[ThresholdSettings] = ()

    def apply(self, batch: Batch) -> Batch:
        """The batch with limits where none were given."""
        if not self.rows or not any(isinstance(record, Sensor) for record in batch.records):
            return batch
        records = tuple(self._limited(each) if isinstance(each, Sensor) else each for each in batch.records)
        return replace(batch, records=records)

    def _limited(self, sensor: Sensor) -> Sensor:
        streams = tuple(self._of(stream, sensor.sensor_kind) for stream in sensor.datastreams)
        return sensor if streams == sensor.datastreams else replace(sensor, datastreams=streams)

    def _of(self, stream: Datastream, sensor_kind: str) -> Datastream:
        if stream.thresholds:
            return stream
        row = next((row for row in self.rows if _fits(row, stream.observed_property, sensor_kind)), None)
        return stream if row is None else replace(stream, thresholds=row.thresholds())


def _fits(row: ThresholdSettings, observed_property: str, sensor_kind: str) -> bool:
    return row.observed_property in ("", observed_property) and row.sensor_kind in ("", sensor_kind)


def _chain(area: Area, parent_of: Mapping[str, str], adcode: str) -> tuple[str, ...]:
    """Codes from the parent up; what names no parent lies in the district."""
    if area.area_kind in (AreaKind.CITY, AreaKind.DISTRICT):
        return area.parents
    chain = list(_walk(area.code, parent_of))
    return tuple(chain) if adcode in chain else (*chain, adcode)


def _walk(code: str, parent_of: Mapping[str, str]) -> Iterable[str]:
    seen = {code}
    while (above := parent_of.get(code)) and above not in seen:
        seen.add(above)
        yield above
        code = above
