"""Cases as they stand at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from simulator.behaviour.case_arrivals import DAY_S, Arrivals, Ints, Sites, arrivals, day_text, local_day
from simulator.behaviour.case_categories import CATEGORIES, Category
from simulator.behaviour.case_lives import STATES, Lives, lives
from simulator.behaviour.noise import Floats
from simulator.behaviour.sky import Sky
from simulator.model import CaseTask, City, CityCase, CityComponent

HISTORY_DAYS = 31
"""How many days back from the moment asked about cases are listed; older ones are found by number only."""

_KEPT_DAYS = 48
_OWNERS = {
    "accepted": "受理席",
    "rejected": "值班长",
    "registered": "值班长",
    "dispatched": "派遣席",
    "verified": "核查员",
    "closed": "结案席",
    "evaluated": "评价组",
}
_REPORTERS = {
    "inspector": "监督员",
    "hotline": "12345热线",
    "public": "公众上报",
    "video": "视频巡查",
    "sensor": "物联告警",
}


@dataclass(slots=True)
class _Day:
    """The cases of one local day, with those already put into words."""

    text: str
    arrivals: Arrivals
    lives: Lives
    told: dict[int, tuple[int, CityCase]] = field(default_factory=dict)

    def steps(self, at_s: float) -> Ints:
        """How many steps of its life each case has behind it."""
        result: Ints = (self.lives.times_s <= at_s).sum(axis=1)
        return result

    def updated_s(self, at_s: float) -> Floats:
        """The last step of each case, -inf for cases yet to come."""
        result: Floats = np.where(self.lives.times_s <= at_s, self.lives.times_s, -np.inf).max(axis=1, initial=-np.inf)
        return result


class Cases:
    """All cases of the city. Days are drawn when first asked for."""

    def __init__(self, city: City, sky: Sky) -> None:
        self._city = city
        self._sky = sky
        self._sites = Sites(city)
        self._departments = {department.key: department.name for department in city.departments}
        self._days: dict[int, _Day] = {}

    def between(self, since: datetime, until: datetime, at: datetime) -> list[CityCase]:
        """Reported or last updated in [since, until], as they stand at `at`, oldest report first."""
        at_s, since_s, until_s = at.timestamp(), since.timestamp(), until.timestamp()
        result: list[CityCase] = []
        for number in range(local_day(at) - HISTORY_DAYS, local_day(min(at, until)) + 1):
            day = self._day(number)
            reported, updated = day.arrivals.reported_s, day.updated_s(at_s)
            is_meant = (reported >= since_s) & (reported <= until_s) | (updated >= since_s) & (updated <= until_s)
            steps = day.steps(at_s)
            chosen = np.flatnonzero(is_meant & (reported <= at_s))
            result += [self._told(day, index, int(steps[index])) for index in chosen.tolist()]
        return result

    def one(self, number: str, at: datetime) -> CityCase | None:
        """One case by its number; None before it is reported."""
        if not (len(number) >= 13 and number.isascii() and number.isdigit()):
            return None
        try:
            midnight = datetime.strptime(number[:8], "%Y%m%d").replace(tzinfo=UTC)
        except ValueError:
            return None
        day, index = self._day(int(midnight.timestamp() // DAY_S)), int(number[8:]) - 1
        if not 0 <= index < len(day.arrivals.reported_s) or day.arrivals.reported_s[index] > at.timestamp():
            return None
        return self._told(day, index, int(day.steps(at.timestamp())[index]))

    def _day(self, number: int) -> _Day:
        if number not in self._days:
            if len(self._days) >= _KEPT_DAYS:
                del self._days[min(self._days)]
            drawn = arrivals(self._city, self._sites, self._sky, number)
            rng = np.random.default_rng([self._city.seed, number, 79])
            self._days[number] = _Day(day_text(number), drawn, lives(drawn, rng))
        return self._days[number]

    def _told(self, day: _Day, index: int, steps: int) -> CityCase:
        """The case after so many steps; kept until it takes another one."""
        known = day.told.get(index)
        if known is not None and known[0] == steps:
            return known[1]
        case = self._worded(day, index)
        day.told[index] = (steps, case(steps))
        return day.told[index][1]

    def _worded(self, day: _Day, index: int) -> _Teller:
        category = CATEGORIES[int(day.arrivals.category[index])]
        site = int(day.arrivals.site[index])
        origin = str(day.arrivals.origin[index])
        number = f"{day.text}{index + 1:05d}"
        return _Teller(
            number=number,
            category=category,
            component=self._city.components[site],
            origin=origin,
            department_name=self._departments.get(category.department, category.department),
            description=_description(
                category, int(number) * 2_654_435_761, self._sites.road[site], self._sites.place[site]
            ),
            times_s=day.lives.times_s[index],
            due_s=float(day.lives.due_s[index]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """Puts one case into words as of any of its steps."""

    number: str
    category: Category
    component: CityComponent
    origin: str
    department_name: str
    description: str
    times_s: Floats
    due_s: float

    def __call__(self, steps: int) -> CityCase:
        passed = sorted((time_s, column) for column, time_s in enumerate(self.times_s.tolist()) if time_s == time_s)[
            :steps
        ]
        tasks = tuple(CaseTask(at=_at(time_s), state=STATES[i], owner=self._owner(STATES[i])) for time_s, i in passed)
        first = {task.state: task.at for task in reversed(tasks)}
        registered_at = first.get("registered")
        site, category = self.component, self.category
        return CityCase(
            number=self.number,
            upstream=category.upstream,
            category=category.category,
            subcategory=category.name,
            subcategory_code=category.code,
            is_component=bool(category.component_kind),
            origin=self.origin,
            priority=category.priority,
            description=self.description,
            address=site.address,
            lon=site.lon,
            lat=site.lat,
            street=site.street,
            community=site.community,
            grid=site.grid,
            department=category.department,
            state=tasks[-1].state,
            reported_at=tasks[0].at,
            registered_at=registered_at,
            due_at=_at(self.due_s) if registered_at else None,
            closed_at=first.get("closed"),
            updated_at=tasks[-1].at,
            tasks=tasks,
        )

    def _owner(self, state: str) -> str:
        if state == "reported":
            return _REPORTERS[self.origin]
        return _OWNERS.get(state, self.department_name)


def _at(time_s: float) -> datetime:
    return datetime.fromtimestamp(time_s, UTC)


def _description(category: Category, draw: int, road: str, place: str) -> str:
    text = category.texts[(draw >> 7) % len(category.texts)]
    return text.format(road=road, place=place, n=2 + (draw >> 13) % 9, cm=8 + (draw >> 19) % 28)
