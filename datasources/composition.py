"""The collector of a district, put together from its settings; and how it takes on new ones without a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from random import SystemRandom

from datasources.collector import COLLECTOR_KEY, Collector
from datasources.contract import Batch, ReadsInbox
from datasources.controlling import Controlling
from datasources.coordinator import Coordinator
from datasources.district import KEY, Limits, settings_batch
from datasources.ending import Endings
from datasources.health import Card
from datasources.ledger import Ledger
from datasources.listening import coordinator_of
from datasources.registry import build
from datasources.settings import in_district
from situation.clock import Clock
from situation.records import Area, Sensor, SourceHealth
from situation.rules import Rules
from situation.settings import Settings, SourceSettings
from situation.store import Store, StoreError

_TOLD_ONLY = {"name": "", "name_en": "", "owner": "", "phone": "", "description": "", "promise_s": None}
"""What is said beside a source and changes nothing of how it is asked."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What new settings came to, by keys of sources."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    def __str__(self) -> str:
        parts = [f"{word} {', '.join(keys)}" for word, keys in self._named() if keys]
        return "; ".join([*parts, f"{self.unchanged} sources unchanged"])

    def _named(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        return ("added", self.added), ("changed", self.changed), ("removed", self.removed)


class Composition:
    """The parts of one collector, wired. `take` belongs to the store's one writer, as the collector does."""

    def __init__(
        self, settings: Settings, store: Store, clock: Clock, on_reload: Callable[[], object] = lambda: None
    ) -> None:
        """Raises ValueError for wrong sources. `on_reload`: somebody asks for the settings to be read again."""
        self.settings = settings
        self._store = store
        self._clock = clock
        self._rules = Rules.load(store, settings.alarms, clock)
        self._limits = Limits(settings.thresholds)
        self._endings = Endings(settings, store)
        is_first_start = store.count(Area.kind) == 0
        self._ledger = Ledger(store.source_history, clock)
        known = {health.id: health for health in store.sources()}
        for key in known.keys() - {source.key for source in settings.sources} - {COLLECTOR_KEY}:
            self._forget(key)  # no longer configured: nothing of it may stay on the wall
        self._coordinators = {
            source.key: self._coordinator(in_district(source, settings), known.get(source.key))
            for source in settings.sources
        }
        self._say_settings()
        self.collector = Collector(
            tuple(self._coordinators.values()),
            store,
            clock,
            rules=self,
            ledger=self._ledger,
            controlling=Controlling(store.controls, on_reload),
            retain=lambda now: store.retain(now, self.settings.retention.policy()),
            is_first_start=is_first_start,
            write_errors=(StoreError,),
        )

    def enrich(self, source_key: str, batch: Batch) -> Batch:
        """The batch with what the district's limits and the rules know."""
        self._endings.take(batch.records)
        return self._rules.enrich(source_key, self._limits.apply(batch))

    def watch(self, sources: Sequence[SourceHealth]) -> None:
        """Tell the rules how all sources are doing."""
        self._rules.watch(sources)

    def tick(self, now: datetime) -> Sequence[tuple[str, Batch]]:
        """What the rules want written as of now, and the alarms that are over."""
        return [*self._endings.tick(now), *self._rules.tick(now)]

    def take(self, settings: Settings) -> Taken:
        """Go on with new settings: what is the same goes on as it is, the rest is made anew or forgotten.

        Raises ValueError for wrong sources and then has changed nothing; StoreError when the store can't be written.
        """
        before = self.settings
        made = {
            source.key: self._coordinator(in_district(source, settings), self._health(source.key), is_new=True)
            for source in settings.sources
            if not self._is_same(source, before, settings)
        }
        removed = tuple(key for key in self._coordinators if settings.source(key) is None)
        added = tuple(key for key in made if key not in self._coordinators)
        self._drop_other_kinds(made)
        self._coordinators = {
            source.key: made.get(source.key) or self._coordinators[source.key] for source in settings.sources
        }
        self.settings, self._limits = settings, Limits(settings.thresholds)
        self._endings = Endings(settings, self._store)
        self.collector.adopt(tuple(self._coordinators.values()))
        for key in removed:
            self._forget(key)
        for source in settings.sources:
            if source.key not in made:
                self._coordinators[source.key].introduce(card_of(source))
        if settings.alarms != before.alarms:
            self._rules = Rules.load(self._store, settings.alarms, self._clock)
        self._say_settings()
        changed = tuple(key for key in made if key not in added)
        return Taken(added, changed, removed, len(self._coordinators) - len(made))

    def _coordinator(
        self, source: SourceSettings, previous: SourceHealth | None, *, is_new: bool = False
    ) -> Coordinator:
        """One source's; a new one begins without the cursor of what it was before."""
        made = build(source, self._clock)
        if isinstance(made, ReadsInbox):
            made.take_from(self._store.inbox)
        return coordinator_of(
            made,
            self._store,
            self._clock,
            SystemRandom(),
            card=card_of(source),
            enrich=self.enrich,
            previous=previous,
            book=self._ledger,
            resumes=not is_new,
        )

    def _is_same(self, source: SourceSettings, before: Settings, after: Settings) -> bool:
        known, old = self._coordinators.get(source.key), before.source(source.key)
        if known is None or old is None:
            return False
        if before.thresholds != after.thresholds and Sensor.kind in known.source.manifest.records:
            return False  # an upstream that says "not modified" would never be given the new limits
        return _asked(in_district(old, before)) == _asked(in_district(source, after))

    def _health(self, key: str) -> SourceHealth | None:
        return self._coordinators[key].health if key in self._coordinators else None

    def _forget(self, key: str) -> None:
        self._store.forget(key, self._clock.now())
        self._store.controls.forget(key)
        self._store.inbox.forget(key)

    def _drop_other_kinds(self, made: Mapping[str, Coordinator]) -> None:
        """A source that delivers other kinds of records than before: those of before would stay for ever."""
        for key, coordinator in made.items():
            known = self._coordinators.get(key)
            if known is not None and set(known.source.manifest.records) - set(coordinator.source.manifest.records):
                self._store.forget(key, self._clock.now())

    def _say_settings(self) -> None:
        """Write what the settings themselves say: areas first, as everything else is placed in them."""
        has_areas = any(Area.kind in each.source.manifest.records for each in self._coordinators.values())
        now = self._clock.now()
        batch = self._rules.enrich(KEY, settings_batch(self.settings, has_areas=has_areas))
        self._store.apply(KEY, batch, now)
        self._store.apply(KEY, Batch(not_modified=True), now)  # believed at once, also when most of it is gone
        self._ledger.draw(area for _, area in self._store.load(Area.kind) if isinstance(area, Area))


def card_of(source: SourceSettings) -> Card:
    """What the settings say of a source for people."""
    return Card(**{each.name: getattr(source, each.name) for each in fields(Card)})


def _asked(source: SourceSettings) -> SourceSettings:
    return source.model_copy(update=_TOLD_ONLY)
