"""The `webhook` source: what a system sent to `POST /api/in/<key>` and the web process put into the store's inbox."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from datasources.contract import Batch, Deliver, Manifest, SourceSettings, SourceUnavailable, configured
from datasources.fields import newest
from datasources.gathering import Gathering, Reading, read_reading
from datasources.http import HttpClient
from datasources.options import read_options
from datasources.remembering import Remembered
from datasources.webhook.options import WebhookOptions
from situation.clock import Clock

if TYPE_CHECKING:
    from situation.store.inbox import Inbox, Letter

MANIFEST = Manifest(kind="webhook", mode="push", records=(), interval_s=60, stale_after_s=120)

AT_ONCE = 1_000
BYTES_AT_ONCE = 16_000_000
LOOK_EVERY_S = 0.25
ALIVE_EVERY_S = 10.0
"""Real seconds between two signs of life: whether anybody calls is told by the content's age, not by our own inbox."""


@dataclass(slots=True)
class WebhookSource:
    """One system that calls us."""

    key: str
    manifest: Manifest
    reading: Reading
    clock: Clock
    remembered: Remembered = field(default_factory=Remembered)
    inbox: Inbox | None = None

    def take_from(self, inbox: Inbox) -> None:
        """Say where its letters are."""
        self.inbox = inbox

    def check(self) -> None:
        """There is nothing to try: it is they who call."""

    def listen(self, deliver: Deliver, stop: threading.Event) -> None:
        """Deliver what waits in the inbox; it is taken out in the transaction that keeps it."""
        if self.inbox is None:
            raise SourceUnavailable("unreachable", "there is no inbox to read from")
        deliver(Batch(not_modified=True))
        alive_s = self.clock.monotonic()
        while not stop.is_set():
            letters = self.inbox.waiting(self.key, AT_ONCE, BYTES_AT_ONCE)
            if letters:
                deliver(self._batch(letters))
                continue
            if self.clock.monotonic() - alive_s >= ALIVE_EVERY_S:
                deliver(Batch(not_modified=True))
                alive_s = self.clock.monotonic()
            stop.wait(LOOK_EVERY_S)

    def _batch(self, letters: Sequence[Letter]) -> Batch:
        gathering = Gathering()
        for letter in letters:
            received_s = letter.at.timestamp()
            label = f"call {letter.at:%H:%M:%S}"
            gathering.add(self.reading, label, letter.body, content_type=letter.content_type, received_s=received_s)
        batch = gathering.batch(self.remembered, self.clock.now(), self.clock.monotonic())
        content_at = batch.content_at or newest(letter.at for letter in letters)
        return replace(batch, content_at=content_at, taken=letters[-1].number)


def build(settings: SourceSettings, http: HttpClient) -> WebhookSource:
    """Make the source; raises OptionsError."""
    read_options(WebhookOptions, settings)
    manifest = configured(MANIFEST, settings)
    reading = read_reading(settings, manifest.crs)
    records = (reading.mapping.record_type.kind,)
    return WebhookSource(settings.key, replace(manifest, records=records), reading, http.clock)
