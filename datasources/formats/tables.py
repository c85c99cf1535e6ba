"""CSV and its relatives: lines by column name."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from datasources.contract import SourceDataError

MOST_COLUMNS = 2_000

_OTHER_FORMATS = ("{", "<", "[{", "[]")
"""How an error or another document begins; as a table it would be a header without lines: nothing there any more."""


def read_csv(text: str, delimiter: str = ",", columns: Sequence[str] = ()) -> list[dict[str, str]]:
    """Lines by column name; names are trimmed, empty lines left out. Raises SourceDataError without a header.

    With `columns` the table has no header. Text before a `sep=` line's end, as spreadsheets write it, is understood.
    """
    text = text.replace("\x00", "")
    if text[:5].lower().startswith("sep=") and len(text) > 5:
        delimiter, text = text[4], text.partition("\n")[2]
    if text.lstrip()[:2].startswith(_OTHER_FORMATS):
        raise SourceDataError("not_csv", "JSON or XML where a table is due")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        names = [name.strip() for name in (columns or next(reader, ()))]
        if not any(names):
            raise SourceDataError("empty", "a table without a header")
        if len(names) > MOST_COLUMNS:
            raise SourceDataError("wrong_shape", f"more than {MOST_COLUMNS} columns")
        return [dict(zip(names, line, strict=False)) for line in reader if line]
    except csv.Error as error:
        raise SourceDataError("not_csv", f"not CSV: {error}") from error
