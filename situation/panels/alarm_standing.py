"""Whether what an alarm is about still speaks: a sensor that fell silent over its limit keeps its alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from situation.health import LIVING
from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.finding import row_of
from situation.live.moment import OFFLINE, ONLINE
from situation.records import Alarm


@dataclass(frozen=True, slots=True)
class AlarmStanding:
    """What an alarm's value is worth. `value_at` (epoch ms) only of one that is not live: a living one is of now."""

    state: Literal["live", "silent", "unknown"] = "live"
    value_at: int | None = None


_LIVE = AlarmStanding()


def alarm_standing(moment: Moment, alarm: Alarm) -> AlarmStanding:
    """Silent: the device does not speak while its source does. Unknown: nobody alive could tell."""
    kind, _, record_id = alarm.about.partition("/")
    row = row_of(moment, kind, record_id) if kind in ("camera", "sensor") else None
    if row is None:
        source = moment.source_states.get(alarm.source)  # our own rules are no source
        return _LIVE if source is None or source in LIVING else AlarmStanding("unknown")
    states = moment.sensor_states if kind == "sensor" else moment.camera_states
    if states[row] == ONLINE:
        return _LIVE
    return AlarmStanding("silent" if states[row] == OFFLINE else "unknown", _last_heard_ms(moment, kind, row))


def _last_heard_ms(moment: Moment, kind: str, row: int) -> int | None:
    """When the device spoke last: a camera its last frame, a sensor its last reading."""
    table = moment.live.tables[kind]
    if kind == "camera":
        return _ms(int(table["seen_ms"][row]))
    stream = table["stream"][row]
    latest = {} if stream is None else moment.context.readings.latest([stream.id])
    return latest[stream.id][0] if latest else _ms(int(table["observed_ms"][row]))


def _ms(value: int) -> int | None:
    return None if value == NO_TIME else value
