"""Scope: which areas and departments a viewer may see. The store applies it in every read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from situation.records import Alarm, PlacedRecord, Record

PUBLIC_KINDS = frozenset({"area", "basemap", "department", "forecast", "warning"})
"""Kinds that everyone who may see anything sees: they belong to no area and no department in particular."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Codes of streets, communities or grids, and keys of departments; None means all of them.

    A placed record must lie in one of the areas: one whose area is unknown is seen only by who sees all areas.
    """

    areas: frozenset[str] | None = None
    departments: frozenset[str] | None = None

    def allows(self, record: Record) -> bool:
        """Whether a viewer with this scope may see the record."""
        if record.kind in PUBLIC_KINDS:
            return True
        if self.departments is not None and record.department not in self.departments:
            return False
        if self.areas is None or not isinstance(record, PlacedRecord):
            return True
        return not self.areas.isdisjoint((record.street_code, record.community_code, record.grid_code))

    def narrowed(self, record: Record) -> Record:
        """The record as this viewer may know it: a grouped alarm names no members, some may lie beyond the scope."""
        if isinstance(record, Alarm) and record.members and self != EVERYTHING:
            return replace(record, members=())
        return record


EVERYTHING = Scope()
"""The scope of a viewer who may see the whole district."""
