"""GeoJSON (RFC 7946): the same features as the collection, with what was asked for beside them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from callbacks.encode import GEOJSON_TYPE, to_feature
from callbacks.exports.table import Export

MEDIA_TYPE = GEOJSON_TYPE
FEATURES_AT_ONCE = 200


def write(export: Export) -> Iterator[bytes]:
    """The file in pieces."""
    head = {
        "type": "FeatureCollection",
        "numberMatched": export.total,
        "numberReturned": export.count,
        "timeStamp": export.reader.at,
        "filter": dict(export.filters),
    }
    yield msgspec.json.encode(head)[:-1] + b',"features":['
    waiting: list[bytes] = []
    is_first = True
    for number, record in export.items():
        waiting.append(msgspec.json.encode(to_feature(record, number)))
        if len(waiting) == FEATURES_AT_ONCE:
            yield (b"" if is_first else b",") + b",".join(waiting)
            waiting, is_first = [], False
    if waiting:
        yield (b"" if is_first else b",") + b",".join(waiting)
    yield b"]}"
