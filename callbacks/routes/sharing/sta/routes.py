"""The route of all of it: one path below which everything is read, and what a refusal looks like."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from callbacks.encode import JSON_TYPE
from callbacks.routes.sharing.asking import ANSWERS, asker
from callbacks.routes.sharing.sta.answering import Answering, Rows
from callbacks.routes.sharing.sta.errors import NotAsked
from callbacks.routes.sharing.sta.graph import Graphs
from callbacks.routes.sharing.sta.model import SETS
from callbacks.routes.sharing.sta.options import Options, parse_options
from callbacks.routes.sharing.sta.paths import parse_path
from callbacks.services import Services
from situation.records import Sensor

PATH = "/share/sta/v1.1"
_SAFE = "/(),;:'@$="
CONFORMANCE = {"serverSettings": {"conformance": ["http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel"]}}
_OPTIONS = [
    ("$top", "rows of a page, at most 1,000"),
    ("$skip", "rows to skip"),
    ("$count", "true: `@iot.count` says how many there are"),
    ("$orderby", "id, name; of Observations phenomenonTime, resultTime; asc or desc"),
    ("$filter", "of id, name; of Observations phenomenonTime, resultTime, Datastream/id; joined by and"),
    ("$select", "names of fields"),
    ("$expand", "what it leads to, `Datastreams($expand=Observations($top=1;$orderby=phenomenonTime desc))`"),
]
_DESCRIBED = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}, "description": text}
        for name, text in _OPTIONS
    ]
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"description": "not understood; `message` says what is"},
    404: {"description": "no such entity, or not in this share"},
    **ANSWERS,
}


def routes(services: Services) -> APIRouter:
    """The root and everything below it."""
    router = APIRouter(prefix=PATH, tags=["sharing"])
    graphs = Graphs()

    @router.get("", summary="SensorThings 1.1: the entity sets", responses=ANSWERS)
    @router.get("/", include_in_schema=False)
    async def root(request: Request) -> dict[str, Any]:
        asker(services, request).require(Sensor.kind)
        return {"value": [{"name": name, "url": f"{_base(request)}/{name}"} for name in SETS], **CONFORMANCE}

    @router.get("/{path:path}", summary="SensorThings 1.1: entities", responses=_ANSWERS, openapi_extra=_DESCRIBED)
    async def entities(request: Request, path: str) -> Response:
        """Things, Locations, Datastreams, Sensors, ObservedProperties, Observations, by their navigation links."""
        asking = asker(services, request)
        asking.require(Sensor.kind)

        def answer() -> bytes:
            answering = Answering(graphs.of(asking.services), services.store, _base(request))
            return msgspec.json.encode(_answer(answering, request, path.rstrip("/")))

        try:
            body = await services.readers.run(answer)
        except NotAsked as refused:
            told = {"code": refused.status, "type": "error", "message": str(refused)}
            return JSONResponse(told, refused.status)
        return Response(body, media_type=JSON_TYPE, headers={"cache-control": "no-store"})

    return router


def _answer(answering: Answering, request: Request, path: str) -> dict[str, Any]:
    name, ids, is_one = answering.follow(parse_path(path))
    options = parse_options(name, request.query_params.multi_items())
    if is_one and ids:
        return answering.one(name, ids[0], options)
    return _envelope(answering.page(name, ids, options), options, request)


def _envelope(page: Rows, options: Options, request: Request) -> dict[str, Any]:
    envelope: dict[str, Any] = {} if page.total is None else {"@iot.count": page.total}
    if page.has_more:
        envelope["@iot.nextLink"] = _following(request, options.skip + len(page.rows))
    return {**envelope, "value": page.rows}


def _following(request: Request, skip: int) -> str:
    """The address of the next page: the same question, further on."""
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "$skip"]
    query = urlencode([*asked, ("$skip", str(skip))], safe=_SAFE, quote_via=quote)
    return f"{_origin(request)}{quote(request.url.path, safe=_SAFE)}?{query}"


def _base(request: Request) -> str:
    return f"{_origin(request)}{PATH}"


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
