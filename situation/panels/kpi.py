"""The strip of key numbers."""

from __future__ import annotations

from situation.live import Moment
from situation.numbers import compute_all
from situation.panels.definition import Values


def build_kpi(moment: Moment) -> Values:
    """Every number of the table of numbers."""
    values: Values = dict(compute_all(moment))
    rate = values["ontime_rate"]
    values["ontime_rate"] = None if rate is None else round(rate, 4)
    return values
