"""Readings for the panels, from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from situation.live.columns import epoch_ms
from situation.live.context import Point
from situation.store import Series, Store


class StoreReadings:
    """Reads what the panels ask for; raises StoreError like the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def latest(self, streams: Sequence[str]) -> dict[str, Point]:
        """The last reading of each datastream that has one."""
        return {stream: (epoch_ms(at), value) for stream, (at, value) in self._store.latest(streams).items()}

    def series(self, stream: str, since: datetime, until: datetime, points: int) -> list[Point]:
        """Readings in [since, until); where several are drawn as one, its smallest and largest. The newest is exact."""
        return self.many([stream], since, until, points).get(stream, [])

    def many(self, streams: Sequence[str], since: datetime, until: datetime, points: int) -> dict[str, list[Point]]:
        """The same of several datastreams; those that never spoke have none."""
        found = self._store.observations(streams, since, until, points // 2)
        newest = self.latest(streams)
        first_ms, end_ms = epoch_ms(since), epoch_ms(until)
        thinned: dict[str, list[Point]] = {}
        for stream in streams:
            rows = _thinned(found[stream]) if stream in found else []
            last = newest.get(stream)
            if last is not None and first_ms <= last[0] < end_ms:
                rows = [point for point in rows if point[0] < last[0]] + [last]
            thinned[stream] = rows
        return thinned


def _thinned(series: Series) -> list[Point]:
    thinned: list[Point] = []
    for point in series.points:
        if point.minimum != point.maximum:
            thinned += [(point.at_ms, point.minimum), (point.at_ms, point.maximum)]
        if not thinned or thinned[-1][1] != point.last or thinned[-1][0] != point.at_ms:
            thinned.append((point.at_ms, point.last))
    return thinned
