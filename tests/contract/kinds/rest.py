"""The contract example of `rest`: a list in pages by number, behind a token."""

from __future__ import annotations

import json
from typing import Any

from examples import Example, Pages


def _row(number: int | None) -> dict[str, Any]:
    row = {"name": "泵站", "gps": {"lng": 121.48, "lat": 31.4}, "type": "01"}
    return row | ({"code": number} if number else {})


def _pages(rows: Any) -> Pages:
    body = json.dumps({"code": 0, "msg": "成功", "data": {"total": 3, "list": rows}}, ensure_ascii=False).encode()
    return {"/api/pumps": body}


GOOD = [_row(number) for number in (1, 2, 3)]
EXAMPLE = Example(
    kind="rest",
    path="api/pumps",
    options={
        "query": {"page": "{page}", "limit": "{size}"},
        "paging": {"kind": "page", "size": 3, "total": "data.total"},
        "rows": "data.list",
        "ok": {"path": "code", "equals": 0, "auth": [401]},
        "auth": {"kind": "bearer", "token": "secret"},
        "fields": {"id": "code", "position": "gps", "place_kind": "type"},
        "values": {"place_kind": {"01": "pumping_station", "*": "other"}},
    },
    pages=_pages(GOOD),
    kept=3,
    malformed=_pages([*GOOD[:-1], _row(None)]),
    empty=_pages([]),
    wrong=_pages({"list": 3}),
)
