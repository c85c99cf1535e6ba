"""Which storylines happen when."""

from __future__ import annotations

from datetime import datetime

from simulator.model import City, Schedule


def default_schedule(city: City, start_at: datetime) -> Schedule:
    """A storm that began 40 minutes before `start_at`, and what follows over the next hours."""
    raise NotImplementedError
