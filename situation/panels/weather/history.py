"""Warnings as they rose and fell: each hazard's messages as steps, and since when the one in force holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.moment import REPLACING_MESSAGES, SILENT_MESSAGES
from situation.panels.definition import Values
from situation.panels.warnings import exposure, ordered_warnings
from situation.records import WeatherWarning

BACK = timedelta(hours=7)
AHEAD = timedelta(hours=2)
HOUR_MS = 3_600_000
MOST_HAZARDS = 6

_COLOURED = re.compile(r"[红橙黄蓝]色预警.*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One message while it held: until it was replaced, cancelled or expired. `ended_by` says which, "" if in force."""

    message: WeatherWarning
    from_ms: int
    to_ms: int | None
    ended_by: str


def build_history(moment: Moment) -> Values:
    """What held in the last hours by hazard, those in force first and by rank; expiry lies ahead as announced."""
    now_ms = moment.at_ms
    from_ms = (now_ms - int(BACK.total_seconds() * 1000)) // HOUR_MS * HOUR_MS
    to_ms = (now_ms + int(AHEAD.total_seconds() * 1000)) // HOUR_MS * HOUR_MS
    rank = {warning.id: place for place, warning in enumerate(ordered_warnings(moment))}
    hazards = []
    for event, steps in steps_by_hazard(moment).items():
        shown = [step for step in steps if step.to_ms is None or step.to_ms > from_ms]
        if shown:
            active = [step for step in shown if step.ended_by == "" and step.message.id in rank]
            current = min(active, key=lambda step: rank[step.message.id], default=None)
            order = (rank[current.message.id] if current else len(rank), -shown[-1].from_ms)
            hazards.append((order, _hazard(moment, event, shown, current, steps)))
    hazards.sort(key=lambda item: item[0])
    return {
        "from": from_ms,
        "to": to_ms,
        "active": len(moment.active_warnings),
        "hazards": [hazard for _, hazard in hazards[:MOST_HAZARDS]],
    }


def hazard_of(event: str) -> str:
    """The hazard of an event: offices give 暴雨, or the whole signal's name 暴雨橙色预警信号."""
    return _COLOURED.sub("", event) or event


def steps_by_hazard(moment: Moment) -> dict[str, list[Step]]:
    """Every actual message that warned, with its end, oldest first."""
    rows = moment.live.whole["warning"].values()
    actual = [row for row in rows if isinstance(row, WeatherWarning) and row.is_actual]
    replaced: dict[str, list[WeatherWarning]] = defaultdict(list)
    for message in actual:
        if message.message_type in REPLACING_MESSAGES:
            for reference in message.references:
                replaced[reference].append(message)
    found: dict[str, list[Step]] = defaultdict(list)
    for message in sorted(actual, key=lambda row: (epoch_ms(row.sent_at), row.id)):
        if message.message_type not in SILENT_MESSAGES and message.sent_at is not None:
            found[hazard_of(message.event)].append(_step(message, replaced[message.id], moment.at))
    return found


def _step(message: WeatherWarning, replacing: Sequence[WeatherWarning], now: datetime) -> Step:
    from_ms = epoch_ms(message.onset_at or message.sent_at)
    later = sorted((each for each in replacing if each.sent_at is not None), key=lambda each: epoch_ms(each.sent_at))
    expires_at = message.expires_at
    if later and (expires_at is None or later[0].sent_at is None or later[0].sent_at <= expires_at):
        by = "cancelled" if later[0].message_type == "Cancel" else "replaced"
        return Step(message=message, from_ms=from_ms, to_ms=max(from_ms, epoch_ms(later[0].sent_at)), ended_by=by)
    if expires_at is not None and expires_at <= now:
        return Step(message=message, from_ms=from_ms, to_ms=epoch_ms(expires_at), ended_by="expired")
    is_superseded = bool(message.superseded_by)  # by a message we do not have: it holds no more, since when is unknown
    to_ms = None if expires_at is None else epoch_ms(expires_at)
    return Step(message=message, from_ms=from_ms, to_ms=to_ms, ended_by="replaced" if is_superseded else "")


def _hazard(moment: Moment, event: str, shown: Sequence[Step], current: Step | None, steps: Sequence[Step]) -> Values:
    """`current` is the step in force, the worst where there are several; None when the hazard is over."""
    message = (current or shown[-1]).message
    exposed = exposure(moment, message) if current else None
    return {
        "event": event,
        "event_en": message.headline_en,
        "is_active": current is not None,
        "id": message.id,
        "level": message.level.value,
        "level_text": message.level_text,
        "since": current.from_ms if current else None,
        "began": _began(current, steps) if current else None,
        "until": _known(epoch_ms(message.expires_at)) if current else None,
        "ended_by": "" if current else shown[-1].ended_by,
        "ended_at": None if current else shown[-1].to_ms,
        "streets": exposed["streets"] if exposed else None,
        "grids": exposed["grids"] if exposed else None,
        "is_whole": exposed is not None and exposed["streets"] >= len(moment.streets) > 0,
        "steps": [_step_values(step) for step in shown],
    }


def _began(current: Step, steps: Sequence[Step]) -> int:
    """When the chain began of which the message in force is the last: the oldest message it refers to."""
    earlier = [step.from_ms for step in steps if step.message.id in current.message.references]
    return min([current.from_ms, *earlier])


def _step_values(step: Step) -> Values:
    return {
        "id": step.message.id,
        "level": step.message.level.value,
        "level_text": step.message.level_text,
        "from": step.from_ms,
        "to": step.to_ms,
        "ended_by": step.ended_by,
    }


def _known(ms: int) -> int | None:
    return None if ms == NO_TIME else ms
