"""What an export is made of, whatever its format: records in pieces, their columns, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from layouts.columns import COLUMNS, Cell, Column, Reader
from layouts.text import say
from situation.plain import to_plain
from situation.records import Record

Item = tuple[int, Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export. `pieces` are read while the file is written; `total` match, `count` of them are in it."""

    collection: str
    kind: str
    reader: Reader
    district: str
    total: int
    count: int
    filters: Mapping[str, str]
    pieces: Iterable[tuple[Item, ...]]

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is told of each record."""
        return COLUMNS[self.kind]

    @property
    def headings(self) -> list[str]:
        """The first row."""
        return [column.title(self.reader.language) for column in self.columns]

    def items(self) -> Iterator[Item]:
        """Every record."""
        return chain.from_iterable(self.pieces)

    def rows(self) -> Iterator[list[Cell]]:
        """Every record as a row."""
        for _, record in self.items():
            plain = to_plain(record)
            yield [column.read(record, plain, self.reader) for column in self.columns]

    def about(self) -> list[tuple[str, str]]:
        """What somebody must know who finds this file a year later."""
        language = self.reader.language
        chosen = " · ".join(f"{key}={value}" for key, value in self.filters.items())
        return [
            (say(language, "export.district"), self.district),
            (say(language, "export.what"), say(language, f"collection.{self.collection}")),
            (say(language, "export.at"), self.reader.at.astimezone(self.reader.zone).isoformat(timespec="seconds")),
            (say(language, "export.zone"), str(self.reader.zone)),
            (say(language, "export.total"), f"{self.total:,}"),
            (say(language, "export.rows"), f"{self.count:,}"),
            (say(language, "export.filter"), chosen or say(language, "export.none")),
        ]
