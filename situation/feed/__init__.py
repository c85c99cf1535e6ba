"""The feed: snapshots and frames of the live situation for every screen. Wire format: docs/contracts.md."""

from situation.feed.choices import Overloaded
from situation.feed.feed import Feed, FeedHealth

__all__ = ["Feed", "FeedHealth", "Overloaded"]
