"""Hot spots: where cases are dense, which grids have most for their size and people, what comes back."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.moment import DAY_MS, Mask
from situation.panels.casework.density import build_density, build_grids
from situation.panels.casework.repeats import LEAST_REPEATS, REPEAT_DAYS, Repeat, repeats
from situation.panels.casework.selection import Selection
from situation.panels.definition import Values

OWN = ("grid", "place")
MOST_PLACES = 20


def build_hotspots(moment: Moment, selection: Selection) -> Values:
    """Of cases registered in the last 30 days or in the days chosen; of open ones where the choice is about those."""
    mask, about = _base(moment, selection)
    places = _places(moment, selection)
    return {
        "about": about,
        "count": int(np.count_nonzero(mask)),
        "density": build_density(moment, mask, selection.choice.get("street", "")),
        "grids": build_grids(moment, mask),
        "places": [row for repeat in places[:MOST_PLACES] if (row := _place_row(moment, repeat)) is not None],
        "places_total": len(places),
        "place_cases": sum(len(repeat.numbers) for repeat in places),
    }


def _base(moment: Moment, selection: Selection) -> tuple[Mask, str]:
    if selection.speaks_of_open():
        return selection.open(*OWN), "open"
    lasting = selection.lasting(*OWN) & moment.is_registered
    if {"since", "until"} & set(selection.choice):
        return lasting, "days"
    return lasting & (moment.cases["registered_ms"] >= moment.at_ms - REPEAT_DAYS * DAY_MS), "month"


def _places(moment: Moment, selection: Selection) -> list[Repeat]:
    """Repeats as often among the cases chosen; those of open cases are repeats that one of them belongs to."""
    if selection.is_whole:
        return repeats(moment)
    lasting = frozenset(moment.cases.numbers[selection.lasting(*OWN)].tolist())
    found = [repeat.within(lasting) for repeat in repeats(moment)]
    found = [repeat for repeat in found if len(repeat.numbers) >= LEAST_REPEATS]
    if not selection.speaks_of_open():
        return found
    chosen = frozenset(moment.cases.numbers[selection.open(*OWN)].tolist())
    return [repeat for repeat in found if not chosen.isdisjoint(repeat.numbers)]


def _place_row(moment: Moment, repeat: Repeat) -> Values | None:
    """A repeat in words; None when its cases are no longer kept."""
    rows = [row for number in repeat.numbers if (row := moment.cases.row(number)) is not None]
    if not rows:
        return None
    table, newest = moment.cases, rows[-1]
    street = moment.live.words.word(int(table["street"][newest]))
    return {
        "subcategory": repeat.subcategory,
        "lon": round(repeat.lon, 6),
        "lat": round(repeat.lat, 6),
        "address": table["address"][newest],
        "street": list(moment.street_names.get(street, ("", ""))),
        "count": len(repeat.numbers),
        "open": int(np.count_nonzero(moment.is_open[rows])),
        "overdue": int(np.count_nonzero(moment.is_overdue[rows])),
        "last_at": int(table["registered_ms"][newest]),
    }
