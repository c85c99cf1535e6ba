"""All couriers, each in a thread of its own, so that a receiver that hangs holds up nobody else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from random import Random, SystemRandom

from datasources.http import HttpClient
from datasources.sharing.courier import Courier
from situation.clock import CityClock, Clock
from situation.settings import ShareSettings
from situation.store import Store, StoreError

LOOK_EVERY_S = 0.25
STORE_RETRY_S = 5.0
FAREWELL_S = 2.0
"""Real seconds that a post is given to end when its share changes or the collector ends."""

_logger = logging.getLogger(__name__)


class Couriers:
    """Tells every share that has a webhook. `follow` takes on new settings; unchanged shares go on as they are."""

    def __init__(self, store: Store, clock: Clock, machine: Clock | None = None, rng: Random | None = None) -> None:
        self._store = store
        self._clock = clock
        self._machine = machine or CityClock()
        self._rng = rng or SystemRandom()
        self._running: dict[str, _Running] = {}

    def follow(self, shares: Iterable[ShareSettings]) -> None:
        """Tell these shares and no others; raises StoreError."""
        wanted = {share.key: share for share in shares if share.webhook is not None}
        # ended before their places are forgotten: a post under way would write its place again
        self._end([key for key, running in self._running.items() if wanted.get(key) != running.share])
        self._store.deliveries.forget_all_but(list(wanted))
        for key, share in wanted.items():
            if key not in self._running:
                self._running[key] = _Running(share, self._courier)

    def stop(self) -> None:
        """End; what was not told is told after the next start."""
        self._end(list(self._running))

    def _end(self, keys: list[str]) -> None:
        ending = [self._running.pop(key) for key in keys]
        for running in ending:
            running.stop()
        for running in ending:
            running.join()

    def _courier(self, share: ShareSettings) -> Courier:
        http = HttpClient(clock=self._machine, byte_cap=100_000)
        return Courier(share, self._store, self._clock, self._machine, self._rng, http)


class _Running:
    """One courier in its thread."""

    def __init__(self, share: ShareSettings, make: Callable[[ShareSettings], Courier]) -> None:
        self.share = share
        self._make = make
        self._stopping = threading.Event()
        # a daemon: a post that hangs must not keep the process from ending
        self._thread = threading.Thread(target=self._run, name=f"share {share.key}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def join(self) -> None:
        self._thread.join(FAREWELL_S)

    def _run(self) -> None:
        courier: Courier | None = None
        is_failing = False
        while not self._stopping.wait(STORE_RETRY_S if is_failing else LOOK_EVERY_S):
            try:
                courier = courier or self._make(self.share)
                courier.step()
            except StoreError as error:
                if not is_failing:
                    _logger.error("share %s waits for the store: %s", self.share.key, error)
                is_failing = True
            else:
                if is_failing:
                    _logger.info("share %s has the store again", self.share.key)
                is_failing = False
