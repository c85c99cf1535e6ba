"""Composer: follows the change log and makes of it what goes over the wire. Blocking; one thread at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from situation.clock import Clock
from situation.feed import wire
from situation.feed.marks import MARK_KINDS, Categories, Marks, compare, draw, encode_put, encode_removed, no_marks
from situation.health import PanelState, Standing
from situation.live import Cache, Context, Live, Moment
from situation.panels import PANELS, PanelDefinition, Values
from situation.scope import EVERYTHING, Scope
from situation.store import Store

_log = logging.getLogger(__name__)

T = TypeVar("T")

TICK_S = 1.0
"""How often time alone is looked at: ages, sources, what became overdue."""

PRUNE_S = 600.0
ROUNDING_S = 0.001
CHANGES_AT_ONCE = 20_000
FAILED = ("reason.panel-failed",)


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel as all screens have it."""

    values: Values = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing(PanelState.NO_DATA))

    def to_wire(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The panel with some or all of its values."""
        return {
            "state": self.standing.state.value,
            "as_of": wire.to_ms(self.standing.as_of),
            "coverage": self.standing.coverage,
            "reason": self.standing.reason,
            "values": values,
        }


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
        self._broken: set[str] = set()
        self._reset()

    def _reset(self) -> None:
        self._live = Live(self._clock.now(), self._scope)
        self._cache = Cache()
        self._version: int | None = None
        self._dirty: set[str] = set()
        self._due = {panel.key for panel in PANELS}
        self._built_at: dict[str, float] = {}
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
        if not is_tick and not self._dirty and not self._has_rested(now_s):
            return None
        if now_s - self._composed_s < self._frame_every_s - ROUNDING_S:
            return None
        return self._compose(is_tick)

    def ask(self, work: Callable[[Moment], T]) -> T:
        """What `work` makes of the situation as it stands now. In the composer's thread only."""
        return work(Moment(self._live, self._clock.now(), self._context, self._cache))

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
            self._dirty |= self._live.apply(changes, self._clock.now())
            times = [change.at for change in changes]
            self._newest_at = max(times) if self._newest_at is None else max(self._newest_at, *times)
            self._oldest_at = min(times) if self._oldest_at is None else min(self._oldest_at, *times)
            if len(changes) < CHANGES_AT_ONCE:
                break
        self._version = version

    def _has_rested(self, now_s: float) -> bool:
        return any(panel.key in self._due and self._is_rested(panel, now_s) for panel in PANELS)

    def _is_rested(self, panel: PanelDefinition, now_s: float) -> bool:
        return now_s - self._built_at.get(panel.key, float("-inf")) >= panel.rest_s

    def _compose(self, is_tick: bool) -> Frame | None:
        now, now_s = self._clock.now(), self._clock.monotonic()
        if is_tick:
            self._tick(now, now_s)
        moment = Moment(self._live, now, self._context, self._cache)
        panels = self._build_panels(moment, now_s)
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
        for panel in PANELS:
            if now_s - self._built_at.get(panel.key, float("-inf")) >= panel.tick_s:
                self._due.add(panel.key)

    def _build_panels(self, moment: Moment, now_s: float) -> dict[str, Shown]:
        shown = dict(self.published.panels)
        for panel in PANELS:
            if panel.kinds & self._dirty:
                self._due.add(panel.key)
            shown[panel.key] = self._build(panel, moment, now_s, shown.get(panel.key, Shown()))
        return shown

    def _build(self, panel: PanelDefinition, moment: Moment, now_s: float, before: Shown) -> Shown:
        """The panel anew if it is due; one that fails costs itself, keeps its last values and says so."""
        try:
            values = before.values
            if panel.key in self._due and self._is_rested(panel, now_s):
                self._due.discard(panel.key)
                self._built_at[panel.key] = now_s
                values = panel.build(moment)
            elif panel.key in self._broken:
                return before
            standing = panel.standing(moment, values)
        except Exception:
            if panel.key not in self._broken:
                _log.exception("panel %s failed, the others go on", panel.key)
            self._broken.add(panel.key)
            return replace(before, standing=replace(before.standing, state=PanelState.ERROR, reason=FAILED))
        if panel.key in self._broken:
            self._broken.discard(panel.key)
            _log.info("panel %s works again", panel.key)
        return Shown(values, standing)

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
        panel_changes = {
            key: shown.to_wire(
                _differing(before.panels[key].values, shown.values) if key in before.panels else shown.values
            )
            for key, shown in panels.items()
            if key not in before.panels or _is_visibly_different(before.panels[key], shown)
        }
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
        if not panel_changes and not mark_changes:
            return None
        return self._frame(self._live.seq, panel_changes, mark_changes, categories, self._newest_at, self._oldest_at)

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


def _is_visibly_different(before: Shown, after: Shown) -> bool:
    """Ages alone travel with the beats."""
    same_standing = replace(before.standing, as_of=None) == replace(after.standing, as_of=None)
    return not same_standing or before.values != after.values


def _differing(before: Values, after: Values) -> Values:
    return {key: value for key, value in after.items() if key not in before or before[key] != value}


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
