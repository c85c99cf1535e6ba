"""How each department says a case in GeoReport fields: with its tasks, or only open and closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.model import CityCase
from simulator.upstreams.context import zoned_text
from simulator.upstreams.open311.query import status_of


@dataclass(frozen=True, slots=True)
class Dialect:
    """`format` json or xml; `words` its names of the states, empty where tasks aren't given."""

    format: str
    words: Mapping[str, str]


_CHINESE = {
    "reported": "上报",
    "accepted": "受理",
    "registered": "立案",
    "dispatched": "派遣",
    "in_progress": "处置",
    "replied": "处理反馈",
    "returned": "回退",
    "suspended": "挂账",
    "verified": "核查",
    "closed": "结案",
    "evaluated": "综合评价",
    "rejected": "不予立案",
    "cancelled": "注销",
}
_CODES = {
    "reported": "NEW",
    "accepted": "ACCEPT",
    "registered": "FILED",
    "dispatched": "ASSIGNED",
    "in_progress": "WORKING",
    "replied": "DONE",
    "returned": "SENT_BACK",
    "suspended": "ON_HOLD",
    "verified": "CHECKED",
    "closed": "CLOSED",
    "evaluated": "SCORED",
    "rejected": "REFUSED",
    "cancelled": "VOID",
}
CHINESE_JSON = Dialect("json", _CHINESE)
CODED_XML = Dialect("xml", _CODES)
PLAIN_JSON = Dialect("json", {})


def request_of(case: CityCase, dialect: Dialect, agency: str) -> dict[str, Any]:
    """One service request; `agency` is the name of the department responsible."""
    request: dict[str, Any] = {
        "service_request_id": case.number,
        "status": status_of(case),
        "status_notes": "",
        "service_name": case.subcategory,
        "service_code": case.subcategory_code,
        "description": case.description,
        "agency_responsible": agency,
        "service_notice": "",
        "requested_datetime": zoned_text(case.reported_at),
        "updated_datetime": zoned_text(case.updated_at),
        "expected_datetime": zoned_text(case.due_at) if case.due_at else None,
        "address": case.address,
        "lat": round(case.lat, 6),
        "long": round(case.lon, 6),
        "media_url": "",
    }
    if dialect.words:
        request["extended_attributes"] = _extended(case, dialect.words)
    return request


def _extended(case: CityCase, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": case.subcategory,
        "detailed_status": words[case.state],
        "category": case.category,
        "is_component": case.is_component,
        "origin": case.origin,
        "priority": case.priority,
        "department": case.department,
        "grid_code": case.grid,
        "registered_datetime": zoned_text(case.registered_at) if case.registered_at else None,
        "closed_datetime": zoned_text(case.closed_at) if case.closed_at else None,
        "tasks": _tasks(case, words),
    }


def _tasks(case: CityCase, words: Mapping[str, str]) -> list[dict[str, str]]:
    """A task ends when the next one begins; the last one of an open case is still open."""
    ends = [task.at for task in case.tasks[1:]]
    is_closed = status_of(case) == "closed"
    rows = []
    for index, task in enumerate(case.tasks):
        is_last = index == len(ends)
        rows.append(
            {
                "task_type": words[task.state],
                "task_state": "open" if is_last and not is_closed else "completed",
                "owner_name": task.owner,
                "task_created": zoned_text(task.at),
                "task_modified": zoned_text(task.at if is_last else ends[index]),
            }
        )
    return rows
