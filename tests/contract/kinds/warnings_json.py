"""QWeather's older list, as a district asks it."""

from __future__ import annotations

import json
from typing import Any

from examples import Example


def _warning(number: str | None) -> dict[str, Any]:
    row = {
        "sender": "上海中心气象台",
        "pubTime": "2026-08-09T13:00+08:00",
        "title": "上海中心气象台发布大风蓝色预警[Ⅳ级/一般]",
        "endTime": "2026-08-10T13:00+08:00",
        "severity": "Minor",
        "severityColor": "Blue",
        "typeName": "大风",
    }
    return row | ({"id": number} if number else {})


def _page(rows: Any) -> dict[str, bytes]:
    return {"/v7/warning/now": json.dumps({"code": "200", "warning": rows}, ensure_ascii=False).encode()}


EXAMPLE = Example(
    kind="warnings_json",
    path="v7/warning/now",
    options={"preset": "qweather"},
    pages=_page([_warning("1"), _warning("2")]),
    kept=2,
    malformed=_page([_warning("1"), _warning(None)]),
    empty=_page([]),
    wrong=_page("none"),
)
