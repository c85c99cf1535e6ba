"""Alarms whose source tells no end (`active_for_s`): over when their time is, also when nobody speaks of them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from datasources.contract import Batch
from datasources.fields import number
from situation.records import Alarm, Record
from situation.settings import Settings
from situation.store import Store

_OPTION = "active_for_s"


class Endings:
    """The open alarms of sources with `active_for_s`, and until when. Belongs to the collector's writer."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Those that are open in the store are known at once: they were on before a restart."""
        self._lasts = lasts_of(settings)
        self._store = store
        self._ends_at: dict[str, datetime] = {}
        if self._lasts:
            self.take(record for _, record in store.load(Alarm.kind))

    def take(self, records: Iterable[Record]) -> None:
        """Note what alarms these are; to be called before they are kept."""
        for record in records if self._lasts else ():
            if not isinstance(record, Alarm) or record.started_at is None:
                continue
            lasts = self._lasts.get(record.source)
            if lasts is None:
                continue
            if record.ended_at is None:
                self._ends_at[record.id] = record.started_at + lasts
            else:
                self._ends_at.pop(record.id, None)

    def tick(self, now: datetime) -> list[tuple[str, Batch]]:
        """The alarms whose time is over, each as a batch of its source's; those that are gone or ended are not."""
        found = []
        due = {alarm_id: at for alarm_id, at in self._ends_at.items() if at <= now}
        for alarm_id, ends_at in due.items():
            kept = self._store.get(Alarm.kind, alarm_id)
            alarm = kept[1] if kept else None
            if isinstance(alarm, Alarm) and alarm.ended_at is None:
                over = replace(alarm, ended_at=ends_at, updated_at=max(ends_at, alarm.updated_at or ends_at))
                found.append((alarm.source, Batch(records=(over,))))
        for alarm_id in due:  # only now: a store that can't be read is asked again
            del self._ends_at[alarm_id]
        return found


def lasts_of(settings: Settings) -> Mapping[str, timedelta]:
    """How long alarms of a source last: by its option, or the longest of its topics' own."""
    found = {}
    for source in settings.sources:
        topics = source.options.get("topics") or ()
        own = [number(topic.get(_OPTION)) for topic in topics if isinstance(topic, dict)]
        given = [each for each in (number(source.options.get(_OPTION)), *own) if each is not None]
        if given:
            found[source.key] = timedelta(seconds=max(given))
    return found
