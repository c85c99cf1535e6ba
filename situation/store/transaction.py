"""What one transaction of the writer works with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from situation.store.index import WriterIndex


@dataclass(slots=True)
class Transaction:
    """The connection, the writer's memory, and the last numbers given (`tables.counter`), which it may raise.

    One that wrote nothing says so with `has_written`: then nobody is woken.
    """

    connection: Connection
    index: WriterIndex
    counters: dict[str, int]
    has_written: bool = True

    def next(self, counter: str) -> int:
        """A number never given before."""
        self.counters[counter] += 1
        return self.counters[counter]
