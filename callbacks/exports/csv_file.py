"""CSV for Excel: UTF-8 with a byte order mark, and no text that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from callbacks.exports.table import Export
from layouts.columns import Cell

MEDIA_TYPE = "text/csv; charset=utf-8"
ROWS_AT_ONCE = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What Excel, WPS or LibreOffice begin a formula with (OWASP, CSV injection); the wide ones are theirs too."""


def guarded(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write(export: Export) -> Iterator[bytes]:
    """The file in pieces. Times are local, to the second, without a zone; unknown is empty."""
    yield "\ufeff".encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(export.headings)
    for index, row in enumerate(export.rows(), start=1):
        writer.writerow([_cell(value) for value in row])
        if index % ROWS_AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _cell(value: Cell) -> Cell:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return guarded(value) if isinstance(value, str) else value


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
