"""Readings for the panels, from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from situation.live.columns import epoch_ms
from situation.live.context import Point
from situation.store import Store


class StoreReadings:
    """Reads what the panels ask for; raises StoreError like the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def latest(self, streams: Sequence[str]) -> dict[str, Point]:
        """The last reading of each datastream that has one."""
        return {stream: (epoch_ms(at), value) for stream, (at, value) in self._store.latest(streams).items()}

    def series(self, stream: str, since: datetime, until: datetime, points: int) -> list[Point]:
        """Readings in [since, until); where several are drawn as one, its smallest and largest. The newest is exact."""
        series = self._store.observations([stream], since, until, points // 2).get(stream)
        thinned: list[Point] = []
        for point in series.points if series else ():
            if point.minimum != point.maximum:
                thinned += [(point.at_ms, point.minimum), (point.at_ms, point.maximum)]
            if not thinned or thinned[-1][1] != point.last or thinned[-1][0] != point.at_ms:
                thinned.append((point.at_ms, point.last))
        newest = self.latest([stream]).get(stream)
        if newest is not None and epoch_ms(since) <= newest[0] < epoch_ms(until):
            thinned = [point for point in thinned if point[0] < newest[0]] + [newest]
        return thinned
