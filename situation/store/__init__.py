"""The store: everything known about the city, in one database that one writer changes and everybody reads."""

from situation.store.answers import Change, Page, Point, Query, Restored, Series, StoreError
from situation.store.finding import Named, Positions, name_of
from situation.store.retention import RetentionPolicy
from situation.store.store import Store

__all__ = [
    "Change",
    "Named",
    "Page",
    "Point",
    "Positions",
    "Query",
    "Restored",
    "RetentionPolicy",
    "Series",
    "Store",
    "StoreError",
    "name_of",
]
