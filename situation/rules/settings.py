"""The numbers of the alarm rules, settable as `[alarms]`; defaults after ISA-18.2 practice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """Delays and sizes of the rules. All durations in seconds of city time, shares 0 … 1."""

    hysteresis_share: float = 0.05  # of the limit: a value must fall this far below before its level ends
    on_delay_s: float = 60.0  # how long a limit must stay crossed before an alarm
    off_delay_s: float = 120.0  # how long it must be back before the alarm ends
    update_every_s: float = 10.0  # a living alarm's value is refreshed at most this often
    group_from: int = 2  # crossings of one kind in one street from this many on are one alarm
    silent_intervals: float = 3.0  # a sensor is offline when it kept silent for this many of its intervals
    silent_least_s: float = 120.0
    outage_window_s: float = 900.0  # cameras that went offline within this time may share a cause
    outage_least: int = 8
    outage_share: float = 0.03  # of the street's cameras
    outage_over_share: float = 0.7  # of its cameras back: the outage is over
    surge_window_s: float = 2700.0
    surge_least: int = 6
    surge_factor: float = 4.0  # times the usual number in such a window
    surge_over_share: float = 0.5
    source_silent_s: float = 180.0  # how long a source must be silent or frozen before an alarm
    source_back_s: float = 60.0  # how long it must be back before it counts as back
    network_share: float = 0.3  # of all sources, of three departments at least: silent at once, they have one cause
