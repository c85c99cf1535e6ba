"""Which cameras a reader of the video scene wants, as it stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import OFFLINE, ONLINE, UNKNOWN
from situation.live.schema import TAG_SEPARATOR
from situation.panels.definition import Choice, ChoiceError
from situation.panels.video.texts import matching_rows
from situation.records import Alarm, WeatherWarning
from situation.video import LAYOUTS, VideoGroup

Mask = npt.NDArray[np.bool_]

STATES = {"online": ONLINE, "offline": OFFLINE, "unknown": UNKNOWN}
FAULTY = "faulty"
"""As a state: the cameras whose pictures are frozen or dead."""

LONGEST_QUERY = 100
MOST_NAMED = 60
"""An error names at most so many of the values that are allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A reader's choice, checked. Empty means any; `size` 0 means as many tiles as the screen has room for.

    `near` is the id of an alarm or `lon,lat`; `warning` the id of a warning; `area` a code of any level.
    """

    size: int = 0
    page: int = 0
    group: str = ""
    area: str = ""
    kind: str = ""
    tag: str = ""
    department: str = ""
    source: str = ""
    hub: str = ""
    state: str = ""
    near: str = ""
    warning: str = ""
    q: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the cameras down, as it stands in the address."""
        named = (field.name for field in fields(self) if field.name not in ("size", "page"))
        return {name: value for name in named if (value := getattr(self, name))}

    @property
    def is_any(self) -> bool:
        """Whether nothing narrows the cameras down."""
        return not self.filters


def wanted_of(moment: Moment, choice: Choice) -> Wanted:
    """The choice of an address; raises ChoiceError with what is allowed."""
    known = {"layout": "size"} | {field.name: field.name for field in fields(Wanted) if field.name != "size"}
    given: dict[str, Any] = {}
    for key, value in choice.items():
        if key not in known:
            raise ChoiceError(key, value, tuple(known))
        given[known[key]] = (
            _CHECKS[key](moment, key, value) if value else Wanted.__dataclass_fields__[known[key]].default
        )
    return Wanted(**given)


def rows_of(moment: Moment, wanted: Wanted) -> npt.NDArray[np.intp]:
    """The rows of the cameras that fit every filter but `near` and `warning`, neighbours side by side."""
    table = moment.live.tables["camera"]
    mask = np.ones(len(table), dtype=np.bool_)
    for name, column in (("kind", "category"), ("department", "department"), ("source", "source"), ("hub", "hub")):
        if value := getattr(wanted, name):
            mask &= table[column] == _code(moment, value)
    if wanted.group:
        mask &= in_group(moment, moment.context.video.groups[wanted.group])
    if wanted.area:
        mask &= in_area(moment, wanted.area)
    if wanted.tag:
        mask &= tagged(moment, (wanted.tag,))
    if wanted.state == FAULTY:
        findings = moment.context.pictures.findings
        mask &= np.fromiter((camera_id in findings for camera_id in table["id"]), dtype=np.bool_, count=len(table))
    elif wanted.state:
        mask &= moment.camera_states == STATES[wanted.state]
    if wanted.q:
        mask &= matching_rows(moment, wanted.q)
    order = round_order(moment)
    return order[mask[order]]


def round_order(moment: Moment) -> npt.NDArray[np.intp]:
    """All rows by street and name, so that what stands together is shown together."""
    table = moment.live.tables["camera"]

    def ordered() -> npt.NDArray[np.intp]:
        words = moment.live.words
        street = [words.word(code) for code in table["street"].tolist()]
        return np.array(
            sorted(range(len(table)), key=lambda row: (street[row], table["name"][row], table["id"][row])),
            dtype=np.intp,
        )

    return moment.cache.get("video.order", table.membership, ordered)


def in_group(moment: Moment, group: VideoGroup) -> Mask:
    """The cameras of a saved group."""
    table = moment.live.tables["camera"]
    mask = np.zeros(len(table), dtype=np.bool_)
    if group.cameras:
        named = frozenset(group.cameras)
        mask |= np.fromiter((camera_id in named for camera_id in table["id"]), dtype=np.bool_, count=len(table))
    lists: tuple[tuple[Sequence[str], Callable[[], Mask]], ...] = (
        (group.areas, lambda: np.logical_or.reduce([in_area(moment, code) for code in group.areas])),
        (group.kinds, lambda: np.isin(table["category"], [_code(moment, kind) for kind in group.kinds])),
        (group.tags, lambda: tagged(moment, group.tags)),
        (group.departments, lambda: np.isin(table["department"], [_code(moment, key) for key in group.departments])),
    )
    fitting = [fit() for values, fit in lists if values]
    return mask | np.logical_and.reduce(fitting) if fitting else mask


