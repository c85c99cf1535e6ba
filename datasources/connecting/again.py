"""What rows are taken for, after the same question was asked twice: an id that is another one each time is none."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.connecting.columns import Guess, guess
from datasources.connecting.finding import Found, rows_in
from datasources.connecting.rows import Rows
from datasources.contract import SourceDataError
from datasources.http import Reply

_STEADY_SHARE = 0.5
"""Of the ids of one reply so many are in the next, a moment later, however fast a list changes."""


@dataclass(frozen=True, slots=True)
class Unsteady:
    """Columns whose values are made anew for every reply: GeoServer numbers the rows of a view so (`fid-…`)."""

    columns: frozenset[str] = frozenset()

    def guess(self, rows: Rows, record: str) -> Guess:
        """What rows are without these columns."""
        if not self.columns:
            return guess(rows, record)
        return guess([{name: row[name] for name in row if name not in self.columns} for row in rows], record)


def unsteady(found: Found, again: Reply | None, record: str) -> Unsteady:
    """The columns that look like ids and are not, by a second reply; none when there is none."""
    try:
        rows = rows_in(again, found.form).rows if again is not None else ()
    except SourceDataError:
        rows = ()
    left_out = Unsteady()
    while rows:
        own_id = left_out.guess(found.rows, record).fields.get("id", "")
        if not own_id or _is_steady(own_id, found.rows, rows):
            break
        left_out = Unsteady(left_out.columns | {own_id})
    return left_out


def _is_steady(column: str, rows: Rows, again: Rows) -> bool:
    before, after = ({str(row.get(column)) for row in each} for each in (rows, again))
    return len(before & after) >= _STEADY_SHARE * min(len(before), len(after))
