"""How long a source that failed is left alone: longer and longer, never all sources in step."""

from __future__ import annotations

from random import Random

from datasources.contract import SourceAuthFailed, SourceError, SourceUnavailable

FASTEST_S = 1.0
"""Real seconds: no upstream is asked more often, however fast the city's clock runs."""

FIRST_RETRY_S = 5.0
LONGEST_BACKOFF_S = 300.0
AUTH_BACKOFF_S = 60.0
"""Credentials don't heal by asking, and some systems lock an account that tries too often."""

WISH_SPREAD = 0.5
"""Up to this share of the interval later than an upstream wishes: one gateway may wish the same of many sources."""


def backoff_s(failures: int, error: SourceError, interval_s: float, rng: Random) -> float:
    """Real seconds until the next try after so many failures in a row.

    Without the upstream's own wish it is never longer than the interval (or five minutes), so that a source that is
    back is seen within one interval.
    """
    longest_s = min(max(interval_s, FASTEST_S), LONGEST_BACKOFF_S)
    wait_s = min(min(FIRST_RETRY_S, longest_s) * 2.0 ** min(failures - 1, 16), longest_s)
    if isinstance(error, SourceAuthFailed):
        wait_s = max(wait_s, AUTH_BACKOFF_S)
    jittered_s = max(wait_s * rng.uniform(0.5, 1.0), FASTEST_S)
    if not isinstance(error, SourceUnavailable) or error.retry_after_s is None:
        return jittered_s
    spread_s = max(WISH_SPREAD * min(error.retry_after_s, longest_s), FASTEST_S)
    return max(error.retry_after_s + rng.uniform(0.0, spread_s), jittered_s)
