"""`/share/cap/…`: the warnings in force told on as CAP 1.2: a feed, and one message for each."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from callbacks.routes.sharing.asking import ANSWERS, asker
from callbacks.routes.sharing.cap_messages import MESSAGE_TYPE, feed, message
from callbacks.services import Services
from situation.panels.warnings import ordered_warnings
from situation.records import WeatherWarning
from situation.store import Query

PATH = "/share/cap"
FEED_TYPE = "application/atom+xml"
_HEADERS = {"cache-control": "no-cache"}


def routes(services: Services) -> APIRouter:
    """The feed and the messages."""
    router = APIRouter(prefix=PATH, tags=["sharing"])
    content: dict[int | str, dict[str, Any]] = {200: {"content": {FEED_TYPE: {}}}, **ANSWERS}

    @router.get("/feed.atom", summary="Warnings in force as a feed of CAP 1.2 messages", responses=content)
    async def listed(request: Request) -> Response:
        asker(services, request).require(WeatherWarning.kind)
        warnings = await services.feed.ask(ordered_warnings)
        base = f"{request.url.scheme}://{request.headers.get('host', 'localhost')}{PATH}"
        links = {each.id: f"{base}/{quote(each.id, safe='')}.xml" for each in warnings}
        title = f"{services.settings.district.name} · CAP"
        body = feed(warnings, title, f"{base}/feed.atom", links, services.clock.now())
        return Response(body, media_type=FEED_TYPE, headers=_HEADERS)

    @router.get("/{warning_id:path}.xml", summary="One warning as CAP 1.2, as it was identified", responses=ANSWERS)
    async def one(request: Request, warning_id: str) -> Response:
        asking = asker(services, request)
        asking.require(WeatherWarning.kind)
        body = await services.readers.run(_read, asking.services, warning_id, f"{request.url}".partition("?")[0])
        return Response(body, media_type=MESSAGE_TYPE, headers=_HEADERS)

    return router


def _read(services: Services, warning_id: str, address: str) -> bytes:
    """The message; raises a 404. Also of a warning that is over: whoever saw it in the feed may read it still."""
    found = services.store.get(WeatherWarning.kind, warning_id, services.scope)
    if found is None or not isinstance(found[1], WeatherWarning):
        raise HTTPException(404, f"there is no warning {warning_id}")
    warning = found[1]
    query = Query(ids=warning.references, limit=1_000)
    others = services.store.records(WeatherWarning.kind, services.scope, query).items if warning.references else ()
    known = {each.id: each for _, each in others if isinstance(each, WeatherWarning)}
    return message(warning, known, f"OneScreen {services.settings.district.name}", address)
