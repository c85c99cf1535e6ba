"""Keeps what panels and exports know beside the records: the past of the sources, settings refused, shares untold."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from callbacks.services import Services
from situation.catalogue import Notice, read_pasts
from situation.processes.reloading import last_reading
from situation.store import StoreError

EVERY_S = 15.0
"""Real seconds; the collector writes every ten."""

_log = logging.getLogger(__name__)


def read_once(services: Services) -> None:
    """Read them into the feed's book: blocking; raises StoreError."""
    now = services.clock.now()
    services.feed.sources.take(read_pasts(services.store.source_history, now).values(), now, _notices(services))


def _notices(services: Services) -> Iterator[Notice]:
    reading = last_reading(services.data_folder)
    if reading is not None and reading.problems:
        first, count = reading.problems[0], len(reading.problems)
        yield Notice(id="settings", name=first, what="settings", argument=count, since=reading.at)
    for share, delivery in services.store.deliveries.all().items():
        if delivery.error:
            yield Notice(
                id=f"share-{share}",
                name=share,
                what="share",
                argument=delivery.attempts,
                error=delivery.error,
                since=delivery.delivered_at,
            )


async def keep_reading(services: Services) -> None:
    """For ever; a store that can't be read is said once and tried again."""
    is_well = True
    while True:
        try:
            await services.readers.run(read_once, services)
            is_well = True
        except StoreError as error:
            if is_well:
                _log.warning("the past of the sources can't be read: %s", error)
            is_well = False
        await asyncio.sleep(EVERY_S)
