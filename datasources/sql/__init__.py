"""A department's front-end database 前置库: one SELECT, read-only, by time or number where it has `:since`."""

from datasources.sql.options import SqlOptions as OPTIONS
from datasources.sql.source import MANIFEST, build

__all__ = ["MANIFEST", "OPTIONS", "build"]
