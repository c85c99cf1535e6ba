"""`/api/tracks`: the ways officers went in the last hours, cut where nobody knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException
from fastapi import Query as Parameter
from fastapi.responses import Response

from callbacks.encode import JSON_TYPE
from callbacks.services import Services
from situation.records import Officer
from situation.store import Query
from situation.tracks import cut, fixes_of

MOST_OFFICERS = 16
MOST_FIXES = 600
DIGITS = 5

Area = Annotated[str, Parameter(description="officers who are in this area now", max_length=30)]
One = Annotated[str, Parameter(description="id of one officer", max_length=300)]
Hours = Annotated[float, Parameter(gt=0, le=24, description="how far back")]


def routes(services: Services) -> APIRouter:
    """The route."""
    router = APIRouter(prefix="/api", tags=["situation"])

    @router.get("/tracks", responses={404: {}, 422: {}})
    async def tracks(area: Area = "", officer: One = "", hours: Hours = 4.0) -> Response:
        """`{"since", "of", "tracks": [{"id", "name", "points": [[epoch ms, lon, lat] | null, …]}]}`: at most 16
        officers of an area, those on duty first (`of`: how many there are); null: the way there is not known."""
        if bool(area) == bool(officer):
            raise HTTPException(422, "name either an area or an officer")
        areas = await services.feed.ask(lambda moment: moment.area_index.carried(area)) if area else ()
        body = await services.readers.run(read, areas, officer, hours)
        return Response(msgspec.json.encode(body), media_type=JSON_TYPE, headers={"cache-control": "no-store"})

    def read(areas: tuple[str, ...], officer: str, hours: float) -> dict[str, Any]:
        people = _officers(services, areas, officer)
        if officer and not people:
            raise HTTPException(404, f"there is no officer {officer}")
        since = services.clock.now() - timedelta(hours=hours)
        shown = [_track(services, each, hours) for each in people[:MOST_OFFICERS]]
        return {"since": since, "of": len(people), "tracks": shown}

    return router


def _officers(services: Services, areas: tuple[str, ...], officer: str) -> list[Officer]:
    query = Query(ids=(officer,)) if officer else Query(areas=areas, limit=1000)
    page = services.store.records(Officer.kind, services.scope, query)
    people = [record for _, record in page.items if isinstance(record, Officer)]
    return sorted(people, key=lambda each: (each.on_duty is not True, each.id))


def _track(services: Services, officer: Officer, hours: float) -> dict[str, Any]:
    """The way up to where the officer is now, which the log tells only once it is 20 m further."""
    since = services.clock.now() - timedelta(hours=hours)
    changes = services.store.versions(Officer.kind, officer.id, since=since, limit=MOST_FIXES)
    versions = [change.record for change in reversed(changes) if isinstance(change.record, Officer)]
    track = cut(fixes_of([*versions, officer]))
    points = [
        None if fix is None else (fix.at_ms, round(fix.lon, DIGITS), round(fix.lat, DIGITS))
        for fix in track
        if fix is None or fix.at_ms >= since.timestamp() * 1000
    ]
    return {"id": officer.id, "name": officer.name, "points": points}
