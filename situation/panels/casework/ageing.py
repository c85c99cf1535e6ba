"""How old the open cases are, and how long they still have or are overdue."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.moment import Mask
from situation.panels.casework.classes import AGES, DUES, Classes, Codes, age_of, due_of
from situation.panels.casework.selection import Selection
from situation.panels.definition import Values


def build_ageing(moment: Moment, selection: Selection) -> Values:
    """`ages` as `[class, open, overdue]` and `dues` as `[class, open]`: both add up to the open cases chosen."""
    ages, dues = age_of(moment), due_of(moment)
    of_age, of_due = selection.open("age"), selection.open("due", "overdue")
    late = _counts(AGES, ages, selection.overdue("age"))
    open_by_age, open_by_due = _counts(AGES, ages, of_age), _counts(DUES, dues, of_due)
    return {
        "ages": [[key, *counts] for key, *counts in zip(AGES.keys, open_by_age, late, strict=True)],
        "dues": [[key, count] for key, count in zip(DUES.keys, open_by_due, strict=True)],
        "total_by_age": int(np.count_nonzero(of_age)),
        "total_by_due": int(np.count_nonzero(of_due)),
        "overdue": int(np.count_nonzero(selection.overdue("due", "overdue"))),
        "median_s": _median_age_s(moment, of_age),
    }


def _counts(classes: Classes, codes: Codes, mask: Mask) -> list[int]:
    return [int(count) for count in np.bincount(codes[mask], minlength=len(classes.keys))]


def _median_age_s(moment: Moment, mask: Mask) -> int | None:
    """In whole minutes, like everything that time alone moves."""
    registered = moment.cases["registered_ms"][mask]
    return int(moment.at_ms - np.median(registered)) // 60_000 * 60 if len(registered) else None
