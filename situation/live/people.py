"""Officers: whose position can still be taken for where they are."""

from __future__ import annotations

import numpy as np

from situation.live.columns import NO_TIME, Table
from situation.live.moment import Mask, Moment


def is_lost(moment: Moment, officers: Table) -> Mask:
    """Officers whose last position is too old (`[officers] position_lasts_s`); one without a time is not judged."""
    lasts_s = max(moment.context.position_lasts_s, moment.context.least_age_s)
    positioned_ms = officers["positioned_ms"]
    return np.asarray((positioned_ms != NO_TIME) & (moment.at_ms - positioned_ms > lasts_s * 1000))
