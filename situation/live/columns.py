"""Columns: numpy arrays that grow, one row per record, addressed by the record's number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

NO_TIME = -1
"""A time that is not known, in a column of epoch milliseconds."""

_FIRST_CAPACITY = 64

Array = npt.NDArray[Any]


class Row(Protocol):
    """What every record can do for a table: say its id."""

    @property
    def id(self) -> str:
        """Unique within its kind."""
        ...


class Words:
    """Strings as small integers: the same string always has the same code. Code 0 is the empty string."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {"": 0}
        self._words: list[str] = [""]

    def code(self, word: str) -> int:
        """The code of a word, given out on first sight."""
        found = self._codes.get(word)
        if found is None:
            found = self._codes[word] = len(self._words)
            self._words.append(word)
        return found

    def find(self, word: str) -> int | None:
        """The code of a word, or None when it was never seen."""
        return self._codes.get(word)

    def word(self, code: int) -> str:
        """The word behind a code."""
        return self._words[code]

    def __len__(self) -> int:
        return len(self._words)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `read` takes its value out of a record."""

    name: str
    dtype: npt.DTypeLike
    read: Callable[[Any, Words], Any]


class Table:
    """Columns of one kind. Rows are dense and in no particular order; `version` moves with every change."""

    def __init__(self, columns: Sequence[Column], words: Words, keeps: Callable[[Any], bool] | None = None) -> None:
        self._columns = (Column("id", object, lambda record, _words: record.id), *columns)
        self._words = words
        self._keeps = keeps
        self._row_of: dict[int, int] = {}
        self._arrays: dict[str, Array] = {
            column.name: np.empty(_FIRST_CAPACITY, dtype=column.dtype) for column in self._columns
        }
        self._numbers: npt.NDArray[np.int64] = np.empty(_FIRST_CAPACITY, dtype=np.int64)
        self.version = 0
        self.membership = 0
        """Moves only when rows come or go."""

    def __len__(self) -> int:
        return len(self._row_of)

    def __getitem__(self, name: str) -> Array:
        """The filled part of a column (a view: copy it to keep it)."""
        return self._arrays[name][: len(self._row_of)]

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The record number of every row."""
        return self._numbers[: len(self._row_of)]

    def row(self, number: int) -> int | None:
        """The row of a record now (it moves when rows are removed), or None."""
        return self._row_of.get(number)

    def put(self, items: Iterable[tuple[int, Row]]) -> None:
        """Add or replace records by number. One that the table does not keep is removed."""
        kept: dict[int, Row] = {}
        for number, record in items:
            if self._keeps is None or self._keeps(record):
                kept[number] = record
                continue
            kept.pop(number, None)
            self.remove(number)
        if not kept:
            return
        self._add_rows([number for number in kept if number not in self._row_of])
        rows = np.fromiter((self._row_of[number] for number in kept), dtype=np.int64, count=len(kept))
        for column in self._columns:
            values = np.empty(len(kept), dtype=column.dtype)
            values[:] = [column.read(record, self._words) for record in kept.values()]
            self._arrays[column.name][rows] = values
        self.version += 1

    def remove(self, number: int) -> None:
        """Take a record out; nothing happens when it is not there."""
        row = self._row_of.pop(number, None)
        if row is None:
            return
        last = len(self._row_of)
        if row != last:
            for array in self._arrays.values():
                array[row] = array[last]
            self._numbers[row] = self._numbers[last]
            self._row_of[int(self._numbers[row])] = row
        for column in self._columns:
            if column.dtype is object:
                self._arrays[column.name][last] = None
        self.version += 1
        self.membership += 1

    def _add_rows(self, numbers: list[int]) -> None:
        if not numbers:
            return
        start = len(self._row_of)
        end = start + len(numbers)
        if end > len(self._numbers):
            self._grow(max(end, 2 * len(self._numbers)))
        self._numbers[start:end] = numbers
        self._row_of.update(zip(numbers, range(start, end), strict=True))
        self.membership += 1

    def _grow(self, capacity: int) -> None:
        for name, array in self._arrays.items():
            grown = np.empty(capacity, dtype=array.dtype)
            grown[: len(array)] = array
            self._arrays[name] = grown
        numbers = np.empty(capacity, dtype=np.int64)
        numbers[: len(self._numbers)] = self._numbers
        self._numbers = numbers


def epoch_ms(at: datetime | None) -> int:
    """An aware time as epoch milliseconds, `NO_TIME` for None."""
    return NO_TIME if at is None else round(at.timestamp() * 1000)
