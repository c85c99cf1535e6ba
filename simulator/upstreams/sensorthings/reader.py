"""Reads collections and entities of one moment: filters, sorts, pages, selects and expands them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from simulator.upstreams.sensorthings.entities import properties_of
from simulator.upstreams.sensorthings.expressions import BadOption, Path, evaluate
from simulator.upstreams.sensorthings.graph import LINKS, Graph, Observed
from simulator.upstreams.sensorthings.moment import Moment
from simulator.upstreams.sensorthings.options import Options, Order

Row = dict[str, Any]
_ID_NAMES = frozenset({"id", "@iot.id"})


class Reader:
    """Answers one request; `url` is the service root, without a slash at the end."""

    def __init__(self, moment: Moment, url: str) -> None:
        self.moment = moment
        self.graph: Graph = moment.graph
        self.url = url

    def keys(self, type_name: str, parent: tuple[str, Any] | None, link: str, options: Options) -> Sequence[Any]:
        """Keys of a whole collection, or of those that `link` leads to from `parent` (type, key)."""
        if type_name == "Observations":
            return self._observations(parent, options)
        if parent is None:
            return range(self.graph.size(type_name))
        return self.graph.related(parent[0], parent[1], link)

    def found(self, type_name: str, keys: Sequence[Any], options: Options) -> Sequence[Any]:
        """Those of `keys` that the filter admits, in the order asked for."""
        return self._ordered(type_name, self._filtered(type_name, keys, options), options)

    def page(self, type_name: str, found: Sequence[Any], options: Options) -> tuple[list[Row], bool]:
        """Rows of the page asked for, and whether more follow."""
        end = options.skip + options.top
        return [self.row(type_name, key, options) for key in found[options.skip : end]], len(found) > end

    def row(self, type_name: str, key: Any, options: Options) -> Row:
        """One entity with its links and expanded relatives."""
        identity = self.graph.id_of(type_name, key)
        link_url = f"{self.url}/{type_name}({self.id_text(identity)})"
        row: Row = {"@iot.id": identity, "@iot.selfLink": link_url, **properties_of(self.graph, type_name, key)}
        if options.select:
            row = {name: value for name, value in row.items() if name in options.select or name == "@iot.id"}
            if not options.select & _ID_NAMES:
                del row["@iot.id"]
        for name in LINKS[type_name]:
            if name in options.expand:
                self._expand(row, type_name, key, name, options.expand[name], link_url)
            elif not options.select or name in options.select:
                row[f"{name}@iot.navigationLink"] = f"{link_url}/{name}"
        unknown = options.expand.keys() - LINKS[type_name].keys()
        if unknown:
            raise BadOption(f"{type_name} have no {', '.join(sorted(unknown))}")
        return row

    def id_text(self, identity: int | str) -> str:
        """An id as it stands in a URL."""
        return f"'{identity}'" if isinstance(identity, str) else str(identity)

    def _expand(self, row: Row, type_name: str, key: Any, name: str, options: Options, link_url: str) -> None:
        link = LINKS[type_name][name]
        if not link.is_many:
            related = self.graph.related(type_name, key, name)
            row[name] = self.row(link.type, related[0], options) if related else None
            return
        found = self.found(link.type, self.keys(link.type, (type_name, key), name, options), options)
        row[name], has_more = self.page(link.type, found, options)
        if options.count:
            row[f"{name}@iot.count"] = len(found)
        if has_more or (found and link.type == "Observations" and options.is_latest_only):
            following = options.skip + options.top
            row[f"{name}@iot.nextLink"] = f"{link_url}/{name}?{quote(f'$top={options.top}&$skip={following}', '$=&')}"

    def _observations(self, parent: tuple[str, Any] | None, options: Options) -> list[Observed]:
        if parent is None:
            return self.moment.observations(None, options.filter)
        streams = [parent[1]] if parent[0] == "Datastreams" else self.graph.streams_of[parent[1]]
        if options.is_latest_only:
            latest = [self.moment.latest(stream) for stream in streams]
            return [observed for observed in latest if observed is not None]
        return self.moment.observations(streams, options.filter)

    def _filtered(self, type_name: str, keys: Sequence[Any], options: Options) -> Sequence[Any]:
        wanted = options.filter
        if wanted is None:
            return keys
        return [key for key in keys if evaluate(wanted, partial(self.value, type_name, key))]

    def _ordered(self, type_name: str, keys: Sequence[Any], options: Options) -> Sequence[Any]:
        if options.is_latest_only and len(keys) == 1:
            return keys
        for order in reversed(options.order):
            keys = sorted(keys, key=self._sort_key(type_name, order), reverse=order.is_descending)
        return keys

    def _sort_key(self, type_name: str, order: Order) -> Any:
        def sort_key(key: Any) -> tuple[bool, Any]:
            value = self.value(type_name, key, order.path)
            return value is not None, value

        return sort_key

    def value(self, type_name: str, key: Any, path: Path) -> Any:
        """A property of an entity by path; a list when the path leads through many. Raises BadOption."""
        name, *rest = path
        if name in _ID_NAMES:
            return self.graph.id_of(type_name, key)
        if isinstance(key, Observed) and name in ("phenomenonTime", "resultTime"):
            return key.at
        link = LINKS[type_name].get(name)
        if link is not None and rest and link.type != "Observations":
            values = [self.value(link.type, other, tuple(rest)) for other in self.graph.related(type_name, key, name)]
            return values if link.is_many else values[0]
        value: Any = properties_of(self.graph, type_name, key)
        for position, part in enumerate(path):
            if not isinstance(value, dict) or (position == 0 and part not in value):
                raise BadOption(f"{type_name} have no property {'/'.join(path)}")
            value = value.get(part)
        return value
