"""What a Coordinator hands on: batches to the store, what they came to the ledger, records to the rules first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from datasources.contract import Batch, SourceError
from situation.records import SourceHealth


class Sink(Protocol):
    """Where batches go: the store."""

    def apply(self, source: str, batch: Batch, at: datetime) -> int:
        """Keep a batch; returns the last seq."""
        ...

    def cursor(self, source: str) -> Any:
        """The cursor of the last batch that was kept, or None."""
        ...

    def doubted(self, source: str) -> frozenset[str]:
        """Kinds of which the last complete batch would have removed too many to be believed at once."""
        ...

    def claims(self, source: str, kinds: Sequence[str]) -> int:
        """How many records of these kinds the source has told of and not taken back."""
        ...


class Book(Protocol):
    """Where it is noted what each fetch came to: the ledger."""

    def took(self, key: str, batch: Batch, latency_s: float) -> None:
        """Note an answer that was kept."""
        ...

    def unchanged(self, key: str, latency_s: float) -> None:
        """Note an answer that said that nothing changed."""
        ...

    def failed(self, key: str, error: SourceError) -> None:
        """Note a fetch that failed."""
        ...


class NoBook:
    """Nothing is noted."""

    def took(self, key: str, batch: Batch, latency_s: float) -> None:
        """Nothing."""

    def unchanged(self, key: str, latency_s: float) -> None:
        """Nothing."""

    def failed(self, key: str, error: SourceError) -> None:
        """Nothing."""


Enrich = Callable[[str, Batch], Batch]
"""What the rules add to a batch before it is kept."""


class Rules(Protocol):
    """The alarm rules, as the collector drives them."""

    def enrich(self, source_key: str, batch: Batch) -> Batch:
        """Add what the rules know to a batch before it is kept."""
        ...

    def watch(self, sources: Sequence[SourceHealth]) -> None:
        """Take in how all sources are doing now."""
        ...

    def tick(self, now: datetime) -> Sequence[tuple[str, Batch]]:
        """What the rules want written as of now: (source key, batch)."""
        ...


class NoRules:
    """Rules that say nothing."""

    def enrich(self, source_key: str, batch: Batch) -> Batch:
        """The batch as it is."""
        return batch

    def watch(self, sources: Sequence[SourceHealth]) -> None:
        """Nothing."""

    def tick(self, now: datetime) -> Sequence[tuple[str, Batch]]:
        """Nothing."""
        return ()
