"""Moment: the live situation as it stands at one time. What several numbers and panels need is computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from situation.areas import AreaIndex
from situation.health import COLLECTOR, LIVING, PanelState, source_state, standing
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.context import Cache, Context
from situation.live.live import Live
from situation.live.schema import DEVICE_STATES, STILL_OPEN
from situation.records import Alarm, Area, AreaKind, Department, DeviceState, GridScheme, SourceHealth, WeatherWarning

Mask = npt.NDArray[np.bool_]
DAY_MS = 86_400_000

ONLINE = DEVICE_STATES.index(DeviceState.ONLINE)
OFFLINE = DEVICE_STATES.index(DeviceState.OFFLINE)
UNKNOWN = DEVICE_STATES.index(DeviceState.UNKNOWN)

SILENT_MESSAGES = frozenset({"Cancel", "Ack", "Error"})
"""CAP message types that only speak about warnings; all others warn, also those we never heard of."""

REPLACING_MESSAGES = frozenset({"Update", "Cancel"})
"""CAP message types that take the place of what they refer to; an acknowledgement ends nothing."""


class Moment:
    """Everything is computed on first use and kept for the frame. Times are epoch milliseconds unless named `_at`."""

    def __init__(self, live: Live, at: datetime, context: Context, cache: Cache | None = None) -> None:
        self.live = live
        self.cache = cache or Cache()
        self.at = at
        self.context = context
        self.at_ms = epoch_ms(at)
        self.cases = live.tables["case"]

    @cached_property
    def local_date(self) -> date:
        """The date in the city."""
        return self.at.astimezone(self.context.zone).date()

    def day_start_ms(self, days_ago: int = 0) -> int:
        """Midnight in the city, so many days ago (correct where days have 23 or 25 hours)."""
        day = self.local_date - timedelta(days=days_ago)
        return epoch_ms(datetime(day.year, day.month, day.day, tzinfo=self.context.zone).astimezone(UTC))

    @cached_property
    def today_ms(self) -> int:
        """Start of the local day."""
        return self.day_start_ms()

    # Sources

    @cached_property
    def sources(self) -> list[SourceHealth]:
        """Every upstream, by key."""
        rows = [row for row in self.live.whole["source"].values() if isinstance(row, SourceHealth)]
        return sorted((row for row in rows if row.id != COLLECTOR), key=lambda row: row.id)

    @cached_property
    def source_states(self) -> dict[str, PanelState]:
        """State of every upstream at this moment; none is live while the collector is silent."""
        states = {source.id: source_state(source, self.at, self.context.least_age_s) for source in self.sources}
        if not self._is_collector_silent:
            return states
        return {key: PanelState.DELAYED if state is PanelState.LIVE else state for key, state in states.items()}

    @cached_property
    def heartbeat(self) -> SourceHealth | None:
        """What the collector says of itself; None before it has ever run."""
        rows = (row for row in self.live.whole["source"].values() if isinstance(row, SourceHealth))
        return next((row for row in rows if row.id == COLLECTOR), None)

    @cached_property
    def _is_collector_silent(self) -> bool:
        if self.heartbeat is None:
            return False
        return source_state(self.heartbeat, self.at, self.context.least_age_s) not in LIVING

    def sources_of(self, kinds: Iterable[str]) -> list[SourceHealth]:
        """The upstreams that deliver any of these kinds."""
        wanted = frozenset(kinds)
        return [source for source in self.sources if wanted.intersection(source.records)]

    def has_delivered(self, *kinds: str) -> bool:
        """Whether anything of these kinds ever came: only then is 0 a number and not ignorance."""
        if any(len(self.live.tables[kind]) for kind in kinds if kind in self.live.tables):
            return True
        return any(source.succeeded_at is not None for source in self.sources_of(kinds))

    @cached_property
    def is_living_source(self) -> Mask:
        """By code of a source's key: whether its word can still be taken for the present."""
        living = np.zeros(len(self.live.words), dtype=np.bool_)
        for key, state in self.source_states.items():
            code = self.live.words.find(key)
            if code is not None and state in LIVING:
                living[code] = True
        return living

    def source_counts(self, kinds: Iterable[str]) -> dict[str, dict[str, int]]:
        """How many records of each kind each source stands for (of kinds kept as columns)."""
        return {kind: self._counts_of(kind) for kind in kinds}

    def _counts_of(self, kind: str) -> dict[str, int]:
        table = self.live.tables.get(kind)
        if table is None:
            return {}
        by_code = np.bincount(table["source"])
        return {self.live.words.word(code): int(by_code[code]) for code in np.flatnonzero(by_code).tolist()}

    # Devices

    @cached_property
    def camera_states(self) -> npt.NDArray[np.uint8]:
        """Index into `DEVICE_STATES` of every camera; unknown when its source is dead."""
        return self._device_states("camera")

    @cached_property
    def sensor_states(self) -> npt.NDArray[np.uint8]:
        """Index into `DEVICE_STATES` of every sensor; unknown when its source is dead."""
        return self._device_states("sensor")

    def _device_states(self, kind: str) -> npt.NDArray[np.uint8]:
        table = self.live.tables[kind]
        states = np.where(self.is_living_source[table["source"]], table["state"], UNKNOWN)
        return states.astype(np.uint8)

    # Cases

    @cached_property
    def is_registered(self) -> Mask:
        """Cases that were ever registered."""
        return np.asarray(self.cases["registered_ms"] != NO_TIME)

    @cached_property
    def is_open(self) -> Mask:
        """Cases registered and not closed, cancelled or rejected."""
        return np.asarray(self.cases["is_open"])

    @cached_property
    def is_overdue(self) -> Mask:
        """Open cases past due."""
        due = self.cases["due_ms"]
        return np.asarray(self.is_open & (due != NO_TIME) & (due < self.at_ms))

    @cached_property
    def is_registered_today(self) -> Mask:
        """Cases registered in the local day."""
        return self.is_registered & (self.cases["registered_ms"] >= self.today_ms)

    def was_open(self, at_ms: int) -> Mask:
        """Cases that were open at an earlier time."""
        registered = self.cases["registered_ms"]
        return self.is_registered & (registered < at_ms) & (self.cases["left_ms"] >= at_ms)

    @cached_property
    def is_closed_today(self) -> Mask:
        """Registered cases that were closed, cancelled or rejected in the local day."""
        left = self.cases["left_ms"]
        return self.is_registered & (left >= self.today_ms) & (left < STILL_OPEN)

    @cached_property
    def known_since_ms(self) -> int | None:
        """When the history of cases begins, None when there is none: before it, nothing is known."""
        registered = self.cases["registered_ms"][self.is_registered]
        return int(registered.min()) if len(registered) else None

    def count_by(self, column: str, mask: Mask) -> npt.NDArray[np.int64]:
        """How many of the cases in `mask` have each word code in `column`."""
        return np.bincount(self.cases[column][mask], minlength=len(self.live.words))

    # The few

    @cached_property
    def active_alarms(self) -> list[tuple[int, Alarm]]:
        """Alarms that have not ended, unacknowledged first, then by priority, then the oldest first."""
        alarms = [
            (number, alarm)
            for number, alarm in self.live.whole["alarm"].items()
            if isinstance(alarm, Alarm) and alarm.ended_at is None
        ]
        return sorted(alarms, key=lambda item: _alarm_order(item[1]))

    @cached_property
    def current_warnings(self) -> list[WeatherWarning]:
        """Warnings not expired, not superseded and not themselves a cancellation, exercises included."""
        warnings = [
            warning
            for warning in self.live.whole["warning"].values()
            if isinstance(warning, WeatherWarning)
            and (warning.expires_at is None or warning.expires_at > self.at)
            and not warning.superseded_by
            and warning.message_type not in SILENT_MESSAGES
        ]
        return [
            row for row in warnings if not any(_is_about(message, row) for message in self._replacing.get(row.id, ()))
        ]

    @cached_property
    def _replacing(self) -> dict[str, list[WeatherWarning]]:
        """The actual updates and cancels that name a message, by its identifier."""
        found: dict[str, list[WeatherWarning]] = defaultdict(list)
        for message in self._actual_messages:
            if message.message_type in REPLACING_MESSAGES:
                for reference in message.references:
                    found[reference].append(message)
        return found

    @cached_property
    def _actual_messages(self) -> list[WeatherWarning]:
        rows = self.live.whole["warning"].values()
        return [row for row in rows if isinstance(row, WeatherWarning) and row.is_actual]

    @cached_property
    def active_warnings(self) -> list[WeatherWarning]:
        """The current warnings that are meant: no exercise, test or draft."""
        return [warning for warning in self.current_warnings if warning.is_actual]

    @cached_property
    def departments(self) -> list[Department]:
        """Every department, by key."""
        rows = [row for row in self.live.whole["department"].values() if isinstance(row, Department)]
        return sorted(rows, key=lambda row: row.id)

    @cached_property
    def department_states(self) -> dict[str, PanelState]:
        """The state that a panel fed by all sources of a department would have, for every department known."""
        own: dict[str, list[SourceHealth]] = {department.id: [] for department in self.departments}
        for source in self.sources:
            if source.department in own:
                own[source.department].append(source)
        return {key: standing(sources, self.source_states).state for key, sources in own.items()}

    def areas(self, kind: AreaKind, scheme: GridScheme = GridScheme.ADMINISTRATIVE) -> list[Area]:
        """The areas of a kind that are valid now, by code."""
        rows = [
            row
            for row in self.live.whole["area"].values()
            if isinstance(row, Area)
            and row.area_kind == kind
            and row.scheme == scheme
            and (row.valid_from is None or row.valid_from <= self.at)
            and (row.valid_to is None or row.valid_to > self.at)
        ]
        return sorted(rows, key=lambda row: row.code)

    @cached_property
    def area_index(self) -> AreaIndex:
        """Which ground the areas of now are."""
        areas = [row for row in self.live.whole["area"].values() if isinstance(row, Area)]
        token = (self.live.version("area"), self.local_date)
        return self.cache.get("area_index", token, lambda: AreaIndex.build(areas).valid_at(self.at))

    @cached_property
    def department_names(self) -> dict[str, tuple[str, str]]:
        """Name and English name of each department by its key."""
        return {row.id: (row.name, row.name_en) for row in self.departments}

    @cached_property
    def street_names(self) -> dict[str, tuple[str, str]]:
        """Name and English name of each street by its code."""
        return {row.code: (row.name, row.name_en) for row in self.streets}

    @cached_property
    def streets(self) -> list[Area]:
        """The streets and towns, by code."""
        return self.areas(AreaKind.STREET)


def _alarm_order(alarm: Alarm) -> tuple[bool, int, int, str]:
    return (alarm.acknowledged_at is not None, alarm.priority, epoch_ms(alarm.started_at), alarm.id)


def _is_about(message: WeatherWarning, warning: WeatherWarning) -> bool:
    """Whether a message that names a warning means it: what was sent later is another one under the same identifier."""
    is_later = None not in (message.sent_at, warning.sent_at) and epoch_ms(warning.sent_at) > epoch_ms(message.sent_at)
    return message.id != warning.id and not is_later
