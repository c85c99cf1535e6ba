"""CSV text to records by a mapping of columns."""

from __future__ import annotations

import csv
import io

from datasources.contract import Rejection, SourceDataError
from datasources.mapping import RowMapping
from situation.records import Record


def read_rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    """Lines by column name; names are trimmed, empty lines left out. Raises SourceDataError without a header."""
    try:
        reader = csv.DictReader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter, restkey="", restval="")
        names = [(name or "").strip() for name in reader.fieldnames or ()]
        if not any(names):
            raise SourceDataError("empty", "a table without a header")
        reader.fieldnames = names
        return [{name: value for name, value in row.items() if isinstance(value, str)} for row in reader]
    except csv.Error as error:
        raise SourceDataError("not_csv", f"not CSV: {error}") from error


def normalise(text: str, mapping: RowMapping, delimiter: str = ",") -> tuple[list[Record], list[Rejection]]:
    """Records of the lines of a table; raises SourceDataError when the id's column is missing."""
    rows = read_rows(text, delimiter)
    id_column = mapping.fields.get("id", "id")
    if rows and id_column not in rows[0]:
        raise SourceDataError(f"no_column:{id_column}", f"columns are {', '.join(list(rows[0])[:20])}")
    return mapping.records(rows)
