"""`/api/search`: whatever has a name, a code or a place, in one answer."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter
from fastapi import Query as Parameter
from fastapi.responses import JSONResponse, Response

from callbacks.encode import JSON_TYPE
from callbacks.searching import Searcher
from situation.records import Area, GridScheme
from situation.search import Group, Hit, spots_of
from situation.search.index import MOST_TEXT, ROAD

NO_STORE = {"cache-control": "no-store"}
NOT_READY = {"error": "the search index is being read, try again in a moment"}
ADMINISTRATIVE = f"{GridScheme.ADMINISTRATIVE}/"

Text = Annotated[str, Parameter(description="Chinese, pinyin, initials, code or coordinates", max_length=200)]
Limit = Annotated[int, Parameter(ge=1, le=50, description="at most so many of each kind")]


def routes(searcher: Searcher) -> APIRouter:
    """The one route of the search box."""
    router = APIRouter(tags=["search"])

    @router.get("/api/search", responses={200: {"content": {JSON_TYPE: {}}}, 503: {}}, response_class=Response)
    async def search(q: Text = "", limit: Limit = 6) -> Response:
        """Groups by kind, the best first; `spots` are the points that typed coordinates can mean."""
        groups = await searcher.search(q, limit)
        if groups is None:
            return JSONResponse(NOT_READY, 503, headers={**NO_STORE, "retry-after": "2"})
        body = {
            "q": q[:MOST_TEXT],
            "groups": [group_body(group) for group in groups],
            "spots": [{"lon": spot.lon, "lat": spot.lat, "crs": spot.crs} for spot in spots_of(q)],
        }
        return Response(msgspec.json.encode(body), media_type=JSON_TYPE, headers=NO_STORE)

    return router


def group_body(group: Group) -> dict[str, Any]:
    """One kind's hits."""
    return {"kind": group.kind, "more": group.has_more, "items": [hit_body(hit) for hit in group.hits]}


def hit_body(hit: Hit) -> dict[str, Any]:
    """One hit; `href` is null for what has no page of its own. Position in WGS-84."""
    shown = hit.shown
    return {
        "kind": hit.kind,
        "id": shown.id,
        "number": hit.number,
        "name": shown.name or shown.code or shown.id,
        "name_en": shown.name_en,
        "code": shown.code or shown.id,
        "address": shown.address,
        "street": shown.street_code,
        "department": shown.department,
        "lon": hit.lon,
        "lat": hit.lat,
        "way": hit.way,
        "href": None if hit.kind == ROAD else f"/{hit.kind}/{quote(_page_id(hit), safe='')}",
    }


def _page_id(hit: Hit) -> str:
    """An administrative area is known by its code alone."""
    return hit.shown.id.removeprefix(ADMINISTRATIVE) if hit.kind == Area.kind else hit.shown.id
