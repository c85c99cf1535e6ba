"""Answers one question: from a path and options to JSON, every entity with its links, pages with a way on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from callbacks.routes.sharing.sta.errors import NotAsked
from callbacks.routes.sharing.sta.filters import Condition, span_of
from callbacks.routes.sharing.sta.graph import Graph, stream_of
from callbacks.routes.sharing.sta.model import LINKS, Link
from callbacks.routes.sharing.sta.options import TIMES, Options
from callbacks.routes.sharing.sta.paths import Segment, address
from situation.store import Store

MOST_EXPANDED = 100
"""Entities of a page whose readings are looked through one by one."""

Row = dict[str, Any]


class Reading(NamedTuple):
    """One observation. `at_ms`: epoch milliseconds."""

    stream: str
    at_ms: int
    value: float

    @property
    def id(self) -> str:
        """The id of the observation: its datastream and when it was made."""
        return f"{self.stream}@{self.at_ms}"


class Rows(NamedTuple):
    """One page: its rows, how many there are in all (None: not counted), whether more follow."""

    rows: list[Row]
    total: int | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """One question. `base` is the address of the service, without a slash at its end."""

    graph: Graph
    store: Store
    base: str

    def follow(self, path: Sequence[Segment]) -> tuple[str, list[str] | None, bool]:
        """Where a path leads: the set, the ids (of datastreams for Observations; None: all), whether it is one."""
        name = path[0].name
        ids: list[str] | None = None if path[0].id is None else [self._existing(name, path[0].id)]
        is_one = path[0].id is not None
        for segment in path[1:]:
            link = LINKS[name].get(segment.name)
            if link is None or not is_one or ids is None:
                raise NotAsked(f"{segment.name} does not follow here", 404)
            ids = self.graph.linked(name, ids[0], segment.name)
            name, is_one = link.target, not link.is_many
            if segment.id is not None:
                ids, is_one = [self._among(name, segment.id, ids)], True
        return name, ids, is_one

    def _existing(self, name: str, entity_id: str) -> str:
        is_there = bool(self._one_reading(entity_id)) if name == "Observations" else self.graph.has(name, entity_id)
        if not is_there:
            raise NotAsked(f"there is no such entity in {name}", 404)
        return entity_id

    def _among(self, name: str, entity_id: str, ids: list[str]) -> str:
        owner = stream_of(entity_id) if name == "Observations" else entity_id
        if owner not in ids:
            raise NotAsked(f"there is no such entity in {name}", 404)
        return self._existing(name, entity_id)

    # Answers

    def one(self, name: str, entity_id: str, options: Options) -> Row:
        """One entity; raises NotAsked when it is not there."""
        if name != "Observations":
            return self._row(name, entity_id, options)
        found = self._one_reading(entity_id)
        if not found:
            raise NotAsked("there is no such observation", 404)
        return self._reading_row(found[0], options)

    def page(self, name: str, ids: list[str] | None, options: Options) -> Rows:
        """One page of a set, or of some of its entities."""
        if name == "Observations":
            return self._readings(ids, options)
        chosen = self._chosen(name, self.graph.ids[name] if ids is None else ids, options)
        limit = self._limit(options)
        some = chosen[options.skip : options.skip + limit]
        latest = self._latest(name, some, options)
        rows = [self._row(name, each, options, latest) for each in some]
        has_more = bool(some) and options.skip + len(some) < len(chosen)
        return Rows(rows, len(chosen) if options.is_counted else None, has_more)

    def _limit(self, options: Options) -> int:
        looks_through = any(_looks_through(name, each) for name, each in options.expanded.items())
        return min(options.limit, MOST_EXPANDED) if looks_through else options.limit

    def _chosen(self, name: str, ids: list[str], options: Options) -> list[str]:
        """The ids that meet the filter, in the order asked for."""
        if options.conditions:
            ids = [each for each in ids if all(self._holds(name, each, one) for one in options.conditions)]
        if options.order is None:
            return ids
        is_by_name = options.order.by == "name"
        key = (lambda each: (self.graph.fields(name, each)["name"], each)) if is_by_name else str
        return sorted(ids, key=key, reverse=options.order.is_descending)

    def _holds(self, name: str, entity_id: str, condition: Condition) -> bool:
        return condition.holds(entity_id if condition.field == "id" else self.graph.fields(name, entity_id)["name"])

    # Rows

    def _row(self, name: str, entity_id: str, options: Options, latest: dict[str, Reading] | None = None) -> Row:
        links = {f"{link}@iot.navigationLink": f"{self.base}/{address(name, entity_id)}/{link}" for link in LINKS[name]}
        row = {**self._named(name, entity_id), **self.graph.fields(name, entity_id), **links}
        for link, nested in options.expanded.items():
            row.update(self._expanded(name, entity_id, link, nested, latest))
        return _selected(row, options)

    def _named(self, name: str, entity_id: str) -> Row:
        return {"@iot.id": entity_id, "@iot.selfLink": f"{self.base}/{address(name, entity_id)}"}

    def _reading_row(self, reading: Reading, options: Options) -> Row:
        at = datetime.fromtimestamp(reading.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
        at = at.replace("+00:00", "Z")
        row = {
            **self._named("Observations", reading.id),
            "phenomenonTime": at,
            "resultTime": at,
            "result": reading.value,
            "Datastream@iot.navigationLink": f"{self.base}/{address('Observations', reading.id)}/Datastream",
        }
        for link, nested in options.expanded.items():
            row.update(self._expanded("Observations", reading.id, link, nested, None))
        return _selected(row, options)

    def _expanded(
        self, name: str, entity_id: str, link: str, options: Options, latest: dict[str, Reading] | None
    ) -> Row:
        told: Link = LINKS[name][link]
        ids = self.graph.linked(name, entity_id, link)
        if not told.is_many:
            return {link: self._row(told.target, ids[0], options)}
        if told.target == "Observations" and latest is not None:
            found = [latest[each] for each in ids if each in latest]
            return {link: [self._reading_row(each, options) for each in found]}
        page = self.page(told.target, ids, options)
        row: Row = {link: page.rows}
        if page.total is not None:
            row[f"{link}@iot.count"] = page.total
        if page.has_more:
            step = f"$top={options.limit}&$skip={options.skip + len(page.rows)}"
            row[f"{link}@iot.nextLink"] = f"{self.base}/{address(name, entity_id)}/{link}?{step}"
        return row

    # Readings

    def _latest(self, name: str, ids: list[str], options: Options) -> dict[str, Reading] | None:
        """The newest reading of every datastream of the page at once, where that is all that is wanted."""
        nested = options.expanded.get("Observations")
        if name != "Datastreams" or nested is None or not nested.is_last_only:
            return None
        found = self.store.latest(ids)
        return {key: Reading(key, round(at.timestamp() * 1000), value) for key, (at, value) in found.items()}

    def _one_reading(self, entity_id: str) -> list[Reading]:
        stream, _, text = entity_id.rpartition("@")
        if stream not in self.graph.streams or not (text.isascii() and text.isdigit() and len(text) <= 13):
            return []
        return [
            Reading(*each) for each in self.store.raw_readings.between([stream], (int(text), int(text) + 1), limit=1)
        ]

    def _readings(self, ids: list[str] | None, options: Options) -> Rows:
        streams, wanted = self._streams(ids, options.conditions)
        if wanted is not None:
            found = [each for own_id in wanted for each in self._one_reading(own_id)]
            return Rows([self._reading_row(each, options) for each in found], len(found), has_more=False)
        since, until = (round(each.timestamp() * 1000) for each in span_of(options.conditions))
        if options.is_counted and len(streams) > 1:
            raise NotAsked("readings are counted of one Datastream at a time")
        order = options.order
        newest_first = order is None or (order.by not in TIMES) or order.is_descending
        rows = self.store.raw_readings.between(
            streams, (since, until), limit=options.limit + 1, offset=options.skip, is_newest_first=newest_first
        )
        total = self.store.raw_readings.count(streams, (since, until)) if options.is_counted else None
        page = [self._reading_row(Reading(*each), options) for each in rows[: options.limit]]
        return Rows(page, total, has_more=bool(page) and len(rows) > options.limit)

    def _streams(self, ids: list[str] | None, conditions: tuple[Condition, ...]) -> tuple[list[str], list[str] | None]:
        """The datastreams whose readings are wanted, and ids of single ones where those are named."""
        streams = self.graph.ids["Datastreams"] if ids is None else ids
        wanted: list[str] | None = None
        for each in conditions:
            if each.field == "Datastream/id":
                streams = [stream for stream in streams if each.holds(stream)]
            elif each.field == "id":
                if each.operator != "eq":
                    raise NotAsked("ids of Observations are compared by eq only")
                wanted = [str(each.value)] if wanted is None or wanted == [str(each.value)] else []
        if wanted is not None:
            since, until = (round(each.timestamp() * 1000) for each in span_of(conditions))
            mine = set(streams)
            wanted = [own_id for own_id in wanted if stream_of(own_id) in mine and _is_within(own_id, since, until)]
        return streams, wanted


def _is_within(own_id: str, since: int, until: int) -> bool:
    text = own_id.rpartition("@")[2]
    return text.isascii() and text.isdigit() and since <= int(text[:14]) < until


def _looks_through(name: str, options: Options) -> bool:
    """Whether readings of every single datastream must be read for this expansion."""
    if name == "Observations":
        return not options.is_last_only
    return any(_looks_through(link, each) for link, each in options.expanded.items())


def _selected(row: Row, options: Options) -> Row:
    """Only what was selected, with the id and what was expanded."""
    if not options.selected:
        return row
    kept = {*options.selected, *options.expanded, "@iot.id", "@iot.selfLink"}
    kept |= {f"{name}@iot.navigationLink" for name in options.selected}
    return {key: value for key, value in row.items() if key in kept}
