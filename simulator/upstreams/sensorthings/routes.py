"""The read endpoints of SensorThings: the root, collections, entities and what they lead to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.upstreams.context import Upstream
from simulator.upstreams.reply import json_reply
from simulator.upstreams.sensorthings.addresses import Collection, Entity, NothingFound, follow
from simulator.upstreams.sensorthings.expressions import BadOption
from simulator.upstreams.sensorthings.graph import LINKS, Graph
from simulator.upstreams.sensorthings.moment import Moment
from simulator.upstreams.sensorthings.options import Options, parse_options
from simulator.upstreams.sensorthings.reader import Reader

_CONFORMANCE = [
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path/resource-path-to-entities",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data",
]
_KEPT_RESULTS = 4


def routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """An instance whose ids are integers."""
    return _Service(upstream, Graph(upstream, has_uuids=False)).routes()


def uuid_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """An instance whose ids are UUIDs, quoted in URLs."""
    return _Service(upstream, Graph(upstream, has_uuids=True)).routes()


class _Service:
    """One instance. The later pages of a query continue the result that its first page began."""

    def __init__(self, upstream: Upstream, graph: Graph) -> None:
        self._upstream = upstream
        self._graph = graph
        self._results: OrderedDict[str, tuple[Moment, Collection]] = OrderedDict()

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/v1.1", self._root),
            Route("/v1.1/", self._root),
            Route("/v1.1/{path:path}", self._read),
        ]

    def _url(self, request: Request) -> str:
        return f"{self._upstream.url(request)}/v1.1"

    def _root(self, request: Request) -> Response:
        sets = [{"name": name, "url": f"{self._url(request)}/{name}"} for name in LINKS]
        return json_reply({"value": sets, "serverSettings": {"conformance": _CONFORMANCE}})

    def _read(self, request: Request) -> Response:
        try:
            return json_reply(self._answer(request, parse_options(request.query_params.multi_items())))
        except BadOption as error:
            return json_reply({"code": 400, "type": "error", "message": str(error)}, 400)
        except NothingFound as error:
            return json_reply({"code": 404, "type": "error", "message": str(error)}, 404)

    def _answer(self, request: Request, options: Options) -> dict[str, Any]:
        asked = _without_page(request)
        if options.skip and asked in self._results:
            moment, collection = self._results[asked]
            return self._page(request, Reader(moment, self._url(request)), collection, options)
        moment = Moment(self._graph, self._upstream.behaviour, self._upstream.now())
        reader = Reader(moment, self._url(request))
        target = follow(reader, request.path_params["path"], options)
        if isinstance(target, Entity):
            return reader.row(target.type, target.key, options)
        collection = Collection(target.type, reader.found(target.type, target.keys, options))
        self._results[asked] = moment, collection
        while len(self._results) > _KEPT_RESULTS:
            self._results.popitem(last=False)
        return self._page(request, reader, collection, options)

    def _page(self, request: Request, reader: Reader, collection: Collection, options: Options) -> dict[str, Any]:
        rows, has_more = reader.page(collection.type, collection.keys, options)
        page: dict[str, Any] = {"@iot.count": len(collection.keys)} if options.count else {}
        if has_more:
            pairs = {**dict(request.query_params), "$skip": str(options.skip + options.top)}
            query = urlencode(pairs, safe="$(),;=/'@:", quote_via=quote)
            page["@iot.nextLink"] = f"{reader.url}/{request.path_params['path']}?{query}"
        page["value"] = rows
        return page


def _without_page(request: Request) -> str:
    """What is asked, whichever page of it."""
    wanted = sorted(f"{name}={text}" for name, text in request.query_params.items() if name not in ("$skip", "$top"))
    return f"{request.path_params['path']}?{'&'.join(wanted)}"
