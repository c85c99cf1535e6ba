"""Composer: follows the change log and makes of it what goes over the wire. Blocking; one thread at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from situation.clock import Clock
from situation.feed import wire
from situation.feed.board import Board, Shown, panel_changes
from situation.feed.marks import MARK_KINDS, Categories, Marks, compare, draw, encode_put, encode_removed, no_marks
from situation.feed.scenes import Scenes
from situation.live import Cache, Context, Live, Moment
from situation.panels import PANELS
from situation.scope import EVERYTHING, Scope
from situation.store import Store

T = TypeVar("T")

TICK_S = 1.0
"""How often time alone is looked at: ages, sources, what became overdue."""

PRUNE_S = 600.0
ROUNDING_S = 0.001
CHANGES_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Published:
    """What every screen has once it has applied all frames so far: what a snapshot is made of."""

    seq: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    panels: Mapping[str, Shown] = field(default_factory=dict)
    marks: Mapping[str, Marks] = field(default_factory=dict)
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What changed, as it goes out. The times are those of the changes in it, None when only time passed."""

    seq: int
    body: bytes
    newest_at: datetime | None
    oldest_at: datetime | None


class Composer:
    """Owns the live situation. `published` is replaced as a whole, so other threads may read it at any time."""

    def __init__(
        self, store: Store, context: Context, clock: Clock, scope: Scope = EVERYTHING, frame_every_s: float = 0.2
    ) -> None:
        self.published = Published()
        self._store = store
        self._context = context
        self._clock = clock
        self._scope = scope
        self._frame_every_s = frame_every_s
        self._categories = Categories()
        self._overview = Board(PANELS)
        self._scenes = Scenes(clock)
        self._reset()

    def _reset(self) -> None:
        self._live = Live(self._clock.now(), self._scope)
        self._cache = Cache()
        self._version: int | None = None
        self._dirty: set[str] = set()
        self._moment: Moment | None = None
        self._overview.forget()
        self._scenes.forget()
        self._mark_tokens: dict[str, object] = {}
        self._newest_at: datetime | None = None
        self._oldest_at: datetime | None = None
        self._composed_s = self._ticked_s = float("-inf")
        self._pruned_s = self._clock.monotonic()

    def load(self) -> Frame | None:
        """Read the whole situation (again); the frame says what differs from what was published before."""
        self._reset()
        self._categories = Categories(self._categories.words)
        self._version = self._store.version()
        self._live = Live.load(self._store, self._clock.now(), self._scope)
        last = self._store.changes(self._live.seq - 1, 1) if self._live.seq else []
        self._oldest_at = self._newest_at = last[-1].at if last else None
        return self._compose(is_tick=True)

    def step(self) -> Frame | None:
        """Look for news; returns a frame when one is due and anything on any screen changes by it."""
        self._read_changes()
        now_s = self._clock.monotonic()
        is_tick = now_s - self._ticked_s >= TICK_S
        if not is_tick and not self._dirty and not self._overview.has_rested(now_s):
            return None
        if now_s - self._composed_s < self._frame_every_s - ROUNDING_S:
            return None
        return self._compose(is_tick)

    def ask(self, work: Callable[[Moment], T]) -> T:
        """What `work` makes of the situation as it stands now. In the composer's thread only."""
        return work(self._now())

    def rests_s(self) -> float:
        """Real seconds until the news at hand may leave; 0 when there are none to wait for."""
        if not self._dirty:
            return 0.0
        return max(0.0, self._composed_s + self._frame_every_s - self._clock.monotonic())

    def resend(self) -> Frame:
        """A frame that repeats everything time alone may have changed, for screens that knew another process."""
        published = self.published
        panels = {key: shown.to_wire(shown.values) for key, shown in published.panels.items()}
        marks: dict[str, Any] = {}
        for kind, table in published.marks.items():
            changes = compare(replace(table, state=~table.state), table)
            if changes:
                marks[kind] = {"put": encode_put(table, changes)}
        return self._frame(published.seq, panels, marks, published.categories, None, None)

    def _read_changes(self) -> None:
        version = self._store.version()
        if version == self._version:
            return
        while True:
            changes = self._store.changes(self._live.seq, CHANGES_AT_ONCE)
            if not changes:
                break
            self._moment = None
            self._dirty |= self._live.apply(changes, self._clock.now())
            times = [change.at for change in changes]
            self._newest_at = max(times) if self._newest_at is None else max(self._newest_at, *times)
            self._oldest_at = min(times) if self._oldest_at is None else min(self._oldest_at, *times)
            if len(changes) < CHANGES_AT_ONCE:
                break
        self._version = version

    def _compose(self, is_tick: bool) -> Frame | None:
        now, now_s = self._clock.now(), self._clock.monotonic()
        if is_tick:
            self._tick(now, now_s)
        self._overview.note(self._dirty, now_s, is_tick=is_tick)
        self._scenes.note(self._dirty, now_s, is_tick=is_tick)
        moment = self._moment = Moment(self._live, now, self._context, self._cache)
        before = self.published.panels
        panels = dict(before)
        for panel in self._overview.panels:
            panels[panel.key] = self._overview.build(panel, moment, now_s, before.get(panel.key, Shown()))
        marks = self._draw_marks(moment)
        frame = self._publish(panels, marks)
        self._dirty = set()
        self._composed_s = now_s
        self._newest_at = self._oldest_at = None
        return frame

    def _tick(self, now: datetime, now_s: float) -> None:
        self._ticked_s = now_s
        if self._live.put_sources(self._store.load("source")):
            self._dirty.add("source")
        if now_s - self._pruned_s >= PRUNE_S:
            self._pruned_s = now_s
            self._live.prune(now)

    # Scenes

    def is_scene_due(self, key: str) -> bool:
        """Whether `compose_scene` would look at anything."""
        return self._scenes.is_due(key)

    def compose_scene(self, key: str) -> bytes | None:
        """A `scene` event with what changed in the panels of a followed scene; None when nothing did."""
        changes = self._scenes.build(key, self._now())
        return wire.scene_event(key, self._live.seq, changes) if changes else None

    def whole_scene(self, key: str) -> bytes | None:
        """A `scene` event with all values; None until every panel has been built."""
        if not self._scenes.is_whole(key):
            return None
        panels = {panel: shown.to_wire(shown.values) for panel, shown in self._scenes.shown(key).items()}
        return wire.scene_event(key, self._live.seq, panels)

    def scene_ages(self, key: str) -> dict[str, int | None]:
        """`as_of` of the panels of a followed scene."""
        return {panel: wire.to_ms(shown.standing.as_of) for panel, shown in self._scenes.shown(key).items()}

    def close_scene(self, key: str) -> None:
        """Stop building a scene."""
        self._scenes.close(key)

    def _now(self) -> Moment:
        """The moment last composed, unless changes have been read since."""
        if self._moment is None:
            self._moment = Moment(self._live, self._clock.now(), self._context, self._cache)
        return self._moment

    def _draw_marks(self, moment: Moment) -> dict[str, Marks]:
        marks = dict(self.published.marks)
        for mark_kind in MARK_KINDS:
            kind = mark_kind.kind
            token = (self._live.tables[kind].version, mark_kind.moves_with(moment))
            if self._mark_tokens.get(kind) != token:
                marks[kind] = draw(moment, mark_kind, self._categories)
                self._mark_tokens[kind] = token
        return marks

    def _publish(self, panels: dict[str, Shown], marks: dict[str, Marks]) -> Frame | None:
        before = self.published
        changed = panel_changes(before.panels, panels)
        mark_changes = _mark_changes(before.marks, marks)
        categories = {
            kind: words for kind, words in self._categories.words.items() if before.categories.get(kind) != words
        }
        self.published = Published(
            self._live.seq,
            self._newest_at or before.newest_at,
            self._oldest_at or before.oldest_at,
            panels,
            marks,
            dict(self._categories.words),
        )
        if not changed and not mark_changes:
            return None
        return self._frame(self._live.seq, changed, mark_changes, categories, self._newest_at, self._oldest_at)

    @staticmethod
    def _frame(
        seq: int,
        panels: Mapping[str, Any],
        marks: Mapping[str, Any],
        categories: Mapping[str, tuple[str, ...]],
        newest_at: datetime | None,
        oldest_at: datetime | None,
    ) -> Frame:
        data: dict[str, Any] = {"seq": seq, "newest_at": wire.to_ms(newest_at), "oldest_at": wire.to_ms(oldest_at)}
        data |= {"panels": panels, "marks": marks}
        if categories:
            data["categories"] = categories
        return Frame(seq, wire.event("frame", data, seq), newest_at, oldest_at)


def _mark_changes(before: Mapping[str, Marks], after: Mapping[str, Marks]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for kind, marks in after.items():
        old = before.get(kind)
        if old is marks:
            continue
        changes = compare(no_marks() if old is None else old, marks)
        parts = {}
        if len(changes.put):
            parts["put"] = encode_put(marks, changes)
        if len(changes.removed):
            parts["remove"] = encode_removed(changes.removed)
        if parts:
            found[kind] = parts
    return found
