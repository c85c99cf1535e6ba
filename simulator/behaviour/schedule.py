"""Which storylines happen when, and how long they last."""

from __future__ import annotations

from datetime import datetime, timedelta

from simulator.model import City, Schedule, Storyline, StorylineKind

LASTS_S: dict[StorylineKind, float] = {
    StorylineKind.STORM: 10 * 3600.0,  # rain for about four hours, then the water goes down
    StorylineKind.GAS_LEAK: 9_000.0,
    StorylineKind.FIRE: 5_400.0,
    StorylineKind.CROWD: 10_800.0,
    StorylineKind.DEPARTMENT_OUTAGE: 900.0,
    StorylineKind.FROZEN_CONTENT: 2_400.0,
}
REPEAT_AFTER = timedelta(hours=30)
ROUNDS = 20

_COURSE: tuple[tuple[StorylineKind, float, str], ...] = (
    (StorylineKind.STORM, -40, "宝杨路下立交"),
    (StorylineKind.GAS_LEAK, -14, "陆翔路"),
    (StorylineKind.DEPARTMENT_OUTAGE, 35, "market-cases"),
    (StorylineKind.FIRE, 95, ""),
    (StorylineKind.FROZEN_CONTENT, 140, "power-sensors"),
    (StorylineKind.CROWD, 190, ""),
    (StorylineKind.DEPARTMENT_OUTAGE, 260, "urban-video"),
    (StorylineKind.GAS_LEAK, 420, "牡丹江路"),
    (StorylineKind.CROWD, 620, ""),
    (StorylineKind.FIRE, 900, ""),
    (StorylineKind.FROZEN_CONTENT, 1130, "case-centre"),
)
"""Kind, minutes after the start, and what it happens to: a name to look for, or the key of an upstream."""


def default_schedule(city: City, start_at: datetime) -> Schedule:
    """A storm that began 40 minutes before `start_at`, and what follows over the next hours; again every 30 hours."""
    storylines = []
    for round_number in range(ROUNDS):
        for position, (kind, minutes, wanted) in enumerate(_COURSE):
            target = _target(city, kind, wanted, round_number * 7 + position)
            at = start_at + REPEAT_AFTER * round_number + timedelta(minutes=minutes)
            storylines.append(Storyline(kind=kind, start_at=at, target=target))
    return Schedule(tuple(storylines))


def _target(city: City, kind: StorylineKind, wanted: str, turn: int) -> str:
    """The code of the place or sensor meant; another one each time when any will do."""
    if kind in (StorylineKind.DEPARTMENT_OUTAGE, StorylineKind.FROZEN_CONTENT):
        return wanted
    codes: list[tuple[str, str]]
    if kind is StorylineKind.GAS_LEAK:
        codes = [(sensor.code, sensor.address) for sensor in city.sensors if sensor.kind == "methane"]
    else:
        place_kind = {StorylineKind.STORM: "underpass", StorylineKind.CROWD: "sight"}.get(kind, "residential")
        watched = {sensor.place for sensor in city.sensors}
        codes = [(p.code, p.name) for p in city.places if p.kind == place_kind and p.code in watched]
    if not codes:
        return ""
    named = [code for code, name in codes if wanted and wanted in name]
    return named[0] if named else codes[turn * 37 % len(codes)][0]
