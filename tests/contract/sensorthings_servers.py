"""Two SensorThings servers as they really answer: what each refuses and how its rows look was recorded from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fake_upstream import Faulty, Upstream

Query = Mapping[str, str]
COUNT = 3
PROPERTIES = ("PM2.5", "积水深度")


def _value(thing: int, part: int) -> float:
    return thing * 10.0 + part


def _list(rows: list[Any], **more: Any) -> bytes:
    return json.dumps({"value": rows, **more}).encode()


class Django:
    """django-ogc-sensorthings 1.2: UUIDs; 422 over 100; 500 for phenomenonTime; 404 for nested options; wrong joins."""

    def __init__(self, upstream: Upstream) -> None:
        upstream.pages.update(
            {
                "/v1.1/Things": self.things,
                "/v1.1/Datastreams": self.streams,
                "/v1.1/ObservedProperties": self.properties,
                "/v1.1/Observations": self.observations,
            }
        )

    def refusal(self, query: Query) -> Faulty | None:
        text = " ".join(query.values())
        if int(query.get("$top", "100")) > 100:
            return Faulty(422, b'{"detail": [{"type": "less_than_equal"}]}')
        if "phenomenonTime desc" in text or "phenomenonTime asc" in text:
            return Faulty(500, b'{"detail": "Internal server error"}')
        if "Datastreams($expand=" in text and "$top" in text:
            return Faulty(404, b'{"detail": "Not found"}')
        return None

    def things(self, query: Query) -> bytes | Faulty:
        rows = [
            {
                "@iot.id": f"thing-{n}",
                "name": f"传感器{n}",
                "Locations": [{"location": {"type": "Point", "coordinates": [121.4 + n / 100, 31.4]}}],
                "Datastreams": [self._stream(n, part) for part in range(2)],
            }
            for n in range(COUNT)
        ]
        return self.refusal(query) or _list(rows)

    def streams(self, query: Query) -> bytes | Faulty:
        rows = [
            self._stream(n, part)
            | {"Thing": {"@iot.id": "thing-0"}}
            | {"Observations": [self._reading(n, part)], "Observations@iot.nextLink": "…/Datastreams?$expand=…$skip=1"}
            for n in range(COUNT)
            for part in range(2)
        ]
        if query.get("$skip"):
            return _list([])  # a full last page is followed by an empty one
        following = (
            "http://internal.example/sensorthings/v1.1/Datastreams?$expand=Observations($orderby=resultTime desc)"
        )
        return self.refusal(query) or _list(rows, **{"@iot.nextLink": f"{following}&$skip=100"})

    def properties(self, query: Query) -> bytes | Faulty:
        rows = [
            {"@iot.id": name, "name": name, "Datastreams": [{"@iot.id": f"{n}-{part}"} for n in range(COUNT)]}
            for part, name in enumerate(PROPERTIES)
        ]
        return self.refusal(query) or _list(rows)

    def observations(self, query: Query) -> bytes | Faulty:
        if query.get("$resultFormat") != "dataArray":
            rows = [self._reading(n, 0) | {"Datastream": {"@iot.id": "0-0"}} for n in range(COUNT)]
            return self.refusal(query) or _list(rows)
        groups = [
            {
                "Datastream@iot.navigationLink": f"http://internal.example/v1.1/Datastreams('{n}-{part}')",
                "components": ["id", "phenomenonTime", "result", "resultTime", "validTime"],
                "dataArray": [[f"o{n}{part}", "2026-08-09T05:59:00+00:00", _value(n, part), None, None]],
            }
            for n in range(COUNT)
            for part in range(2)
        ]
        return self.refusal(query) or _list(groups)

    def _stream(self, n: int, part: int) -> dict[str, Any]:
        return {
            "@iot.id": f"{n}-{part}",
            "name": f"{PROPERTIES[part]} @ {n}",
            "unitOfMeasurement": {"symbol": ("ug/m3", "cm")[part]},
            "ObservedProperty": {"@iot.id": PROPERTIES[0], "name": PROPERTIES[0]},
        }

    def _reading(self, n: int, part: int) -> dict[str, Any]:
        at = "2026-08-09T05:58:00+00:00"
        return {"@iot.id": f"r{n}{part}", "phenomenonTime": at, "result": _value(n, part), "resultTime": at}


class Istsos:
    """istSOS4: integer ids, Z, null for absent fields, encoded next links, nested ones of their own, no `contains`."""

    def __init__(self, upstream: Upstream, page: int = 2) -> None:
        self.page = page
        self.url = upstream.url
        upstream.pages.update({"/v1.1/Things": self.things, "/v1.1/Observations": self.observations})
        upstream.pages["/v1.1/Datastreams"] = self.streams

    def refusal(self, query: Query) -> Faulty | None:
        if "contains(" in " ".join(query.values()):
            return Faulty(400, b'{"code":400,"type":"error","message":"Invalid query"}')
        return None

    def things(self, query: Query) -> bytes | Faulty:
        skip = int(query.get("$skip", "0"))
        rows = [
            {
                "@iot.id": n,
                "name": f"传感器{n}",
                "description": None,
                "properties": None,
                "Locations": [{"@iot.id": n, "location": {"type": "Point", "coordinates": [121.4 + n / 100, 31.4]}}],
                "Datastreams": [self._stream(n, part) for part in range(2)],
                "HistoricalLocations": None,
            }
            for n in range(1, COUNT + 1)
        ][skip : skip + self.page]
        following = f"{self.url}/v1.1/Things?%24expand=Locations%2CDatastreams&%24top={self.page}"
        more = {"@iot.nextLink": f"{following}&%24skip={skip + self.page}"} if skip + self.page < COUNT else {}
        return self.refusal(query) or _list(rows, **more)

    def streams(self, query: Query) -> bytes | Faulty:
        rows = [{"@iot.id": n * 10 + part, "Thing": {"@iot.id": n}} for n in range(1, COUNT + 1) for part in range(2)]
        return self.refusal(query) or _list(rows)

    def observations(self, query: Query) -> bytes | Faulty:
        rows = [
            {
                "@iot.id": n,
                "phenomenonTime": f"2026-08-09T05:59:{n:02}Z",
                "resultTime": None,
                "result": _value(n, 0),
                "resultQuality": None,
                "Datastream": {"@iot.id": n * 10},
            }
            for n in range(1, COUNT + 1)
        ]
        return self.refusal(query) or _list(rows)

    def _stream(self, n: int, part: int) -> dict[str, Any]:
        own_id = n * 10 + part
        return {
            "@iot.id": own_id,
            "name": PROPERTIES[part],
            "unitOfMeasurement": {"name": "cm", "symbol": None},
            "observedArea": None,
            "phenomenonTime": None,
            "properties": None,
            "ObservedProperty": {"@iot.id": part + 1, "name": PROPERTIES[part]},
            "Observations": [{"@iot.id": 1, "phenomenonTime": "2026-08-09T05:58:00Z", "result": _value(n, part)}],
            "Observations@iot.nextLink": f"{self.url}/v1.1/Datastreams({own_id})/Observations?$top=1&$skip=1",
        }
