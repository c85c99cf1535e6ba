"""One table from the health of sources to the state of the panels they feed, and the age of what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from situation.records import Health, SourceHealth

COLLECTOR = "collector"
"""Key of the row by which the collector says that it lives; no upstream, so no number counts it."""

DELAYED_AFTER_INTERVALS = 3.0
"""A source that has not succeeded for so many of its intervals is late, though not yet stale."""


class PanelState(StrEnum):
    """What a panel says about itself where its age stands."""

    LIVE = "live"
    DELAYED = "delayed"
    STALE = "stale"
    FROZEN = "frozen"
    PARTIAL = "partial"
    NO_DATA = "no-data"
    ERROR = "error"
    NOT_CONFIGURED = "not-configured"
    PAUSED = "paused"
    REPLAY = "replay"


PANEL_STATES: dict[Health, PanelState] = {
    Health.STARTING: PanelState.NO_DATA,
    Health.OK: PanelState.LIVE,
    Health.DEGRADED: PanelState.DELAYED,  # slow, failing now and then, or losing records: not to be shown as live
    Health.STALE: PanelState.STALE,
    Health.FROZEN: PanelState.FROZEN,
    Health.UNAVAILABLE: PanelState.STALE,
    Health.AUTH_FAILED: PanelState.ERROR,
    Health.NOT_CONFIGURED: PanelState.NOT_CONFIGURED,
    Health.PAUSED: PanelState.PAUSED,
}
"""What a source in this health makes of a panel that it alone feeds (before its age is looked at)."""

LIVING = frozenset({PanelState.LIVE, PanelState.DELAYED})
"""States of a source whose word can still be taken for the present."""

_WORST_LAST = (
    PanelState.NOT_CONFIGURED,
    PanelState.LIVE,
    PanelState.DELAYED,
    PanelState.NO_DATA,
    PanelState.PAUSED,
    PanelState.STALE,
    PanelState.FROZEN,
    PanelState.ERROR,
)
_SEVERITY = {state: severity for severity, state in enumerate(_WORST_LAST)}


Counts = Mapping[str, Mapping[str, int]]
"""How many records of a kind each source stands for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """State and age of a panel. `reason` is a text key and its arguments, None when there is nothing to explain."""

    state: PanelState
    as_of: datetime | None = None
    coverage: float | None = None
    reason: tuple[str, ...] | None = None


def source_state(source: SourceHealth, at: datetime, least_age_s: float = 0.0) -> PanelState:
    """What a source is worth at a moment: its health, and its age in case the collector died and no longer says so.

    `least_age_s` (city seconds) is the age below which nothing is late, for clocks that run fast.
    """
    state = PANEL_STATES[source.state]
    if source.succeeded_at is None:
        return PanelState.NO_DATA if state in LIVING or state is PanelState.STALE else state
    if state is PanelState.NO_DATA:  # starting again with what is kept from before
        state = PanelState.DELAYED
    if state not in LIVING:
        return state
    age = abs(at - source.succeeded_at)  # a time to come (a clock was set back) tells as little as one long past
    if age > timedelta(seconds=max(source.stale_after_s, least_age_s)):
        return PanelState.STALE
    if age > timedelta(seconds=max(DELAYED_AFTER_INTERVALS * source.interval_s, least_age_s)):
        return PanelState.DELAYED
    return state


def standing(
    sources: Sequence[SourceHealth], states: Mapping[str, PanelState], counts: Counts | None = None
) -> Standing:
    """The state of a panel fed by these sources, of which `states` (by key) tells the state of each.

    `counts` are the records of each kind the panel shows by source; without them sources count alike.
    """
    configured = [source for source in sources if states[source.id] is not PanelState.NOT_CONFIGURED]
    if not configured:
        return Standing(PanelState.NOT_CONFIGURED, reason=("reason.not-configured",))
    living = [source for source in configured if states[source.id] in LIVING]
    dead = [source for source in configured if states[source.id] not in LIVING]
    if not dead:
        late = sorted(source.name or source.id for source in living if states[source.id] is not PanelState.LIVE)
        reason = ("reason.sources-late", *late) if late else None
        return Standing(_worst(states[source.id] for source in living), _oldest(living), None, reason)
    are_paused = all(states[source.id] is PanelState.PAUSED for source in dead)
    why = "reason.sources-paused" if are_paused else "reason.sources-down"
    down = (why, *sorted(source.name or source.id for source in dead))
    if not living:
        return Standing(_worst(states[source.id] for source in dead), _oldest(dead), 0.0, down)
    return Standing(PanelState.PARTIAL, _oldest(living), _coverage(living, configured, counts), down)


def _worst(states: Iterable[PanelState]) -> PanelState:
    return max(states, key=_SEVERITY.__getitem__)


def _oldest(sources: Sequence[SourceHealth]) -> datetime | None:
    """The oldest time these sources still tell of. A frozen one tells of its content's time, not of its reply's."""
    times = [
        source.content_at if source.state is Health.FROZEN and source.content_at else source.succeeded_at
        for source in sources
    ]
    return min((at for at in times if at is not None), default=None)


def _coverage(living: Sequence[SourceHealth], configured: Sequence[SourceHealth], counts: Counts | None) -> float:
    """Share of what there is that still comes from living sources: of each kind by records, kinds counting alike.

    A source that never delivered is taken to have as much as the others of its kind: nobody knows better.
    """
    alive = {source.id for source in living}
    shares = []
    for kind, by_source in (counts or {}).items():
        own = [source.id for source in configured if kind in source.records]
        known = [by_source[key] for key in own if by_source.get(key)]
        typical = sum(known) / len(known) if known else 1.0
        sizes = {key: by_source.get(key) or typical for key in own}
        if sizes:
            shares.append(sum(size for key, size in sizes.items() if key in alive) / sum(sizes.values()))
    share = sum(shares) / len(shares) if shares else len(living) / len(configured)
    return min(max(round(share, 2), 0.01), 0.99)  # never shown as everything or nothing
