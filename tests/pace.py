"""How fast something was, told from whether it was right: a machine that is busy with other work says nothing of it."""

from __future__ import annotations

import os

BUSY_LOAD = 2.0
"""Processes waiting for each processor from which on a time measured here is not the product's."""


def is_busy() -> bool:
    """Whether other work has this machine."""
    return os.getloadavg()[0] > BUSY_LOAD * (os.cpu_count() or 1)


def is_quick(took_s: float, limit_s: float) -> bool:
    """Whether something took less than its limit, or nobody can tell."""
    return took_s < limit_s or is_busy()
