"""Rows of any system to our records, by the mapping in a source's options (docs/mapping.md)."""

from datasources.mapping.kinds import MAPPABLE
from datasources.mapping.options import MappingOptions
from datasources.mapping.reading import read_mapping
from datasources.mapping.rows import Mapped, RowMapping, require_ids

__all__ = ["MAPPABLE", "Mapped", "MappingOptions", "RowMapping", "read_mapping", "require_ids"]
