"""Memory: when the garbage collector walks through everything. Each full round holds up every screen for 0.15 s."""

from __future__ import annotations

import asyncio
import gc

FULL_ROUND_EVERY_S = 300.0
"""Real seconds. A thousand walls that come and go leave about 25 MB of circular garbage."""

NEVER = 1_000_000_000


def settle() -> None:
    """Take what was just loaded and stays, the whole city, out of the garbage collector's rounds."""
    gc.collect()
    gc.freeze()


async def tend() -> None:
    """Have full rounds only every `FULL_ROUND_EVERY_S` until cancelled, then as before.

    By itself Python makes one whenever a quarter more objects have lasted: a dozen while the walls come back after a
    restart, one in ten seconds later on, and hardly ever anything is found.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(*thresholds[:2], NEVER)
    try:
        while True:
            await asyncio.sleep(FULL_ROUND_EVERY_S)
            gc.collect()
    finally:
        gc.set_threshold(*thresholds)
