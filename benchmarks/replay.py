"""The real web application over a recorded feed, played in a circle as fast as asked.

Run as `python -m benchmarks.replay --settings FILE --data DIR --frames N --per-second N --listener FD`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from app import compose
from callbacks.web import create_app
from situation.clock import CityClock, Clock
from situation.feed import Feed, wire
from situation.feed.feed import FeedHealth
from situation.scope import EVERYTHING
from situation.settings import Settings, load_settings
from situation.store import Store

BEAT_S = 5.0


class RecordedFeed(Feed):
    """A feed that plays what was recorded; numbers of frames count from 1, whatever the round."""

    def __init__(self, store: Store, settings: Settings, clock: Clock, folder: Path, frames: int, rate: float) -> None:
        super().__init__(store, settings, clock, EVERYTHING)
        self._snapshot = (folder / "snapshot").read_bytes()
        self._recorded: list[dict[str, Any]] = json.loads((folder / "frames.json").read_text(encoding="utf-8"))
        self._frames = frames
        self._rate = rate
        self._city = clock

    async def start(self, *, follow: bool = True) -> None:
        """Nothing is followed."""

    async def close(self) -> None:
        """Nothing is held."""

    def health(self) -> FeedHealth:
        """Always well."""
        return FeedHealth(True, "", 0, 1)

    def snapshot(self) -> bytes:
        """The city as the recording began."""
        return self._snapshot

    async def subscribe(self, last_event_id: int | None = None, scenes: Sequence[str] = ()) -> AsyncIterator[bytes]:
        """All frames, evenly; then beats for ever."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        yield self._beat_now()
        for number in range(last_event_id or 0, self._frames):
            frame = {**self._recorded[number % len(self._recorded)], "seq": number + 1}
            frame["oldest_at"] = frame["newest_at"] = wire.to_ms(self._city.now())
            yield wire.event("frame", frame, number + 1)
            await asyncio.sleep(max(0.0, began_s + number / self._rate - loop.time()))
        while True:
            yield self._beat_now()
            await asyncio.sleep(BEAT_S)

    def _beat_now(self) -> bytes:
        return wire.event("beat", {"at": wire.to_ms(self._city.now()), "release": "", "seq": 0, "as_of": {}})


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--frames", type=int, required=True)
    parser.add_argument("--per-second", type=float, required=True)
    parser.add_argument("--listener", type=int, required=True)
    options = parser.parse_args()
    settings, clock = load_settings(options.settings, {}), CityClock()
    services = compose(settings, options.data, clock)
    feed = RecordedFeed(services.store, settings, clock, options.data, options.frames, options.per_second)
    app = create_app(replace(services, feed=feed))
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=options.listener)])


if __name__ == "__main__":
    main()
