"""MediaMTX, by its API's description (its binary can't be had from a registry)."""

import json
from typing import Any

from examples import Example, Pages


def path(name: str, received: int = 1000, ready: bool = True) -> dict[str, Any]:
    row = {
        "confName": "all_others",
        "source": {"type": "rtspSession", "id": "49c0"},
        "ready": ready,
        "readyTime": "2026-08-09T05:00:00Z" if ready else None,
        "tracks": ["H265", "MPEG-4 Audio"],
        "bytesReceived": received,
        "bytesSent": 0,
        "readers": [],
    }
    return row | ({"name": name} if name else {})


def pages(items: Any) -> Pages:
    return {"/v3/paths/list": json.dumps({"itemCount": 2, "pageCount": 1, "items": items}).encode()}


EXAMPLE = Example(
    kind="mediamtx",
    pages=pages([path("yard/1"), path("yard/2")]),
    kept=2,
    malformed=pages([path("yard/1"), path("")]),
    empty=pages([]),
    wrong=pages({"yard": 1}),
)
