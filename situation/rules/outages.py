"""Rule `camera_outage`: many cameras of one street that went offline at about the same time share a cause."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from sys import intern

from situation.records import Alarm, Camera, DeviceState
from situation.rules.book import Condition
from situation.rules.places import Place, centre
from situation.rules.settings import AlarmSettings

RULE = "camera_outage"
MOST_MEMBERS = 500
LARGE = 100  # from this many on, priority 2
LOOK_BACK = timedelta(hours=2)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lost:
    """A camera that is offline, and when it went."""

    camera_id: str
    department: str
    place: Place
    at: datetime


@dataclass(slots=True)
class Outages:
    """Cameras that are offline, by street. Not thread-safe."""

    settings: AlarmSettings
    offline: dict[str, dict[str, Lost]] = field(default_factory=lambda: defaultdict(dict))
    total: Counter[str] = field(default_factory=Counter)
    known: dict[str, Place] = field(default_factory=dict)
    words: dict[str, dict[str, DeviceState]] = field(default_factory=lambda: defaultdict(dict))  # source → by camera
    burning: dict[str, frozenset[str]] = field(default_factory=dict)  # street → the cameras of its outage

    def restore(self, alarm: Alarm) -> None:
        """Take over an outage that an earlier run raised: it holds until its cameras are back, however old it is."""
        if alarm.rule == RULE:
            members = frozenset(member.removeprefix("camera/") for member in alarm.members)
            self.burning[alarm.about.removeprefix("area/")] = members

    def take(self, camera: Camera, place: Place, at: datetime) -> None:
        """Take in a camera as one of its sources has it; it is online when any of them sees it so."""
        self.words[camera.source][camera.id] = camera.state
        state = _together(words[camera.id] for words in self.words.values() if camera.id in words)
        street = place.street_code
        before = self.known.get(camera.id)
        if before is None or street != before.street_code:
            self._leave(before, camera.id)
            self.total[street] += 1
        self.known[camera.id] = place
        if state != DeviceState.OFFLINE:
            self.offline[street].pop(camera.id, None)
        elif camera.id not in self.offline[street]:
            # one that was offline when first heard of may have been so for years: it is nobody's news
            noticed_at = at if before is not None else LONG_AGO
            went_at = camera.seen_at if camera.seen_at and camera.seen_at < at else noticed_at
            self.offline[street][camera.id] = Lost(camera.id, intern(camera.department), place, went_at)

    def forget(self, camera_id: str) -> None:
        """A camera is gone from all its sources."""
        for words in self.words.values():
            words.pop(camera_id, None)
        self._leave(self.known.pop(camera_id, None), camera_id)

    def place(self, camera_id: str) -> Place | None:
        """Where a camera was when it was taken in last, None for one that is not known."""
        return self.known.get(camera_id)

    def _leave(self, place: Place | None, camera_id: str) -> None:
        """Take a camera out of its street ("" is one too: that of cameras nobody could place)."""
        if place is not None:
            self.total[place.street_code] -= 1
            self.offline[place.street_code].pop(camera_id, None)

    def conditions(self, at: datetime) -> dict[str, Condition]:
        """Outages that hold at `at`, by key."""
        found = {}
        for street, lost in self.offline.items():
            members = self._members(street, lost, at)
            if members:
                self.burning[street] = self.burning.get(street, frozenset()) | members
                condition = _condition(street, [lost[camera_id] for camera_id in sorted(members)], self.total[street])
                found[condition.key] = condition
            elif self.burning.pop(street, None):
                self._close(street)
        return found

    def _close(self, street: str) -> None:
        """Its outage is over: the cameras that stay away are no news any more, and no outage of their own."""
        lost = self.offline[street]
        lost.update((camera_id, replace(entry, at=LONG_AGO)) for camera_id, entry in lost.items())

    def _members(self, street: str, lost: dict[str, Lost], at: datetime) -> frozenset[str]:
        """Cameras of an outage in this street; empty when there is none (any more)."""
        window = timedelta(seconds=self.settings.outage_window_s)
        recent = frozenset(camera_id for camera_id, entry in lost.items() if at - entry.at <= window)
        least = max(self.settings.outage_least, self.settings.outage_share * self.total[street])
        earlier = self.burning.get(street, frozenset())
        if not earlier:
            return self._cluster(lost, at, least)
        still = frozenset(earlier & lost.keys())
        is_over = len(still) <= (1 - self.settings.outage_over_share) * len(earlier)
        if is_over and len(recent) < least:
            return frozenset()
        return still | recent | self._gone_with(still, lost)

    def _gone_with(self, members: frozenset[str], lost: dict[str, Lost]) -> frozenset[str]:
        """Cameras that went when the members did but were told of later: by another platform, or on a later page."""
        window = timedelta(seconds=self.settings.outage_window_s)
        went = [lost[camera_id].at for camera_id in members if lost[camera_id].at > LONG_AGO]
        if not went:
            return frozenset()
        first, last = min(went), max(went)
        return frozenset(
            camera_id for camera_id, entry in lost.items() if first <= entry.at + window and entry.at <= last + window
        )

    def _cluster(self, lost: dict[str, Lost], at: datetime, least: float) -> frozenset[str]:
        """The most cameras that went together of late, which may have been before this process began."""
        window = timedelta(seconds=self.settings.outage_window_s)
        went = sorted((entry.at, camera_id) for camera_id, entry in lost.items() if at - entry.at <= LOOK_BACK)
        first, best = 0, slice(0, 0)
        for last, (went_at, _) in enumerate(went):
            while went_at - went[first][0] > window:
                first += 1
            if last + 1 - first > best.stop - best.start:
                best = slice(first, last + 1)
        members = frozenset(camera_id for _, camera_id in went[best])
        return members if len(members) >= least else frozenset()


def _together(words: Iterable[DeviceState]) -> DeviceState:
    """What several platforms say of one camera: whoever has its picture is right."""
    said = set(words)
    for state in (DeviceState.ONLINE, DeviceState.OFFLINE):
        if state in said:
            return state
    return DeviceState.UNKNOWN


def _condition(street: str, lost: list[Lost], total: int) -> Condition:
    lon, lat = centre([entry.place for entry in lost])
    first_at = min((int(entry.at.timestamp() * 1000) for entry in lost if entry.at > LONG_AGO), default=None)
    return Condition(
        key=f"{RULE}-{street or 'unplaced'}",
        rule=RULE,
        priority=2 if len(lost) >= LARGE else 3,
        name=lost[0].place.street.name,
        about=f"area/{street}" if street else "",
        department=Counter(entry.department for entry in lost).most_common(1)[0][0],
        value=float(len(lost)),
        lon=lon,
        lat=lat,
        members=tuple(f"camera/{entry.camera_id}" for entry in lost[:MOST_MEMBERS]),
        explanation=json.dumps({"total": total, "first_at": first_at}),
        since=min((entry.at for entry in lost if entry.at > LONG_AGO), default=None),
        is_immediate=True,
    )
