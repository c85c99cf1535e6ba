"""The GeoReport v2 endpoints: discovery, services, requests, one request."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.model import CityCase
from simulator.upstreams.context import Upstream
from simulator.upstreams.open311 import xml
from simulator.upstreams.open311.dialect import CHINESE_JSON, CODED_XML, PLAIN_JSON, Dialect, request_of
from simulator.upstreams.open311.query import BadQuery, Query, parse
from simulator.upstreams.reply import json_reply, xml_reply

_SERVICES_FROM = timedelta(days=30)  # kinds of case seen in this time make up the services list
_KEPT_RESULTS = 8


def json_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """JSON with `extended_attributes.tasks`, states in Chinese."""
    return _Server(upstream, CHINESE_JSON).routes()


def xml_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """XML with tasks, states as codes of its own."""
    return _Server(upstream, CODED_XML).routes()


def plain_json_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """JSON that knows only open and closed."""
    return _Server(upstream, PLAIN_JSON).routes()


class _Server:
    """One department's cases. Keeps the last results, so that the pages of one query belong to one moment."""

    def __init__(self, upstream: Upstream, dialect: Dialect) -> None:
        self._upstream = upstream
        self._dialect = dialect
        self._results: OrderedDict[str, list[CityCase]] = OrderedDict()

    def routes(self) -> Sequence[BaseRoute]:
        extension = self._dialect.format
        return [
            Route("/discovery.json", self._discovery),
            Route(f"/services.{extension}", self._services),
            Route(f"/services/{{code}}.{extension}", self._definition),
            Route(f"/requests.{extension}", self._requests),
            Route(f"/requests/{{number}}.{extension}", self._request),
            Route("/{anything:path}", lambda request: self._error(404, "no such resource in this format")),
        ]

    def _reply(self, root: str, item: str, rows: Sequence[Mapping[str, Any]], status: int = 200) -> Response:
        if self._dialect.format == "xml":
            return xml_reply(xml.document(root, item, rows), status)
        return json_reply(rows, status)

    def _error(self, status: int, description: str) -> Response:
        return self._reply("errors", "error", [{"code": status, "description": description}], status)

    def _discovery(self, request: Request) -> Response:
        formats = ["application/json" if self._dialect.format == "json" else "text/xml"]
        endpoint = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": self._upstream.url(request),
            "changeset": "2026-01-01T00:00:00+08:00",
            "type": "production",
            "formats": formats,
        }
        department = self._upstream.departments[self._upstream.department]
        contact = f"{department.name} {department.phone}"
        return json_reply({"changeset": endpoint["changeset"], "contact": contact, "endpoints": [endpoint]})

    def _cases(self, query: Query) -> list[CityCase]:
        upstream, now = self._upstream, self._upstream.now()
        since = query.start if query.updated_after is None else max(query.start, query.updated_after)
        until = now if query.updated_after is not None else min(query.end, now)
        cases = upstream.behaviour.cases(since, until, now)
        wanted = [case for case in cases if case.upstream == upstream.key and query.admits(case)]
        return sorted(wanted, key=lambda case: (case.reported_at, case.number), reverse=True)

    def _services(self, request: Request) -> Response:
        return self._reply("services", "service", list(self._known_services().values()))

    def _known_services(self) -> dict[str, dict[str, Any]]:
        now = self._upstream.now()
        services: dict[str, dict[str, Any]] = {}
        for case in self._cases(Query(start=now - _SERVICES_FROM, end=now)):
            services.setdefault(
                case.subcategory_code,
                {
                    "service_code": case.subcategory_code,
                    "service_name": case.subcategory,
                    "description": f"{case.category}：{case.subcategory}",
                    "metadata": False,
                    "type": "realtime",
                    "keywords": "部件" if case.is_component else "事件",
                    "group": case.category,
                },
            )
        return dict(sorted(services.items()))

    def _definition(self, request: Request) -> Response:
        code = request.path_params["code"]
        if code not in self._known_services():
            return self._error(404, f"service_code {code} is unknown")
        definition: dict[str, Any] = {"service_code": code, "attributes": []}
        if self._dialect.format == "xml":
            return xml_reply(xml.single("service_definition", definition))
        return json_reply(definition)

    def _request(self, request: Request) -> Response:
        rows = self._by_number([request.path_params["number"]])
        return self._reply("service_requests", "request", rows) if rows else self._error(404, "no such service request")

    def _requests(self, request: Request) -> Response:
        numbers = request.query_params.get("service_request_id")
        if numbers:
            return self._reply("service_requests", "request", self._by_number(numbers.split(",")))
        try:
            query = parse(request.query_params, self._upstream.now())
        except BadQuery as error:
            return self._error(400, str(error))
        cases = self._result(request, query)
        first = (query.page - 1) * query.page_size
        page = cases[first : first + query.page_size]
        if not page and query.page > 1:
            return self._error(404, f"page {query.page} is past the end")
        response = self._reply("service_requests", "request", [self._row(case) for case in page])
        response.headers.update(_page_headers(request, query, len(cases)))
        return response

    def _result(self, request: Request, query: Query) -> list[CityCase]:
        """The first page asks anew; later pages continue the result that the first page began."""
        asked = "&".join(f"{key}={value}" for key, value in sorted(request.query_params.items()) if key != "page")
        if query.page > 1 and asked in self._results:
            return self._results[asked]
        cases = self._cases(replace(query, page=1))
        self._results[asked] = cases
        while len(self._results) > _KEPT_RESULTS:
            self._results.popitem(last=False)
        return cases

    def _by_number(self, numbers: Sequence[str]) -> list[dict[str, Any]]:
        now = self._upstream.now()
        found = (self._upstream.behaviour.case(number.strip(), now) for number in numbers)
        return [self._row(case) for case in found if case is not None and case.upstream == self._upstream.key]

    def _row(self, case: CityCase) -> dict[str, Any]:
        department = self._upstream.departments.get(case.department)
        return request_of(case, self._dialect, department.name if department else case.department)


def _page_headers(request: Request, query: Query, count: int) -> dict[str, str]:
    pages = max(1, -(-count // query.page_size))
    headers = {
        "X-Result-Count": str(count),
        "X-Page-Count": str(pages),
        "X-Page-Size": str(query.page_size),
        "X-Page": str(query.page),
    }
    if query.page < pages:
        headers["X-Next-Page-URL"] = str(request.url.include_query_params(page=query.page + 1))
    return headers
