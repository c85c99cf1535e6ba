"""Judging cameras by looking: a few pictures at each fetch, in turn; what was seen is remembered in the cursor.

A picture that comes is no proof: servers go on sending the last one for hours, with its old `Last-Modified` or without.
Alive is who gives another picture than before, or one that was made just now; but for the cards that software draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from datasources.contract import SourceError
from datasources.http import HttpClient, Reply, http_date
from datasources.media.offer import Address
from datasources.media.snapshot import is_jpeg
from situation.records import DeviceState

LOOK_S = 3.0
"""Real seconds for one picture."""

MOST_REMEMBERED = 2000
"""Of more cameras the oldest looks are forgotten: they are unknown until their turn comes again."""

LOOK_LASTS = timedelta(minutes=30)
"""An older look says nothing of now."""

FAILURES_TO_BELIEVE = 2


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at one camera came to. `mark` tells its picture from others, `marked_at` is since when it is so."""

    at: datetime
    state: DeviceState = DeviceState.UNKNOWN
    seen_at: datetime | None = None
    mark: str = ""
    marked_at: datetime | None = None
    failures: int = 0

    def to_row(self) -> list[Any]:
        """As it is kept in the cursor."""
        times = [at.timestamp() if at else None for at in (self.at, self.seen_at, self.marked_at)]
        return [*times, str(self.state), self.mark, self.failures]

    @classmethod
    def of_row(cls, row: Any) -> Look | None:
        """What `to_row` wrote; None for anything else."""
        try:
            *times, state, mark, failures = row
            at, seen_at, marked_at = (None if at is None else datetime.fromtimestamp(at, UTC) for at in times)
            return cls(at, DeviceState(state), seen_at, str(mark), marked_at, int(failures)) if at else None
        except (ValueError, TypeError, OverflowError, OSError):
            return None


class Looks:
    """The last look at each camera."""

    def __init__(self, kept: Any = None) -> None:
        """`kept` is what `to_cursor` gave."""
        rows = kept.items() if isinstance(kept, Mapping) else ()
        found = {str(name): Look.of_row(row) for name, row in rows}
        self._by_camera = {name: look for name, look in found.items() if look is not None}

    def to_cursor(self) -> dict[str, list[Any]]:
        """The newest looks, JSON-serialisable."""
        newest = sorted(self._by_camera.items(), key=lambda item: item[1].at, reverse=True)[:MOST_REMEMBERED]
        return {name: look.to_row() for name, look in newest}

    def of(self, camera: str, now: datetime) -> Look:
        """The last look at a camera, unknown when it is too old."""
        look = self._by_camera.get(camera)
        if look is None or abs(now - look.at) > LOOK_LASTS:
            return Look(now, seen_at=look.seen_at if look else None)
        return look

    def turn(self, cameras: Sequence[str], most: int) -> list[str]:
        """Whose turn it is: who failed once, then who was not looked at for the longest time."""
        never = datetime.min.replace(tzinfo=UTC)

        def order(camera: str) -> tuple[bool, datetime]:
            look = self._by_camera.get(camera)
            return (look is None or look.failures != 1, look.at if look else never)

        return sorted(cameras, key=order)[:most]

    def look(
        self, cameras: Iterable[str], where: Callable[[str], Address | None], eyes: Eyes, deadline_s: float
    ) -> None:
        """Look at cameras one after the other while there is time."""
        for camera in cameras:
            clock = eyes.http.clock
            if clock.monotonic() >= deadline_s:
                return
            address = where(camera)
            if address is not None:
                until_s = min(clock.monotonic() + LOOK_S, deadline_s)
                before = self._by_camera.get(camera)
                self._by_camera[camera] = eyes.look(address, before, until_s)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Fetches one picture and judges it. `moves_within` is how long a living camera may give the same one."""

    http: HttpClient
    moves_within: timedelta

    def look(self, address: Address, before: Look | None, deadline_s: float) -> Look:
        """What the camera shows now; never raises SourceError, a picture that does not come is a finding too."""
        conditions = _conditions(before.mark) if before else {}
        headers = {**address.headers, **conditions}
        try:
            reply = self.http.get(address.url, headers=headers, login=address.login, deadline_s=deadline_s)
        except SourceError:
            return _failed(before, self.http.clock.now())
        if not reply.is_unchanged and not _is_picture(reply.body):
            return _failed(before, reply.received_at)
        return self._judged(reply, before)

    def _judged(self, reply: Reply, before: Look | None) -> Look:
        now = reply.received_at
        mark = before.mark if before and reply.is_unchanged else _mark(reply)
        age = _age(mark, reply)
        if age is not None:  # its server says when the picture was made
            is_alive = age <= self.moves_within
            return Look(now, DeviceState.ONLINE if is_alive else DeviceState.OFFLINE, now - age, mark, now - age)
        if before is None or not before.mark or before.marked_at is None:
            return Look(now, mark=mark, marked_at=now)
        if mark != before.mark:
            return Look(now, DeviceState.ONLINE, now, mark, now)
        is_still = now - before.marked_at > self.moves_within
        return Look(now, DeviceState.OFFLINE if is_still else before.state, before.seen_at, mark, before.marked_at)


def _is_picture(body: bytes) -> bool:
    """A JPEG that a lens made: a card with a running clock differs from the one before, and is no sign of life."""
    from situation.pictures.looking import is_drawn  # here: Pillow is not for every start

    return is_jpeg(body) and not is_drawn(body)


def _failed(before: Look | None, now: datetime) -> Look:
    """One failure may be chance; a second in a row is none."""
    if before is None:
        return Look(now, failures=1)
    failures = before.failures + 1
    state = DeviceState.OFFLINE if failures >= FAILURES_TO_BELIEVE else before.state
    return Look(now, state, before.seen_at, before.mark, before.marked_at, failures)


def _mark(reply: Reply) -> str:
    """`Last-Modified`, else `ETag`, else a digest of the picture, told apart by their first letter."""
    for letter, name in (("m", "Last-Modified"), ("e", "ETag")):
        if reply.headers.get(name):
            return letter + reply.headers[name][:100]
    return "d" + hashlib.blake2b(reply.body, digest_size=8).hexdigest()


def _conditions(mark: str) -> dict[str, str]:
    name = {"m": "If-Modified-Since", "e": "If-None-Match"}.get(mark[:1])
    return {name: mark[1:]} if name else {}


def _age(mark: str, reply: Reply) -> timedelta | None:
    """How old the picture is by its server's own clock; None when it doesn't say."""
    modified = http_date(mark[1:]) if mark.startswith("m") else None
    if modified is None:
        return None
    asked = http_date(reply.headers.get("Date")) or reply.received_at
    return max(asked - modified, timedelta(0))
