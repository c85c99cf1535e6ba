"""Finding the row of a record by its id: columns are addressed by number."""

from __future__ import annotations

from situation.live.moment import Moment


def row_of(moment: Moment, kind: str, record_id: str) -> int | None:
    """The row of a record in its table now, None when there is none."""
    table = moment.live.tables.get(kind)
    if table is None:
        return None
    numbers: dict[str, int] = moment.cache.get(
        f"numbers/{kind}",
        table.membership,
        lambda: dict(zip(table["id"].tolist(), table.numbers.tolist(), strict=True)),
    )
    number = numbers.get(record_id)
    return None if number is None else table.row(number)
