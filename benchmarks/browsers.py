"""`python -m benchmarks.browsers PORT PEOPLE SECONDS`: people who look around, each with thinking time in between.

Prints one line of JSON: seconds per request by what was asked for, and how many failed.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import quote

import httpx

THINKING_S = (0.5, 2.5)
KINDS = {"cases": "case", "sensors": "sensor", "cameras": "camera", "areas": "area", "departments": "department"}
CHOICES: tuple[tuple[str, dict[str, str]], ...] = (
    ("cases-departments", {}),
    ("cases-list", {"overdue": "1"}),
    ("grid-rank", {"level": "street"}),
    ("iot-matrix", {}),
)
COLLECTIONS = (
    ("cases", {"status": "in_progress,dispatched", "limit": "50"}),
    ("cameras", {"limit": "100", "bbox": "121.45,31.38,121.50,31.42"}),
    ("sensors", {"status": "offline", "limit": "100"}),
)
CALLBACK = "/_dash-update-component"


@dataclass
class Tally:
    """What everybody together waited for."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)


@dataclass
class Person:
    """Somebody at a laptop: opens records, filters panels, pages through lists, looks at charts."""

    client: httpx.AsyncClient
    rng: Random
    tally: Tally
    records: dict[str, list[dict[str, object]]]

    async def browse(self, until_s: float) -> None:
        """Ask, think, ask again."""
        while time.monotonic() < until_s:
            await self.rng.choice((self.open_detail, self.open_detail, self.choose, self.list_rows, self.chart))()
            await asyncio.sleep(self.rng.uniform(*THINKING_S))

    async def open_detail(self) -> None:
        """A record's page, as the browser's callback asks for it."""
        name = self.rng.choice(list(KINDS))
        record = self.rng.choice(self.records[name])
        path = f"/{KINDS[name]}/{quote(str(record['id']), safe='')}"
        asked = {
            "output": "detail-data.data",
            "outputs": {"id": "detail-data", "property": "data"},
            "inputs": [
                {"id": "page-location", "property": "pathname", "value": path},
                {"id": "sheet-pulse", "property": "data", "value": 1},
            ],
            "state": [{"id": "page-location", "property": "search", "value": ""}],
            "changedPropIds": ["page-location.pathname"],
        }
        await self._ask("detail", self.client.build_request("POST", CALLBACK, json=asked))

    async def choose(self) -> None:
        """A panel by a choice."""
        key, choice = self.rng.choice(CHOICES)
        await self._ask("panel", self.client.build_request("GET", f"/api/panels/{key}", params=choice))

    async def list_rows(self) -> None:
        """A page of a collection."""
        name, filters = self.rng.choice(COLLECTIONS)
        offset = str(self.rng.randrange(10) * int(filters["limit"]))
        await self._ask(
            "collection", self.client.build_request("GET", f"/api/v1/{name}", params={**filters, "offset": offset})
        )

    async def chart(self) -> None:
        """A week of a datastream."""
        sensor = self.rng.choice(self.records["sensors"])
        streams = sensor["datastreams"]
        if not isinstance(streams, list) or not streams:
            return
        since = (datetime.now(UTC) - timedelta(days=7)).isoformat().replace("+00:00", "Z")
        asked = {"datastream": streams[0]["id"], "since": since, "points": "800"}
        await self._ask("series", self.client.build_request("GET", "/api/v1/observations/series", params=asked))

    async def _ask(self, what: str, request: httpx.Request) -> None:
        began_s = time.monotonic()
        answer = await self.client.send(request)
        self.tally.seconds[what].append(time.monotonic() - began_s)
        if answer.status_code != 200:
            self.tally.failed.append(f"{what} {answer.status_code}")


async def browsing(port: int, people: int, seconds: float) -> Tally:
    """Everybody looks around for so long."""
    tally = Tally()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        records = {}
        for name in KINDS:
            records[name] = (await client.get(f"/api/v1/{name}", params={"limit": "200"})).json()["items"]
        print("connected", flush=True)
        until_s = time.monotonic() + seconds
        crowd = [Person(client, Random(number), tally, records) for number in range(people)]
        await asyncio.gather(*(person.browse(until_s) for person in crowd))
    return tally


def main() -> None:
    """Print what they waited for."""
    port, people, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    tally = asyncio.run(browsing(port, people, seconds))
    print(json.dumps({"seconds": tally.seconds, "failed": tally.failed}), flush=True)


if __name__ == "__main__":
    main()
