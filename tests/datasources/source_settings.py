"""Settings of a source, and a store that remembers, for tests of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from situation.batch import Batch
from situation.records import SourceHealth


@dataclass(frozen=True)
class Block:
    """One `[[sources]]` block."""

    kind: str
    url: str = "http://127.0.0.1:9/"
    key: str = "upstream"
    name: str = "上游"
    department: str = "dept"
    crs: str | None = None
    timezone: str | None = "Asia/Shanghai"
    interval_s: float | None = None
    timeout_s: float | None = None
    stale_after_s: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class MemoryStore:
    """Keeps every batch; `failure` is raised instead when set."""

    kept: list[tuple[str, Batch, datetime]] = field(default_factory=list)
    cursors: dict[str, Any] = field(default_factory=dict)
    doubts: frozenset[str] = frozenset()
    failure: Exception | None = None

    def apply(self, source: str, batch: Batch, at: datetime) -> int:
        if self.failure is not None:
            raise self.failure
        self.kept.append((source, batch, at))
        if batch.cursor is not None:
            self.cursors[source] = batch.cursor
        return len(self.kept)

    def cursor(self, source: str) -> Any:
        return self.cursors.get(source)

    def doubted(self, source: str) -> frozenset[str]:
        return self.doubts

    def claims(self, source: str, kinds: Sequence[str]) -> int:
        told = (record for key, batch, _ in self.kept if key == source for record in batch.records)
        return len({(record.kind, record.id) for record in told if record.kind in kinds})

    @property
    def healths(self) -> list[SourceHealth]:
        """Every health written, in order."""
        return [one for _, batch, _ in self.kept for one in batch.records if isinstance(one, SourceHealth)]

    @property
    def data(self) -> list[Batch]:
        """Every batch that is not only a health."""
        return [
            batch
            for _, batch, _ in self.kept
            if not (len(batch.records) == 1 and isinstance(batch.records[0], SourceHealth))
        ]
