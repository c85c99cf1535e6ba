"""The rules together: sees every batch before the store does, and concludes alarms once a second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from math import nan
from typing import Protocol

from situation.areas import AreaIndex
from situation.batch import Batch
from situation.clock import Clock
from situation.records import (
    Alarm,
    Area,
    AreaKind,
    Camera,
    Case,
    Department,
    PlacedRecord,
    Record,
    Sensor,
    SourceHealth,
)
from situation.rules import thresholds
from situation.rules.book import SOURCE, AlarmBook, Condition
from situation.rules.outages import Outages
from situation.rules.places import Place, Street
from situation.rules.readings import Readings, Tracked
from situation.rules.settings import AlarmSettings
from situation.rules.silences import Silences
from situation.rules.surges import Surges

AT_ONCE = 5_000
SLOW_RULES_EVERY_S = 10.0

NEVER_SILENT_S = 30.0
"""Real seconds of silence that a clock running ahead of the machine's never holds against a sensor or a source."""


class Loader(Protocol):
    """The part of the store that the rules start from."""

    def load(self, kind: str) -> Iterable[tuple[int, Record]]:
        """Every record of a kind with its number."""
        ...

    def last_seq(self) -> int:
        """The newest sequence number of the change log."""
        ...

    def removed(self, after_seq: int) -> tuple[int, tuple[tuple[str, str], ...]]:
        """The newest sequence number, and (kind, id) of what was removed since `after_seq` and is still gone."""
        ...


