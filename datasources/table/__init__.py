"""CSV tables as places, components, departments …, by a mapping of columns."""

from datasources.table.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
