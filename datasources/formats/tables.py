"""CSV and its relatives: lines by column name."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import overload

from datasources.contract import SourceDataError
from datasources.crowded import MOST_CELLS, refuse_crowded, refuse_rows

MOST_COLUMNS = 2_000

_OTHER_FORMATS = ("{", "<", "[{", "[]")
"""How an error or another document begins; as a table it would be a header without lines: nothing there any more."""


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BETWEEN = "\0"  # never in a cell: read_csv takes it out of the text


class Lines(Sequence[dict[str, str]]):
    """Lines by column name, made when they are asked for: a table of 200,000 lines as dicts takes 0.2 GB."""

    def __init__(self, names: Sequence[str], packed: list[str]) -> None:
        self._names = names
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, index: int) -> dict[str, str]: ...

    @overload
    def __getitem__(self, index: slice) -> Lines: ...

    def __getitem__(self, index: int | slice) -> dict[str, str] | Lines:
        if isinstance(index, slice):
            return Lines(self._names, self._packed[index])
        return dict(zip(self._names, self._packed[index].split(_BETWEEN), strict=False))


def read_csv(text: str, delimiter: str = ",", columns: Sequence[str] = ()) -> Lines:
    """Lines by column name; names are trimmed, empty lines left out. Raises SourceDataError without a header.

    With `columns` the table has no header. Text before a `sep=` line's end, as spreadsheets write it, is understood.
    """
    refuse_rows(max(text.count("\n"), text.count("\r")))
    refuse_crowded(text, (MOST_CELLS, delimiter))
    text = text.replace(_BETWEEN, "")
    if text[:5].lower().startswith("sep=") and len(text) > 5:
        delimiter, text = text[4], text.partition("\n")[2]
    if text.lstrip()[:2].startswith(_OTHER_FORMATS):
        raise SourceDataError("not_csv", "JSON or XML where a table is due")
    try:
        reader = csv.reader((found.group() for found in _LINE.finditer(text)), delimiter=delimiter)
        names = [name.strip() for name in (columns or next(reader, ()))]
        if not any(names):
            raise SourceDataError("empty", "a table without a header")
        if len(names) > MOST_COLUMNS:
            raise SourceDataError("wrong_shape", f"more than {MOST_COLUMNS} columns")
        return Lines(names, [_BETWEEN.join(line) for line in reader if line])
    except csv.Error as error:
        raise SourceDataError("not_csv", f"not CSV: {error}") from error
