"""How the demonstration district goes on from one start to the next: its clock and its storms, kept in one file.

At speed 1 the city's clock is the machine's. Once a folder has been run at another speed or from another start, its
city time differs from the machine's for good, and every later start resumes where it stopped, so that nothing in the
store is ever from the future.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from situation.clock import CityClock

STORM_BEFORE_START = timedelta(minutes=40)
STORM_EVERY = timedelta(hours=6)
SAVE_EVERY_S = 5.0
"""Real seconds between two notes of the city's time."""

FILE_NAME = "demonstration.json"


class DemonstrationError(Exception):
    """What was asked contradicts the history in the data folder; the text says what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """Which district is generated: the same three always give the same city."""

    adcode: str
    scale: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What the file holds. `city_at_s` is a city time (Unix) that no content of the store is newer than."""

    district: District
    storms: tuple[str, ...] = ()
    city_at_s: float = 0.0
    is_shifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One start: the shared clock, every storm so far, and what to save."""

    clock: CityClock
    saved: Saved


def load(folder: Path) -> Saved | None:
    """What was saved, None at the first start; raises DemonstrationError when the file is damaged."""
    path = folder / FILE_NAME
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        district = District(**body.pop("district"))
        return Saved(district=district, **(body | {"storms": tuple(body["storms"])}))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DemonstrationError(f"{path} is damaged; delete the folder {folder} to begin anew") from error


def save(folder: Path, saved: Saved) -> None:
    """Keep it, whole or not at all."""
    path = folder / FILE_NAME
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(saved), indent=1), encoding="utf-8")
    os.replace(draft, path)


def plan(saved: Saved | None, district: District, real_now: datetime, speed: float, start: datetime | None) -> Plan:
    """How to start now; raises DemonstrationError for another district, or a start before the folder's history."""
    history = saved or Saved(district=district)
    if history.district != district:
        raise DemonstrationError(
            f"this data folder holds district {history.district.adcode} at scale {history.district.scale} with seed "
            f"{history.district.seed}; name another folder with --data"
        )
    until = datetime.fromtimestamp(history.city_at_s, UTC)
    if start is not None and saved is not None and start < until:
        raise DemonstrationError(
            f"this data folder already holds history until {until.isoformat(timespec='seconds')}; "
            "leave out --start, name a later one, or another folder with --data"
        )
    is_shifted = history.is_shifted or speed != 1 or start is not None
    city_now = (start or (until if saved is not None and history.is_shifted else real_now)) if is_shifted else real_now
    clock = CityClock(real_now.timestamp(), city_now.timestamp(), speed) if is_shifted else CityClock()
    storms = (*history.storms, *_new_storm(history.storms, city_now))
    return Plan(clock=clock, saved=note(replace(history, storms=storms, is_shifted=is_shifted), clock, city_now))


def note(saved: Saved, clock: CityClock, city_now: datetime, *, is_last: bool = False) -> Saved:
    """`saved` with a city time that holds until the next note, even if that never comes; exact when it is the last."""
    ahead = timedelta() if is_last or not saved.is_shifted else timedelta(seconds=2 * SAVE_EVERY_S * clock.speed)
    return replace(saved, city_at_s=(city_now + ahead).timestamp())


def _new_storm(storms: tuple[str, ...], city_now: datetime) -> tuple[str, ...]:
    """A storm that is 40 minutes old, unless the last one is younger than six hours."""
    if storms and city_now - datetime.fromisoformat(storms[-1]) < STORM_EVERY:
        return ()
    return ((city_now - STORM_BEFORE_START).isoformat(timespec="seconds"),)
