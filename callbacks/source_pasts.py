"""Keeps what panels and exports know of the past of the sources, read from the store now and then."""

from __future__ import annotations

import asyncio
import logging

from callbacks.services import Services
from situation.catalogue import read_pasts
from situation.store import StoreError

EVERY_S = 15.0
"""Real seconds; the collector writes every ten."""

_log = logging.getLogger(__name__)


def read_once(services: Services) -> None:
    """Read the pasts into the feed's book: blocking; raises StoreError."""
    now = services.clock.now()
    services.feed.sources.take(read_pasts(services.store.source_history, now).values(), now)


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
