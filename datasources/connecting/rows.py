"""Unknown rows, flat: their columns by dotted paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def values(rows: Rows, column: str) -> list[Any]:
    """What stands in a column, without what is empty."""
    return [row[column] for row in rows if row.get(column) not in (None, "", [])]
