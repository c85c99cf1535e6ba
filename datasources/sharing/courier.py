"""One share's courier: takes the next lot from the change log, posts it, remembers the place, tries again later."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from random import Random

from datasources.contract import SourceError
from datasources.http import HttpClient
from datasources.sharing.messages import Lot, Telling, body_of, headers_of, reset_of
from situation.clock import Clock
from situation.settings import ShareSettings
from situation.store import Store
from situation.store.deliveries import Delivery

LOOK_EVERY_S = 0.5
DEADLINE_S = 20.0
"""Real seconds for one whole post."""

FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 300.0
READ_AT_ONCE = 2_000
SKIPPED_KEPT_EVERY = 10_000
"""So many changes that are none of the share's may be looked through again after a restart."""

_logger = logging.getLogger(__name__)


class Courier:
    """Tells one share with a webhook. `clock` is the city's, `machine` the machine's, whose time signatures carry."""

    def __init__(
        self, share: ShareSettings, store: Store, clock: Clock, machine: Clock, rng: Random, http: HttpClient
    ) -> None:
        assert share.webhook is not None  # noqa: S101 - shares without one have no courier
        self.share = share
        self._webhook = share.webhook
        self._store = store
        self._clock = clock
        self._machine = machine
        self._rng = rng
        self._http = http
        self._telling = Telling(share, store.deliveries)
        self._place = store.deliveries.all().get(share.key)
        self._kept_seq = self._place.seq if self._place is not None else 0
        self._attempts = self._place.attempts if self._place is not None else 0
        self._due_s = machine.monotonic()
        self._is_down = self._is_behind = False

    def step(self) -> None:
        """Tell what is due, one message at most; raises StoreError when the store can't be used."""
        if self._machine.monotonic() < self._due_s:
            return
        place = self._place
        if place is None or self._store.first_seq() > place.seq + 1:
            self._start_over(place)
            return
        changes = self._store.changes(place.seq, READ_AT_ONCE)
        lot = self._telling.lot(changes, place.seq)
        if lot.changes:
            self._send(body_of(self.share.key, lot, place.seq), lot.through)
        else:
            self._skip(place, lot, has_more=len(changes) == READ_AT_ONCE)

    def _start_over(self, place: Delivery | None) -> None:
        """Nobody knows what was missed: the share is told to read everything again, and goes on from now."""
        if place is not None and not self._is_behind:
            _logger.warning("share %s was not told for longer than changes are kept: it starts over", self.share.key)
        self._is_behind = True
        seq = self._store.last_seq()
        self._send(reset_of(self.share.key, seq), seq)

    def _skip(self, place: Delivery, lot: Lot, *, has_more: bool) -> None:
        self._place = replace(place, seq=lot.through)
        if lot.through - self._kept_seq >= SKIPPED_KEPT_EVERY:
            self._keep()
        self._due_s = self._machine.monotonic() + (0.0 if has_more else LOOK_EVERY_S)

    def _send(self, body: bytes, through: int) -> None:
        headers = headers_of(self._webhook.secret.reveal(), body, self._machine.now())
        deadline_s = self._machine.monotonic() + DEADLINE_S
        try:
            self._http.post(self._webhook.url, body, headers=headers, deadline_s=deadline_s)
        except SourceError as error:
            self._put_off(error)
            return
        if self._is_down:
            _logger.info("share %s is told again", self.share.key)
        self._is_down = self._is_behind = False
        self._attempts = 0
        self._place = Delivery(share=self.share.key, seq=through, delivered_at=self._clock.now())
        self._keep()
        self._due_s = self._machine.monotonic()

    def _put_off(self, error: SourceError) -> None:
        """Try the same again, later and later, not all shares at the same moment."""
        if not self._is_down:
            _logger.warning("share %s can't be told: %s (%s)", self.share.key, error.safe_text, error)
        self._is_down = True
        self._attempts += 1
        wish_s = getattr(error, "retry_after_s", None) or 0.0
        longest_s = min(FIRST_RETRY_S * 2 ** min(self._attempts - 1, 20), LONGEST_RETRY_S)
        wait_s = max(longest_s * self._rng.uniform(0.5, 1.0), wish_s)
        self._due_s = self._machine.monotonic() + wait_s
        if self._place is not None:
            next_at = self._clock.now() + timedelta(seconds=wait_s)
            self._place = replace(self._place, attempts=self._attempts, next_at=next_at, error=error.safe_text)
            self._keep()

    def _keep(self) -> None:
        if self._place is not None:
            self._store.deliveries.keep(self._place)
            self._kept_seq = self._place.seq
