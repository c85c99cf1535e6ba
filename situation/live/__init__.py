"""The live situation: what the city is like now, as columns in memory, kept up to date from the change log."""

from situation.live.columns import NO_TIME, Table
from situation.live.context import Cache, Context
from situation.live.live import Live
from situation.live.moment import Moment

__all__ = ["NO_TIME", "Cache", "Context", "Live", "Moment", "Table"]
