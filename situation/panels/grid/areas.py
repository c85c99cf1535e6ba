"""Panels that compare areas: the map, the ranking, one area's numbers, its days, its peers."""

from __future__ import annotations

from typing import Any

import numpy as np

from situation.live import Moment
from situation.panels.definition import Values
from situation.panels.grid.choosing import Looking, path_to
from situation.panels.grid.figures import FIGURES, Figure
from situation.panels.grid.levels import Counts, Floats, level_table
from situation.panels.grid.ranks import UNRANKED, known_or_none, median, peers, ranks
from situation.panels.grid.values import DAYS, Days, count_now, days_of, divided, total_now

MOST_ROWS = 60
PEERS = {"street": 5, "community": 8, "grid": 8}


def _about(moment: Moment, look: Looking) -> Values:
    """What every panel of the scene says of the choice it shows."""
    return {
        "area": None if look.area is None else look.area.code,
        "path": path_to(moment, look.area),
        "level": look.level,
        "within": look.within,
        "number": look.figure.key,
        "per": "" if look.figure.is_share else look.per,
        "is_share": look.figure.is_share,
        "is_low_bad": look.figure.is_low_bad,
    }


def build_map(moment: Moment, look: Looking) -> Values:
    """The number of every area of the level inside the area looked at. Parts and `elsewhere` add up to `total`."""
    table = level_table(moment, look.level)
    counts = count_now(moment, table, look.figure)
    values = divided(counts, table, look.figure, look.per)
    shown = table.inside(look.within)
    total = total_now(moment, look.figure)
    placed = None if look.figure.is_share or total is None else int(np.nansum(counts))
    return {
        **_about(moment, look),
        "values": {table.areas[i].code: known_or_none(values[i], 2 if look.per else 4) for i in shown.tolist()},
        "total": total,
        "elsewhere": None if placed is None or total is None else int(total) - placed,
    }


def build_rank(moment: Moment, look: Looking) -> Values:
    """The areas the map shows, the worst first, each with its last 14 days. Equals share a rank."""
    table = level_table(moment, look.level)
    values = divided(count_now(moment, table, look.figure), table, look.figure, look.per)
    shown = table.inside(look.within)
    ranked = ranks(values[shown], is_low_bad=look.figure.is_low_bad)
    order = np.lexsort((shown, np.where(ranked == UNRANKED, len(shown) + 1, ranked)))
    days = days_of(moment, look.level, look.figure)
    rows = []
    for place in order[:MOST_ROWS].tolist():
        i = int(shown[place])
        area = table.areas[i]
        weeks = (None, None) if days is None else days.weeks(i)
        rows.append(
            {
                "code": area.code,
                "name": area.name,
                "name_en": area.name_en,
                "value": known_or_none(values[i], 2 if look.per else 4),
                "rank": int(ranked[place]) or None,
                "people": known_or_none(table.people[i]),
                "weeks": weeks,
                "days": None if days is None else days.series(i),
            }
        )
    return {**_about(moment, look), "rows": rows, "of": len(shown)}


def build_area(moment: Moment, look: Looking) -> Values:
    """Every number of the area looked at: value, per 10,000 people, rank among its level, peers, two weeks."""
    rows = [_figure_row(moment, look, figure) for figure in FIGURES]
    area = look.area
    table = None if area is None else level_table(moment, look.own_level or "street")
    place = None if area is None or table is None else table.place[area.code]
    streets = level_table(moment, "street")
    return {
        **_about(moment, look),
        "people": known_or_none(
            float(np.nansum(streets.people)) if table is None or place is None else table.people[place]
        ),
        "km2": known_or_none(float(np.nansum(streets.km2)) if table is None or place is None else table.km2[place], 2),
        "of": None if table is None else len(table),
        "rows": rows,
    }


def _figure_row(moment: Moment, look: Looking, figure: Figure) -> Values:
    row: Values = {"key": figure.key, "is_share": figure.is_share, "is_low_bad": figure.is_low_bad}
    if look.area is None or look.own_level is None:
        days = days_of(moment, "street", figure)
        weeks = (None, None) if days is None else days.weeks(-1)
        return row | {
            "value": total_now(moment, figure),
            "per_people": None,
            "rank": None,
            "peers": None,
            "weeks": weeks,
        }
    table = level_table(moment, look.own_level)
    place = table.place[look.area.code]
    counts = count_now(moment, table, figure)
    rated = divided(counts, table, figure, "people")
    days = days_of(moment, look.own_level, figure)
    return row | {
        "value": known_or_none(counts[place]),
        "per_people": None if figure.is_share else known_or_none(rated[place], 2),
        "rank": int(ranks(rated, is_low_bad=figure.is_low_bad)[place]) or None,
        "peers": _rounded(median(rated[_peers(table.people, place, look.own_level)])),
        "weeks": (None, None) if days is None else days.weeks(place),
    }


def _peers(people: Floats, place: int, level: str) -> Counts:
    return peers(people, place, PEERS[level])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def build_trend(moment: Moment, look: Looking) -> Values:
    """The number day by day (each day the 24 hours up to this time of day), beside the median of its peers."""
    level = look.own_level or "street"
    days = days_of(moment, level, look.figure)
    known: dict[str, Any] = {"ends": [], "values": [], "peers": None, "weeks": (None, None)}
    if days is not None:
        table = level_table(moment, level)
        row = -1 if look.area is None else table.place[look.area.code]
        known = {"ends": days.ends_ms, "values": days.series(row), "weeks": days.weeks(row)}
        known["peers"] = None if look.area is None else _peers_daily(days, table.people, row, level)
    return {**_about(moment, look), "is_stock": look.figure.is_stock, **known}


def _peers_daily(days: Days, people: Floats, row: int, level: str) -> list[float | None] | None:
    """Day by day what an area of this population would have if it were as its peers are: median rate × people."""
    chosen = _peers(people, row, level)
    if not len(chosen):
        return None
    rates = days.rates()[chosen]
    if not days.is_share:
        rates = rates / people[chosen][:, None] * people[row]
    return [_rounded(median(rates[:, day])) for day in range(DAYS)]


def build_peers(moment: Moment, look: Looking) -> Values:
    """Areas of like population with their rate, the worst first; for the whole district, its streets."""
    level = look.own_level or "street"
    table = level_table(moment, level)
    per = look.per or "people"
    counts = count_now(moment, table, look.figure)
    rates = divided(counts, table, look.figure, per)
    own = None if look.area is None else table.place[look.area.code]
    chosen = np.arange(len(table)) if own is None else np.append(_peers(table.people, own, level), own)
    ranked = ranks(rates[chosen], is_low_bad=look.figure.is_low_bad)
    order = np.lexsort((chosen, np.where(ranked == UNRANKED, len(chosen) + 1, ranked)))
    rows = [
        {
            "code": table.areas[i].code,
            "name": table.areas[i].name,
            "name_en": table.areas[i].name_en,
            "people": known_or_none(table.people[i]),
            "value": known_or_none(rates[i], 4 if look.figure.is_share else 2),
            "count": known_or_none(counts[i]),
            "rank": int(ranked[place]) or None,
            "is_own": i == own,
        }
        for place in order.tolist()
        for i in [int(chosen[place])]
    ]
    others = [place for place in range(len(chosen)) if int(chosen[place]) != own]
    return {
        **_about(moment, look),
        "per": "" if look.figure.is_share else per,
        "rows": rows[:MOST_ROWS],
        "median": _rounded(median(rates[chosen][others])),
    }