class Rules:
    """What the collector concludes. Not thread-safe: belongs to the collector's writer.

    `enrich` judges the devices of a batch (alive, over a limit); `tick` returns the alarms that changed.
    """

    def __init__(self, store: Loader, settings: AlarmSettings, clock: Clock) -> None:
        self._store = store
        self._seq = store.last_seq()
        self._settings = settings
        self._clock = clock
        never_s = NEVER_SILENT_S / clock.real_s(1.0)
        silent_least_s = max(settings.silent_least_s, never_s)
        self._readings = Readings(replace(settings, silent_least_s=silent_least_s))
        self._outages = Outages(settings)
        self._surges = Surges(settings)
        self._silences = Silences(settings, max(settings.source_silent_s, never_s))
        self._book = AlarmBook(settings)
        self._areas: dict[str, Area] = {}
        self._index: AreaIndex | None = None
        self._areas_version = 0
        self._streets: dict[tuple[str, str], Street] = {}
        self._slow: dict[str, Condition] = {}
        self._slow_at: datetime | None = None

    @classmethod
    def load(cls, store: Loader, settings: AlarmSettings, clock: Clock) -> Rules:
        """Rules that know what the store knows."""
        rules, now = cls(store, settings, clock), clock.now()
        for _, area in store.load("area"):
            rules._take_area(area)
        for _, department in store.load("department"):
            rules._take_department(department)
        for _, sensor in store.load("sensor"):
            if isinstance(sensor, Sensor):
                rules._readings.restore(sensor)
        for kind in (Camera.kind, Case.kind):
            records = (record for _, record in store.load(kind))
            while lot := list(islice(records, AT_ONCE)):  # all of a large city at once would be half a gigabyte
                rules._take_cameras_and_cases(lot, now)
        rules._restore([alarm for _, alarm in store.load("alarm") if isinstance(alarm, Alarm)])
        return rules

    def enrich(self, source_key: str, batch: Batch) -> Batch:
        """The batch with its sensors judged; sensors that changed by their readings or silence are added."""
        if batch.not_modified:
            return batch
        at = self._clock.now()
        for record in batch.records:
            self._take_area(record)
            self._take_department(record)
        self._take_cameras_and_cases(batch.records, at)
        sensors = [record for record in batch.records if isinstance(record, Sensor)]
        told = self._readings.take(source_key, sensors, batch.observations, at)
        if not told:
            return batch
        others = tuple(record for record in batch.records if not isinstance(record, Sensor))
        return replace(batch, records=others + tuple(told.values()))

    def watch(self, sources: Iterable[SourceHealth]) -> None:
        """Take in how all sources are doing now; call it before `tick`."""
        self._silences.watch(sources, self._clock.now())

    def tick(self, now: datetime) -> list[tuple[str, Batch]]:
        """Alarms that began, changed or ended, as batches to apply under their source's key."""
        self._forget_removed()
        conditions = thresholds.conditions(
            self._readings.crossed(), self._street_of, self._settings.on_delay_s, self._settings.group_from
        )
        changed = self._book.update({**conditions, **self._slow_conditions(now), **self._silences.conditions(now)}, now)
        return [(SOURCE, Batch(records=tuple(changed)))] if changed else []

    def _restore(self, alarms: list[Alarm]) -> None:
        own = [alarm for alarm in alarms if alarm.source == SOURCE and alarm.ended_at is None]
        self._book.restore(own)
        for alarm in own:
            self._outages.restore(alarm)
            self._surges.restore(alarm)
            self._silences.restore(alarm)

    def _forget_removed(self) -> None:
        """What the store no longer has must not keep an alarm alive: only the store knows what is really gone."""
        self._seq, gone = self._store.removed(self._seq)
        forget = {
            Sensor.kind: self._readings.forget,
            Camera.kind: self._outages.forget,
            Case.kind: self._surges.forget,
        }
        for kind, record_id in gone:
            if kind in forget:
                forget[kind](record_id)

    def _slow_conditions(self, now: datetime) -> Mapping[str, Condition]:
        """Rules over thousands of records are asked less often; in between they hold."""
        if self._slow_at is None or abs((now - self._slow_at).total_seconds()) >= SLOW_RULES_EVERY_S:
            self._slow_at = now
            self._slow = {**self._outages.conditions(now), **self._surges.conditions(now)}
        return self._slow

    def _take_area(self, record: Record) -> None:
        if not isinstance(record, Area) or record.area_kind not in (AreaKind.STREET, AreaKind.DISTRICT):
            return
        if self._areas.get(record.id) != record:
            self._areas[record.id] = record
            self._index = None
            self._areas_version += 1
            self._streets.clear()

    def _take_department(self, record: Record) -> None:
        if isinstance(record, Department):
            self._silences.names[record.id] = record.name

    def _take_cameras_and_cases(self, records: Iterable[Record], at: datetime) -> None:
        wanted = [record for record in records if isinstance(record, Camera | Case)]
        known = [
            self._outages.place(record.id) if isinstance(record, Camera) else self._surges.place(record.id)
            for record in wanted
        ]
        for record, place in zip(wanted, self._places(wanted, known), strict=True):
            if isinstance(record, Camera):
                self._outages.take(record, place, at)
            else:
                self._surges.take(record, place, at)

    def _places(self, records: Sequence[PlacedRecord], known: Sequence[Place | None]) -> list[Place]:
        """Where records are; looked up for those of which that is not known already."""
        still = [
            place if place is not None and place.holds(record, self._areas_version) else None
            for record, place in zip(records, known, strict=True)
        ]
        sought = [record for record, place in zip(records, still, strict=True) if place is None]
        found = iter(self._look_up(sought))
        return [place or next(found) for place in still]

    def _look_up(self, records: Sequence[PlacedRecord]) -> list[Place]:
        if not records:
            return []
        index = self._index = self._index or AreaIndex.build(self._areas.values())
        positions = [
            (nan, nan) if record.street_code or record.lon is None or record.lat is None else (record.lon, record.lat)
            for record in records
        ]
        codes = [codes[0] for codes in index.locate(*zip(*positions, strict=True))]
        return [
            Place(record.lon, record.lat, self._street(record.street_code or code, record.street_code))
            for record, code in zip(records, codes, strict=True)
        ]

    def _street(self, code: str, given_code: str) -> Street:
        street = self._streets.get((code, given_code))
        if street is None:
            name = {area.code: area.name for area in self._areas.values()}.get(code, "")
            street = self._streets[code, given_code] = Street(code, name, given_code, self._areas_version)
        return street

    def _street_of(self, tracked: Tracked) -> str:
        (tracked.place,) = self._places([tracked.sensor], [tracked.place])
        return tracked.place.street_code
