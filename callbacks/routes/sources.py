"""`/api/v1/sources/<key>/history`; pausing, resuming, refreshing a source."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request

from callbacks.access import LOCAL_VIEWER
from callbacks.routes.collections import iso
from callbacks.selection import Since, Until
from callbacks.services import Services
from situation.catalogue import HOURS, Past, read_pasts
from situation.health import COLLECTOR
from situation.records import SourceHealth
from situation.store.controls import pause_key, refresh_key
from situation.store.sources import SourceHour, SourceReason

DEFAULT_SPAN = timedelta(hours=HOURS)
LONGEST_SPAN = timedelta(days=92)
REFRESH_EVERY_S = 5.0
"""Real seconds: nobody's impatience becomes an upstream's load."""

Action = Literal["pause", "resume", "refresh"]

_audit = logging.getLogger("audit")


def routes(services: Services) -> APIRouter:
    """The past of a source, and the three actions."""
    router = APIRouter(prefix="/api/v1", tags=["sources"])
    refreshed_s: dict[str, float] = {}

    @router.get("/sources/{key}/history", summary="The past of a source by the hour: volume, failures, uptime, reasons")
    async def history(request: Request, key: str, since: Since = None, until: Until = None) -> dict[str, Any]:
        """Counts of each hour (a missing hour: nothing was noted), seconds by state, uptime, why things failed."""
        await services.readers.run(_known, services, key)
        end = until or services.clock.now() + timedelta(seconds=1)
        start = since or end - DEFAULT_SPAN
        if not timedelta(0) < end - start <= LONGEST_SPAN:
            raise HTTPException(422, "since must lie before until, by 92 days at most")
        may_act = getattr(request.state, "role", "") == LOCAL_VIEWER
        return {**await services.readers.run(_history, services, key, start, end), "may_act": may_act}

    @router.post("/sources/{key}/{action}", status_code=202, summary="Pause, resume or refresh a source")
    async def act(request: Request, key: str, action: Action) -> dict[str, Any]:
        """Ask the collector; it acts within a second or two. Only from this machine until logins exist."""
        role = _acting(request)
        health = await services.readers.run(_known, services, key)
        if action == "refresh":
            _not_too_often(refreshed_s, health.id, services.clock.monotonic())
        at = services.clock.now()
        where, value = (refresh_key(key), "") if action == "refresh" else (pause_key(key), _PAUSED[action])
        await services.readers.run(services.store.controls.ask, where, value, at, role)
        _audit.info("%s %s source %s", role, action, key)
        return {"source": key, "action": action, "at": iso(at)}

    return router


def _acting(request: Request) -> str:
    """The role of whoever acts; 403 for those who only may look."""
    role = str(getattr(request.state, "role", ""))
    if role != LOCAL_VIEWER:
        raise HTTPException(403, "only a browser on this machine may act until logins exist")
    return role


_PAUSED = {"pause": "on", "resume": "off"}


def _not_too_often(refreshed_s: dict[str, float], key: str, now_s: float) -> None:
    left_s = refreshed_s.get(key, float("-inf")) + REFRESH_EVERY_S - now_s
    if left_s > 0:
        raise HTTPException(429, "asked a moment ago; wait a little", {"retry-after": str(int(left_s) + 1)})
    refreshed_s[key] = now_s


def _known(services: Services, key: str) -> SourceHealth:
    found = services.store.get(SourceHealth.kind, key, services.scope)
    if found is None or not isinstance(found[1], SourceHealth) or key == COLLECTOR:
        raise HTTPException(404, f"there is no source {key}")
    return found[1]


def _history(services: Services, key: str, since: datetime, until: datetime) -> dict[str, Any]:
    store = services.store
    past = read_pasts(store.source_history, services.clock.now()).get(key)
    return {
        "source": key,
        "since": iso(since),
        "until": iso(until),
        "uptime": None if past is None else uptime(past),
        "hours": [_hour(each) for each in store.source_history.hours(since, until, key)],
        "reasons": [_reason(each) for each in store.source_history.reasons(key)],
        "actions": [
            {"at": iso(each.at), "action": each.key.partition(":")[0], "value": each.value, "role": each.role}
            for each in store.controls.log(20, f":{key}")
        ],
    }


def uptime(past: Past) -> dict[str, Any]:
    """Shares of the watched time, and how much of each span was watched at all; null is unknown."""
    return {
        "since": None if past.since is None else iso(past.since),
        **{span: {"share": each.share, "watched_s": each.watched_s} for span, each in past.uptime.items()},
    }


def _hour(hour: SourceHour) -> dict[str, Any]:
    plain = asdict(hour)
    del plain["source"], plain["hour"]
    return {"at": iso(hour.at), **plain}


def _reason(reason: SourceReason) -> dict[str, Any]:
    return {
        "sort": reason.sort,
        "reason": reason.reason,
        "count": reason.count,
        "first_at": iso(reason.first_at),
        "last_at": iso(reason.last_at),
        "sample": reason.sample or None,
    }
