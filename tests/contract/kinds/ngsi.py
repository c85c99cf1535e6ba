"""An NGSI-LD broker with three places."""

import json
from typing import Any

from examples import Example, Pages


def _entity(own_id: str | None) -> dict[str, Any]:
    entity = {
        "type": "PointOfInterest",
        "name": {"type": "Property", "value": "避难场所"},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [121.48, 31.4]}},
    }
    return entity | ({"id": own_id} if own_id else {})


def _pages(entities: Any) -> Pages:
    return {"/ngsi-ld/v1/entities": json.dumps(entities).encode()}


_IDS = [f"urn:ngsi-ld:PointOfInterest:{number}" for number in range(3)]

EXAMPLE = Example(
    kind="ngsi",
    options={"types": ["PointOfInterest"], "preset": "point_of_interest"},
    pages=_pages([_entity(own_id) for own_id in _IDS]),
    kept=3,
    malformed=_pages([*(_entity(own_id) for own_id in _IDS[:2]), _entity(None)]),
    empty=_pages([]),
    wrong=_pages({"title": "no list"}),
)
