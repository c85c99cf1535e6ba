"""The read endpoints of SensorThings: the root, collections, entities and what they lead to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.upstreams.context import Upstream
from simulator.upstreams.reply import json_reply
from simulator.upstreams.sensorthings.expressions import BadOption
from simulator.upstreams.sensorthings.graph import LINKS, Graph
from simulator.upstreams.sensorthings.moment import Moment
from simulator.upstreams.sensorthings.options import Options, parse_options
from simulator.upstreams.sensorthings.reader import Reader

_SEGMENT = re.compile(r"(?P<name>[A-Za-z]+)(?:\((?P<id>[^()]+)\))?")
_CONFORMANCE = [
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path/resource-path-to-entities",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data",
]


class NothingFound(LookupError):
    """The path leads to nothing."""


def routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """An instance whose ids are integers."""
    return _routes(upstream, has_uuids=False)


def uuid_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """An instance whose ids are UUIDs, quoted in URLs."""
    return _routes(upstream, has_uuids=True)


def _routes(upstream: Upstream, has_uuids: bool) -> Sequence[BaseRoute]:
    graph = Graph(upstream, has_uuids)

    def root(request: Request) -> Response:
        url = f"{upstream.url(request)}/v1.1"
        sets = [{"name": name, "url": f"{url}/{name}"} for name in LINKS]
        return json_reply({"value": sets, "serverSettings": {"conformance": _CONFORMANCE}})

    def read(request: Request) -> Response:
        moment = Moment(graph, upstream.behaviour, upstream.now())
        reader = Reader(moment, f"{upstream.url(request)}/v1.1")
        try:
            return json_reply(_answer(reader, request, parse_options(request.query_params.multi_items())))
        except BadOption as error:
            return json_reply({"code": 400, "type": "error", "message": str(error)}, 400)
        except NothingFound as error:
            return json_reply({"code": 404, "type": "error", "message": str(error)}, 404)

    return [Route("/v1.1", root), Route("/v1.1/", root), Route("/v1.1/{path:path}", read)]


def _answer(reader: Reader, request: Request, options: Options) -> dict[str, Any]:
    """Walks the path from the left; what is left at its end is an entity or a collection."""
    parent: tuple[str, Any] | None = None
    segments = [segment for segment in request.path_params["path"].split("/") if segment]
    for position, segment in enumerate(segments):
        match = _SEGMENT.fullmatch(segment)
        if match is None:
            raise NothingFound(f"cannot read {segment!r}")
        name, text = match["name"], match["id"]
        type_name, is_many = _target(parent, name)
        if is_many and text is None:
            if position + 1 < len(segments):
                raise NothingFound(f"{name} is a collection")
            return _page(reader, request, type_name, reader.keys(type_name, parent, name, options), options)
        key = _key(reader, type_name, text) if is_many else reader.graph.related(*_known(parent), name)[0]
        parent = (type_name, key)
    return reader.row(*_known(parent), options)


def _known(parent: tuple[str, Any] | None) -> tuple[str, Any]:
    if parent is None:
        raise NothingFound("nothing is addressed")
    return parent


def _target(parent: tuple[str, Any] | None, name: str) -> tuple[str, bool]:
    if parent is None:
        if name not in LINKS:
            raise NothingFound(f"no entity set {name!r}")
        return name, True
    link = LINKS[parent[0]].get(name)
    if link is None:
        raise NothingFound(f"{parent[0]} have no {name!r}")
    return link.type, link.is_many


def _key(reader: Reader, type_name: str, text: str) -> Any:
    bare = text.strip("'")
    key: Any = None
    if type_name != "Observations":
        key = reader.graph.key_of(type_name, bare)
    elif (parts := reader.graph.observation_of(bare)) is not None:
        key = reader.moment.observation_at(*parts)
    if key is None:
        raise NothingFound(f"no {type_name}({text})")
    return key


def _page(reader: Reader, request: Request, type_name: str, keys: Sequence[Any], options: Options) -> dict[str, Any]:
    rows, count, has_more = reader.collection(type_name, keys, options)
    page: dict[str, Any] = {"@iot.count": count} if options.count else {}
    if has_more:
        pairs = {**dict(request.query_params), "$skip": str(options.skip + options.top)}
        query = urlencode(pairs, safe="$(),;=/'@:", quote_via=quote)
        page["@iot.nextLink"] = f"{reader.url}/{request.path_params['path']}?{query}"
    page["value"] = rows
    return page
