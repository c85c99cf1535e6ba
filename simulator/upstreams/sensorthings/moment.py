"""The observations of an instance as of one moment: what a request sees from its first to its last row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from simulator.behaviour import Behaviour
from simulator.upstreams.sensorthings.expressions import Call, Expression, Literal, Property, conjuncts, parse_time
from simulator.upstreams.sensorthings.graph import Graph, Observed

KEPT = timedelta(hours=48)
REACH_OF_ALL = timedelta(hours=1)  # a read across all datastreams goes back so far unless its filter says more
_MOST_SAMPLES = 12
_TIMES = (("phenomenonTime",), ("resultTime",))
_STREAM_IDS = (("Datastream", "id"), ("Datastream", "@iot.id"))


class Moment:
    """An instance at `at`. Asks for the latest readings of all sensors once, in one vectorised call."""

    def __init__(self, graph: Graph, behaviour: Behaviour, at: datetime) -> None:
        self.graph = graph
        self.at = at
        self._behaviour = behaviour

    def latest(self, stream: int) -> Observed | None:
        """The newest observation of a datastream."""
        return self._latest[stream]

    def observation_at(self, stream: int, second: datetime) -> Observed | None:
        """The observation of a datastream in one second, if it is kept."""
        if not self.at - KEPT <= second <= self.at:
            return None
        found = self._read([stream], second, second + timedelta(seconds=1, microseconds=-1))
        return found[0] if found else None

    def observations(self, streams: Sequence[int] | None, wanted: Expression | None) -> list[Observed]:
        """Observations of `streams` (None: of all) that `wanted` may admit, oldest first; it must still be applied."""
        since, until = self._span(streams is None, wanted)
        named = self._named_streams(wanted)
        if named is not None:
            streams = named if streams is None else [stream for stream in streams if stream in named]
        numbers: Sequence[int] = range(len(self.graph.streams)) if streams is None else streams
        found = self._sampled(numbers, since, until) if len(numbers) > 1 else self._read(numbers, since, until)
        found.sort(key=lambda observed: observed.at)
        return found

    def _read(self, numbers: Iterable[int], since: datetime, until: datetime) -> list[Observed]:
        """Every reading between the ends, asked for one datastream after the other."""
        found = []
        for number in numbers:
            stream = self.graph.streams[number]
            last = self._latest[number]
            if last is None or last.at < since:
                continue
            sensor = self.graph.things[stream.thing]
            readings = self._behaviour.readings(sensor, stream.quantity_index, since - timedelta(seconds=1), until)
            found += [Observed(number, at, value) for at, value in readings if since <= at <= until]
        return found

    def _sampled(self, numbers: Sequence[int], since: datetime, until: datetime) -> list[Observed]:
        """The same for many datastreams and a short time, as pollers ask: the city's latest readings at a few moments.

        Moments lie no further apart than a datastream's interval, so every reading is the latest at one of them.
        """
        found: list[Observed] = []
        by_interval: dict[int, list[int]] = {}
        for number in numbers:
            by_interval.setdefault(self.graph.streams[number].quantity.interval_s, []).append(number)
        for interval_s, group in by_interval.items():
            step = timedelta(seconds=interval_s)
            if (until - since) / step > _MOST_SAMPLES:
                found += self._read(group, since, until)
                continue
            moments = [until]
            while moments[-1] > since:
                moments.append(moments[-1] - step)
            samples = [self._latest_at(group, moment) for moment in moments]
            unique = {(one.stream, one.at): one for sample in samples for one in sample if since <= one.at <= until}
            found += unique.values()
        return found

    def _latest_at(self, numbers: Sequence[int], moment: datetime) -> list[Observed]:
        if moment == self.at:
            return [last for number in numbers if (last := self._latest[number]) is not None]
        streams = [self.graph.streams[number] for number in numbers]
        readings = self._behaviour.latest_readings([self.graph.things[stream.thing] for stream in streams], moment)
        return [
            Observed(number, reading[0], reading[1])
            for number, stream, row in zip(numbers, streams, readings, strict=True)
            if (reading := row[stream.quantity_index]) is not None
        ]

    @cached_property
    def _latest(self) -> list[Observed | None]:
        per_thing = self._behaviour.latest_readings(self.graph.things, self.at)
        latest: list[Observed | None] = []
        for number, stream in enumerate(self.graph.streams):
            reading = per_thing[stream.thing][stream.quantity_index]
            latest.append(None if reading is None else Observed(number, reading[0], reading[1]))
        return latest

    def _span(self, is_all: bool, wanted: Expression | None) -> tuple[datetime, datetime]:
        """From when to when `wanted` needs observations, ends included."""
        oldest = self.at - KEPT
        since: datetime | None = None
        until = self.at
        for call in _comparisons(wanted):
            left, right = call.arguments
            if not (isinstance(left, Property) and left.path in _TIMES and isinstance(right, Literal)):
                continue
            time = right.value if isinstance(right.value, datetime) else parse_time(str(right.value))
            if call.name in ("gt", "ge", "eq"):
                since = time if since is None else max(since, time)
            if call.name in ("lt", "le", "eq"):
                until = min(until, time)
        if since is None:
            since = min(until, self.at) - REACH_OF_ALL if is_all and self._named_streams(wanted) is None else oldest
        return max(since, oldest), until

    def _named_streams(self, wanted: Expression | None) -> list[int] | None:
        """The datastream that `wanted` restricts to by id, if it does."""
        for call in _comparisons(wanted):
            left, right = call.arguments
            if call.name == "eq" and isinstance(left, Property) and left.path in _STREAM_IDS:
                key = self.graph.key_of("Datastreams", str(right.value)) if isinstance(right, Literal) else None
                return [] if key is None else [key]
        return None


def _comparisons(wanted: Expression | None) -> Iterable[Call]:
    return (part for part in conjuncts(wanted) if isinstance(part, Call) and len(part.arguments) == 2)
