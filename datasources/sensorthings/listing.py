"""The list of all sensors of a SensorThings server, in whatever way that server can give it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceUnavailable
from datasources.fields import text
from datasources.sensorthings.dialects import (
    OWNED_QUERY,
    OWNER_QUERY,
    PROPERTIES_QUERY,
    Dialect,
    in_dialect,
    last_query,
    streams_query,
    things_query,
)
from datasources.sensorthings.memory import Memory
from datasources.sensorthings.normalise import Server, apart, as_thing, normalise_things
from datasources.sensorthings.options import SensorThingsOptions
from datasources.sensorthings.pages import NotUnderstood, query_of
from datasources.sensorthings.readings import last_of, own_id
from situation.records import Observation, Sensor

Read = Callable[[str], Iterator[list[Any]]]
"""The pages of a query, each as rows."""


@dataclass(slots=True)
class Listed:
    """What a list brought, and what was learned about its server."""

    memory: Memory
    sensors: list[Sensor] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was listed, not even something unusable."""
        return not self.sensors and not self.rejected


@dataclass(frozen=True, slots=True)
class Listing:
    """Lists the sensors of one server once."""

    options: SensorThingsOptions
    server: Server
    now: datetime
    read_pages: Read

    def read(self, memory: Memory) -> Listed:
        """All sensors with their last readings; raises SourceUnavailable when no way of asking is understood."""
        if memory.has_things is False:
            return self._streams(memory)
        try:
            listed = self._things(memory)
        except NotUnderstood as refusal:
            if memory.has_things or refusal.safe_text.startswith("http_status:5"):
                raise SourceUnavailable(refusal.safe_text, str(refusal)) from refusal
            return self._streams(memory)
        if listed.is_empty and memory.has_things is None and self.options.sensors == "auto":
            return self._streams_if_any(listed)
        listed.memory = replace(listed.memory, has_things=True if listed.sensors else memory.has_things)
        return listed

    def _things(self, memory: Memory) -> Listed:
        """By Things; once more with what they measure read apart, when the server is found to join wrongly."""
        listed = self._listed(memory, lambda dialect: things_query(dialect, self.options.multi_datastreams))
        if memory.joins is None and len(listed.sensors) > 1:
            joins = self._joins_rightly()
            listed.memory = replace(listed.memory, joins=joins)
            if not joins:
                return self._things(listed.memory)
        return listed

    def _streams(self, memory: Memory) -> Listed:
        try:
            listed = self._listed(memory, streams_query)
        except NotUnderstood as refusal:
            raise SourceUnavailable(refusal.safe_text, str(refusal)) from refusal
        listed.memory = replace(listed.memory, has_things=False if listed.sensors else memory.has_things)
        return listed

    def _streams_if_any(self, nothing: Listed) -> Listed:
        try:
            return self._streams(nothing.memory)
        except SourceUnavailable:
            return nothing  # it has no Things and no Datastreams either: an empty server

    def _listed(self, memory: Memory, query: Callable[[Dialect], str]) -> Listed:
        dialect, listed = in_dialect(
            memory.dialect,
            query,
            lambda dialect, question: self._in(dialect, question, memory),
            is_learned=memory.is_learned,
        )
        listed.memory = replace(memory, dialect=dialect, is_learned=True)
        return listed

    def _in(self, dialect: Dialect, question: str, memory: Memory) -> Listed:
        """The list in one dialect, page by page: whole servers don't fit into memory twice."""
        server = self.server
        if memory.joins is False:
            server = replace(server, properties=self._properties())
        if dialect.order and not dialect.is_deep:
            server = replace(server, last=self._last(last_query(dialect)))
        listed = Listed(memory)
        for rows in self.read_pages(question):
            things = self._as_things([self._whole(row, listed) for row in rows], question)
            sensors, observations, rejected = normalise_things(things, server, self.now)
            listed.sensors += sensors
            listed.observations += observations
            listed.rejected += rejected
        return listed

    def _whole(self, row: Any, listed: Listed) -> Any:
        """A Thing with all its datastreams: servers nest no more of them than one page holds (FROST: 100)."""
        for name in ("Datastreams", "MultiDatastreams"):
            nested = row.get(name) if isinstance(row, dict) else None
            if not isinstance(nested, list) or not (query := query_of(row.get(f"{name}@iot.nextLink"))):
                continue
            try:
                row = {**row, name: [*nested, *(each for page in self.read_pages(query) for each in page)]}
            except NotUnderstood as refusal:
                listed.rejected.append(Rejection(self._named(row), f"more {name}: {refusal.safe_text}"))
        return row

    def _as_things(self, rows: list[Any], question: str) -> list[Any]:
        if question.startswith("Datastreams"):
            return [as_thing(row) for row in rows]
        return apart(rows) if self.options.sensors == "datastreams" else rows

    def _last(self, question: str) -> dict[str, tuple[Observation, ...]]:
        rows = (row for page in self.read_pages(question) for row in page if isinstance(row, dict))
        named = ((stream_id, row) for row in rows if (stream_id := self._named(row)))
        return {stream_id: last_of(row, stream_id, self.server.zone) for stream_id, row in named}

    def _properties(self) -> dict[str, str]:
        """Datastream → what it observes, from the other side, where lists are right; empty when that can't be asked."""
        try:
            rows = [row for page in self.read_pages(PROPERTIES_QUERY) for row in page if isinstance(row, dict)]
        except NotUnderstood:
            return {}
        return {stream: text(row, "name", limit=100) for row in rows for stream in self._streams_of(row)}

    def _joins_rightly(self) -> bool:
        """Whether Datastreams name the same Thing that names them; what can't be compared is believed."""
        try:
            things = next(self.read_pages(OWNED_QUERY), [])
            streams = next(self.read_pages(OWNER_QUERY), [])
        except NotUnderstood:
            return True
        owners = {stream: self._named(thing) for thing in things for stream in self._streams_of(thing)}
        pairs = ((self._named(row), self._named(row.get("Thing"))) for row in streams if isinstance(row, dict))
        return all(owners[stream] == thing for stream, thing in pairs if thing and stream in owners)

    def _streams_of(self, row: Any) -> list[str]:
        """Our ids of the Datastreams nested in an entity."""
        nested = row.get("Datastreams") if isinstance(row, dict) else None
        return [self._named(stream) for stream in nested] if isinstance(nested, list) else []

    def _named(self, row: Any) -> str:
        """Our id of an entity; "" without one."""
        if not isinstance(row, Mapping):
            return ""
        try:
            return f"{self.server.key}.{own_id(row)}"
        except RecordRejected:
            return ""
