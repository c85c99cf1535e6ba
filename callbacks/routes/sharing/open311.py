"""`/share/open311/v2/…`: cases for whoever speaks Open311 GeoReport v2: 90 days at a time, 1,000 rows, read-only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.responses import Response

from callbacks.routes.sharing.asking import ANSWERS, Asker, asker
from callbacks.routes.sharing.georeport import (
    STATES,
    Row,
    discovery,
    discovery_xml,
    request,
    service_code,
    services,
    to_xml,
)
from callbacks.services import Services
from situation.records import Case, Department
from situation.store import Query

PATH = "/share/open311/v2"
LONGEST = timedelta(days=90)
MOST_ROWS = 1_000
MOST_NAMED = 50
"""Requests or services that one question may name."""

MOST_READ = 100_000
"""Cases that are looked through for services, which the store has no column for."""

READ_AT_ONCE = 2_000
"""Of them in memory: whole cases with all their events are large."""

Ending = Literal["json", "xml"]
Text = Annotated[str, Parameter(max_length=4_000)]
Page = Annotated[int, Parameter(ge=1, le=10_000, description="an extension: the page of `page_size` rows")]
PageSize = Annotated[int, Parameter(ge=1, le=MOST_ROWS)]


class _Refused(Exception):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def routes(wall: Services) -> APIRouter:
    """Discovery, services, requests."""
    router = APIRouter(prefix=PATH, tags=["sharing"])
    _add_services(router, wall)
    _add_requests(router, wall)
    return router


def _add_services(router: APIRouter, wall: Services) -> None:
    @router.get("/discovery.{ending}", summary="GeoReport v2: service discovery", responses=ANSWERS)
    async def discover(asked: Request, ending: Ending) -> Response:
        base = f"{asked.url.scheme}://{asked.headers.get('host', 'localhost')}{PATH}"
        told = discovery(base, wall.clock.now())
        body = discovery_xml(told) if ending == "xml" else msgspec.json.encode(told)
        return _response(body, ending)

    @router.get("/services.{ending}", summary="GeoReport v2: services of the last 90 days", responses=ANSWERS)
    async def service_list(asked: Request, ending: Ending) -> Response:
        return await _answer(asker(wall, asked), ending, "services", _services)

    @router.get("/services/{code}.{ending}", summary="GeoReport v2: no service has attributes", responses=ANSWERS)
    async def definition(asked: Request, code: str, ending: Ending) -> Response:
        def refuse(_asking: Asker) -> list[Row]:
            raise _Refused(404, "no service here has attributes")

        return await _answer(asker(wall, asked), ending, "services", refuse)


def _add_requests(router: APIRouter, wall: Services) -> None:
    @router.get("/requests.{ending}", summary="GeoReport v2: requests, at most 90 days and 1,000", responses=ANSWERS)
    async def request_list(
        asked: Request,
        ending: Ending,
        service_request_id: Text = "",
        service_code: Text = "",
        start_date: Text = "",
        end_date: Text = "",
        status: Text = "",
        page: Page = 1,
        page_size: PageSize = MOST_ROWS,
    ) -> Response:
        def read(asking: Asker) -> list[Row]:
            if service_request_id:
                return _told(asking, _named(asking, service_request_id))
            query = _query(asking, (start_date, end_date), status)
            return _told(asking, _chosen(asking, query, service_code, (page - 1) * page_size, page_size))

        return await _answer(asker(wall, asked), ending, "service_requests", read)

    @router.get("/requests/{request_id:path}.{ending}", summary="GeoReport v2: one request", responses=ANSWERS)
    async def one(asked: Request, request_id: str, ending: Ending) -> Response:
        def read(asking: Asker) -> list[Row]:
            found = _named(asking, request_id, is_one=True)
            if not found:
                raise _Refused(404, "there is no such service_request_id")
            return _told(asking, found)

        return await _answer(asker(wall, asked), ending, "service_requests", read)


async def _answer(asking: Asker, ending: Ending, root: str, read: Callable[[Asker], Sequence[Row]]) -> Response:
    """Rows, or the refusal as the specification wants it."""
    asking.require(Case.kind)
    try:
        rows = await asking.services.readers.run(read, asking)
    except _Refused as refused:
        told = [{"code": refused.status, "description": str(refused)}]
        return _response(
            to_xml("errors", told) if ending == "xml" else msgspec.json.encode(told), ending, refused.status
        )
    return _response(to_xml(root, rows) if ending == "xml" else msgspec.json.encode(rows), ending)


def _response(body: bytes, ending: Ending, status: int = 200) -> Response:
    media_type = "text/xml; charset=utf-8" if ending == "xml" else "application/json"
    return Response(body, status, media_type=media_type, headers={"cache-control": "no-store"})


def _query(asking: Asker, window: tuple[str, str], status: str) -> Query:
    """The window of time and the states of a question; raises _Refused."""
    start, end = (_time(text) for text in window)
    until = end or (start + LONGEST if start else asking.services.clock.now() + timedelta(seconds=1))
    since = start or until - LONGEST
    if not timedelta(0) <= until - since <= LONGEST:
        raise _Refused(400, "start_date and end_date are in order and at most 90 days apart")
    words = [word for word in status.lower().split(",") if word]
    if not set(words) <= set(STATES):
        raise _Refused(400, "status is open, closed or both, joined by a comma")
    states = tuple(state.value for word in words for state in STATES[word])
    return Query(since=since, until=until, status=states)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _Refused(400, "dates are written like 2026-08-09T00:00:00Z") from error


def _services(asking: Asker) -> list[Row]:
    return services(_through(asking, _query(asking, ("", ""), "")))


def _chosen(asking: Asker, query: Query, codes: str, offset: int, limit: int) -> list[Case]:
    wanted = frozenset(filter(None, codes.split(",")))
    if not wanted:
        return _cases(asking, replace(query, order="-at", offset=offset, limit=limit))
    if len(wanted) > MOST_NAMED:
        raise _Refused(400, f"at most {MOST_NAMED} service codes at once")
    found = (case for case in _through(asking, replace(query, order="-at")) if service_code(case) in wanted)
    return list(islice(found, offset, offset + limit))


def _named(asking: Asker, ids: str, *, is_one: bool = False) -> list[Case]:
    wanted = (ids,) if is_one else tuple(filter(None, ids.split(",")))
    if len(wanted) > MOST_NAMED:
        raise _Refused(400, f"at most {MOST_NAMED} requests at once")
    return _cases(asking, Query(ids=wanted, limit=MOST_NAMED)) if wanted else []


def _cases(asking: Asker, query: Query) -> list[Case]:
    services = asking.services
    return [
        case for _, case in services.store.records(Case.kind, services.scope, query).items if isinstance(case, Case)
    ]


def _through(asking: Asker, query: Query) -> Iterator[Case]:
    """Every matching case, a few at a time, until MOST_READ were looked at."""
    for offset in range(0, MOST_READ, READ_AT_ONCE):
        some = _cases(asking, replace(query, offset=offset, limit=READ_AT_ONCE))
        yield from some
        if len(some) < READ_AT_ONCE:
            return


def _told(asking: Asker, cases: Sequence[Case]) -> list[Row]:
    departments = asking.services.store.records(Department.kind, asking.services.scope, Query(limit=10_000)).items
    agencies = {department.id: department.name for _, department in departments}
    return [request(case, agencies) for case in cases]
