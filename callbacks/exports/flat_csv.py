"""CSV for machines: UTF-8 without a byte order mark, one column a field, times ISO 8601 in UTC.

Texts that a spreadsheet would calculate get an apostrophe in front here, too: somebody opens the file in one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from callbacks.exports.csv_file import guarded
from callbacks.exports.flat import columns, row
from callbacks.exports.table import Export

MEDIA_TYPE = "text/csv; charset=utf-8"


def write(export: Export) -> Iterator[bytes]:
    """The file in pieces."""
    sorts = columns(export.kind)
    yield _line([list(sorts)])
    for items in export.pieces:
        yield _line([[_cell(value) for value in row(record, sorts)] for _, record in items])


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return guarded(value) if isinstance(value, str) else value


def _line(rows: list[list[Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
