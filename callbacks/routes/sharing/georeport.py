"""Cases as GeoReport v2 tells them: a service is a subcategory, a request is a case, its status open or closed.

Format: https://wiki.open311.org/GeoReport_v2/. The steps between open and closed stand in `status_notes`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from callbacks.routes.sharing.xml import add, document
from situation.records import Case, CaseState

Row = Mapping[str, Any]

CLOSED = (CaseState.CLOSED, CaseState.EVALUATED, CaseState.REJECTED, CaseState.CANCELLED)
OPEN = tuple(state for state in CaseState if state not in CLOSED)
STATES = {"open": OPEN, "closed": CLOSED}
_ITEMS = {"services": "service", "service_requests": "request", "errors": "error"}


def service_code(case: Case) -> str:
    """Short and the same for ever for a category and subcategory; what they are called says the list of services."""
    named = f"{case.category}\n{case.subcategory}"
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def services(cases: Iterable[Case]) -> list[Row]:
    """The services that some cases are of, by group and name."""
    found = {service_code(case): case for case in cases}
    rows = [
        {
            "service_code": code,
            "service_name": _service_name(case),
            "description": "",
            "metadata": False,
            "type": "realtime",
            "keywords": "",
            "group": case.category,
        }
        for code, case in found.items()
    ]
    return sorted(rows, key=lambda row: (row["group"], row["service_name"], row["service_code"]))


def _service_name(case: Case) -> str:
    return case.subcategory or case.category or "其他"


def request(case: Case, agencies: Mapping[str, str]) -> Row:
    """A case; fields of which nothing is known are null."""
    return {
        "service_request_id": case.id,
        "status": "closed" if case.state in CLOSED else "open",
        "status_notes": case.state_text or case.state.value,
        "service_name": _service_name(case),
        "service_code": service_code(case),
        "description": case.description or case.name or None,
        "agency_responsible": agencies.get(case.department) or case.department or None,
        "service_notice": None,
        "requested_datetime": _time(case.reported_at),
        "updated_datetime": _time(case.updated_at or case.closed_at or case.registered_at or case.reported_at),
        "expected_datetime": _time(case.due_at),
        "address": case.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": case.lat,
        "long": case.lon,
        "media_url": None,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_xml(root: str, rows: Sequence[Row]) -> bytes:
    """Rows as XML with the names of the specification."""
    top = Element(root)
    for row in rows:
        item = add(top, _ITEMS[root])
        for name, value in row.items():
            add(item, name, _text(value))
    return document(top)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def discovery(base: str, changed_at: datetime) -> Row:
    """Where what is found: `discovery`, with its lists as lists."""
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "changeset": _time(changed_at),
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return {"changeset": _time(changed_at), "contact": "", "key_service": "", "endpoints": [endpoint]}


def discovery_xml(told: Row) -> bytes:
    """The same as XML."""
    root = Element("discovery")
    for name in ("changeset", "contact", "key_service"):
        add(root, name, _text(told[name]))
    endpoints = add(root, "endpoints")
    for each in told["endpoints"]:
        endpoint = add(endpoints, "endpoint")
        for name in ("specification", "url", "changeset", "type"):
            add(endpoint, name, _text(each[name]))
        formats = add(endpoint, "formats")
        for name in each["formats"]:
            add(formats, "format", name)
    return document(root)
