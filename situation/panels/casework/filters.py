"""What a reader may filter cases by: one row for each key of the address."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.live.moment import Mask
from situation.live.schema import STEPS
from situation.panels.casework.classes import AGES, DUES, age_of, due_of
from situation.panels.casework.dwell import is_slow
from situation.panels.casework.ground import metres

PRIORITIES = ("1", "2", "3", "4")
SAME_PLACE_M = 50.0
"""Cases so near to one another are about the same place: positions are told to a few metres, addresses to a house."""

DAY_PATTERN = "YYYY-MM-DD"
PLACE_PATTERN = "lon,lat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """`mask`: the cases of a value. `allowed`: the values there are; empty where `mask` itself raises ValueError.

    `is_lasting`: it tells cases apart for as long as they live. The others speak of open cases as they stand now, so
    they mean nothing for what is long closed.
    """

    key: str
    mask: Callable[[Moment, str], Mask]
    allowed: Callable[[Moment], Sequence[str]]
    is_lasting: bool = True


def _words(column: str) -> Callable[[Moment], Sequence[str]]:
    """The words of a column as they stand now (`unknown` for none)."""

    def allowed(moment: Moment) -> Sequence[str]:
        words = moment.live.words
        return [words.word(code) or UNKNOWN for code in np.unique(moment.cases[column]).tolist()]

    return allowed


UNKNOWN = "unknown"
"""In the address: cases of which nobody says it."""


def _is_word(column: str) -> Callable[[Moment, str], Mask]:
    def mask(moment: Moment, value: str) -> Mask:
        code = 0 if value == UNKNOWN else moment.live.words.find(value)
        if code is None:
            return np.zeros(len(moment.cases), dtype=np.bool_)
        return np.asarray(moment.cases[column] == code)

    return mask


def _streets(moment: Moment) -> Sequence[str]:
    return sorted({*_words("street")(moment), *moment.street_names})


def _departments(moment: Moment) -> Sequence[str]:
    return sorted({*_words("department")(moment), *moment.department_names})


def _day(moment: Moment, value: str, *, days_later: int = 0) -> int:
    """Midnight in the city of a day written `YYYY-MM-DD`; raises ValueError."""
    day = date.fromisoformat(value) + timedelta(days=days_later)
    return epoch_ms(datetime(day.year, day.month, day.day, tzinfo=moment.context.zone).astimezone(UTC))


def _since(moment: Moment, value: str) -> Mask:
    return moment.is_registered & (moment.cases["registered_ms"] >= _day(moment, value))


def _until(moment: Moment, value: str) -> Mask:
    return moment.is_registered & (moment.cases["registered_ms"] < _day(moment, value, days_later=1))


def _place(moment: Moment, value: str) -> Mask:
    """Cases within `SAME_PLACE_M` of a position written `lon,lat`; raises ValueError."""
    lon, lat = (float(part) for part in value.split(","))
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError(value)
    x, y = metres(moment.cases["lon"] - lon, moment.cases["lat"] - lat, lat)
    return np.asarray(x * x + y * y <= SAME_PLACE_M**2)  # NaN is nowhere


def _step(moment: Moment, value: str) -> Mask:
    code = [step.value for step in STEPS].index(value)
    return np.asarray(moment.cases["step"] == code)


def _yes(mask: Callable[[Moment], Mask]) -> Callable[[Moment, str], Mask]:
    return lambda moment, _value: mask(moment)


def _one_of(*values: str) -> Callable[[Moment], Sequence[str]]:
    return lambda _moment: values


FILTERS: tuple[Filter, ...] = (
    Filter(key="category", mask=_is_word("category"), allowed=_words("category")),
    Filter(key="subcategory", mask=_is_word("subcategory"), allowed=_words("subcategory")),
    Filter(key="origin", mask=_is_word("origin"), allowed=_words("origin")),
    Filter(key="department", mask=_is_word("department"), allowed=_departments),
    Filter(key="street", mask=_is_word("street"), allowed=_streets),
    Filter(key="grid", mask=_is_word("grid"), allowed=_words("grid")),
    Filter(
        key="priority",
        mask=lambda moment, value: np.asarray(moment.cases["priority"] == int(value)),
        allowed=_one_of(*PRIORITIES),
    ),
    Filter(key="place", mask=_place, allowed=_one_of()),
    Filter(key="since", mask=_since, allowed=_one_of()),
    Filter(key="until", mask=_until, allowed=_one_of()),
    Filter(key="step", mask=_step, allowed=_one_of(*[step.value for step in STEPS]), is_lasting=False),
    Filter(key="overdue", mask=_yes(lambda moment: moment.is_overdue), allowed=_one_of("1"), is_lasting=False),
    Filter(key="slow", mask=_yes(is_slow), allowed=_one_of("1"), is_lasting=False),
    Filter(
        key="age",
        mask=lambda moment, value: moment.is_open & (age_of(moment) == AGES.index_of(value)),
        allowed=_one_of(*AGES.keys),
        is_lasting=False,
    ),
    Filter(
        key="due",
        mask=lambda moment, value: moment.is_open & (due_of(moment) == DUES.index_of(value)),
        allowed=_one_of(*DUES.keys),
        is_lasting=False,
    ),
)

FILTERS_BY_KEY: dict[str, Filter] = {each.key: each for each in FILTERS}

PATTERNS = {"place": PLACE_PATTERN, "since": DAY_PATTERN, "until": DAY_PATTERN}
"""How the values are written that no list can name."""
