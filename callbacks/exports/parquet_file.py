"""GeoParquet 1.1 (https://geoparquet.org/releases/v1.1.0/): typed columns and a WKB geometry, longitude first (CRS84).

GeoPandas, DuckDB and QGIS read it as it is.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import Any

import shapely

from callbacks.exports.flat import GEOMETRY, Sort, columns, row
from callbacks.exports.table import Export, Item
from situation.records import Area, PlacedRecord, Record

MEDIA_TYPE = "application/vnd.apache.parquet"
PIECE = 256 * 1024


def write(export: Export) -> Iterator[bytes]:
    """The file in pieces; it is written to the disk first, because what is where stands at its end."""
    from pyarrow.parquet import ParquetWriter  # slow to import, and few ask for it

    sorts = columns(export.kind)
    is_placed = export.kind == Area.kind or "lon" in sorts
    schema = _schema(sorts, is_placed)
    with tempfile.TemporaryFile(suffix=".parquet") as file:
        with ParquetWriter(file, schema, compression="zstd") as writer:
            for items in export.pieces:
                writer.write_table(_table(items, sorts, schema, is_placed))
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _schema(sorts: dict[str, Sort], is_placed: bool) -> Any:
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "json": pa.string(),
        "float": pa.float64(),
        "int": pa.int64(),
        "bool": pa.bool_(),
        "time": pa.timestamp("ms", tz="UTC"),
    }
    named = [pa.field(name, kinds[sort]) for name, sort in sorts.items() if name != GEOMETRY]
    if not is_placed:
        return pa.schema(named)
    return pa.schema([*named, pa.field(GEOMETRY, pa.binary())], metadata={"geo": json.dumps(_GEO)})


_GEO = {
    "version": "1.1.0",
    "primary_column": GEOMETRY,
    "columns": {GEOMETRY: {"encoding": "WKB", "geometry_types": []}},
}
"""What a reader of GeoParquet looks for; without a CRS it is CRS84."""


def _table(items: tuple[Item, ...], sorts: dict[str, Sort], schema: Any, is_placed: bool) -> Any:
    import pyarrow as pa

    rows = [row(record, sorts) for _, record in items]
    found = {name: [values[place] for values in rows] for place, name in enumerate(sorts)}
    if is_placed:
        found[GEOMETRY] = [to_wkb(record) for _, record in items]
    return pa.table([pa.array(found[each.name], type=each.type) for each in schema], schema=schema)


def to_wkb(record: Record) -> bytes | None:
    """Where a record is, as well-known binary; None where nobody knows."""
    shape: Any = None
    if isinstance(record, Area):
        shape = shapely.from_geojson(record.geometry, on_invalid="ignore") if record.geometry else None
    elif isinstance(record, PlacedRecord) and record.lon is not None and record.lat is not None:
        shape = shapely.Point(record.lon, record.lat)
    return None if shape is None else bytes(shapely.to_wkb(shape))
