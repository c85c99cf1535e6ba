"""What happens in a busy city: 80 % readings, 15 % device states, 5 % cases, endlessly and the same for a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from benchmarks.world import OPEN_STATES
from situation.batch import Batch
from situation.records import Camera, Case, CaseState, DeviceState, Observation, Sensor
from situation.store import Query, Store

READINGS, DEVICES = 0.80, 0.15
NEXT_STATE = dict(zip(OPEN_STATES, (*OPEN_STATES[1:], CaseState.CLOSED), strict=True))
Device = Camera | Sensor


class Changes:
    """Gives the changes of one moment after another. The city stays as large as it is: what closes is replaced."""

    def __init__(
        self, cameras: Sequence[Camera], sensors: Sequence[Sensor], cases: Sequence[Case], rng: Random
    ) -> None:
        self._rng = rng
        self._cameras = _Devices(cameras, rng)
        self._sensors = _Devices(sensors, rng)
        self._streams = [stream.id for sensor in sensors for stream in sensor.datastreams]
        self._cases = list(cases)
        self._serial = 0
        self._turn = 0

    @classmethod
    def of(cls, store: Store, rng: Random) -> Changes:
        """Those of the district in a store."""
        cameras = [each for _, each in store.load(Camera.kind) if isinstance(each, Camera)]
        sensors = [each for _, each in store.load(Sensor.kind) if isinstance(each, Sensor)]
        query = Query(limit=1_000_000, status=tuple(state.value for state in OPEN_STATES))
        cases = [each for _, each in store.records(Case.kind, query=query).items if isinstance(each, Case)]
        return cls(cameras, sensors, cases, rng)

    def at(self, now: datetime, count: int) -> list[tuple[str, Batch]]:
        """`count` changes of this moment, as batches with the source of each."""
        self._turn += 1
        readings, devices = round(count * READINGS), round(count * DEVICES)
        observations = tuple(self._reading(now) for _ in range(readings))
        if self._turn % 2:
            moved = ("video", Batch(records=tuple(self._cameras.flipped(devices, now))))
        else:
            moved = ("things", Batch(records=tuple(self._sensors.flipped(devices, now))))
        cases = self._moved_cases(count - readings - devices, now)
        return [("things", Batch(observations=observations)), moved, ("cases", Batch(records=tuple(cases)))]

    def _reading(self, now: datetime) -> Observation:
        stream = self._streams[self._rng.randrange(len(self._streams))]
        return Observation(stream, now, round(self._rng.gauss(2.0, 0.5), 3))

    def _moved_cases(self, count: int, now: datetime) -> list[Case]:
        """Cases that go one step on, and a new one for each that is closed."""
        moved: dict[str, Case] = {}
        while len(moved) < count:
            place = self._rng.randrange(len(self._cases))
            before = self._cases[place]
            if before.id in moved:
                continue
            state = NEXT_STATE[before.state]
            case = replace(before, state=state, updated_at=now)
            if state is CaseState.CLOSED:
                case = replace(case, closed_at=now)
                self._cases[place] = self._new_case(before, now)
                moved[self._cases[place].id] = self._cases[place]
            else:
                self._cases[place] = case
            moved[case.id] = case
        return list(moved.values())

    def _new_case(self, like: Case, now: datetime) -> Case:
        self._serial += 1
        return replace(
            like,
            id=f"{now.timestamp():.3f}-{self._serial}",
            state=CaseState.REGISTERED,
            lon=None if like.lon is None else like.lon + self._rng.gauss(0, 0.0005),
            lat=None if like.lat is None else like.lat + self._rng.gauss(0, 0.0005),
            reported_at=now,
            registered_at=now,
            updated_at=now,
            due_at=now + timedelta(hours=self._rng.choice((4, 24, 48))),
            closed_at=None,
        )


class _Devices:
    """Devices that fail and come back in equal numbers."""

    def __init__(self, devices: Sequence[Device], rng: Random) -> None:
        self._devices: list[Device] = list(devices)
        self._rng = rng
        self._down = [place for place, each in enumerate(devices) if each.state is not DeviceState.ONLINE]

    def flipped(self, count: int, now: datetime) -> list[Device]:
        """So many different devices, each in its other state."""
        places = {self._place() for _ in range(count)}
        return [self._flip(place, now) for place in sorted(places)]

    def _place(self) -> int:
        if self._down and self._rng.random() < 0.5:
            return self._rng.choice(self._down)
        return self._rng.randrange(len(self._devices))

    def _flip(self, place: int, now: datetime) -> Device:
        before = self._devices[place]
        if before.state is DeviceState.ONLINE:
            self._down.append(place)
            state = DeviceState.OFFLINE
        else:
            self._down.remove(place)
            state = DeviceState.ONLINE
        after: Device
        if isinstance(before, Camera):
            after = replace(before, state=state, seen_at=now)
        else:
            after = replace(before, state=state)
        self._devices[place] = after
        return after
