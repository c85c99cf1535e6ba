"""Rule `camera_outage`: many cameras of one street that went offline at about the same time share a cause."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from situation.records import Camera, DeviceState
from situation.rules.book import Condition
from situation.rules.places import Place, centre
from situation.rules.settings import AlarmSettings

RULE = "camera_outage"
MOST_MEMBERS = 500
LARGE = 100  # from this many on, priority 2


@dataclass(frozen=True, slots=True)
class Lost:
    """A camera that is offline, and when it went."""

    camera: Camera
    place: Place
    at: datetime


@dataclass(slots=True)
class Outages:
    """Cameras that are offline, by street. Not thread-safe."""

    settings: AlarmSettings
    offline: dict[str, dict[str, Lost]] = field(default_factory=lambda: defaultdict(dict))
    total: Counter[str] = field(default_factory=Counter)
    known: dict[str, tuple[str, DeviceState]] = field(default_factory=dict)
    burning: dict[str, frozenset[str]] = field(default_factory=dict)  # street → the cameras of its outage

    def take(self, camera: Camera, place: Place, at: datetime) -> None:
        """Take in a camera as its source now has it."""
        street, state = self.known.get(camera.id, ("", None))
        if street != place.street_code:
            if street:
                self.total[street] -= 1
                self.offline[street].pop(camera.id, None)
            self.total[place.street_code] += 1
        self.known[camera.id] = (place.street_code, camera.state)
        if camera.state != DeviceState.OFFLINE:
            self.offline[place.street_code].pop(camera.id, None)
        elif state != DeviceState.OFFLINE or street != place.street_code:
            went_at = camera.seen_at if camera.seen_at and camera.seen_at < at else at
            self.offline[place.street_code][camera.id] = Lost(camera, place, went_at)

    def forget(self, camera_id: str) -> None:
        """A camera is gone from its source."""
        street, _ = self.known.pop(camera_id, ("", None))
        if street:
            self.total[street] -= 1
            self.offline[street].pop(camera_id, None)

    def conditions(self, at: datetime) -> dict[str, Condition]:
        """Outages that hold at `at`, by key."""
        found = {}
        for street, lost in self.offline.items():
            members = self._members(street, lost, at)
            if members:
                self.burning[street] = self.burning.get(street, frozenset()) | members
                condition = _condition(street, [lost[camera_id] for camera_id in sorted(members)], self.total[street])
                found[condition.key] = condition
            else:
                self.burning.pop(street, None)
        return found

    def _members(self, street: str, lost: dict[str, Lost], at: datetime) -> frozenset[str]:
        """Cameras of an outage in this street; empty when there is none (any more)."""
        window = timedelta(seconds=self.settings.outage_window_s)
        recent = frozenset(camera_id for camera_id, entry in lost.items() if at - entry.at <= window)
        least = max(self.settings.outage_least, self.settings.outage_share * self.total[street])
        earlier = self.burning.get(street, frozenset())
        if not earlier:
            return recent if len(recent) >= least else frozenset()
        still = frozenset(earlier & lost.keys())
        is_over = len(still) <= (1 - self.settings.outage_over_share) * len(earlier)
        if is_over and len(recent) < least:
            return frozenset()
        return still | recent


def _condition(street: str, lost: list[Lost], total: int) -> Condition:
    lon, lat = centre([entry.place for entry in lost])
    first = min(entry.at for entry in lost)
    return Condition(
        key=f"{RULE}-{street or 'unplaced'}",
        rule=RULE,
        priority=2 if len(lost) >= LARGE else 3,
        name=lost[0].place.street_name,
        about=f"area/{street}" if street else "",
        department=Counter(entry.camera.department for entry in lost).most_common(1)[0][0],
        value=float(len(lost)),
        lon=lon,
        lat=lat,
        members=tuple(f"camera/{entry.camera.id}" for entry in lost[:MOST_MEMBERS]),
        explanation=json.dumps({"total": total, "first_at": int(first.timestamp() * 1000)}),
        is_immediate=True,
    )
