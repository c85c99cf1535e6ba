"""Search: everything that has a name, a code or a place, found by Chinese, pinyin, initials, code or coordinates."""

from situation.search.coordinates import Spot, spots_of
from situation.search.index import KINDS, Group, Hit, SearchIndex

__all__ = ["KINDS", "Group", "Hit", "SearchIndex", "Spot", "spots_of"]
