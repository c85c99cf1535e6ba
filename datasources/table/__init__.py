"""CSV tables as places, components, departments …, by a mapping of columns."""

from datasources.table.source import MANIFEST, build
from datasources.table.source import TableOptions as OPTIONS

__all__ = ["MANIFEST", "OPTIONS", "build"]