def in_area(moment: Moment, code: str) -> Mask:
    """The cameras that lie in a street, community or grid."""
    table = moment.live.tables["camera"]
    wanted = _code(moment, code)
    is_inside: Mask = (table["street"] == wanted) | (table["community"] == wanted) | (table["grid"] == wanted)
    return is_inside


def tagged(moment: Moment, tags: Iterable[str]) -> Mask:
    """The cameras with any of these tags."""
    asked = frozenset(tags)
    joined = moment.live.tables["camera"]["tags"]
    words = moment.live.words
    fits = [code for code in np.unique(joined).tolist() if asked.intersection(words.word(code).split(TAG_SEPARATOR))]
    return np.isin(joined, fits)


def words_of(moment: Moment, column: str) -> list[str]:
    """The words that stand in a column of the cameras, without the empty one."""
    words = moment.live.words
    codes = np.unique(moment.live.tables["camera"][column]).tolist()
    return sorted(words.word(code) for code in codes if code)


def tags_of(moment: Moment) -> list[str]:
    """Every tag that a camera has."""
    joined = words_of(moment, "tags")
    return sorted({tag for tags in joined for tag in tags.split(TAG_SEPARATOR) if tag})


def alarm_of(moment: Moment, alarm_id: str) -> Alarm | None:
    """An alarm that has a place, also one that has ended: a shared link goes on showing what it showed."""
    alarms = (alarm for alarm in moment.live.whole["alarm"].values() if isinstance(alarm, Alarm))
    return next((alarm for alarm in alarms if alarm.id == alarm_id and None not in (alarm.lon, alarm.lat)), None)


def warning_of(moment: Moment, warning_id: str) -> WeatherWarning | None:
    """A warning, also one that is over."""
    warnings = (row for row in moment.live.whole["warning"].values() if isinstance(row, WeatherWarning))
    return next((warning for warning in warnings if warning.id == warning_id), None)


def place_of(text: str) -> tuple[float, float] | None:
    """`lon,lat` as numbers, None when it is something else."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _code(moment: Moment, word: str) -> int:
    found = moment.live.words.find(word)
    return -1 if found is None else found


Check = Callable[[Moment, str, str], Any]


def _one_of(allowed: Callable[[Moment], Iterable[str]]) -> Check:
    def check(moment: Moment, key: str, value: str) -> str:
        values = list(allowed(moment))
        if value not in values:
            raise ChoiceError(key, value, values[:MOST_NAMED])
        return value

    return check


def _layout(_moment: Moment, key: str, value: str) -> int:
    if value not in {str(layout) for layout in LAYOUTS}:
        raise ChoiceError(key, value, [str(layout) for layout in LAYOUTS])
    return int(value)


def _page(_moment: Moment, key: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 7):
        raise ChoiceError(key, value, ["0", "1", "2", "…"])
    return int(value)


def _area(moment: Moment, key: str, value: str) -> str:
    known = {street.code for street in moment.streets}
    if value in known or np.any(in_area(moment, value)):
        return value
    raise ChoiceError(key, value, sorted(known))


def _near(moment: Moment, key: str, value: str) -> str:
    if place_of(value) is not None or alarm_of(moment, value) is not None:
        return value
    ids = [alarm.id for _, alarm in moment.active_alarms if alarm.lon is not None]
    raise ChoiceError(key, value, ["lon,lat", *ids[:MOST_NAMED]])


def _warning(moment: Moment, key: str, value: str) -> str:
    if warning_of(moment, value) is None:
        raise ChoiceError(key, value, [warning.id for warning in moment.active_warnings][:MOST_NAMED])
    return value


def _query(_moment: Moment, key: str, value: str) -> str:
    if len(value) > LONGEST_QUERY:
        raise ChoiceError(key, value[:LONGEST_QUERY], [f"at most {LONGEST_QUERY} characters"])
    return value.strip()


_CHECKS: dict[str, Check] = {
    "layout": _layout,
    "page": _page,
    "group": _one_of(lambda moment: moment.context.video.groups),
    "area": _area,
    "kind": _one_of(lambda moment: words_of(moment, "category")),
    "tag": _one_of(tags_of),
    "department": _one_of(lambda moment: words_of(moment, "department")),
    "source": _one_of(lambda moment: words_of(moment, "source")),
    "hub": _one_of(lambda moment: words_of(moment, "hub")),
    "state": _one_of(lambda _moment: [*STATES, FAULTY]),
    "near": _near,
    "warning": _warning,
    "q": _query,
}
