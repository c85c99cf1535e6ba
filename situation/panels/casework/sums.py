"""The choice in a line: its figures beside those of all cases, which are the numbers every screen shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from situation.live import Moment
from situation.numbers import NUMBERS_BY_KEY
from situation.panels.casework.breakdowns import ontime_masks
from situation.panels.casework.selection import Selection
from situation.panels.definition import Values

WHOLE = ("cases_open", "cases_overdue", "cases_today", "oldest_overdue_s", "ontime_rate")


def build_sum(moment: Moment, selection: Selection) -> Values:
    """`whole`: the numbers of all cases; beside it the same of those chosen. before + new − closed = open."""
    lasting = selection.lasting()
    due, ontime = ontime_masks(moment, lasting)
    was_due = int(np.count_nonzero(due))
    return {
        "open": int(np.count_nonzero(selection.open())),
        "overdue": int(np.count_nonzero(selection.overdue())),
        "oldest_overdue_s": _oldest_overdue_s(moment, selection),
        "before": int(np.count_nonzero(lasting & moment.was_open(moment.today_ms))),
        "new": int(np.count_nonzero(lasting & moment.is_registered_today)),
        "closed": int(np.count_nonzero(lasting & moment.is_closed_today)),
        "open_lasting": int(np.count_nonzero(moment.is_open & lasting)),
        "due": was_due,
        "ontime_rate": int(np.count_nonzero(ontime)) / was_due if was_due else None,
        "ontime_target": moment.context.ontime_target,
        "whole": {key: NUMBERS_BY_KEY[key].value(moment) for key in WHOLE},
        "names": _names(moment, selection),
    }


def _oldest_overdue_s(moment: Moment, selection: Selection) -> int | None:
    due = moment.cases["due_ms"][selection.overdue()]
    return (moment.at_ms - int(due.min())) // 60_000 * 60 if len(due) else None


def _names(moment: Moment, selection: Selection) -> dict[str, Any]:
    """Names of what the choice gives by code: `{key: [name, name_en]}`."""
    known = {"department": moment.department_names, "street": moment.street_names}
    names: dict[str, Any] = {
        key: list(known[key][value]) for key, value in selection.choice.items() if key in known and value in known[key]
    }
    grid = moment.area_index.area(selection.choice.get("grid", ""))
    if grid is not None:
        names["grid"] = [grid.name, grid.name_en]
    return names
