"""Officers' positions as a telecom vendor's platform gives them: GB18030 bytes, BD-09, local times without a zone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.model import CityOfficer, OfficerFix
from simulator.upstreams.context import Upstream, local_text
from simulator.upstreams.datum import to_bd09


def routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """`/api/person/position/list`: `{code, msg, total, rows}`; speed in km/h, numbers as text here and there."""
    officers = {officer.code: officer for officer in upstream.city.officers}

    def positions(request: Request) -> Response:
        fixes = upstream.behaviour.officer_fixes(upstream.now())
        rows = [_row(officers[fix.officer], fix) for fix in fixes if fix.officer in officers]
        document = {
            "code": 0,
            "msg": "成功",
            "serverTime": local_text(upstream.now()),
            "total": len(rows),
            "rows": rows,
        }
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("gb18030")
        return Response(body, media_type="application/json;charset=GB18030")

    return [Route("/api/person/position/list", positions)]


def _row(officer: CityOfficer, fix: OfficerFix) -> dict[str, Any]:
    lng, lat = to_bd09(fix.lon, fix.lat)
    return {
        "personId": officer.code,
        "personName": officer.name,
        "post": officer.role,
        "phone": officer.phone,
        "deptCode": officer.department,
        "gridCode": officer.grid,
        "lng": f"{lng:.7f}",
        "lat": f"{lat:.7f}",
        "speed": round(fix.speed_mps * 3.6, 1),
        "direction": round(fix.heading_deg),
        "onDuty": "1" if fix.on_duty else "0",
        "locateTime": local_text(fix.at),
    }
